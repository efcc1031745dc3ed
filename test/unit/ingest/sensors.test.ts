import { describe, expect, it } from 'vitest';
import { parsePayloadStatistics } from '#src/data/index.js';
import { eventsFromRecords } from '#src/ingest/index.js';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { LOG_SOURCES } from '#src/ingest/sensors/log-sources.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';

/** What the lines give, one result a line: fields of its events, or the fault. */
function read(source: string, lines: readonly string[], timeBaseMs?: number) {
  const reader = LOG_SOURCES.find(({ name }) => name === source)!.open();
  const collector = new EventCollector({
    file: 'f',
    vault: new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: false }),
    zoneMinutes: 120,
    timeBaseMs,
    keepOriginal: true,
  });
  return lines.map((line, i) => collector.read(line, i + 1, reader));
}

describe('suricata', () => {
  const flowId = (id: string, before = '') =>
    read('suricata', [
      `{${before}"timestamp":"2024-03-05T10:00:00Z","event_type":"flow","flow_id":${id}}`,
    ]).map((events) => (events as readonly Record<string, unknown>[])[0]?.['event.id'])[0];

  it('keeps every digit of a flow id beyond 2^53', () => {
    expect(flowId('9007199254740993')).toBe('9007199254740993');
    expect(flowId('18446744073709551615')).toBe('18446744073709551615');
    // A number of the same rounded value that stands elsewhere first is taken for it; another one is not.
    expect(flowId('18446744073709551615', '"a":{"flow_id":18446744073709000000},')).toBe(
      '18446744073709551615',
    );
    expect(flowId('9007199254740993', '"a":"\\"flow_id\\":9007199254740992",')).toBe('9007199254740993');
  });

  it('has no id where the flow id is none', () => {
    for (const id of ['-1', '1.5', 'null', '"x"', '[1]', '1e300'])
      expect([id, flowId(id)]).toEqual([id, undefined]);
  });
});

describe('zeek', () => {
  const HEADER = ['#separator \\x09', '#unset_field\t-', '#path\tssh', '#fields\tts\tuid\tclient'];

  it('says which flag tells when a capture began', () => {
    expect(read('zeek', ['{"ts":22.5,"uid":"C1","conn_state":"S0"}'])[0]).toEqual({
      code: 'bad-time',
      reason: 'the time counts from the start of the capture: say when that was with --time-base',
      column: 'ts',
    });
  });

  it('adds a relative time to the base, and no absolute one', () => {
    const lines = ['{"ts":22.5,"uid":"C1"}', '{"ts":1709632800.5,"uid":"C1"}'];
    expect(
      read('zeek', lines, 1e12).map((events) => (events as { '@timestamp': number }[])[0]!['@timestamp']),
    ).toEqual([1e12 + 22_500, 1_709_632_800_500]);
  });

  it('rejects lines before a header, and takes the next header from where it stands', () => {
    const row = '1709632800\tC1\tSSH-2.0-Go';
    const results = read('zeek', [row, ...HEADER, row, '#fields\tclient\tts', 'x\t1709632801']);
    expect(results[0]).toEqual({ code: 'bad-data', reason: 'no #fields line tells the columns of the line' });
    expect(results.slice(1, 5)).toEqual([[], [], [], []]);
    expect(results[5]).toMatchObject([
      { 'ssh.client.version': 'SSH-2.0-Go', '@timestamp': 1_709_632_800_000 },
    ]);
    expect(results[7]).toMatchObject([{ 'ssh.client.version': 'x', '@timestamp': 1_709_632_801_000 }]);
  });

  it('says what is wrong with the number of columns, also where a cut last text has spaces', () => {
    const [few, many] = read('zeek', [...HEADER, '1709632800\tC1 SSH-2.0-Go', '1709632800\tC1\tx\ty']).slice(
      4,
    );
    expect(few).toEqual({
      code: 'too-few-columns',
      reason: 'the line has fewer than the 3 columns of its header',
    });
    expect(many).toEqual({
      code: 'too-many-columns',
      reason: 'the line has more than the 3 columns of its header',
    });
    expect(read('zeek', ['#fields\tts\tts'])[0]).toEqual({
      code: 'duplicate-column',
      reason: 'the header names a column twice',
    });
  });

  it('takes other separators than the tab', () => {
    const lines = ['#separator |', '#path|conn', '#fields|ts|uid', '1709632800|C1'];
    expect(read('zeek', lines)[3]).toMatchObject([{ 'event.action': 'zeek.conn', 'event.id': 'C1' }]);
  });
});

