// From a raw Cowrie log to features of each event: seconds, lines a second, CPU seconds and peak memory, the rows asserted.
// Each step is a process of its own, so that each peak is its own. CPU seconds tell what a free machine would take. DuckDB's
// own reading of the same lines stands beside it: how fast a machine is differs more than how fast readers are.
//
// npm run build && node bench/ingest.mjs [--lines 1000000 | --size 5GB] [--data ../shared/data/cowrie] [--threads 2] [--rounds 1] [--keep]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bytesOf, generate } from './logs/generate.mjs';

const own = fileURLToPath(import.meta.url);

const FIELDS = [
  ...['@timestamp', 'observer.name', 'source.ip', 'session', 'destination.port', 'user.name'],
  ...['event.action', 'event.outcome', 'process.command_line', 'credential.length'],
];

/** What a step does in its process; each returns the rows it saw. */
const STEPS = {
  /** As `train` does with logs: features are made while the file of events is written. */
  async features({ log, events, threads }) {
    const { ingestLogs } = await import('../dist/ingest/index.js');
    const history = await historyOf();
    const use = { fields: FIELDS, take: history.take };
    const report = await ingestLogs([log], { out: events, cache: 'none', threads: Number(threads), use });
    if (history.rows() !== report.events)
      throw new Error(`${history.rows()} events of ${report.events} were used`);
    return { rows: report.events + report.repeats, events: report.events, rejected: report.rejected };
  },
  /** As `train` does with a file of events, or with logs that it read before. */
  async again({ events }) {
    const { readEventFile } = await import('../dist/ingest/index.js');
    const history = await historyOf();
    for await (const batch of readEventFile(events, FIELDS)) history.take(batch);
    return { rows: history.rows(), events: history.rows(), rejected: 0 };
  },
  /** What reading costs where nothing is asked of it: DuckDB takes the fields as text, sorts by time, and writes them. */
  async duckdb({ log, folder }) {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '1500MB',
      temp_directory: folder,
    });
    const connection = await instance.connect();
    const columns = COWRIE_FIELDS.map((name) => `"${name}": 'VARCHAR'`).join(', ');
    const lines = `read_json('${log}', format = 'newline_delimited', columns = {${columns}})`;
    const out = join(folder, 'duckdb.parquet');
    await connection.run(
      `COPY (SELECT * REPLACE ("timestamp"::TIMESTAMPTZ AS "timestamp") FROM ${lines} ORDER BY "timestamp", sensor)
        TO '${out}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM '${out}'`);
    connection.closeSync();
    const rows = Number(counted.getRows()[0][0]);
    return { rows, events: rows, rejected: 0 };
  },
};

/** Fields of Cowrie that become fields of an event. */
const COWRIE_FIELDS = [
  ...['timestamp', 'eventid', 'sensor', 'session', 'src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol'],
  ...['duration', 'username', 'password', 'input', 'url', 'shasum', 'size', 'version', 'hassh', 'data'],
];

/** Returns what turns events into features, and counts them. */
async function historyOf() {
  const { EventHistory } = await import('../dist/features/index.js');
  const history = new EventHistory();
  const row = new Float32Array(history.width);
  let rows = 0;
  return {
    rows: () => rows,
    take(batch) {
      for (const event of batch)
        if (history.observe(historyEvent(event, rows++), row))
          throw new Error(`event ${rows} is out of order`);
    },
  };
}

function historyEvent(event, position) {
  return {
    timeMs: event['@timestamp'],
    sensor: event['observer.name'] ?? '',
    position,
    source: event['source.ip'] ?? '',
    session: event.session ?? null,
    destinationPort: event['destination.port'] ?? null,
    user: event['user.name'] ?? null,
    action: event['event.action'],
    outcome: event['event.outcome'] ?? null,
  };
}

/** Runs one step in a process, and returns what it saw and took. */
function apart(step, job) {
  const started = performance.now();
  const child = spawnSync(process.execPath, [own, '--step', step, '--job', JSON.stringify(job)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PHANTOMNET_SECRET_KEY: '07'.repeat(32), TMPDIR: job.folder },
  });
  if (child.status !== 0) throw new Error(`${step} ended with ${child.status ?? child.signal}`);
  return { ...JSON.parse(child.stdout), seconds: (performance.now() - started) / 1000 };
}

async function main({ lines, size, data, threads, rounds, keep }) {
  const folder = mkdtempSync(join(tmpdir(), 'phantomnet-bench-ingest-'));
  try {
    const log = join(folder, 'cowrie.log');
    const limit = size === undefined ? { lines: Number(lines) } : { bytes: bytesOf(size) };
    const made = generate({ out: log, ...limit, ...(data && { data }) });
    console.log(`${made.lines} lines, ${(made.bytes / 1e6).toFixed(0)} MB`);
    const all = [];
    for (let round = 0; round < Number(rounds); round++)
      all.push(
        runRound({ folder, log, events: join(folder, `events-${round}.parquet`), threads }, made.lines),
      );
    const of = (key) => median(all.map(({ features }) => features[key]));
    const peakBytes = Math.max(...all.map(({ features }) => features.peakBytes));
    console.log(`events file: ${(statSync(join(folder, 'events-0.parquet')).size / 1e6).toFixed(0)} MB`);
    console.log(
      `lines to features: ${of('seconds').toFixed(1)} s, ${Math.round(made.lines / of('seconds'))} lines/s, ${of('cpuSeconds').toFixed(1)} CPU s, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
    );
    const ratio = median(all.map(({ features, duckdb }) => features.seconds / duckdb.seconds));
    console.log(`that takes ${ratio.toFixed(2)} of the time of DuckDB's own reading`);
    if (keep) console.log(`kept in ${folder}`);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs each step once; throws where one lost or made a row. */
function runRound(job, nLines) {
  const seen = {};
  let expected = nLines;
  for (const step of Object.keys(STEPS)) {
    const { rows, events, rejected, ...took } = apart(step, job);
    if (rows !== expected || rejected !== 0)
      throw new Error(`${step}: ${rows} rows and ${rejected} rejects, not ${expected}`);
    // Repeats are dropped once, by us.
    expected = step === 'features' ? events : nLines;
    seen[step] = took;
    const { seconds, cpuSeconds, peakBytes } = took;
    console.log(
      `${step}: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
    );
  }
  return seen;
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

const { values } = parseArgs({
  options: {
    step: { type: 'string' },
    job: { type: 'string' },
    lines: { type: 'string', default: '1000000' },
    size: { type: 'string' },
    data: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
if (values.step === undefined) await main(values);
else {
  const seen = await STEPS[values.step](JSON.parse(values.job));
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    JSON.stringify({ ...seen, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 }),
  );
}
