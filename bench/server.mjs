// `phantomnet server` beside `mlflow server`, with one worker and with its default workers: one store to start from, one
// load script, keep-alive connections, writes durable on both sides. Rounds of the contestants alternate; who is not
// measured is stopped meanwhile.
// npm run bench:server -- [--json] [--rounds 3] [--seconds 1.5] [--runs 10000] [--only <text>] [--alone]
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../dist/evaluate/index.js';
import { connectSqlite } from '../dist/storage/sqlite-database.js';
import { PYTHON, startMlflow, startOurs } from './server/contestants.mjs';
import { rows } from './server/rows.mjs';
import { copySeed, SEED, seedStore } from './server/seed.mjs';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    runs: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
    alone: { type: 'boolean', default: false },
  },
});
const MEMORY = { name: 'memory after the load', unit: 'MB', less: true, reachAt: 150, floorAt: 250 };
const START = { name: 'start to first /health', unit: 's', less: true, reachAt: 0.5, floorAt: 1 };
/**
 * Before a row is measured everyone has answered it for as long, or `warmUps` times where the work is a given one:
 * compilers and caches are part of no figure.
 */
const WARM_UP_SECONDS = 2;
const say = (line) => process.stderr.write(`${line}\n`);
/** The middle value; of an even number of them the lower one. */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

const folder = mkdtempSync(join(tmpdir(), 'phantomnet-bench-server-'));
const contestants = [];
try {
  const table = await compare();
  process.stdout.write(flags.json ? `${JSON.stringify(table)}\n` : `${render(table)}\n`);
  process.exitCode = table.rows.every((row) => row.verdict !== 'below the floor') ? 0 : 1;
} finally {
  for (const { stop } of contestants) await stop();
  rmSync(folder, { recursive: true, force: true });
}

async function compare() {
  say(`seeding ${flags.runs} runs`);
  mkdirSync(join(folder, 'seed'));
  await seedStore(join(folder, 'seed'), Number(flags.runs));
  const sql = await connectSqlite(join(folder, 'seed', 'store.db'));
  SEED.readRunId = sql.get("SELECT run_uuid FROM runs WHERE name <> 'history' LIMIT 1").run_uuid;
  sql.close();
  await enter('ours', startOurs, false);
  if (flags.alone) say('ours alone, as --alone says');
  else if (existsSync(PYTHON)) {
    await enter('mlflow-1', (at) => startMlflow(at, 1), true);
    await enter('mlflow-default', (at) => startMlflow(at), true);
  } else say('no .venv with MLflow: ours alone (bash test/parity/setup.sh makes one)');

  const results = [];
  for (const row of rows.filter(({ name }) => name.includes(flags.only))) results.push(await measureRow(row));
  results.push(
    summary(
      MEMORY,
      contestants.map(({ memoryMB }) => [memoryMB()]),
    ),
  );
  results.push(
    summary(
      START,
      contestants.map(({ startSeconds }) => [startSeconds]),
    ),
  );
  return { machine: describeMachine(), contestants: contestants.map(({ name }) => name), rows: results };
}

async function enter(name, start, asMlflow) {
  const at = join(folder, name);
  mkdirSync(at);
  await copySeed(join(folder, 'seed'), at, { asMlflow });
  const contestant = await start(at);
  contestants.push(contestant);
  contestant.pause();
  say(`${contestant.name}: up after ${contestant.startSeconds.toFixed(2)} s`);
}

async function measureRow(row) {
  const measured = contestants.map(() => []);
  const rounds = row.once ? 1 : Number(flags.rounds);
  if (!row.once)
    for (const contestant of contestants) {
      contestant.resume();
      const started = performance.now();
      const isWarm = (times) =>
        row.warmUps === undefined
          ? performance.now() - started > WARM_UP_SECONDS * 1000
          : times === row.warmUps;
      for (let times = 0; !isWarm(times); times++) await row.measure(contestant, Number(flags.seconds));
      contestant.pause();
    }
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contestants.length; turn++) {
      const i = (turn + round) % contestants.length;
      contestants[i].resume();
      measured[i].push(await row.measure(contestants[i], Number(flags.seconds)));
      contestants[i].pause();
    }
  const result = summary(row, measured);
  say(rowText(result));
  return result;
}

/** Ours against the better of the others, by medians over the rounds. */
function summary(row, measured) {
  const values = measured.map(median);
  const [ours, ...others] = values;
  const best = others.length === 0 ? undefined : row.less ? Math.min(...others) : Math.max(...others);
  const ratio = best === undefined ? undefined : row.less ? best / ours : ours / best;
  const { name, unit, reach, floor, reachAt, floorAt } = row;
  const meets = (times, at) => (at === undefined ? ratio === undefined || ratio >= times : ours < at);
  const verdict = meets(reach, reachAt)
    ? 'reached'
    : meets(floor, floorAt)
      ? 'above the floor'
      : 'below the floor';
  return {
    name,
    unit,
    values,
    rounds: measured,
    ratio,
    target: reachAt === undefined ? { reach, floor } : { reachAt, floorAt },
    verdict,
  };
}

function rowText({ name, unit, values, ratio, target, verdict }) {
  const number = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const goal = target.reach
    ? `${target.reach} × (${target.floor} ×)`
    : `${target.reachAt} (${target.floorAt})`;
  return [
    name.padEnd(38),
    ...values.map((value) => number(value).padStart(9)),
    ` ${unit.padEnd(9)}`,
    (ratio === undefined ? '' : `${number(ratio)} ×`).padStart(8),
    goal.padStart(15),
    `  ${verdict}`,
  ].join('');
}

function render({ machine, contestants: names, rows: results }) {
  return [
    JSON.stringify(machine),
    `columns: ${names.join(' | ')} | ours to the better MLflow | reach (floor)`,
    ...results.map(rowText),
  ].join('\n');
}
