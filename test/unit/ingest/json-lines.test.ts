import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from './read-text.js';

const line = (fields: object) => `${JSON.stringify({ honeypot_type: 'ssh', event: 'command', ...fields })}\n`;

describe('JSON lines', () => {
  it('makes the event a CSV of the same row makes', async () => {
    const fromJson = await readText(
      line({
        port: 22,
        ratio: 1.5,
        ok: true,
        note: null,
        data: { command: "it's", arg: [], n: null, f: 2.5 },
      }),
    );
    const fromCsv = await readText(
      "honeypot_type,event,port,ratio,ok,note,data\nssh,command,22,1.5,True,,\"{'command': \"\"it's\"\", 'arg': [], 'n': None, 'f': 2.5}\"\n",
    );
    expect(fromJson.report.format).toBe('jsonl');
    expect({ ...fromJson.events[0], line: 2 }).toEqual(fromCsv.events[0]);
    expect(fromJson.events[0]!.payload!.length).toBe(51);
  });

  it('takes absent and null as missing, and the empty text as empty', async () => {
    const { events } = await readText(
      line({}) + line({ data: null }) + line({ data: '' }) + line({ data: {} }),
    );
    expect(events.map((e) => [e.fields.payload ?? null, e.payload?.length])).toEqual([
      [null, undefined],
      [null, undefined],
      ['', 0],
      ['{}', 2],
    ]);
  });

  it('keeps hostile keys as plain columns', async () => {
    const { events } = await readText(
      '{"honeypot_type":"a","event":"b","__proto__":{"polluted":1},"data":{"__proto__":1}}\n',
    );
    expect(Object.entries(events[0]!.fields)).toEqual([
      ['network.protocol', 'a'],
      ['event.action', 'b'],
      ['__proto__', "{'polluted': 1}"],
      ['payload', "{'__proto__': 1}"],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  const faults: [string, string | Buffer, unknown[], string][] = [
    [
      'what is no JSON',
      '{"a": nope}\n',
      ['bad-json', undefined],
      'the line is no JSON object: JSON has a character that starts no value at character 7',
    ],
    ['a list', '[1]\n', ['not-an-object', undefined], 'the line holds a JSON value that is not an object'],
    ['null', 'null\n', ['not-an-object', undefined], 'the line holds a JSON value that is not an object'],
    ['white space', '  \t\n', ['not-an-object', undefined], 'the line holds only white space'],
    [
      'a key twice',
      '{"event.action":1,"event.action":2}\n',
      ['duplicate-column', 'event.action'],
      'the object has a key twice',
    ],
    ['a key twice', '{"event":1,"event":2}\n', ['duplicate-column', 'event'], 'the object has a key twice'],
    [
      'an unknown key twice',
      '{"x":1,"x":2}\n',
      ['duplicate-column', undefined],
      'the object has a key twice',
    ],
    [
      'a depth bomb',
      `{"data":${'['.repeat(50_000)}\n`,
      ['bad-json', undefined],
      'the line is no JSON object: JSON is nested deeper than 100 at character 108',
    ],
    ['a NUL byte', '{"a":"\0"}\n', ['nul', undefined], 'the row holds a NUL byte'],
    ['an escaped NUL', line({ path: '\0' }), ['nul', 'path'], 'the field holds a NUL character'],
    [
      'half a surrogate pair',
      '{"honeypot_type":"a","event":"b","path":"\\ud800"}\n',
      ['bad-text', 'path'],
      'the field holds half a surrogate pair',
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from('{"a":"\xff"}\n', 'latin1'),
      ['bad-utf8', undefined],
      'the row holds bytes that are not UTF-8',
    ],
    [
      'an absent required field',
      '{"honeypot_type":"a","evnt":"b"}\n',
      ['missing-value', 'event'],
      "the field is required and absent; did you mean 'evnt'?",
    ],
    [
      'an empty required field',
      line({ event: '' }),
      ['missing-value', 'event'],
      'the field is required and has no value',
    ],
    [
      'data that is neither',
      line({ data: 'hunter2' }),
      ['bad-data', 'data'],
      'neither a Python literal nor JSON: a Python literal has a word that is not None, True or False at character 1',
    ],
  ];
  it.each(faults)('rejects %s and reads on at the next line', async (_name, bad, [code, column], reason) => {
    const text = Buffer.concat([
      Buffer.from(line({ path: 'x' })),
      Buffer.from(bad),
      Buffer.from(line({ path: 'y' })),
    ]);
    for (const chunkBytes of [5, text.length]) {
      const { events, rejects } = await readText(text, { chunkBytes });
      expect(rejects).toEqual([expect.objectContaining({ line: 2, lastLine: 2, position: 1, code, reason })]);
      expect(rejects[0]!.column).toBe(column);
      expect(events.map((e) => [e.line, e.position])).toEqual([
        [1, 0],
        [3, 2],
      ]);
    }
  });

  it('reads a byte order mark, CRLF, blank lines and a last line without a break', async () => {
    const { events, report } = await readText(
      `\ufeff${line({})}\r\n${line({}).replace('\n', '\r\n')}${line({}).trimEnd()}`,
    );
    expect(events.map((e) => e.line)).toEqual([1, 3, 4]);
    expect(report.blankLines).toBe(1);
  });

  it('calls a last line that ends too early cut', async () => {
    const { rejects } = await readText(line({}) + line({}).slice(0, 20));
    expect(rejects).toEqual([
      { file: '-', line: 2, lastLine: 2, position: 1, code: 'cut', reason: 'the file ends inside the row' },
    ]);
  });

  it('rejects a line beyond maxRecordBytes and a field that grows beyond it', async () => {
    const text = line({ path: 'x'.repeat(500) }) + line({}) + line({ data: ['\u0001'.repeat(20)] });
    const { events, rejects } = await readText(text, { maxRecordBytes: 200, chunkBytes: 64 });
    expect(rejects.map((r) => [r.line, r.code, r.reason])).toEqual([
      [1, 'too-large', 'the row is longer than 200 bytes'],
    ]);
    expect(events.map((e) => e.line)).toEqual([2, 3]);
    const grown = await readText(line({ path: ['\u0001'.repeat(90)] }).replaceAll('\\u0001', '\x7f'), {
      maxRecordBytes: 200,
    });
    expect(grown.rejects[0]).toMatchObject({
      code: 'too-large',
      column: 'path',
      reason: 'the field is longer than 200 characters',
    });
  });

  it('gives each line of any text to the events or the rejects', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.json(),
            fc.json().map((t) => t.slice(0, -1)),
            fc.string(),
          ),
          { maxLength: 6 },
        ),
        async (lines) => {
          const clean = lines.map((l) => l.replace(/[\r\n]/g, ''));
          const reading = await readText(`${clean.join('\n')}\n`, { format: 'jsonl' });
          expect(reading.report.rowsRead + reading.report.blankLines).toBe(Math.max(clean.length, 1));
          expect(reading.rejects.length + reading.events.length).toBe(reading.report.rowsRead);
        },
      ),
      { numRuns: 150 },
    );
  });
});
