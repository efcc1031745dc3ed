import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { parsePythonLiteral, payloadStatistics } from '#src/data/index.js';
import { eventsFromRecords, readAllEvents } from '#src/ingest/index.js';
import { readText } from './read-text.js';

const WEEK6 = {
  timestamp: '2026-01-12T00:10:01.417608+00:00',
  honeypot_type: 'http',
  event: 'connect',
  source_ip: '192.0.2.1',
  port: '8080',
  method: 'GET',
  path: '/a',
  user_agent: 'curl/8.5',
  level: 'INFO',
  data: "{'a': 1}",
  sensor_note: 'x',
};
const FORM = {
  '@timestamp': 1_768_176_601_417,
  'network.protocol': 'http',
  'event.action': 'connect',
  'source.ip': '192.0.2.1',
  'destination.port': 8080,
  'http.request.method': 'GET',
  'url.original': '/a',
  'user_agent.original': 'curl/8.5',
  'log.level': 'INFO',
  payload: "{'a': 1}",
  sensor_note: 'x',
};
const json = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('the event form', () => {
  it('is what week-6 names become, and is taken as it is', async () => {
    const [week6, form] = eventsFromRecords([WEEK6, FORM]);
    expect({ ...week6!.fields }).toEqual(FORM);
    expect(form).toEqual({ ...week6, position: 1, line: 2 });
    const { events } = await readText(json(WEEK6, FORM));
    expect(events.map((e) => ({ ...e.fields }))).toEqual([FORM, FORM]);
  });

  it('may be mixed with week-6 names, and is required by either', () => {
    const { level: _level, event: _event, ...rest } = WEEK6;
    const mixed = { ...rest, 'log.level': 'INFO', 'event.action': 'connect' };
    for (const requiredColumns of [
      ['event', 'level'],
      ['event.action', 'log.level', 'payload'],
    ]) {
      const [event] = eventsFromRecords([mixed], { requiredColumns });
      expect({ ...event!.fields }).toEqual(FORM);
    }
    expect(() => eventsFromRecords([rest])).toThrow('records[0].event: the field is required and absent');
  });

  it('must not name a field twice', async () => {
    const { rejects } = await readText(json({ ...WEEK6, 'destination.port': null }));
    expect(rejects).toMatchObject([
      {
        line: 1,
        code: 'duplicate-column',
        column: 'destination.port',
        reason: 'the row has port and destination.port, which are one field',
      },
    ]);
    const both = await readText('event,honeypot_type,data,payload\nx,ssh,,\n', { maxRejects: 1 });
    expect(both.rejects[0]).toMatchObject({ code: 'duplicate-column', column: 'payload' });
    expect(() => eventsFromRecords([{ ...FORM, timestamp: WEEK6.timestamp }])).toThrow(
      'records[0]["@timestamp"]: the row has timestamp and @timestamp, which are one field',
    );
  });

  it('needs its time and data set, whatever else is absent', async () => {
    const dataset = { 'event.dataset': 'cowrie', '@timestamp': 5 };
    const { events, rejects } = await readText(
      json(dataset, { ...dataset, '@timestamp': null }, { ...dataset, '@timestamp': '1970-01-01T00:00:01Z' }),
    );
    expect(events.map((e) => e.fields['@timestamp'])).toEqual([5, 1000]);
    expect(rejects).toMatchObject([{ line: 2, code: 'missing-value', column: '@timestamp' }]);
    const { error } = await readText('event.dataset,event.action\ncowrie,x\n');
    expect(error!.message).toBe('"-", line 1: the header has no column "@timestamp"');
    const csv = await readText('event.dataset,@timestamp,source.port\ncowrie,7,22.0\n');
    expect(csv.events.map((e) => ({ ...e.fields }))).toEqual([
      { 'event.dataset': 'cowrie', '@timestamp': 7, 'source.port': 22 },
    ]);
  });

  it.each([
    ['@timestamp', 'yesterday', 'bad-time'],
    ['@timestamp', 8.64e15 + 2, 'bad-time'],
    ['@timestamp', 1.5, 'bad-time'],
    ['source.port', 65_536, 'bad-port'],
    ['event.duration', 1.5, 'bad-number'],
    ['event.duration', '0x10', 'bad-number'],
    ['event.duration', 2 ** 60, 'bad-number'],
    ['credential.entropy', '1e999', 'bad-number'],
    ['credential.entropy', 'many', 'bad-number'],
  ])('refuses %s of %j', async (field, value, code) => {
    const { rejects } = await readText(json({ ...FORM, [field]: value }));
    expect(rejects).toMatchObject([{ code, column: field }]);
  });

  it('reads its numbers, written as such or as text', () => {
    const [event] = eventsFromRecords([
      {
        ...FORM,
        'event.duration': 10,
        'credential.entropy': '2.5',
        'credential.digits': '',
        'source.bytes': 3.0,
      },
    ]);
    expect(event!.fields).toMatchObject({
      'event.duration': 10,
      'credential.entropy': 2.5,
      'credential.digits': null,
      'source.bytes': 3,
    });
  });
});