describe('week6', () => {
  it('gives the fields that the same record gives as a row of a table', () => {
    const record = {
      timestamp: '2026-01-30T02:34:45.000000+00:00',
      honeypot_type: 'http',
      event: 'sqli_attempt',
      source_ip: '198.51.100.7',
      port: '8080',
      method: 'POST',
      path: '/admin',
      user_agent: 'curl/8',
      level: 'WARN',
      data: { username: "a' OR '1'='1", n: [1, null, true] },
    };
    const [row] = eventsFromRecords([record]);
    const [event] = read('week6', [JSON.stringify(record)])[0] as readonly Record<string, unknown>[];
    expect(event).toMatchObject(row!.fields);
    expect(parsePayloadStatistics(String(event!['payload.statistics']))).toEqual(row!.payload);
  });

  it('hides a password however short it is, and wherever it stands', () => {
    const data = [
      "{'command': 'PASS', 'arg': 'q~7'}",
      "{'password': 'q~7'}",
      '{"cmd": "AUTH", "args": "q~7"}',
    ];
    for (const text of data) {
      const record = {
        timestamp: '2026-01-30T02:34:45Z',
        honeypot_type: 'ftp',
        event: 'command',
        data: text,
      };
      const [event] = read('week6', [JSON.stringify(record)])[0] as readonly Record<string, unknown>[];
      expect(event).toMatchObject({ 'credential.length': 3, 'credential.entropy': Math.log2(3) });
      expect(event!['payload']).toMatch(/\[redacted:\d+:[\da-f]{16}\]/);
      expect(event!['payload']).not.toContain('q~7');
    }
  });
});

describe('tpot', () => {
  it('tells where fields come from, through the source of the honeypot too', () => {
    const reader = LOG_SOURCES.find(({ name }) => name === 'tpot')!.open();
    const steps: string[] = [];
    const fault = reader(
      '{"@timestamp":"2024-03-05T10:00:00Z","type":"Suricata","event_type":"flow","flow_id":7,"dest_ip":"192.0.2.3"}',
      {
        zoneMinutes: 0,
        timeBaseMs: undefined,
        add: () => undefined,
        trace: ({ from, to }) => steps.push(`${from} > ${to}`),
      },
    );
    expect(fault).toBeUndefined();
    expect(steps).toEqual([
      'type > event.dataset',
      'event_type > event.action',
      '@timestamp > @timestamp',
      'dest_ip > destination.ip',
      'flow_id > event.id',
      'flow_id > session',
    ]);
  });
});

describe('the short passwords of log-in commands', () => {
  it.each([
    [
      'suricata',
      '{"timestamp":"2024-03-05T10:00:00Z","event_type":"ftp","ftp":{"command":"PASS","command_data":"~ 7"}}',
    ],
    ['zeek', '{"ts":1709632800,"_path":"ftp","command":"PASS","arg":"~ 7"}'],
    [
      'opencanary',
      '{"local_time":"2024-03-05 10:00:00.0","node_id":"c","logtype":17001,"logdata":{"CMD":"auth","ARGS":"u ~7"}}',
    ],
    [
      'dionaea',
      '{"connection":{"protocol":"ftpd","type":"accept"},"src_ip":"","timestamp":"2024-03-05T10:00:00","ftp":{"commands":[{"command":"PASS","arguments":["~ 7"]}]}}',
    ],
  ])('are hidden by %s', (source, line) => {
    const events = read(source, [line])[0] as readonly Record<string, unknown>[];
    const typed = events.map((event) => event['process.command_line']).filter((text) => text !== undefined);
    expect(typed).toHaveLength(1);
    expect(typed[0]).toMatch(/^(?:PASS|auth) ?\[redacted:\d:[\da-f]{16}\]$/);
  });
});
