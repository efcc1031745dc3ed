import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, parsePythonLiteral } from '#src/data/index.js';
import { ATTACK_EVENTS } from '#src/features/index.js';
import { formatSampleCsv, generateSample } from '#src/sample/index.js';

const SHIPPED = new URL('../../../sample/honeypot-events.csv', import.meta.url);
const rows = generateSample();
const column = (name: (typeof EVENT_COLUMNS)[number]) => rows.map((row) => row.fields[name]);

describe('the shipped sample', () => {
  it('is what the generator makes, byte for byte, and below 1 MB', () => {
    const shipped = readFileSync(SHIPPED);
    expect(shipped.length).toBeLessThan(1_000_000);
    expect(shipped.equals(Buffer.from(formatSampleCsv(rows)))).toBe(true);
  });
});

describe('generateSample', () => {
  it('makes the same rows of the same seed and others of another', () => {
    const small = (seed: number) => formatSampleCsv(generateSample({ seed, minEvents: 50 }));
    expect(small(1)).toBe(small(1));
    expect(small(1)).not.toBe(small(2));
  });

  it('has about 5,000 events of four protocols, oldest first, over seven days', () => {
    expect(rows.length).toBeGreaterThanOrEqual(5000);
    expect(rows.length).toBeLessThan(5050);
    expect([...new Set(column('honeypot_type'))].sort()).toEqual(['ftp', 'http', 'smtp', 'ssh']);
    const times = column('timestamp') as string[];
    expect(times).toEqual([...times].sort());
    expect(times.every((time) => /^2026-01-1\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/.test(time))).toBe(true);
    expect(new Set(times.map((time) => time.slice(0, 10))).size).toBe(7);
  });

  it('has 150 sources and more, of reserved address ranges only', () => {
    const sources = new Set(column('source_ip') as string[]);
    expect(sources.size).toBeGreaterThanOrEqual(150);
    const reserved =
      /^(192\.0\.2|198\.51\.100|203\.0\.113|10\.20\.0|192\.168\.7|172\.18\.0)\.\d+$|^2001:db8::[0-9a-f]{3}$/;
    expect([...sources].filter((source) => !reserved.test(source))).toEqual([]);
  });

  it.each(['source_ip', 'user_agent', 'port'] as const)('has each %s in both kinds of session', (name) => {
    for (const value of new Set(column(name))) {
      const kinds = rows.filter((row) => row.fields[name] === value).map((row) => row.sessionKind);
      expect(new Set(kinds).size, String(value)).toBe(2);
    }
  });

  it.each(['source_ip', 'user_agent', 'port', 'level'] as const)('has each %s under both labels', (name) => {
    for (const value of new Set(column(name))) {
      const events = rows.filter((row) => row.fields[name] === value).map((row) => row.fields.event!);
      expect(new Set(events.map((event) => ATTACK_EVENTS.includes(event))).size, String(value)).toBe(2);
    }
  });

  it('has every attack event, and a majority class of at most .65', () => {
    const events = column('event') as string[];
    for (const event of ATTACK_EVENTS) expect(events).toContain(event);
    const share = events.filter((event) => ATTACK_EVENTS.includes(event)).length / events.length;
    expect(Math.max(share, 1 - share)).toBeLessThanOrEqual(0.65);
  });

  it('has data that reads as a Python dict, with missing and empty cells', () => {
    const data = column('data');
    expect(data.filter((cell) => cell === null).length).toBeGreaterThan(100);
    expect(data.filter((cell) => cell === '').length).toBeGreaterThan(100);
    for (const cell of data) if (cell) expect(parsePythonLiteral(cell)).toMatchObject({ kind: 'dict' });
    for (const part of [': None', ': []', '\\n', `"'`, `\\'`])
      expect(data.some((cell) => cell?.includes(part))).toBe(true);
  });
});

describe('formatSampleCsv', () => {
  it('leaves a missing cell empty, writes an empty text as quotes, and doubles quotes', () => {
    const fields = Object.fromEntries(EVENT_COLUMNS.map((name) => [name, null])) as Record<
      (typeof EVENT_COLUMNS)[number],
      string | null
    >;
    const row = {
      fields: { ...fields, event: 'a,b', path: '', data: `{"x"}\n` },
      session: 0,
      sessionKind: 'attack',
    } as const;
    expect(formatSampleCsv([row])).toBe(`${EVENT_COLUMNS.join(',')}\n,,"a,b",,,,"",,,"{""x""}\n"\n`);
  });
});
