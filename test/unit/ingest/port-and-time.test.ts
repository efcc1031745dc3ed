import { describe, expect, it } from 'vitest';
import { eventsFromRecords, readAllEvents } from '#src/ingest/index.js';
import { readText } from './read-text.js';

const NO_PORT = 'the field is no port: a whole number from 0 to 65535 is expected';
const NO_TIME =
  'the field is no time: ISO 8601 is expected, such as 2026-01-12T00:10:01.417608+00:00, with a day that exists';

const csv = (column: string, value: string) =>
  `honeypot_type,event,data,${column}\nssh,command,,22\n`.replace('22\n', `"${value}"\n`);
const record = (fields: object) => ({ honeypot_type: 'ssh', event: 'command', ...fields });

describe('a port', () => {
  it.each([
    'abc',
    '22.5',
    '-1',
    '99999',
    '0x16',
    '65536',
    '8080.01',
    '1e3',
    '+22',
    '2 2',
    '٢٢',
    '8080.',
    'nan',
  ])('must not be %j', async (port) => {
    const { rejects, events, report } = await readText(csv('port', port));
    expect(rejects).toEqual([
      { file: '-', line: 2, lastLine: 2, column: 'port', position: 0, code: 'bad-port', reason: NO_PORT },
    ]);
    expect(events).toEqual([]);
    expect(report.rejectsByReason).toEqual({ 'bad-port': 1 });
  });

  it.each([
    ['0', 0],
    ['22', 22],
    ['65535', 65_535],
    ['8080.0', 8080],
    ['8080.00', 8080],
    [' 22 ', 22],
    ['', null],
    ['  ', null],
  ])('may be %j', async (port, expected) => {
    const { rejects, events } = await readText(csv('port', port));
    expect(rejects).toEqual([]);
    expect(events[0]!.fields['destination.port']).toBe(expected);
  });

  it('may be missing, and a number of JSON', async () => {
    const lines = [record({}), record({ port: null }), record({ port: 22 }), record({ port: 22.5 })];
    const { events, rejects } = await readText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(events.map((e) => e.fields['destination.port'] ?? null)).toEqual([null, null, 22]);
    expect(rejects).toMatchObject([{ line: 4, column: 'port', code: 'bad-port' }]);
  });

  it.each([-1, 22.5, true, [22], '0x16', 99_999])('of a record must not be %j', (port) => {
    expect(() => eventsFromRecords([record({ port })])).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: `records[0].port: ${NO_PORT}`,
        details: { position: 0, field: 'port' },
      }),
    );
  });
});

describe('a time', () => {
  it.each([
    'yesterday',
    '1700000000',
    '1700000000.5',
    '12/01/2026 10:00',
    'Jan 12 2026 10:00:00',
    '2026',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-12T25:00:00Z',
    '2026-01-12T00:61:00Z',
    '2026-01-12T00:00:00+99:00',
    '2026-01-12T00:00:00 and more',
    'infinity',
    'hunter2',
  ])('must not be %j', async (timestamp) => {
    const { rejects } = await readText(csv('timestamp', timestamp));
    expect(rejects).toEqual([
      {
        file: '-',
        line: 2,
        lastLine: 2,
        column: 'timestamp',
        position: 0,
        code: 'bad-time',
        reason: NO_TIME,
      },
    ]);
  });

  it.each([
    ['2026-01-12T00:10:01.417608+00:00', '2026-01-12T00:10:01.417Z'],
    ['2026-01-12T00:10:01.417Z', '2026-01-12T00:10:01.417Z'],
    ['2026-01-12T00:10:01', '2026-01-12T00:10:01.000Z'],
    ['2026-01-12 00:10:01.417608', '2026-01-12T00:10:01.417Z'],
    ['2026-01-12T00:10:01.417608+0200', '2026-01-11T22:10:01.417Z'],
    ['2026-01-12T00:10Z', '2026-01-12T00:10:00.000Z'],
    ['2026-01-12', '2026-01-12T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('may be %j, and is UTC where it has no zone', async (timestamp, expected) => {
    const { rejects, events } = await readText(csv('timestamp', timestamp));
    expect(rejects).toEqual([]);
    expect(new Date(events[0]!.fields['@timestamp'] as number).toISOString()).toBe(expected);
  });

  it('may be missing', async () => {
    const { rejects, events } = await readText(csv('timestamp', ''));
    expect([rejects, events[0]!.fields['@timestamp']]).toEqual([[], null]);
  });

  it('of a record must be ISO 8601 too, and quotes nothing of it', () => {
    for (const timestamp of ['hunter2', 1_700_000_000, new Date(0)])
      expect(() => eventsFromRecords([record({ timestamp })])).toThrow(
        expect.objectContaining({
          code: 'BAD_DATA',
          message: `records[0].timestamp: ${NO_TIME}`,
          details: { position: 0, field: 'timestamp' },
        }),
      );
  });

  it('takes time in line with the length of hostile text', async () => {
    const hostile = [
      `2026-01-12T00:00:00${'.'.repeat(300_000)}`,
      `2026-01-12T00:00:00.${'0'.repeat(300_000)}`,
    ];
    for (const text of hostile) expect((await readText(csv('timestamp', text))).rejects).toHaveLength(1);
    expect((await readText(csv('port', `22.${'0'.repeat(300_000)}`))).rejects).toHaveLength(1);
  });
});

it('the sample has no row that is rejected', async () => {
  const { report } = await readAllEvents('sample/honeypot-events.csv', { maxRejects: 0 });
  expect(report.rejected).toBe(0);
  expect(report.accepted).toBeGreaterThan(5000);
});
