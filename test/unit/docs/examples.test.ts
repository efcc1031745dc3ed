import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkValue } from './expected-value.js';
import { docstringExamples, type Example, pageExamples, toProgram } from './read-examples.js';

// Inside the package, so that `phantomnet` is the package itself, and inside the build, so that no tool rewrites them.
const programs = resolve('dist/.examples');
const root = process.cwd();
let written = 0;
const scratch = mkdtempSync(join(tmpdir(), 'phantomnet-examples-'));

beforeAll(() => {
  mkdirSync(programs, { recursive: true });
  if (existsSync('sample')) symlinkSync(resolve('sample'), join(scratch, 'sample'), 'dir');
  Object.assign(globalThis, { checkValue });
  process.chdir(scratch);
});

afterAll(() => {
  process.chdir(root);
  rmSync(scratch, { recursive: true, force: true });
  rmSync(programs, { recursive: true, force: true });
});

async function runExample({ source, folder }: Example): Promise<void> {
  const program = toProgram(source, 'checkValue');
  const file = join(programs, `${++written}.mjs`);
  writeFileSync(file, `${folder === undefined ? '' : await imports(folder, program)}${program}`);
  await import(pathToFileURL(file).href);
}

/** What the folder exports and the program uses without having imported or declared it. */
async function imports(folder: string, program: string): Promise<string> {
  const exported = Object.keys(await import(pathToFileURL(join(root, 'dist', folder, 'index.js')).href));
  const used = exported.filter(
    (name) =>
      new RegExp(`\\b${name}\\b`).test(program) &&
      !new RegExp(`\\b(const|let|class|function) ${name}\\b|import[^;]*\\b${name}\\b[^;]*from`).test(program),
  );
  return `import { ${used.join(', ')} } from '../${folder}/index.js';\n`;
}

describe('examples in docstrings', () => {
  it.each(docstringExamples())('$where', runExample);
});

const pages = pageExamples();
describe.skipIf(pages.length === 0)('examples in the documentation', () => {
  it.each(pages)('$where', runExample);
});

describe('how an example is checked', () => {
  const example = (source: string): Example => ({ where: 'here', folder: 'core', source });

  it.each([
    '1 + 1; // 2',
    '1 + 1; // → 2',
    'console.log(1 + 1); // 2',
    'const sum = 1 + 1; // 2',
    '[1,\n  2];\n// [1, 2]',
    'Uint8Array.of(1, 2); // [1, 2]',
    'Uint8Array.of(1, 2); // Uint8Array(2) [1, 2]',
    "'it is'; // it is",
    'await Promise.resolve(0.126); // ≈ 0.13',
    "invalidParameter('n', 'even', 1); // throws INVALID_PARAMETER",
    '1 + 1; // adds up',
    'let n = 0;\nn++; // 0\nn; // 1',
  ])('holds: %s', async (source) => {
    await runExample(example(source));
  });

  it.each([
    '1 + 1; // 3',
    'console.log(1 + 1); // 3',
    'const sum = 1 + 1; // 3',
    '[1,\n  2];\n// [1, 3]',
    'Uint8Array.of(1, 2); // [1, 3]',
    'Uint8Array.of(1, 2); // Uint8Array(2) [1, 3]',
    "'it is'; // 'it was'",
    'await Promise.resolve(0.126); // ≈ 0.12',
    "invalidParameter('n', 'even', 1); // throws NOT_FOUND",
    '1 + 1; // throws NOT_FOUND',
    '1 + 1; // → adds up',
    'unknownName; // 1',
  ])('fails: %s', async (source) => {
    await expect(runExample(example(source))).rejects.toThrow();
  });
});
