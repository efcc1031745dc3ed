// From a raw Cowrie log to features of each event: seconds, lines a second, CPU seconds and peak memory, the rows asserted.
// Each step is a process of its own, so that each peak is its own. CPU seconds tell what a free machine would take.
//
// npm run build && node bench/ingest.mjs [--lines 1000000 | --size 5GB] [--data ../shared/data/cowrie] [--threads 2] [--keep]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bytesOf, generate } from './logs/generate.mjs';

const own = fileURLToPath(import.meta.url);

/** What a step does in its process; each returns the rows it saw. */
const STEPS = {
  async ingest({ log, events, threads }) {
    const { ingestLogs } = await import('../dist/ingest/index.js');
    const report = await ingestLogs([log], { out: events, cache: 'none', threads: Number(threads) });
    return { rows: report.events + report.repeats, events: report.events, rejected: report.rejected };
  },
  async features({ events }) {
    const { readEventFile } = await import('../dist/ingest/logs/read-event-file.js');
    const { EventHistory } = await import('../dist/features/index.js');
    const names = [
      '@timestamp',
      'observer.name',
      'source.ip',
      'session',
      'destination.port',
      'user.name',
      'event.action',
      'event.outcome',
      'process.command_line',
      'credential.length',
    ];
    const history = new EventHistory();
    const row = new Float32Array(history.width);
    let rows = 0;
    let sum = 0;
    for await (const batch of readEventFile(events, names))
      for (const event of batch) {
        history.observe(historyEvent(event, rows++), row);
        sum += row[0] || 0;
      }
    if (history.late > 0) throw new Error(`${history.late} events are out of order`);
    return { rows, events: rows, rejected: 0, sum };
  },
};

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

async function main({ lines, size, data, threads, keep }) {
  const folder = mkdtempSync(join(tmpdir(), 'phantomnet-bench-ingest-'));
  try {
    const log = join(folder, 'cowrie.log');
    const limit = size === undefined ? { lines: Number(lines) } : { bytes: bytesOf(size) };
    const made = generate({ out: log, ...limit, ...(data && { data }) });
    console.log(`${made.lines} lines, ${(made.bytes / 1e6).toFixed(0)} MB`);
    const job = { folder, log, events: join(folder, 'events.parquet'), threads };
    const took = { seconds: 0, cpuSeconds: 0, peakBytes: 0 };
    let expected = made.lines;
    for (const step of Object.keys(STEPS)) {
      const { rows, events, rejected, seconds, cpuSeconds, peakBytes } = apart(step, job);
      if (rows !== expected || rejected !== 0)
        throw new Error(`${step}: ${rows} rows and ${rejected} rejects, not ${expected}`);
      expected = events;
      took.seconds += seconds;
      took.cpuSeconds += cpuSeconds;
      took.peakBytes = Math.max(took.peakBytes, peakBytes);
      console.log(
        `${step}: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
      );
    }
    const rate = Math.round(made.lines / took.seconds);
    console.log(`events file: ${(statSync(job.events).size / 1e6).toFixed(0)} MB`);
    console.log(
      `all: ${took.seconds.toFixed(1)} s, ${rate} lines/s, ${took.cpuSeconds.toFixed(1)} CPU s, peak ${(took.peakBytes / 2 ** 20).toFixed(0)} MiB`,
    );
    if (keep) console.log(`kept in ${folder}`);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    step: { type: 'string' },
    job: { type: 'string' },
    lines: { type: 'string', default: '1000000' },
    size: { type: 'string' },
    data: { type: 'string' },
    threads: { type: 'string', default: '2' },
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
