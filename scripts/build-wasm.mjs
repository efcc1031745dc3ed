/**
 * Compiles each folder of assembly/ to WebAssembly and writes its bytes as a module of src/kernels/generated/, so that
 * they ship and load like any other code. A folder whose source is as it was is left alone.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const OUT = 'src/kernels/generated';
const FLAGS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd,threads,bulk-memory',
  '--disable',
  'reference-types',
];

/** Returns a digest of all that decides the bytes: the sources, the flags and the compiler's version. */
function digestOf(folder) {
  const hash = createHash('sha256').update(JSON.stringify(FLAGS));
  hash.update(JSON.parse(readFileSync('node_modules/assemblyscript/package.json', 'utf8')).version);
  const files = readdirSync('assembly', { recursive: true }).map(String);
  for (const file of files.filter((f) => f.endsWith('.ts') && !isOther(f, folder)).sort())
    hash.update(`\n${file}\n`).update(readFileSync(join('assembly', file)));
  return hash.digest('hex');
}

/** Says whether a file belongs to another of the folders that are compiled on their own. */
function isOther(file, folder) {
  return folders.some((other) => other !== folder && file.startsWith(`${other}/`));
}

const folders = readdirSync('assembly').filter((name) => existsSync(join('assembly', name, 'index.ts')));
mkdirSync(OUT, { recursive: true });
for (const folder of folders) {
  const target = join(OUT, `${folder}-wasm.ts`);
  const first = `// Made by scripts/build-wasm.mjs from assembly/${folder}: ${digestOf(folder)}`;
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(`${first}\n`)) continue;
  const asc = await import('assemblyscript/asc');
  const { error, stderr, stdout } = await compile(asc, folder);
  if (error) {
    process.stderr.write(`${stderr}${stdout}${error.message}\n`);
    process.exit(1);
  }
}

async function compile(asc, folder) {
  const target = join(OUT, `${folder}-wasm.ts`);
  let bytes;
  const result = await asc.main([`assembly/${folder}/index.ts`, '--outFile', `${folder}.wasm`, ...FLAGS], {
    writeFile(name, contents) {
      if (name.endsWith('.wasm')) bytes = contents;
    },
  });
  if (result.error) return result;
  const text = Buffer.from(bytes).toString('base64');
  writeFileSync(
    target,
    `// Made by scripts/build-wasm.mjs from assembly/${folder}: ${digestOf(folder)}\n/** The WebAssembly module of assembly/${folder}, in base64. */\nexport const WASM =\n  '${text}';\n`,
  );
  process.stderr.write(`${folder}: ${bytes.length} bytes of WebAssembly\n`);
  return result;
}
