// The history of a million active sources: memory, and events a second of processor time with features written for each.
// node bench/sources.mjs [--sources 1000000] [--events 6000000] [--save]
import { parseArgs } from 'node:util';
import { EventHistory } from '../dist/features/index.js';

const { values: flags } = parseArgs({
  options: {
    sources: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '6000000' },
    save: { type: 'boolean' },
  },
});
const SOURCES = Number(flags.sources);
const EVENTS = Number(flags.events);
const BATCH = 5000;
/** All within 20 hours, so that no source goes idle. */
const STEP_MS = (20 * 3_600_000) / EVENTS;
/** Sessions that go on at once; one has four events in the mean, as those of the sensor whose logs were looked at. */
const OPEN = 1000;
const LIMIT_BYTES = 1e9;

let seed = 42;
const draw = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const address = (n) => `${10 + (n >>> 24)}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;

let sessions = 0;
/** Of each source once; then half of all sources alike, and half of few: the lower its number the more. */
function openSession() {
  const number = sessions;
  sessions += 1;
  const again = draw(2) === 0 ? draw(SOURCES) : Math.floor(SOURCES * (draw(2 ** 20) / 2 ** 20) ** 6);
  const source = number < SOURCES ? number : again;
  return { id: number.toString(16).padStart(12, '0'), source, port: draw(4) === 0 ? draw(65_536) : 22 };
}

const open = Array.from({ length: OPEN }, openSession);
function nextEvent(position) {
  const at = draw(OPEN);
  const { id, source, port } = open[at];
  if (draw(4) === 0) open[at] = openSession();
  return {
    timeMs: 1.7e12 + Math.floor(position * STEP_MS),
    sensor: `sensor-${source % 7}`,
    position,
    source: address(source),
    session: id,
    destinationPort: port,
    user: draw(2) === 0 ? `user${draw(1000)}` : 'root',
    action: ['connect', 'login', 'command', 'close'][draw(4)],
    outcome: [null, 'failure', 'failure', 'success'][draw(4)],
    bytes: draw(1500),
  };
}

function report(what, events, ms) {
  const perSecond = Math.round((events / ms) * 1000);
  const { sources, memoryBytes } = history.counts();
  process.stdout.write(
    `${what.padStart(15)}  ${String(sources).padStart(8)} sources  ${String(perSecond).padStart(7)} events/s  ` +
      `${megabytes(process.memoryUsage().rss)} RSS  ${megabytes(memoryBytes)} in records\n`,
  );
}
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

const history = new EventHistory({ randomState: 42, maxSources: SOURCES });
const row = new Float32Array(history.width);
let totalMs = 0;
let sinceMs = 0;
let peakBytes = 0;
for (let from = 0; from < EVENTS; from += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, EVENTS - from) }, (_, i) => nextEvent(from + i));
  const started = process.cpuUsage();
  for (const event of batch) history.observe(event, row);
  const tookMs = process.cpuUsage(started).user / 1000;
  totalMs += tookMs;
  sinceMs += tookMs;
  peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  if ((from + BATCH) % 1_000_000 === 0) {
    report(`${from + BATCH} events`, 1_000_000, sinceMs);
    sinceMs = 0;
  }
}
report('all', EVENTS, totalMs);
process.stdout.write(`${JSON.stringify(history.counts())}\npeak ${megabytes(peakBytes)} RSS\n`);
if (peakBytes >= LIMIT_BYTES) process.exitCode = 1;
if (flags.save) {
  const seconds = (since) => `${(process.cpuUsage(since).user / 1e6).toFixed(1)} s`;
  let started = process.cpuUsage();
  const bytes = history.toBytes();
  process.stdout.write(
    `saved ${megabytes(bytes.length)} in ${seconds(started)}, ${megabytes(process.memoryUsage().rss)} RSS\n`,
  );
  started = process.cpuUsage();
  EventHistory.fromBytes(bytes);
  process.stdout.write(`read in ${seconds(started)}\n`);
}
