// The forest beside its peers: training, scoring, memory and quality, in one run on one machine. See bench/README.md.
// npm run bench -- [--quick] [--only <row>[,<row>]] [--json] [--data <folder>] [--threads 2] [--rounds <n>]
//                  [--seed 42] [--peer-defaults] [--list]
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../dist/evaluate/index.js';
import { prepareNsl } from './forest/data.mjs';
import { createEngines } from './forest/engine.mjs';
import { fitRows } from './forest/fit-rows.mjs';
import { closingText, rowText } from './forest/report.mjs';
import { scoreRows } from './forest/score-rows.mjs';
import { weighRows } from './forest/weigh-rows.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROWS = [...fitRows, ...scoreRows, ...weighRows];
/** --quick ends in 5 minutes: what takes longest comes last, and no round begins that would end later than this. */
const QUICK_MS = 280_000;
const TIME_OVER = 'the five minutes of --quick are over';

const flags = readFlags();
const say = (line) => process.stderr.write(`${line}\n`);
const startedAt = performance.now();
const engines = createEngines(say);
const context = {
  engines,
  say,
  quick: flags.quick,
  threads: wholeNumber('threads'),
  seed: wholeNumber('seed'),
  peerDefaults: flags['peer-defaults'],
  timeoutMs: () => (flags.quick ? Math.max(1000, Math.min(90_000, timeLeft() + 15_000)) : 900_000),
  isLate: () => flags.quick && timeLeft() < 0,
  refuseWhenLate() {
    if (context.isLate()) throw new Error(TIME_OVER);
  },
  week6: at('../../shared/data/week6/week6_test_events.csv'),
  made: new Map(),
  /** Ends an engine whose state is unknown, and forgets what it had made. */
  async drop(name) {
    for (const key of context.made.keys()) if (key.endsWith(` ${name}`)) context.made.delete(key);
    await engines.drop(name);
  },
  nsl: lazy(() => prepareNsl(flags.data)),
  rounds: (row) => ({
    rounds: flags.rounds ? wholeNumber('rounds') : flags.quick ? row.quickRounds : row.rounds,
    budgetMs: flags.quick ? Math.min(row.quickSeconds * 1000, timeLeft()) : Number.POSITIVE_INFINITY,
  }),
};

function readFlags() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        data: { type: 'string', default: at('../../shared/data/nsl-kdd') },
        threads: { type: 'string', default: '2' },
        rounds: { type: 'string' },
        seed: { type: 'string', default: '42' },
        'peer-defaults': { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error.message);
  }
}

function wholeNumber(flag) {
  const value = Number(flags[flag]);
  return Number.isInteger(value) && value > 0
    ? value
    : refuse(`--${flag} must be a whole number above 0, got ${JSON.stringify(flags[flag])}`);
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function lazy(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

function timeLeft() {
  return QUICK_MS - (performance.now() - startedAt);
}

function chosenRows() {
  const wanted = flags.only.flatMap((names) => names.split(','));
  const unknown = wanted.find((name) => !ROWS.some((row) => row.name === name));
  if (unknown) refuse(`--only ${unknown}: no such row; there are ${ROWS.map(({ name }) => name).join(', ')}`);
  const rows = wanted.length ? ROWS.filter(({ name }) => wanted.includes(name)) : ROWS;
  const cost = ({ quickSeconds = Number.POSITIVE_INFINITY }) => quickSeconds;
  return flags.quick ? rows.toSorted((a, b) => cost(a) - cost(b)) : rows;
}

async function measure(row) {
  const { name, title, unit } = row;
  if (flags.quick && row.notInQuick) return { name, title, skipped: 'too long for --quick' };
  if (flags.quick && timeLeft() < (row.quickSeconds * 1000) / 2) return { name, title, skipped: TIME_OVER };
  say(`${name} …`);
  const from = performance.now();
  const { absentData, ...result } = await row.run(context);
  if (absentData) return { name, title, skipped: absentData };
  return { name, title, unit, ...result, tookSeconds: (performance.now() - from) / 1000 };
}

function writeReport(report) {
  mkdirSync(at('results'), { recursive: true });
  const file = join(at('results'), `forest-${report.startedAt.replace(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  say(`written: bench/results/${file.split(/[\\/]/).at(-1)}`);
}

if (flags.list) {
  for (const { name, title } of ROWS) process.stdout.write(`${name.padEnd(18)} ${title}\n`);
  process.exit(0);
}
const report = {
  startedAt: new Date().toISOString(),
  machine: describeMachine(),
  loadBefore: loadavg()[0],
  quick: flags.quick,
  threads: context.threads,
  seed: context.seed,
  peerDefaults: context.peerDefaults,
  versions: {},
  rows: [],
};
let failed = false;
for (const row of chosenRows()) {
  const result = await measure(row).catch((error) => {
    const { name, title } = row;
    return context.isLate()
      ? { name, title, skipped: TIME_OVER }
      : { name, title, skipped: error.message, failed: true };
  });
  if (result.failed) {
    failed = true;
    say(`failed: ${row.name}: ${result.skipped}`);
  }
  if (result.skipped) await context.drop('phantomnet');
  report.rows.push(result);
  if (!flags.json) process.stdout.write(`${rowText(result).join('\n')}\n`);
}
report.versions = engines.versions();
report.loadAfter = loadavg()[0];
await engines.stop();
if (report.loadBefore > 0.5) say(`the machine was busy before the run: load ${report.loadBefore.toFixed(2)}`);
if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else process.stdout.write(`${closingText(report.rows).join('\n')}\n`);
writeReport(report);
const below = report.rows.some(({ checks = [] }) => checks.some(({ verdict }) => verdict === 'BELOW FLOOR'));
process.exitCode = failed || below ? 1 : 0;
