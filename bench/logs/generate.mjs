// Writes a Cowrie log of any size: real files (or our own fixture) over and over, each round with its days shifted on, its
// sessions renewed and its clients at other addresses, wherever in a line they stand. The same seed gives the same bytes.
//
// node bench/logs/generate.mjs --out big.log (--lines N | --size 5GB) [--data ../shared/data/cowrie] [--seed 1]
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const FIXTURE = fileURLToPath(new URL('../../test/fixtures/logs/cowrie.log', import.meta.url));
export const DATA = fileURLToPath(new URL('../../../shared/data/cowrie', import.meta.url));
const DAY_MS = 86_400_000;

/** Returns the lines that are replayed: those of May 2018 where they are, else our own. */
export function sourceLines(data = DATA) {
  const texts = existsSync(data)
    ? readdirSync(data)
        .filter((name) => name.startsWith('cowrie.json.2018-05'))
        .sort()
        .map((name) => gunzipSync(readFileSync(join(data, name))).toString('utf8'))
    : [readFileSync(FIXTURE, 'utf8')];
  return texts.flatMap((text) => text.split('\n')).filter((line) => partsOf(line) !== undefined);
}

/** Returns a line cut at its date, session and client's address, wherever they stand; undefined where it is no record. */
function partsOf(line) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { timestamp, session, src_ip: address } = record ?? {};
  if (typeof timestamp !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(timestamp)) return undefined;
  const known = [['date', timestamp]];
  if (typeof session === 'string' && /^[\da-f]{8,}$/.test(session)) known.push(['session', session]);
  if (typeof address === 'string' && /^\d+(?:\.\d+){3}$/.test(address)) known.push(['address', address]);
  const pattern = known
    .map(([, text]) => `(?<![\\w.])${text.replaceAll('.', '\\.')}(?![\\w]|\\.\\d)`)
    .join('|');
  const parts = [];
  let done = 0;
  for (const { 0: text, index } of line.matchAll(new RegExp(pattern, 'g'))) {
    parts.push(
      line.slice(done, index),
      known.find(([, value]) => value === text),
    );
    done = index + text.length;
  }
  return [...parts, line.slice(done)];
}

/** Returns a function that gives what stands for a session or address in one round. */
function renewing(seed, round) {
  const known = new Map();
  return ([kind, text]) => {
    if (kind === 'date') return undefined;
    const name = `${kind} ${text}`;
    if (!known.has(name)) {
      const bytes = createHash('sha256').update(`${seed} ${round} ${name}`).digest();
      const address = [1 + (bytes[0] % 223), bytes[1], bytes[2], 1 + (bytes[3] % 254)].join('.');
      known.set(name, kind === 'address' ? address : bytes.toString('hex').slice(0, text.length));
    }
    return known.get(name);
  };
}

/** Writes `lines` lines, or lines up to `bytes` bytes. Returns how many of both. */
export function generate({
  out,
  lines = Number.POSITIVE_INFINITY,
  bytes = Number.POSITIVE_INFINITY,
  data = DATA,
  seed = 1,
}) {
  const templates = sourceLines(data).map(partsOf);
  const days = templates.flatMap((parts) =>
    parts.filter((part) => part[0] === 'date').map(([, text]) => text.slice(0, 10)),
  );
  const sorted = [...new Set(days)].sort();
  const span = (Date.parse(sorted.at(-1)) - Date.parse(sorted[0])) / DAY_MS + 1;
  const file = openSync(out, 'w');
  const made = { lines: 0, bytes: 0 };
  for (let round = 0; made.lines < lines && made.bytes < bytes; round++) {
    const renewed = renewing(seed, round);
    const shifted = new Map(
      sorted.map((day) => [
        day,
        new Date(Date.parse(day) + round * span * DAY_MS).toISOString().slice(0, 10),
      ]),
    );
    let text = [];
    const flush = () => {
      const written = Buffer.from(text.join(''));
      for (let at = 0; at < written.length; ) at += writeSync(file, written, at);
      made.bytes += written.length;
      text = [];
    };
    for (const parts of templates) {
      if (made.lines >= lines || made.bytes >= bytes) break;
      const line = parts.map((part) =>
        typeof part === 'string'
          ? part
          : part[0] === 'date'
            ? shifted.get(part[1].slice(0, 10)) + part[1].slice(10)
            : renewed(part),
      );
      text.push(line.join(''), '\n');
      made.lines++;
      if (text.length >= 4000) flush();
    }
    flush();
  }
  closeSync(file);
  return made;
}

/** Returns bytes of a size such as 5GB. */
export function bytesOf(size) {
  const [, number, unit] = /^([\d.]+)(KB|MB|GB)$/.exec(size) ?? [];
  if (number === undefined) throw new Error(`${size} is no size such as 5GB`);
  return Number(number) * { KB: 1e3, MB: 1e6, GB: 1e9 }[unit];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      lines: { type: 'string' },
      size: { type: 'string' },
      data: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const { out, lines, size, data, seed } = values;
  if (out === undefined || (lines === undefined) === (size === undefined))
    throw new Error(
      'usage: generate.mjs --out <file> (--lines <n> | --size 5GB) [--data <folder>] [--seed <n>]',
    );
  const limit = lines === undefined ? { bytes: bytesOf(size) } : { lines: Number(lines) };
  console.log(
    JSON.stringify(generate({ out, ...limit, ...(data && { data }), ...(seed && { seed: Number(seed) }) })),
  );
}
