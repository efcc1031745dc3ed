// The manners of a fit beside their limits: how late the caller's timers are, how soon a fit stops, what memory it takes.
// npm run build && node bench/limits.mjs -- [--data <folder>] [--threads 2] [--seconds 10] [--json]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growRules } from '../dist/train/forest/tree-params.js';
import { planFit, randomForest } from '../dist/train/index.js';
import { prepareNsl } from './forest/data.mjs';

const SELF = fileURLToPath(import.meta.url);
const TICK_MS = 10;
/** When a fit is stopped, in milliseconds after its start: while it bins, while it starts to grow, and later. */
const STOPS_MS = [0, 5, 20, 50, 100, 200, 400, 800, 1200, 1600];
const MEGABYTE = 1e6;

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: fileURLToPath(new URL('../../shared/data/nsl-kdd', import.meta.url)) },
    threads: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    /** Set in the process that is weighed: the path of the values, that of the labels, and the columns. */
    weigh: { type: 'string' },
  },
});
const nJobs = Number(flags.threads);
const forest = { nEstimators: 100, maxDepth: 12, randomState: 42, nJobs };

if (flags.weigh) process.stdout.write(JSON.stringify(await weigh(JSON.parse(flags.weigh))));
else process.exitCode = await main();

/** Reads a set as a program would that has it as float32: row after row, one byte a label. */
function readSet({ x, y, columns, rows }) {
  const bytes = readFileSync(x);
  const features = Array.from({ length: columns }, (_, f) => ({ name: `f${f}`, type: 'numeric' }));
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * columns);
  return {
    x: { nSamples: rows, features, values },
    y: { classes: [0, 1], codes: Uint16Array.from(readFileSync(y)) },
  };
}

/** One fit in a process of its own: the most memory it ever held. */
async function weigh(files) {
  const { x, y } = readSet(files);
  const beforeBytes = process.memoryUsage().rss;
  await randomForest.fit(forest, x, y);
  return { beforeBytes, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function main() {
  const nsl = prepareNsl(flags.data);
  if (nsl.absent) {
    process.stderr.write(`${nsl.absent}\n`);
    return 2;
  }
  const load = loadavg()[0];
  const set = readSet(nsl.train);
  await randomForest.fit({ ...forest, nEstimators: 2 }, set.x, set.y); // what is compiled once is not counted
  const lines = [await measureLateness(set), await measureStops(set), measureMemory(nsl.train, set)];
  for (const line of lines) line.reached = line.value <= line.limit;
  if (flags.json) process.stdout.write(`${JSON.stringify({ node: process.version, load, lines })}\n`);
  else print(lines, load);
  return lines.every(({ reached }) => reached) ? 0 : 1;
}

/** How late a timer of 10 ms is at worst during a fit of some seconds, and while nothing runs. */
async function measureLateness({ x, y }) {
  const idle = watchTimer();
  await sleep(1000);
  const idleMs = idle().at(-1);
  const start = performance.now();
  await randomForest.fit({ ...forest, nEstimators: 200 }, x, y);
  const secondsATree = (performance.now() - start) / 200_000;
  const nEstimators = Math.ceil(Number(flags.seconds) / secondsATree);
  const busy = watchTimer();
  const begun = performance.now();
  await randomForest.fit({ ...forest, nEstimators }, x, y);
  const seconds = (performance.now() - begun) / 1000;
  await sleep(2 * TICK_MS); // the tick that the end of the fit held up counts too
  const late = busy();
  return {
    what: `a timer of ${TICK_MS} ms is late during a fit of ${seconds.toFixed(1)} s, at most`,
    value: late.at(-1),
    limit: 50,
    unit: 'ms',
    note: `p99 ${late[Math.floor(late.length * 0.99)].toFixed(1)} ms, idle ${idleMs.toFixed(1)} ms, ${nEstimators} trees`,
  };
}

/** Starts a timer; the function it returns stops it and returns how late its ticks were, ascending. */
function watchTimer() {
  const late = [];
  let due = performance.now() + TICK_MS;
  let timer = setTimeout(function tick() {
    const now = performance.now();
    late.push(Math.max(0, now - due));
    due = now + TICK_MS;
    timer = setTimeout(tick, TICK_MS);
  }, TICK_MS);
  return () => {
    clearTimeout(timer);
    return late.sort((a, b) => a - b);
  };
}

/** How long a fit takes to reject once it is told to stop, whatever it is at, its threads gone. */
async function measureStops({ x, y }) {
  const taken = [];
  for (const afterMs of STOPS_MS) {
    const controller = new AbortController();
    const fit = randomForest
      .fit({ ...forest, maxDepth: null, nEstimators: 100_000 }, x, y, { signal: controller.signal })
      .then(
        () => Promise.reject(new Error('a fit of 100,000 trees ended before it was stopped')),
        (error) => (error.code === 'CANCELLED' ? performance.now() : Promise.reject(error)),
      );
    await Promise.race([fit, sleep(afterMs)]);
    const told = performance.now();
    controller.abort();
    taken.push((await fit) - told);
  }
  taken.sort((a, b) => a - b);
  return {
    what: `a fit that is stopped rejects within, of ${taken.length} times at most`,
    value: taken.at(-1),
    limit: 200,
    unit: 'ms',
    note: `median ${taken[taken.length >> 1].toFixed(1)} ms`,
  };
}

/** The most memory of a process that reads NSL-KDD and fits once, and what the fit was foretold to take of it. */
function measureMemory(files, { x, y }) {
  const args = [SELF, '--threads', flags.threads, '--weigh', JSON.stringify(files)];
  const { beforeBytes, peakBytes } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  const { memoryBytes, treesBytes } = forecast(x, y);
  const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(0)} MB`;
  return {
    what: 'a process that reads NSL-KDD and fits once holds, at most',
    value: peakBytes / MEGABYTE,
    limit: 100,
    unit: 'MB',
    note: `${megabytes(beforeBytes)} before the fit; foretold ${megabytes(memoryBytes)} to grow in, trees of at most ${megabytes(treesBytes)}`,
  };
}

function forecast({ nSamples, features }, { classes }) {
  const params = randomForest.params(forest);
  const nFeatures = features.length;
  const shape = {
    nSamples,
    nFeatures,
    nClasses: classes.length,
    weighted: false,
    wide: false,
    maxLeafNodes: 0,
  };
  const rules = { ...growRules(params, nSamples, nFeatures), nDraws: nSamples };
  return planFit({ shape, rules, nTrees: params.nEstimators, nThreads: nJobs }).forecast;
}

function print(lines, load) {
  const shown = lines.map(({ what, value, limit, unit, reached, note }) => [
    what,
    `${value.toFixed(1)} ${unit}`,
    `${limit} ${unit}`,
    reached ? 'reached' : 'not reached',
    note,
  ]);
  const rows = [['what', 'measured', 'reach', '', ''], ...shown];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, c) => cell.padEnd(widths[c]))
        .join('  ')
        .trimEnd()}\n`,
    );
  process.stdout.write(`Node ${process.version}, load before ${load.toFixed(1)}\n`);
}
