import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { EVENT_FIELDS, type EventFields } from '#src/data/index.js';
import { EventRowWriter, HEAD_BYTES, ROW_HEAD } from '#src/ingest/logs/event-rows.js';
import { parseLines } from '#src/ingest/logs/parse-lines.js';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { LOG_SOURCES, recogniseSource } from '#src/ingest/sensors/log-sources.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';
import type { LogSource } from '#src/ingest/sensors/source.js';

/** Mutants a run makes; the seed is printed where one fails. */
const N_MUTANTS = Number(process.env['PHANTOMNET_MUTANTS'] ?? 100_000);
const SEED = Number(process.env['PHANTOMNET_SEED'] ?? 20_261_130);
const BATCH = 500;
/** Longest a batch may take: a hundred times what it takes on a busy machine. */
const WATCHDOG_MS = 60_000;
const FIXTURES = 'test/fixtures/logs';
const REAL = '../shared/data';
const TYPES: ReadonlyMap<string, string> = new Map(EVENT_FIELDS.map(({ name, type }) => [name, type]));
const VALUES = [
  'null',
  'true',
  '-1',
  '1e999',
  '99999999999999999999',
  '0.1',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[1],{"a":null}]',
  '"1"',
  '{"__proto__":{"a":1},"constructor":1}',
  '65536',
  '"::ffff:1.2.3.4"',
  '"9999-12-31T23:59:59Z"',
];

/** The lines of every log of ours, and of real ones where they are. */
function corpus(): string[] {
  const own = readdirSync(FIXTURES)
    .filter((name) => existsSync(join(FIXTURES, `${name}.golden.jsonl`)))
    .flatMap((name) => readFileSync(join(FIXTURES, name), 'utf8').split('\n'));
  return [...own, ...realLines()].filter((line) => line !== '');
}

function realLines(): string[] {
  if (!existsSync(REAL)) {
    console.log(`mutants of our own lines only: ${REAL} is not there`);
    return [];
  }
  const folders = ['cowrie', 'dionaea', 'opencanary', 'suricata', 'zeek'].filter((name) =>
    existsSync(join(REAL, name)),
  );
  return folders.flatMap((name) =>
    readdirSync(join(REAL, name))
      .slice(0, 6)
      .filter((file) => /json|log/.test(file))
      .flatMap((file) => {
        const bytes = readFileSync(join(REAL, name, file));
        return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').slice(0, 150);
      }),
  );
}

class Mutator {
  readonly #random: Xoshiro128;
  readonly #lines: readonly string[];

  constructor(lines: readonly string[], seed: number) {
    this.#lines = lines;
    this.#random = new Xoshiro128(seed);
  }

  below(n: number): number {
    return n === 0 ? 0 : this.#random.nextUint32() % n;
  }

  next(): Buffer {
    let bytes: Buffer = Buffer.from(this.#line());
    for (let i = this.below(3); i >= 0; i--) bytes = this.#mutate(bytes);
    return bytes;
  }

  #line(): string {
    return this.#lines[this.below(this.#lines.length)]!;
  }

  #mutate(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const text = () => bytes.toString('utf8');
    switch (this.below(9)) {
      case 0: {
        const flipped = Buffer.from(bytes);
        if (at < flipped.length) flipped[at]! ^= 1 << this.below(8);
        return flipped;
      }
      case 1:
        return bytes.subarray(0, at);
      case 2: {
        const other = Buffer.from(this.#line());
        return Buffer.concat([bytes.subarray(0, at), other.subarray(this.below(other.length + 1))]);
      }
      case 3:
        return Buffer.from(text().replace(/^\{/, `{${this.#member()},`));
      case 4:
        return Buffer.from(`${'{"a":'.repeat(this.below(40))}${text()}${'}'.repeat(this.below(40))}`);
      case 5:
        return Buffer.from(this.#swapped(text()));
      case 6:
        return Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from([this.below(256), this.below(256)]),
          bytes.subarray(at),
        ]);
      case 7:
        return Buffer.from(text().replace(/\t|"\s*,\s*"/, (end) => end.repeat(this.below(4))));
      default:
        return Buffer.from(
          text().replace(/\d+/g, (digits) => (this.below(6) === 0 ? '9'.repeat(this.below(30)) : digits)),
        );
    }
  }

  /** A member of another line, so that keys come twice. */
  #member(): string {
    return /"[^"\\]*":\s*(?:"[^"\\]*"|[\d.]+)/.exec(this.#line())?.[0] ?? '"__proto__":1';
  }

  /** Swaps the value of one key for one of another type. */
  #swapped(text: string): string {
    const members = [...text.matchAll(/(":\s*)("[^"\\]*"|[\d.]+|true|false|null|\[\]|\{\})/g)];
    const member = members[this.below(members.length)];
    if (member === undefined) return text.replace(/\t[^\t]*/, `\t${VALUES[this.below(VALUES.length)]}`);
    const from = member.index + member[1]!.length;
    return text.slice(0, from) + VALUES[this.below(VALUES.length)] + text.slice(from + member[2]!.length);
  }
}