describe('the payload of the event form', () => {
  it('may be any text, while data must be a literal', async () => {
    const [event] = eventsFromRecords([{ ...FORM, payload: 'GET / HTTP/1.1' }]);
    expect(event!.payload).toEqual(payloadStatistics('GET / HTTP/1.1', 'GET / HTTP/1.1'));
    expect(event!.payload).toMatchObject({ length: 14, maxValueLength: 14, keys: 0 });
    expect((await readText(json({ ...WEEK6, data: 'GET / HTTP/1.1' }))).rejects).toMatchObject([
      { code: 'bad-data', column: 'data' },
    ]);
  });

  const secret = "{'password': 'hunter2'}";
  const statistics = payloadStatistics(secret, parsePythonLiteral(secret));

  it('has the statistics that were taken before secrets were replaced, where they are stored', () => {
    const stored = {
      ...FORM,
      payload: "{'password': '[redacted:7]'}",
      'payload.statistics': JSON.stringify(statistics),
    };
    const [event] = eventsFromRecords([stored]);
    expect(event!.payload).toEqual(statistics);
    expect({ ...event!.fields }).toEqual(stored);
    const [bare] = eventsFromRecords([
      { ...FORM, payload: null, 'payload.statistics': JSON.stringify(statistics) },
    ]);
    expect(bare!.payload).toEqual(statistics);
  });

  it.each(['{}', 'x', '[]', JSON.stringify({ ...statistics, length: -1 })])(
    'refuses %j as its statistics',
    async (text) => {
      const { rejects } = await readText(json({ ...FORM, 'payload.statistics': text }));
      expect(rejects).toMatchObject([
        {
          code: 'bad-data',
          column: 'payload.statistics',
          reason: 'the field holds no statistics of a payload',
        },
      ]);
    },
  );
});

describe('secrets of the event form', () => {
  const form = (fields: object) => ({ ...eventsFromRecords([{ ...FORM, ...fields }])[0]!.fields });

  it('are replaced in what the client wrote, the password itself too', () => {
    expect(
      form({
        'credential.text': 'hunter22',
        'process.command_line': 'echo root:hunter22 | chpasswd',
        'event.original': '{"password": "hunter22"}',
        'event.action': 'hunter22',
        payload: 'hunter22 text',
      }),
    ).toMatchObject({
      'credential.text': '[redacted:8]',
      'process.command_line': 'echo root:[redacted:8] | chpasswd',
      'event.original': '{"password": "[redacted:8]"}',
      'event.action': 'hunter22',
      payload: '[redacted:8] text',
    });
  });

  it('that were replaced before stay as they are, and so do the facts of a password', () => {
    const read = {
      'process.command_line': 'echo root:[redacted:8:0123456789abcdef] | chpasswd',
      'url.original': '/login?password=[redacted:7:0123456789abcdef]&x=1',
      'credential.hmac': '0123456789abcdef',
      'credential.length': 8,
      payload: "{'password': '[redacted:8]', 'note': 'redacted'}",
    };
    expect(form(read)).toMatchObject(read);
  });

  it('are replaced once: reading an event again changes nothing', () => {
    const [once] = eventsFromRecords([
      { ...WEEK6, path: '/?token=abc%2Bdef&x=1', data: { password: 'p&ss wörd', note: 'p&ss wörd' } },
    ]);
    const [twice] = eventsFromRecords([once!.fields]);
    expect(twice!.fields).toEqual(once!.fields);
  });
});

it('a Parquet file in event form gives the events it was made of', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'event-form-')), 'events.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT * FROM (VALUES
      (TIMESTAMPTZ '2026-01-12 00:10:01.417+00', 'cowrie', 'cowrie.login.failed', 22::INTEGER, NULL::VARCHAR, 2.5::DOUBLE, 3::INTEGER),
      (TIMESTAMPTZ '2026-01-12 00:10:01.418+00', 'cowrie', 'cowrie.direct-tcpip.data', NULL, 'GET /', NULL, NULL))
      t("@timestamp", "event.dataset", "event.action", "source.port", payload, "credential.entropy", "credential.length"))
     TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const { events, report } = await readAllEvents(path, { maxRejects: 0 });
  expect(report).toMatchObject({ format: 'parquet', accepted: 2 });
  expect(events.map((e) => [{ ...e.fields }, e.payload?.length])).toEqual([
    [
      {
        '@timestamp': 1_768_176_601_417,
        'event.dataset': 'cowrie',
        'event.action': 'cowrie.login.failed',
        'source.port': 22,
        'credential.entropy': 2.5,
        'credential.length': 3,
      },
      undefined,
    ],
    [
      {
        '@timestamp': 1_768_176_601_418,
        'event.dataset': 'cowrie',
        'event.action': 'cowrie.direct-tcpip.data',
        payload: 'GET /',
      },
      5,
    ],
  ]);
});
