import { describe, expect, it } from 'vitest';
import { parseLines } from '#src/ingest/logs/parse-lines.js';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { logSource } from '#src/ingest/sensors/log-sources.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';

const LINE =
  '{"eventid":"cowrie.command.input","input":"ls","session":"a","src_ip":"192.0.2.1","timestamp":"2018-05-20T00:05:34Z"}';

function parse(
  content: string | Buffer,
  options: {
    isCut?: boolean;
    isTable?: boolean;
    maxLineBytes?: number;
    textOfFault?: number;
    keepOriginal?: boolean;
    source?: string;
  } = {},
) {
  const collector = new EventCollector({
    file: 'x.log',
    vault: new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: false }),
    zoneMinutes: 0,
    timeBaseMs: undefined,
    keepOriginal: options.keepOriginal ?? false,
  });
  const { maxLineBytes = 2 ** 20, textOfFault = 0 } = options;
  const parser = {
    reader: logSource(options.source ?? 'cowrie').open(),
    collector,
    isTable: options.isTable ?? false,
    maxLineBytes,
    textOfFault,
  };
  const lines: unknown[] = [];
  const originals: boolean[] = [];
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const parsed = parseLines({ bytes, firstLine: 5, isCut: options.isCut ?? false }, parser, (events) => {
    lines.push(...events.map((event) => event['log.line']));
    originals.push(...events.map((event) => event['event.original'] !== undefined));
  });
  return {
    lines,
    originals,
    ...parsed,
    faults: parsed.faults.map(({ line, code }) => [line, code]),
    raw: parsed.faults,
  };
}

describe('parseLines', () => {
  it('numbers lines, blank ones too, with either line break', () => {
    const { lines, faults, rowsRead, blankLines } = parse(`${LINE}\r\n\n \t\r\n${LINE}\nnonsense\n${LINE}`);
    expect([lines, faults, rowsRead, blankLines]).toEqual([[5, 8, 10], [[9, 'bad-json']], 4, 2]);
  });

  it('rejects a line that is no UTF-8, and only that', () => {
    const bad = Buffer.concat([
      Buffer.from(`${LINE}\n{"eventid":"`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}\r\n${LINE}\r\n`),
    ]);
    const { lines, faults } = parse(bad);
    expect([lines, faults]).toEqual([[5, 7], [[6, 'bad-utf8']]]);
  });

  it('says that the last line is cut, and only where the input ends inside it', () => {
    const half = `${LINE}\n${LINE.slice(0, 60)}`;
    expect(parse(half, { isCut: true }).raw.at(-1)).toEqual({
      line: 6,
      code: 'cut',
      reason: 'the file ends inside the line',
    });
    expect(parse(`${half}\n`).faults).toEqual([[6, 'bad-json']]);
    expect(parse(`bad\n${LINE}`, { isCut: true }).faults).toEqual([[5, 'bad-json']]);
    const inCharacter = Buffer.concat([Buffer.from(`${LINE}\n{"a":"`), Buffer.from([0xc3])]);
    expect(parse(inCharacter, { isCut: true }).faults).toEqual([[6, 'cut']]);
    // A whole record that is no event is no half line.
    expect(parse('{"eventid":"cowrie.x"}', { isCut: true }).faults).toEqual(
      [[5, 'bad-time']].slice(1).concat([[5, 'missing-value']]),
    );
  });

  it('measures a line in bytes', () => {
    const line = LINE.replace('ls', 'é'.repeat(100));
    const bytes = Buffer.byteLength(line);
    expect(parse(line, { maxLineBytes: bytes }).lines).toEqual([5]);
    expect(parse(line, { maxLineBytes: bytes - 1 }).faults).toEqual([[5, 'too-large']]);
  });

  it('tells the text of a fault only where it is asked to', () => {
    expect(parse('nonsense').raw[0]).not.toHaveProperty('text');
    expect(parse('nonsense', { textOfFault: 3 }).raw[0]).toHaveProperty('text', 'non');
  });

  it('rejects what no file of events can hold, wherever it stands', () => {
    const faultOf = (line: string, options = {}) => parse(line, options).raw[0];
    expect(faultOf(LINE.replace('cowrie.command.input', 'cowrie.\\u0000'))).toMatchObject({
      code: 'nul',
      column: 'eventid',
    });
    expect(faultOf(LINE.replace('cowrie.command.input', 'cowrie.\\ud800'))).toMatchObject({
      code: 'bad-text',
      column: 'eventid',
    });
    const marks = LINE.replace('ls', 'pwd=a;'.repeat(100_000));
    expect(faultOf(marks)).toEqual({
      line: 5,
      code: 'too-large',
      reason: 'the event is larger than is allowed',
    });
  });
});

describe('a line of many events', () => {
  const connection = (changes: object, protocol = 'ftpd'): string =>
    JSON.stringify({
      connection: { protocol, transport: 'tcp', type: 'accept' },
      src_ip: '192.0.2.1',
      timestamp: '2018-05-20T00:05:34',
      ...changes,
    });
  const columns = (n: number) => ({ username: new Array(n).fill('a'), password: new Array(n).fill('b') });
  const dionaea = (text: string, keepOriginal = false) => parse(text, { source: 'dionaea', keepOriginal });

  it('is read up to 10,000 of them', () => {
    const { lines, faults } = dionaea(connection({ credentials: columns(9_999) }));
    expect([lines.length, faults]).toEqual([10_000, []]);
    const more = dionaea(`${connection({ credentials: columns(10_000) })}\n${connection({})}`);
    expect(more.lines).toEqual([6]);
    expect(more.faults).toEqual([[5, 'too-large']]);
  });

  it('is rejected where their texts are too much together', () => {
    const long = dionaea(connection({ credentials: columns(1000) }, 'x'.repeat(10_000)));
    expect([long.lines, long.faults]).toEqual([[], [[5, 'too-large']]]);
    const text = connection({ credentials: columns(600), note: 'y'.repeat(20_000) });
    expect(dionaea(text).lines.length).toBe(601);
  });

  it('has its raw text in each, in the first alone where that is too much', () => {
    const few = dionaea(connection({ credentials: columns(20), note: 'y'.repeat(20_000) }), true);
    expect(few.originals).toEqual(Array(21).fill(true));
    const many = dionaea(connection({ credentials: columns(600), note: 'y'.repeat(20_000) }), true);
    expect([many.lines.length, many.faults]).toEqual([601, []]);
    expect(many.originals).toEqual([true, ...Array(600).fill(false)]);
  });

  it('has the rows of its columns, whatever else stands among them', () => {
    const credentials = {
      username: ['a', 7],
      password: ['b'],
      __proto__: ['c'],
      other: new Array(50).fill(1),
    };
    expect(dionaea(connection({ credentials })).lines.length).toBe(3);
  });
});
