import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  compareEvents,
  describeHistoryFeatures,
  EventHistory,
  type HistoryEvent,
  replayHistory,
} from '#src/features/index.js';
import { referenceRow } from './reference.js';

const FOLDER = '../shared/data/cowrie';
const absent = !existsSync(FOLDER);
if (absent) console.warn(`skipped: ${FOLDER} is not here`);

/** The events of May 2018, in order. */
function readCowrie(): HistoryEvent[] {
  const files = readdirSync(FOLDER).filter((name) => name.startsWith('cowrie.json.2018-05'));
  const lines = files.flatMap((name) =>
    gunzipSync(readFileSync(`${FOLDER}/${name}`))
      .toString()
      .trim()
      .split('\n'),
  );
  return lines
    .map((line, position): HistoryEvent => {
      const fields = JSON.parse(line) as Record<string, string>;
      const action = fields['eventid']!;
      return {
        timeMs: Date.parse(fields['timestamp']!),
        sensor: fields['sensor']!,
        position,
        source: fields['src_ip']!,
        session: fields['session'] ?? null,
        destinationPort: fields['dst_port'] === undefined ? null : Number(fields['dst_port']),
        user: fields['username'] ?? null,
        action,
        outcome: action.endsWith('.success') ? 'success' : action.endsWith('.failed') ? 'failure' : null,
      };
    })
    .sort(compareEvents);
}

describe.skipIf(absent)(`a month of a real sensor (skips where ${FOLDER} is absent)`, () => {
  it('has the rows of the slow reference: exact to 128, within the stated error above', () => {
    const events = readCowrie();
    expect(events).toHaveLength(34_774);
    const history = new EventHistory();
    const rows = replayHistory(events, history);
    expect(history.counts()).toMatchObject({ late: 0, evictedSources: 0, evictedSessions: 0 });
    const features = describeHistoryFeatures();
    let above = 0;
    for (let i = 0; i < events.length; i += 101) {
      const wanted = referenceRow(events.slice(0, i + 1));
      features.forEach(({ name, scope, unit }, f) => {
        if (scope === 'session' && events[i]!.session === null) return;
        const value = rows[i * history.width + f]!;
        const expected = wanted[name]!;
        if (Number.isNaN(expected)) expect(value, name).toBeNaN();
        else if (/gap_(mean|variance)|rate/.test(name))
          expect(Math.abs(value - expected), name).toBeLessThanOrEqual(0.01 * expected + 1e-6);
        else if (expected <= 128 || unit === 's' || !/_(10s|1m|10m|1h|1d)$/.test(name))
          expect(value, name).toBe(Math.fround(expected));
        else {
          above += 1;
          expect(Math.abs(value - expected) / expected, name).toBeLessThan(unit === 'events' ? 1 / 128 : 0.4);
        }
      });
    }
    expect(above).toBeGreaterThan(10);
  });
});
