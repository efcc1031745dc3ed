import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recogniseSource } from '#src/ingest/sensors/log-sources.js';
import { readLog } from '../../contract/log-source.contract.js';

const DATA = '../shared/data';
const absent = !existsSync(DATA);
if (absent) console.warn(`skipped: ${DATA} is not here`);

function linesOf(file: string): string[] {
  const bytes = readFileSync(`${DATA}/${file}`);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** How many events there are of each action, and how many lines of each fault. */
function countsOf(source: string, file: string, timeBaseMs?: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of readLog(
    { source, file, ...(timeBaseMs === undefined ? {} : { timeBaseMs }) },
    linesOf(file),
  )) {
    const key = 'code' in event ? `!${event.code}` : String(event['event.action']);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

// The counts were made with Python's json module and by splitting lines, not by this code.
describe.skipIf(absent)(`real logs (skips where ${DATA} is absent)`, () => {
  it('recognises every log file, and takes no labelled table for one', () => {
    const folders = ['cowrie', 'suricata', 'nsl-kdd', 'week6', 'leaky'];
    for (const folder of folders)
      for (const file of readdirSync(`${DATA}/${folder}`)) {
        const isTable = ['nsl-kdd', 'week6', 'leaky'].includes(folder);
        const source = recogniseSource(linesOf(`${folder}/${file}`).slice(0, 200));
        expect([file, source?.name]).toEqual([file, isTable ? undefined : folder]);
      }
  });

  it('reads Suricata', () => {
    expect(countsOf('suricata', 'suricata/eve.json.gz')).toEqual({
      'suricata.alert': 745,
      'suricata.anomaly': 3,
      'suricata.dns': 680,
      'suricata.fileinfo': 3,
      'suricata.flow': 3512,
      'suricata.http': 56,
      'suricata.tls': 1,
    });
    const flows = readLog({ source: 'suricata', file: '' }, linesOf('suricata/eve.json.gz')).filter(
      (event) => !('code' in event) && event['event.action'] === 'suricata.flow',
    );
    expect(flows.filter((event) => 'event.alerted' in event && event['event.alerted'] === 1)).toHaveLength(
      366,
    );
  });
});
