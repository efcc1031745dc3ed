import { describe, expect, it } from 'vitest';
import { readText } from './read-text.js';

const HEADER = 'honeypot_type,event,data,path\n';
const row = (path: string, data = "{'a': 1}") => `ssh,command,${data},${path}\n`;
const paths = (reading: Awaited<ReturnType<typeof readText>>) =>
  reading.events.map((e) => e.fields['url.original']);
const brief = (reading: Awaited<ReturnType<typeof readText>>) =>
  reading.rejects.map((r) => [r.line, r.lastLine, r.position, r.code, r.column]);

describe('CSV cells', () => {
  it('tells an empty quoted cell from a missing one', async () => {
    const { events } = await readText(`${HEADER}ssh,command,,\nssh,command,"",""\n`);
    expect(events.map((e) => [e.fields.payload, e.fields['url.original']])).toEqual([
      [null, null],
      ['', ''],
    ]);
    expect(events[0]!.payload).toBeNull();
    expect(events[1]!.payload).toMatchObject({ length: 0, entropy: 0 });
  });

  it('reads a byte order mark, CRLF, doubled quotes and quoted line breaks, with the right lines', async () => {
    const text = `\ufeff${HEADER}${row('"a\nb"')}${row('"say ""x"", y"')}${row('c')}`.replaceAll(
      '\n',
      '\r\n',
    );
    const { events, rejects } = await readText(text);
    expect(rejects).toEqual([]);
    expect(events.map((e) => [e.line, e.position, e.fields['url.original']])).toEqual([
      [2, 0, 'a\r\nb'],
      [4, 1, 'say "x", y'],
      [5, 2, 'c'],
    ]);
    expect(Object.keys(events[0]!.fields)).toEqual([
      'network.protocol',
      'event.action',
      'payload',
      'url.original',
    ]);
  });

  it('keeps columns it does not know, even hostile ones', async () => {
    const { events } = await readText('honeypot_type,event,data,__proto__,constructor\nssh,command,,x,y\n');
    expect(Object.entries(events[0]!.fields).slice(3)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('reads a last line without a line break, and counts blank lines as no rows', async () => {
    const reading = await readText(`${HEADER}\n${row('a')}\r\n\n${row('b').trimEnd()}`);
    expect(reading.events.map((e) => [e.line, e.position])).toEqual([
      [3, 0],
      [6, 1],
    ]);
    expect(reading.report).toEqual({
      file: '-',
      format: 'csv',
      rowsRead: 2,
      accepted: 2,
      rejected: 0,
      blankLines: 3,
      rejectsByReason: {},
    });
  });
});

describe('CSV rows that cannot be read', () => {
  const cases: [name: string, bad: string | Buffer, expected: unknown[], reason: string][] = [
    ['a NUL', row('x\0y'), ['nul', 'path'], 'the row holds a NUL byte'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('ssh,command,,'), Buffer.from([0xc3, 0x28, 10])]),
      ['bad-utf8', 'path'],
      'the row holds bytes that are not UTF-8',
    ],
    [
      'a Latin-1 byte',
      Buffer.from(row('caf\xe9'), 'latin1'),
      ['bad-utf8', 'path'],
      'the row holds bytes that are not UTF-8',
    ],
    [
      'a sequence cut off by the end of a quoted cell',
      Buffer.from('ssh,"caf\xc3","",x\n', 'latin1'),
      ['bad-utf8', 'event'],
      'the row holds bytes that are not UTF-8',
    ],
    ['a NUL beyond the last column', 'ssh,command,,a,\0\n', ['nul', undefined], 'the row holds a NUL byte'],
    ['too few columns', 'ssh,command\n', ['too-few-columns', 'data'], 'the row has 2 columns, the header 4'],
    [
      'too many columns',
      'ssh,command,,a,b\n',
      ['too-many-columns', undefined],
      'the row has 5 columns, the header 4',
    ],
    [
      'a quote inside a cell',
      row('a"b'),
      ['stray-quote', 'path'],
      'a quote stands inside an unquoted cell, or text follows a closing quote',
    ],
    [
      'text after a closing quote',
      row('"a"b'),
      ['stray-quote', 'path'],
      'a quote stands inside an unquoted cell, or text follows a closing quote',
    ],
    [
      'a lone carriage return',
      row('a\rb'),
      ['stray-cr', 'path'],
      'a carriage return stands outside quotes without a line feed',
    ],
    [
      'a missing required value',
      'ssh,,,a\n',
      ['missing-value', 'event'],
      'the field is required and has no value',
    ],
    [
      'data that is no literal',
      row('a', 'nan'),
      ['bad-data', 'data'],
      'neither a Python literal nor JSON: a Python literal has a word that is not None, True or False at character 1',
    ],
    [
      'data that is cut',
      row('a', "{'a': 'b"),
      ['bad-data', 'data'],
      'neither a Python literal nor JSON: a Python literal has a string without its closing quote at character 7',
    ],
    [
      'JSON data with a fault',
      row('a', '"{""a"": true, ""b"": tru}"'),
      ['bad-data', 'data'],
      'neither a Python literal nor JSON: JSON has a character that starts no value at character 18',
    ],
  ];
  it.each(cases)('rejects %s and reads on at the next line', async (_name, bad, [code, column], reason) => {
    const text = Buffer.concat([
      Buffer.from(HEADER + row('before')),
      Buffer.from(bad),
      Buffer.from(row('after')),
    ]);
    for (const chunkBytes of [1, 7, text.length]) {
      const reading = await readText(text, { chunkBytes });
      expect(brief(reading)).toEqual([[3, 3, 1, code, column]]);
      expect(reading.rejects[0]!.reason).toBe(reason);
      expect(reading.events.map((e) => [e.line, e.position, e.fields['url.original']])).toEqual([
        [2, 0, 'before'],
        [4, 2, 'after'],
      ]);
      expect(reading.report).toMatchObject({
        rowsRead: 3,
        accepted: 2,
        rejected: 1,
        rejectsByReason: { [code as string]: 1 },
      });
    }
  });

  it('rejects a whole record of several lines that has the wrong number of columns', async () => {
    const reading = await readText(`${HEADER}ssh,"a\nb\nc"\n${row('after')}`);
    expect(brief(reading)).toEqual([[2, 4, 0, 'too-few-columns', 'data']]);
    expect(reading.events.map((e) => e.line)).toEqual([5]);
  });

  it('loses only the line of a quote that is never closed', async () => {
    const reading = await readText(`${HEADER}${row('a')}ssh,command,"{'a,b\n${row('b')}${row('"c"')}`);
    expect(brief(reading)).toEqual([[3, 3, 1, 'stray-quote', 'data']]);
    expect(paths(reading)).toEqual(['a', 'b', 'c']);
    const toTheEnd = await readText(`${HEADER}ssh,command,"{'a,b\n${row('b')}${row('c')}`);
    expect(brief(toTheEnd)).toEqual([[2, 2, 0, 'unclosed-quote', 'data']]);
    expect(toTheEnd.rejects[0]!.reason).toBe('a quote opened on this line is never closed');
    expect(paths(toTheEnd)).toEqual(['b', 'c']);
  });

  it.each([
    ['inside a quoted cell', "ssh,command,\"{'a': ", 'the file ends inside the row', 'data'],
    ['after too few columns', 'ssh,comm', 'the file ends inside the row, after 2 of 4 columns', undefined],
    ['between CR and LF', 'ssh,command,,a\r', 'the file ends inside the row', 'path'],
  ])('calls a last line cut that ends %s', async (_name, last, reason, column) => {
    const reading = await readText(`${HEADER}${row('a')}${last}`);
    expect(brief(reading)).toEqual([[3, 3, 1, 'cut', column]]);
    expect(reading.rejects[0]!.reason).toBe(reason);
  });

  it('rejects rows beyond maxRecordBytes, one line each, whatever the chunks', async () => {
    const text = `${HEADER}${row('a')}${row('x'.repeat(300))}${row('b')}ssh,command,"{\n${row('c').repeat(20)}${row('d')}`;
    for (const chunkBytes of [16, 100, 100_000]) {
      const reading = await readText(text, { maxRecordBytes: 200, chunkBytes });
      expect(brief(reading)).toEqual([
        [3, 3, 1, 'too-large', undefined],
        [5, 5, 3, 'unclosed-quote', undefined],
      ]);
      expect(reading.rejects.map((r) => r.reason)).toEqual([
        'the row is longer than 200 bytes',
        'a quote opened on this line is still open after 200 bytes',
      ]);
      expect(paths(reading)).toEqual(['a', 'b', ...new Array(20).fill('c'), 'd']);
      expect(reading.events.at(-1)!.line).toBe(26);
    }
  });

  it('keeps memory flat on a line of 200 MB', async () => {
    const { readEvents } = await import('#src/ingest/index.js');
    const { Readable } = await import('node:stream');
    const block = Buffer.alloc(1 << 20, 65);
    async function* long() {
      yield Buffer.from(`${HEADER}${row('a')}ssh,command,"`);
      for (let i = 0; i < 200; i++) yield block;
      yield Buffer.from(`\n${row('b')}`);
    }
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const events = [];
    const stream = readEvents(Readable.from(long()), {
      maxRejects: 1,
      onReject: () => {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
      },
    });
    for await (const batch of stream) events.push(...batch);
    expect(events.map((e) => e.line)).toEqual([2, 4]);
    expect(stream.report.rejectsByReason).toEqual({ 'too-large': 1 });
    expect(peak).toBeLessThan(64 << 20);
  });
});
