/**
 * Writes docs/reference from the docstrings and from the program itself; `--check` only says whether it is up to date.
 * Needs the build. Fails as well when an export of a folder's index.ts has no docstring.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeApi } from './docs-api.mjs';
import { cliPage } from './docs-cli.mjs';

const target = 'docs/reference';

/** Relative path → text of all generated files below `folder`. */
function readTree(folder) {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  );
}

async function generate() {
  const scratch = mkdtempSync(join(tmpdir(), 'phantomnet-docs-'));
  try {
    await writeApi(join(scratch, 'api'));
    const page = await cliPage();
    if (page !== undefined) writeFileSync(join(scratch, 'cli.md'), page);
    return readTree(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function differences(wanted, present) {
  const names = [...new Set([...wanted.keys(), ...present.keys()])].sort();
  return names.flatMap((name) => {
    if (!present.has(name)) return [`missing: ${target}/${name}`];
    if (!wanted.has(name)) return [`left over: ${target}/${name}`];
    return wanted.get(name) === present.get(name) ? [] : [`out of date: ${target}/${name}`];
  });
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const wanted = await generate().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
const changes = differences(wanted, readTree(target));
if (process.argv.includes('--check')) {
  for (const change of changes) console.error(change);
  if (changes.length > 0) {
    console.error('help: run npm run docs and commit what it writes');
    process.exitCode = 1;
  } else console.log(`${target} is up to date (${wanted.size} files)`);
} else {
  rmSync(target, { recursive: true, force: true });
  for (const [name, text] of wanted) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  }
  console.log(`wrote ${wanted.size} files to ${target}, ${changes.length} of them changed`);
}
