import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderIngest } from '#src/cli/views/ingest.js';
import { countEvents } from '#src/ingest/logs/count-events.js';
import { ingestLogs } from '#src/ingest/logs/ingest-logs.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

/** Ingests a log of Cowrie of these actions, an event of one each second. */
async function ingest(actions: readonly string[]) {
  const log = join(folder, 'cowrie.json');
  const line = (eventid: string, i: number) =>
    JSON.stringify({
      ...{ eventid, session: `s${i}`, sensor: 'pot', src_ip: '192.0.2.1' },
      timestamp: new Date(Date.UTC(2031, 2, 1) + i * 1000).toISOString(),
    });
  writeFileSync(log, `${actions.map(line).join('\n')}\n`);
  return ingestLogs([log], { cache: 'none', out: join(folder, 'events.parquet'), source: 'cowrie' });
}

const made = (count: number, at = 0) => Array.from({ length: count }, (_, i) => `cowrie.made.${i + at}`);

describe('the kinds of events of a log', () => {
  it('are listed by how many events they have, then by name', async () => {
    const { actions, otherActions } = await ingest([
      ...['cowrie.session.closed', 'cowrie.b', 'cowrie.a', 'cowrie.session.closed', '__proto__'],
    ]);
    expect(actions.map(({ action, events, isKnown }) => [action, events, isKnown])).toEqual([
      ['cowrie.session.closed', 2, true],
      ['__proto__', 1, false],
      ['cowrie.a', 1, false],
      ['cowrie.b', 1, false],
    ]);
    expect(otherActions).toEqual({ actions: 0, events: 0 });
  });

  it('are the 1,000 most frequent, of equal ones those that came first, and the others are counted', async () => {
    const often = made(3, 1500);
    const report = await ingest([...made(1500), ...made(200), ...often, ...often, ...often]);
    const { actions, otherActions } = report;
    expect(actions).toHaveLength(1000);
    const list = actions.map(({ action }) => action);
    expect(list.slice(0, 3)).toEqual(often);
    expect(list.slice(3, 203)).toEqual(made(200).sort());
    expect(list.slice(203)).toEqual(made(797, 200).sort());
    expect(otherActions).toEqual({ actions: 503, events: 503 });
    const listed = actions.reduce((sum, { events }) => sum + events, 0);
    expect(listed + otherActions.events).toBe(report.events);
    const text = renderIngest(report, { color: false, describeReject: () => '' });
    expect(text).toMatch(/^ +1478 more +1656$/m);
    // In however many parts they are counted.
    expect(await countEvents(report.file!, 100)).toEqual({ actions, otherActions, days: report.days });
  });

  it('have names of at most 200 characters, whole ones', async () => {
    const { actions } = await ingest([
      'é'.repeat(200),
      `${'x'.repeat(199)}😀`,
      `${'y'.repeat(199)}😀z`,
      'z'.repeat(90_000),
    ]);
    expect(actions.map(({ action }) => action)).toEqual([
      `${'x'.repeat(199)}😀`,
      `${'y'.repeat(199)}😀…`,
      `${'z'.repeat(200)}…`,
      'é'.repeat(200),
    ]);
  });
});
