import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { createLog, type LogFormat } from '#src/server/http/log.js';
import { createMeter } from '#src/server/http/meter.js';
import type { RequestRecord } from '#src/server/http/record.js';

const record: RequestRecord = {
  requestId: 'id-1',
  method: 'GET',
  path: '/api/2.0/x?secret=1',
  route: '/api/2.0/x',
  startedMs: 0,
  status: 200,
  durationMs: 1.2345,
  sentBytes: 99,
  isComplete: true,
  error: undefined,
};

function written(format: LogFormat, records: readonly RequestRecord[]): string {
  const stream = new PassThrough();
  const log = createLog(format, stream);
  for (const each of records) log.request(each);
  log.event('warn', 'said', { fact: 1 });
  log.flush();
  return String(stream.read() ?? '');
}

describe('the log', () => {
  it('has a JSON object a line', () => {
    const refused = new PhantomNetError('INVALID_PARAMETER', 'bad \u001b[2J"name"');
    const lines = written('json', [
      record,
      { ...record, status: 400, error: refused, isComplete: false },
      { ...record, route: undefined, path: '/\u001b"?secret', status: 404 },
      {
        ...record,
        status: 500,
        error: new PhantomNetError('INTERNAL', 'outer', { cause: new Error('inner') }),
      },
    ])
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      requestId: 'id-1',
      method: 'GET',
      route: '/api/2.0/x',
      status: 200,
      durationMs: 1.23,
      bytes: 99,
    });
    expect(lines[1]).toMatchObject({ status: 400, aborted: true, error: 'bad \\u001b[2J"name"' });
    expect(lines[2].route).toBe('unknown "/\\u001b\\""');
    expect(lines[3].level).toBe('error');
    expect(lines[3].error).toMatch(/outer[\s\S]+caused by Error: inner\n {4}at /);
    expect(lines[4]).toMatchObject({ level: 'warn', message: 'said', fact: 1 });
  });

  it('has a line for people', () => {
    const text = written('text', [
      record,
      { ...record, status: 400, error: new PhantomNetError('BAD_DATA', 'no\nway') },
    ]);
    expect(text).toMatch(/^\S+Z 200 GET \/api\/2\.0\/x 1\.2 ms id-1\n\S+Z 400 .*\n {2}no\\u000away\nsaid\n$/);
    expect(text).not.toContain('secret');
    const forged = new Error('no\u001b[2J\n2026-01-01T00:00:00.000Z 200 GET /forged');
    const lines = written('text', [{ ...record, status: 500, error: forged }]).split('\n');
    expect(lines[1]).toBe('  Error: no\\u001b[2J');
    expect(lines.filter((line) => /^\S+Z \d/.test(line))).toHaveLength(1);
  });

  it('or nothing', () => {
    expect(written('none', [record])).toBe('');
  });

  it('drops lines while nobody reads, and says how many', () => {
    const read: string[] = [];
    let readNext: () => void = () => undefined;
    const stream = new Writable({
      write(chunk, _, done) {
        read.push(String(chunk));
        readNext = done;
      },
    });
    const log = createLog('json', stream);
    log.event('info', 'x'.repeat(5 * 1024 * 1024));
    log.flush();
    for (let i = 0; i < 7; i++) log.request(record);
    log.flush();
    expect(read).toHaveLength(1);
    readNext();
    log.event('info', 'back');
    log.flush();
    expect(read[1]).toMatch(/"back".*\}\n7 lines of this log were dropped\n$/);
  });
});

describe('the metrics', () => {
  it('count by method, route and status, with cumulative buckets', () => {
    const meter = createMeter();
    for (const [status, durationMs] of [
      [200, 0.5],
      [200, 30],
      [500, 20_000],
    ] as const) {
      meter.begin();
      meter.end({ ...record, status, durationMs });
    }
    meter.begin();
    for (let i = 0; i < 3; i++) {
      meter.begin();
      meter.end({ ...record, route: undefined, path: `/${i}`, method: 'PROPFIND', status: 404 });
    }
    const text = meter.text();
    const labels = 'method="GET",route="/api/2.0/x"';
    expect(text).toContain(`http_requests_total{${labels},status="200"} 2\n`);
    expect(text).toContain(`http_requests_total{${labels},status="500"} 1\n`);
    expect(text).toContain('http_requests_total{method="unknown",route="unknown",status="404"} 3\n');
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="0.001"} 1\n`);
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="0.05"} 2\n`);
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="10"} 2\n`);
    expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="+Inf"} 3\n`);
    expect(text).toContain(`http_request_duration_seconds_sum{${labels}} 20.0305\n`);
    expect(text).toContain(`http_request_duration_seconds_count{${labels}} 3\n`);
    expect(text).toContain('http_requests_in_flight 1\n');
    expect(text).toMatch(/\nprocess_resident_memory_bytes \d{7,}\n/);
    for (const line of text.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ \S.*|[a-z_]+(\{[^{}\n]*\})? [\d.e+-]+)$/);
    }
  });
});