const settings = (source: LogSource) => ({
  file: `${source.name}.log`,
  vault: new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: source.name.length % 2 === 0 }),
  zoneMinutes: 0,
  timeBaseMs: 1_526_774_400_000,
  keepOriginal: true,
});

function checkEvent(event: EventFields): void {
  for (const [name, value] of Object.entries(event)) {
    if (value === null) continue;
    const type = TYPES.get(name);
    const isRight =
      type === 'text' || type === 'address'
        ? typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
        : typeof value === 'number' &&
          Number.isFinite(value) &&
          (type === 'number' || Number.isSafeInteger(value));
    if (
      type === undefined ||
      !isRight ||
      (type === 'port' && !((value as number) >= 0 && (value as number) <= 65_535))
    )
      expect.fail(`${name} is ${JSON.stringify(value)?.slice(0, 200)}, of type ${type}`);
  }
  for (const name of ['@timestamp', 'event.dataset', 'event.action', 'event.hash', 'log.line'] as const)
    if ((event[name] ?? null) === null) expect.fail(`no ${name}`);
}

/** Reads lines as a source does, and checks all that comes out. Returns how many lines gave events. */
function readAll(source: LogSource, bytes: Buffer): { rowsRead: number; events: number } {
  const writer = new EventRowWriter(0);
  const parser = {
    reader: source.open(),
    collector: new EventCollector(settings(source)),
    isTable: false,
    maxLineBytes: 2 ** 20,
    textOfFault: 100,
  };
  let events = 0;
  const { rowsRead, faults } = parseLines({ bytes, firstLine: 1, isCut: false }, parser, (found, line) => {
    for (const event of found) checkEvent(event);
    writer.write(found, line);
    expect(wholeRows(writer.take()?.bytes ?? Buffer.alloc(0))).toBe(found.length);
    events += found.length;
  });
  expect(faults.every(({ reason, line }) => reason !== '' && line >= 1)).toBe(true);
  return { rowsRead, events };
}

/** Returns how many rows there are, each of which ends with the only line break of its event. */
function wholeRows(bytes: Buffer): number {
  let rows = 0;
  for (let at = 0; at < bytes.length; rows++) {
    const sensorBytes = bytes.readUInt32LE(at + ROW_HEAD.sensorBytes);
    const from = at + HEAD_BYTES + sensorBytes;
    at = from + bytes.readUInt32LE(at + ROW_HEAD.eventBytes);
    expect(bytes.indexOf(10, from)).toBe(at - 1);
  }
  return rows;
}

describe(`${N_MUTANTS} mutated lines`, () => {
  it('crash nothing, hang nothing, and become whole events or faults', () => {
    const mutator = new Mutator(corpus(), SEED);
    let read = 0;
    let events = 0;
    for (let made = 0; made < N_MUTANTS; made += BATCH) {
      const source = LOG_SOURCES[(made / BATCH) % LOG_SOURCES.length]!;
      const lines = Array.from({ length: BATCH }, () => mutator.next());
      const started = performance.now();
      const batch = readAll(source, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
      read += batch.rowsRead;
      events += batch.events;
      const where = `source ${source.name}, seed ${SEED}, mutants from ${made}`;
      expect(performance.now() - started, where).toBeLessThan(WATCHDOG_MS);
      // What tells the source takes hostile lines too.
      recogniseSource(lines.slice(0, 50).map((line) => line.toString('utf8')));
    }
    // Mutants that hold a line break are two lines, and some are blank.
    expect(read).toBeGreaterThan(N_MUTANTS * 0.95);
    expect(events).toBeGreaterThan(0);
  }, 600_000);

  it('of any JSON are read by every source, or rejected', () => {
    const keys = fc.constantFrom(
      ...new Set(corpus().flatMap((line) => [...line.matchAll(/"([\w.-]+)":/g)].map(([, key]) => key!))),
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc
          .constantFrom(...VALUES)
          .map((text) => (text === '"\\ud800"' ? '\ud800' : JSON.parse(text.replace('1e999', '1e300')))),
        fc.string(),
        fc.double({ noNaN: true }),
        fc.constantFrom('2018-05-20T00:05:34Z', 1_526_774_400, 'cowrie.login.failed', '192.0.2.1', 22),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 8 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(keys, json, { maxKeys: 25 }), { maxLength: 5 }),
        fc.constantFrom(...LOG_SOURCES),
        (records, source) => {
          const bytes = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
          readAll(source, bytes);
        },
      ),
      { numRuns: 3000, seed: SEED },
    );
    expect(({} as Record<string, unknown>)['a']).toBe(undefined);
  }, 300_000);
});
