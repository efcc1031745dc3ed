// How long `phantomnet --help` takes from start to exit: median wall time of some runs, beside an empty Node.
// node bench/startup.mjs [--json] [--runs 20] (needs a build)
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LIMIT_MS = 150;
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '20' } },
});
const runs = Number(flags.runs);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`--runs must be a whole number above 0, got ${JSON.stringify(flags.runs)}\n`);
  process.exit(2);
}

function wallMs(args) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const help = [];
const empty = [];
// In turns, so that a busy moment of the machine hits both.
for (let i = 0; i < runs; i++) {
  empty.push(wallMs(['-e', '0']));
  help.push(wallMs([MAIN, '--help']));
}
const result = {
  helpMs: median(help),
  fastestHelpMs: Math.min(...help),
  emptyNodeMs: median(empty),
  runs,
  limitMs: LIMIT_MS,
  node: process.version,
};
const passed = result.helpMs < LIMIT_MS;
process.stdout.write(
  flags.json
    ? `${JSON.stringify({ ...result, passed })}\n`
    : `phantomnet --help: median ${result.helpMs.toFixed(0)} ms, fastest ${result.fastestHelpMs.toFixed(0)} ms of ${runs} (an empty Node: ${result.emptyNodeMs.toFixed(0)} ms; limit ${LIMIT_MS} ms)\n`,
);
process.exitCode = passed ? 0 : 1;
