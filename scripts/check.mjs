/**
 * Runs everything that must hold before a change is taken, also after a step has failed, and ends with the line
 * `N passed, N failed[, N skipped]`: each test counts as one, and so does each of the other steps.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CANNOT_START, run } from './steps.mjs';

/** What test/parity/setup.sh exits with where there is no Python to set up. */
const NO_PYTHON = 3;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'phantomnet-check-'));
const report = join(scratch, 'tests.json');

const node = (script, ...args) => [process.execPath, [script, ...args]];
const tsc = 'node_modules/typescript/bin/tsc';
// The last number is the step's limit in minutes; the tests have what is left of all of them.
const steps = [
  ['WebAssembly', ...node('scripts/build-wasm.mjs'), 1],
  ['build', ...node(tsc, '-p', 'tsconfig.build.json'), 2],
  ['format and lint', ...node('node_modules/@biomejs/biome/bin/biome', 'check', '.'), 1],
  ['types', ...node(tsc, '-p', 'tsconfig.json'), 2],
  [
    'imports',
    ...node(
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'src',
      '--config',
      '.dependency-cruiser.mjs',
    ),
    2,
  ],
  ['docs', ...node('scripts/docs.mjs', '--check'), 2],
  ['parity set-up', 'bash', ['test/parity/setup.sh'], 8],
  [
    'tests',
    ...node(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ),
  ],
];
/** All steps, with the installation before them, stay under 40 minutes. */
const ALL_MINUTES = 39;

/** What the tests' report counts. A file that broke before its tests ran, or a run that broke, is one failure. */
function countTests({ code, note }) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, note: note || 'no report' };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const broken = result.testResults.filter(
    (f) => f.status === 'failed' && f.assertionResults.every((t) => t.status !== 'failed'),
  );
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    note: [...broken.map((f) => `broken: ${relative('.', f.name)}`), note].filter(Boolean).join('; '),
  };
}

function countStep(name, { code, note }) {
  if (name === 'parity set-up' && (code === NO_PYTHON || code === CANNOT_START))
    return {
      passed: 0,
      failed: 0,
      skipped: 1,
      note: note === `exit ${NO_PYTHON}` ? 'what needs Python is skipped' : note,
    };
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, note };
}

rmSync('dist', { recursive: true, force: true });
const rows = [];
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    interrupted = true;
  });
const beganMs = Date.now();
for (const [name, command, args, limitMinutes] of steps) {
  if (interrupted) break;
  console.log(`\n── ${name}`);
  const startedMs = Date.now();
  const timeoutMinutes = limitMinutes ?? Math.floor(ALL_MINUTES - (startedMs - beganMs) / 60_000);
  const ended = await run(command, args, { timeoutMinutes });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  rows.push({ name, seconds, ...(name === 'tests' ? countTests(ended) : countStep(name, ended)) });
}
if (interrupted) rows.push({ name: 'interrupted', seconds: '', passed: 0, failed: 1, skipped: 0, note: '' });
rmSync(scratch, { recursive: true, force: true });

console.log(
  `\n${'step'.padEnd(18)}${['passed', 'failed', 'skipped', 'seconds'].map((h) => h.padStart(9)).join('')}`,
);
for (const { name, passed, failed, skipped, seconds, note } of rows)
  console.log(
    `${name.padEnd(18)}${[passed, failed, skipped, seconds].map((v) => String(v).padStart(9)).join('')}  ${note}`.trimEnd(),
  );

const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const skipped = sum('skipped');
process.exitCode = sum('failed') > 0 ? 1 : 0;
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
