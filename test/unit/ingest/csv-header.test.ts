import { describe, expect, it } from 'vitest';
import { readText } from './read-text.js';

const HEADER = 'honeypot_type,event,data,path\n';
const row = (path: string) => `ssh,command,{'a': 1},${path}\n`;

describe('CSV headers', () => {
  it.each([
    ['', '"-" is empty', 'give a file with a header and at least one row'],
    [HEADER, '"-" has a header and no rows', 'give a file with at least one event'],
    ['\n\n', '"-" holds only blank lines', 'give a file with at least one event'],
    [
      row('a'),
      '"-", line 1: no column is named "honeypot_type", "event", "data"',
      'put the column names on the first line; the file may have no header. Rows that are no events are read with --format table',
    ],
    [
      'honeypot_type,evnt,data\nssh,x,\n',
      '"-", line 1: the header has no column "event"',
      "did you mean 'evnt'?",
    ],
    [
      'honeypot_type,zzzzzzzz,data\nssh,x,\n',
      '"-", line 1: the header has no column "event"',
      'add the column event, its cells may be empty where the schema says so. Rows that are no events are read with --format table',
    ],
    [
      'event,data,event\nx,,y\n',
      '"-", line 1: the header has the column "event" twice',
      'rename or remove one of the two columns',
    ],
    [',event,data\nx,,y\n', '"-", line 1: column 1 of the header has no name', 'give every column a name'],
    [
      '"event,data\nx,,y\n',
      '"-", line 1: the header cannot be read: a quote opened on this line is never closed',
      'write the file as CSV in UTF-8',
    ],
    [
      'ev"ent,data\nx,,y\n',
      '"-", line 1: the header cannot be read: a quote stands inside an unquoted cell, or text follows a closing quote',
      'write the file as CSV in UTF-8',
    ],
    [
      'event\0,data\nx,y\n',
      '"-", line 1: the header cannot be read: the row holds a NUL byte',
      'write the file as CSV in UTF-8',
    ],
  ])('refuses %j', async (text, message, hint) => {
    const { error } = await readText(text, { format: 'csv' });
    expect(error).toMatchObject({ code: 'BAD_DATA', message, hint });
  });

  it('tell by the first of comma, semicolon and tab that they have what stands between cells', async () => {
    const cells = async (header: string, line: string) => {
      const { events, rejects, error } = await readText(`${header}\n${line}\n`, { requiredColumns: [] });
      expect([rejects, error]).toEqual([[], undefined]);
      return Object.entries(events[0]!.fields);
    };
    expect(await cells('x;y\tz,w', 'a;b,c')).toEqual([
      ['x;y\tz', 'a;b'],
      ['w', 'c'],
    ]);
    expect(await cells('"x";"y,z";w\tv', 'a,1;"b;2";c\t3')).toEqual([
      ['x', 'a,1'],
      ['y,z', 'b;2'],
      ['w\tv', 'c\t3'],
    ]);
    expect(await cells('x\ty', 'a,1\tb;2')).toEqual([
      ['x', 'a,1'],
      ['y', 'b;2'],
    ]);
    expect(await cells('x', 'a;1\t2')).toEqual([['x', 'a;1\t2']]);
  });

  it('refuses a header longer than a row may be', async () => {
    const { error } = await readText(`a${'b'.repeat(300)}\n`, { maxRecordBytes: 100 });
    expect(error).toMatchObject({
      code: 'BAD_DATA',
      message: '"-", line 1: the header cannot be read: it is longer than a row may be',
    });
  });

  it('does without columns that are not required', async () => {
    const { events } = await readText('honeypot_type,data\nssh,\n', {
      requiredColumns: ['honeypot_type', 'data'],
    });
    expect(events[0]!.fields).toEqual({ 'network.protocol': 'ssh', payload: null });
  });
});
