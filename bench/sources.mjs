// The history of many active sources: memory and events a second, with features written for every event.
// node bench/sources.mjs [--sources 1000000] [--events 4000000]
import { parseArgs } from 'node:util';
import { EventHistory } from '../dist/features/index.js';

const { values: flags } = parseArgs({
  options: {
    sources: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '4000000' },
  },
});
const SOURCES = Number(flags.sources);
const EVENTS = Number(flags.events);
const BATCH = 5000;
/** All within 20 hours, so that no source goes idle. */
const STEP_MS = (20 * 3_600_000) / EVENTS;
const LIMIT_BYTES = 1e9;

let seed = 42;
const draw = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const address = (n) => `${10 + (n >>> 24)}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;

/** Every source once, then half of the events from all sources alike, and half from few: the lower the number the more. */
function sourceOf(index) {
  if (index < SOURCES) return index;
  return draw(2) === 0 ? draw(SOURCES) : Math.floor(SOURCES * (draw(2 ** 20) / 2 ** 20) ** 6);
}

/** Sessions of five events; one user name of 1,000 in each failed login. */
function eventOf(index) {
  const source = sourceOf(index);
  return {
    timeMs: 1.7e12 + Math.floor(index * STEP_MS),
    sensor: `sensor-${source % 7}`,
    position: index,
    source: address(source),
    session: `${source.toString(16)}-${Math.floor(index / (5 * SOURCES))}-${draw(2)}`,
    destinationPort: draw(4) === 0 ? draw(65_536) : 22,
    user: draw(2) === 0 ? `user${draw(1000)}` : 'root',
    action: ['connect', 'login', 'command', 'close'][draw(4)],
    outcome: [null, 'failure', 'failure', 'success'][draw(4)],
    bytes: draw(1500),
  };
}

const history = new EventHistory({ randomState: 42 });
const row = new Float32Array(history.width);
let spentMs = 0;
let peak = 0;
for (let from = 0; from < EVENTS; from += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, EVENTS - from) }, (_, i) => eventOf(from + i));
  const started = process.cpuUsage();
  for (const event of batch) history.observe(event, row);
  const tookMs = process.cpuUsage(started).user / 1000;
  spentMs += tookMs;
  peak = Math.max(peak, process.memoryUsage().rss);
  if ((from + batch.length) % 1_000_000 === 0) report(`${from + batch.length} events`, batch.length, tookMs);
}
report('all', EVENTS, spentMs);
process.stdout.write(`${JSON.stringify(history.counts())}\npeak RSS ${(peak / 1e6).toFixed(0)} MB\n`);
if (peak >= LIMIT_BYTES && history.counts().sources >= 1e6) process.exitCode = 1;

function report(what, events, ms) {
  const { rss } = process.memoryUsage();
  const perSecond = Math.round((events / ms) * 1000);
  process.stdout.write(
    `${what.padStart(16)}  ${perSecond} events/s  ${(rss / 1e6).toFixed(0)} MB RSS  ${(history.counts().memoryBytes / 1e6).toFixed(0)} MB in records\n`,
  );
}
