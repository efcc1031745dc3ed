// The reference's latency benchmark: 220 rows, one feature, 50 trees, beside scikit-learn in one run.
// Rounds of both sides alternate, so that a busy moment of the machine hits both.
// npm run bench:latency -- [--json] [--rounds 30] [--calls 20]
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { describeMachine } from '../dist/evaluate/index.js';
import { randomForest } from '../dist/train/index.js';

const WEEK6 = new URL('../../shared/data/week6/week6_test_events.csv', import.meta.url);
const ATTACKS = ['login_failed', 'sqli_attempt', 'command', 'connect', 'mail_from', 'rcpt_to', 'data'];
const ROWS = 220;
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '30' },
    calls: { type: 'string', default: '20' },
  },
});
const rounds = wholeNumber('rounds');
const calls = wholeNumber('calls');
const say = (line) => process.stderr.write(`${line}\n`);

function wholeNumber(flag) {
  const value = Number(flags[flag]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`--${flag} must be a whole number above 0, got ${JSON.stringify(flags[flag])}\n`);
  process.exit(2);
}

/** Payload lengths and labels: of the week-6 file, or made up when it is absent. */
function readData() {
  if (!existsSync(WEEK6)) {
    say('week-6 file absent: 220 generated payload lengths instead');
    const lengths = Array.from({ length: ROWS }, (_, i) => (i * 7919) % 397);
    return {
      source: 'generated',
      lengths,
      labels: lengths.map((n, i) => (n % 5 < 2 ? i % 2 : n > 150 ? 1 : 0)),
    };
  }
  const events = parse(readFileSync(WEEK6), { columns: true, bom: true });
  return {
    source: 'week6',
    lengths: events.map(({ data }) => (data === '' ? 3 : Array.from(data).length)),
    labels: events.map(({ event }) => (ATTACKS.includes(event) ? 1 : 0)),
  };
}

/** Fits our forest; returns a function that times `n` predictions of all rows, in milliseconds. */
async function startOurs({ lengths, labels }) {
  const matrix = {
    nSamples: lengths.length,
    features: [{ name: 'payload_length', type: 'numeric' }],
    values: Float32Array.from(lengths),
  };
  const params = randomForest.params({ nEstimators: 50, maxDepth: 12, minSamplesSplit: 5, randomState: 42 });
  const model = await randomForest.fit(params, matrix, { classes: [0, 1], codes: Uint16Array.from(labels) });
  const predicted = new Uint8Array(matrix.nSamples);
  return (n) =>
    Array.from({ length: n }, () => {
      const start = performance.now();
      const scores = model.predictScoresBatch(matrix);
      for (let i = 0; i < predicted.length; i++) predicted[i] = scores[2 * i + 1] > scores[2 * i] ? 1 : 0;
      return performance.now() - start;
    });
}

/** Starts scikit-learn in a process of its own; null, with the reason said, where it cannot run. */
async function startTheirs({ lengths, labels }) {
  const local = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));
  const script = fileURLToPath(new URL('latency_sklearn.py', import.meta.url));
  const child = spawn(existsSync(local) ? local : 'python3', [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  child.on('error', (error) => {
    complaint = error.message;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (message) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const params = { n_estimators: 50, max_depth: 12, min_samples_split: 5, random_state: 42 };
  const versions = await ask({ x: lengths.map((length) => [length]), y: labels, params });
  if (versions) return { versions, time: ask, stop: () => child.stdin.end() };
  say(`scikit-learn skipped: ${complaint.trim().split('\n').at(-1) || 'no answer from python'}`);
  return null;
}

function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
}

const spread = (values) => ({
  median: quantile(values, 0.5),
  p10: quantile(values, 0.1),
  p90: quantile(values, 0.9),
});

const data = readData();
const ours = await startOurs(data);
const theirs = await startTheirs(data);
ours(200);
await theirs?.time(20);
const times = { ours: [], theirs: [], ratios: [] };
for (let round = 0; round < rounds; round++) {
  const us = ours(calls);
  const them = theirs ? await theirs.time(calls) : [];
  times.ours.push(...us);
  times.theirs.push(...them);
  if (theirs) times.ratios.push(quantile(them, 0.5) / quantile(us, 0.5));
}
theirs?.stop();

const report = {
  rows: data.lengths.length,
  trees: 50,
  data: data.source,
  rounds,
  callsPerRound: calls,
  phantomnetMs: spread(times.ours),
  ...(theirs && {
    sklearnMs: spread(times.theirs),
    ratio: quantile(times.theirs, 0.5) / quantile(times.ours, 0.5),
    ratioByRound: spread(times.ratios),
    versions: theirs.versions,
  }),
  machine: describeMachine(),
};
if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  const line = (name, { median, p10, p90 }) =>
    `${name.padEnd(20)} ${median.toFixed(4)} ms (p10 ${p10.toFixed(4)}, p90 ${p90.toFixed(4)})\n`;
  process.stdout.write(
    `${report.rows} rows (${report.data}), 50 trees, ${rounds} rounds of ${calls} calls each\n`,
  );
  process.stdout.write(line('phantomnet', report.phantomnetMs));
  if (report.sklearnMs) {
    const { median, p10, p90 } = report.ratioByRound;
    process.stdout.write(line(`scikit-learn ${report.versions.sklearn}`, report.sklearnMs));
    process.stdout.write(
      `${report.ratio.toFixed(1)} times faster (by round: median ${median.toFixed(1)}, p10 ${p10.toFixed(1)}, p90 ${p90.toFixed(1)}; wanted: 20)\n`,
    );
  }
}
