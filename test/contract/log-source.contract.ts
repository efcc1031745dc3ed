import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { EVENT_FIELDS } from '#src/data/index.js';
import { ByteWindow } from '#src/ingest/byte-window.js';
import { csvLines, lostRow } from '#src/ingest/logs/table-lines.js';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { LOG_SOURCES, recogniseSource } from '#src/ingest/sensors/log-sources.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';

/** One log source, with a log of its kind that we wrote and what must be read from it. */
export interface LogSourceCase {
  readonly source: string;
  /** File of test/fixtures/logs; what is read from it stands beside it, as `<file>.golden.jsonl`. */
  readonly file: string;
  /** Texts of passwords in the log: none may be in any event. */
  readonly passwords?: readonly string[];
  readonly timeBaseMs?: number;
}

const FOLDER = 'test/fixtures/logs';
const KEY = Buffer.alloc(32, 7);
const TYPES = new Map<string, string>(EVENT_FIELDS.map(({ name, type }) => [name, type]));

/** What a line gives: an event, or the code and column of its fault. */
type ReadLine = EventFields | { line: number; code: string; column?: string | undefined };

/** Returns what each line gives, in order. */
export function readLog(
  { source: name, file, timeBaseMs }: LogSourceCase,
  lines: readonly string[],
  keepSecrets = false,
): ReadLine[] {
  const source = LOG_SOURCES.find((s) => s.name === name)!;
  const reader = source.open();
  const collector = new EventCollector({
    file,
    vault: new SecretVault({ key: KEY, keepSecrets }),
    zoneMinutes: 0,
    timeBaseMs,
    keepOriginal: false,
  });
  return lines.flatMap((line, i): ReadLine[] => {
    if (isTable(file) && line.trim() === '') return [];
    const read = (isTable(file) ? lostRow(line)?.fault : undefined) ?? collector.read(line, i + 1, reader);
    if ('code' in read) return [{ line: i + 1, code: read.code, column: read.column }];
    return read.map((fields) => ({ ...fields }));
  });
}

const isTable = (file: string): boolean => file.endsWith('.csv');

/** Returns the lines of a log, or those that the rows of a table are read as. */
async function linesOf(file: string): Promise<string[]> {
  if (!isTable(file)) return readFileSync(`${FOLDER}/${file}`, 'utf8').trimEnd().split('\n');
  const lines: Buffer[] = [];
  const window = new ByteWindow(createReadStream(`${FOLDER}/${file}`));
  for await (const piece of csvLines(window, file)) lines.push(piece);
  return Buffer.concat(lines).toString('utf8').trimEnd().split('\n');
}

/** Values that a careless reader falls over. */
const HOSTILE = [
  'null',
  'true',
  '-1',
  '1e308',
  '"\\u0000"',
  '"\\ud800"',
  '""',
  '[]',
  '{}',
  '[null,{"a":[]}]',
  '{"toString":1,"valueOf":1}',
  '{"__proto__":{"x":1},"constructor":1,"length":1e9}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
];

/** The lines with each of their values replaced by each of the hostile ones, or cut at each tab; the first two of a name. */
function* hostileLines(lines: readonly string[]): Generator<string> {
  const seen = new Map<string, number>();
  for (const line of lines)
    for (const match of line.matchAll(line.startsWith('{') ? /"([\w$.-]+)" ?: ?/g : /\t/g)) {
      const name = match[1] ?? `${lines.indexOf(line)}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (seen.get(name)! <= 2) yield* mutants(line, match);
    }
}

function* mutants(line: string, { index, 0: key }: RegExpExecArray): Generator<string> {
  const [before, after] = [line.slice(0, index), line.slice(index + key.length)];
  if (key === '\t') {
    yield before;
    yield `${before}\\x00\\xff\\x${key}${after}`;
    return;
  }
  const value = /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/.exec(after)?.[0];
  for (const hostile of HOSTILE)
    if (value !== undefined) yield `${before}${key}${hostile}${after.slice(value.length)}`;
    // In place of an object, and of all that stands behind it.
    else yield `${before}${key}${hostile}${'}'.repeat(before.split('{').length - before.split('}').length)}`;
}

/** Asserts what every log source promises. */
export async function logSourceContract(testCase: LogSourceCase): Promise<void> {
  const { source: name, file, passwords = [] } = testCase;
  const lines = await linesOf(file);

  describe(`log source ${name}: ${file}`, () => {
    it('is recognised by its first lines, and by no other source', () => {
      expect(recogniseSource(lines)?.name).toBe(name);
    });

    it('gives the golden events', () => {
      const golden = `${FOLDER}/${file}.golden.jsonl`;
      const text = `${readLog(testCase, lines)
        .map((event) => JSON.stringify(event))
        .join('\n')}\n`;
      // A new golden file is written once and read by a person before it is committed.
      if (!existsSync(golden)) writeFileSync(golden, text);
      expect(text.split('\n')).toEqual(readFileSync(golden, 'utf8').split('\n'));
    });

    it('gives fields of the event form only, of their types', () => {
      for (const event of readLog(testCase, lines)) {
        if ('code' in event) continue;
        for (const [field, value] of Object.entries(event)) {
          const isNumber = ['time', 'port', 'integer', 'number'].includes(TYPES.get(field)!);
          expect([field, typeof value]).toEqual([field, isNumber ? 'number' : 'string']);
          if (TYPES.get(field) !== 'number' && isNumber) expect(Number.isSafeInteger(value)).toBe(true);
        }
        expect(Object.keys(event)).toEqual(
          expect.arrayContaining(['@timestamp', 'event.dataset', 'event.action']),
        );
      }
    });

    it('lets no password out, and out with keepSecrets', () => {
      const hidden = JSON.stringify(readLog(testCase, lines));
      const kept = JSON.stringify(readLog(testCase, lines, true));
      for (const password of passwords) {
        expect(hidden).not.toContain(password);
        expect(kept).toContain(password);
      }
    });

    it('throws nothing, whatever stands in place of a value', () => {
      const header = lines.slice(
        0,
        lines.findIndex((line) => !line.startsWith('#')),
      );
      for (const hostile of hostileLines(lines)) {
        expect(Array.isArray(readLog(testCase, [...header, hostile]))).toBe(true);
        recogniseSource([hostile]);
      }
    });

    it('gives the same events whatever was read before, where its lines are independent', () => {
      if (LOG_SOURCES.find((s) => s.name === name)!.lines === 'in-order') return;
      const whole = readLog(testCase, lines);
      const alone = lines.flatMap((line, i) => {
        const read = readLog(testCase, [...Array<string>(i).fill('{}'), line]);
        return read.filter((event) => ('code' in event ? event.line : event['log.line']) === i + 1);
      });
      expect(alone).toEqual(whole);
    });
  });
}
