/**
 * Writes docs/reference and schema from the docstrings and from the program itself; `--check` only says whether they
 * are up to date.
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
import { EVENTS_PAGE, eventsPage } from './docs-events.mjs';
import { configPage, configSchema, estimatorsPage, featuresPage } from './docs-library.mjs';
import { mlflowPage } from './docs-mlflow.mjs';

/** Folders that hold nothing but what is written here. */
const targets = ['docs/reference', 'schema'];
/** Pages written by hand, with a part that is made here. */
const pages = [EVENTS_PAGE];

/** Path → text of all files below `folder`, the path led by `prefix`. */
function readTree(folder, prefix) {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        `${prefix}${file.slice(folder.length).replaceAll('\\', '/')}`,
        readFileSync(file, 'utf8'),
      ]),
  );
}

async function generate() {
  const scratch = mkdtempSync(join(tmpdir(), 'phantomnet-docs-'));
  try {
    await writeApi(scratch);
    return new Map([
      ...readTree(scratch, 'docs/reference/api'),
      ['docs/reference/cli.md', await cliPage()],
      ['docs/reference/config.md', await configPage()],
      ['docs/reference/estimators.md', await estimatorsPage()],
      ['docs/reference/features.md', await featuresPage()],
      ['docs/reference/mlflow-compatibility.md', await mlflowPage()],
      [EVENTS_PAGE, await eventsPage()],
      ['schema/phantomnet.config.schema.json', await configSchema()],
    ]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function differences(wanted, present) {
  const names = [...new Set([...wanted.keys(), ...present.keys()])].sort();
  return names.flatMap((name) => {
    if (!present.has(name)) return [`missing: ${name}`];
    if (!wanted.has(name)) return [`left over: ${name}`];
    return wanted.get(name) === present.get(name) ? [] : [`out of date: ${name}`];
  });
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const wanted = await generate().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
const present = new Map([
  ...targets.flatMap((target) => [...readTree(target, target)]),
  ...pages.map((page) => [page, readFileSync(page, 'utf8').replaceAll('\r\n', '\n')]),
]);
const changes = differences(wanted, present);
if (process.argv.includes('--check')) {
  for (const change of changes) console.error(change);
  if (changes.length > 0) {
    console.error('help: run npm run docs and commit what it writes');
    process.exitCode = 1;
  } else console.log(`${targets.join(' and ')} are up to date (${wanted.size} files)`);
} else {
  for (const target of targets) rmSync(target, { recursive: true, force: true });
  for (const [name, text] of wanted) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
  console.log(`wrote ${wanted.size} files to ${targets.join(' and ')}, ${changes.length} of them changed`);
}
