import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, EVENT_FIELDS, eventFieldName } from '#src/data/index.js';
import { readAllEvents, WEEK6_REQUIRED_COLUMNS, WEEK6_SCHEMA } from '#src/ingest/index.js';

const folder = '../shared/data/week6';

describe('WEEK6_SCHEMA', () => {
  it('declares every column, with a reason, and refuses what knows the outcome', () => {
    expect(WEEK6_SCHEMA.map((c) => c.name)).toEqual(EVENT_COLUMNS.map(eventFieldName));
    expect(WEEK6_SCHEMA.every((c) => c.reason.length > 20)).toBe(true);
    expect(
      Object.fromEntries(WEEK6_SCHEMA.filter((c) => c.role !== 'feature').map((c) => [c.name, c.role])),
    ).toEqual({
      '@timestamp': 'time',
      'event.action': 'label-defining',
      'source.ip': 'identifier',
      'log.level': 'outcome',
    });
    const roles = new Map(EVENT_FIELDS.map(({ name, role }) => [name as string, role]));
    expect(WEEK6_SCHEMA.map((c) => roles.get(c.name))).toEqual(WEEK6_SCHEMA.map((c) => c.role));
    expect(WEEK6_REQUIRED_COLUMNS).toEqual(['honeypot_type', 'event', 'data']);
  });
});

describe.skipIf(!existsSync(folder))('the real week-6 files (skipped without ../shared/data/week6)', () => {
  it.each([
    ['week6_test_events.csv', 45],
    ['week6_test_events_v1.csv', 60],
  ])('%s: 220 rows, %i without data, no reject', async (name, missing) => {
    const { events, report } = await readAllEvents(`${folder}/${name}`, { maxRejects: 0 });
    expect(report).toMatchObject({ format: 'csv', rowsRead: 220, accepted: 220, rejected: 0 });
    expect(events.filter((e) => e.payload === null).length).toBe(missing);
    expect(events.filter((e) => e.fields.payload === null).length).toBe(missing);
    expect(events.map((e) => e.line)).toEqual(events.map((_, i) => i + 2));
  });

  it('keeps the length of the raw data, whatever was redacted', async () => {
    const path = `${folder}/week6_test_events.csv`;
    const raw = (await readAllEvents(path, { keepSecrets: true })).events;
    const { events } = await readAllEvents(path);
    expect(events.map((e) => e.payload)).toEqual(raw.map((e) => e.payload));
    expect(raw.map((e) => e.payload?.length)).toEqual(
      raw.map((e) => (e.fields.payload as string | null)?.length),
    );
    expect(events.filter((e, i) => e.fields.payload !== raw[i]!.fields.payload).length).toBe(45);
  });
});
