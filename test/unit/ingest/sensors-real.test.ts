import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EventFieldName, EventFields } from '#src/data/index.js';
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

function eventsOf(source: string, file: string, timeBaseMs?: number): EventFields[] {
  const lines = linesOf(file);
  const read = readLog({ source, file, ...(timeBaseMs === undefined ? {} : { timeBaseMs }) }, lines);
  return read.map((event) => ('code' in event ? { 'event.action': `!${event.code}` } : event));
}

/** How many events have each value of a field. */
function countBy(events: readonly EventFields[], field: EventFieldName): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[String(event[field])] = (counts[String(event[field])] ?? 0) + 1;
  return counts;
}

/** How many events there are of each action, and, behind `!`, how many lines of each fault. */
const countsOf = (source: string, file: string, timeBaseMs?: number) =>
  countBy(eventsOf(source, file, timeBaseMs), 'event.action');

// The counts were made with Python's json module and by splitting lines, not by this code.
describe.skipIf(absent)(`real logs (skips where ${DATA} is absent)`, () => {
  it('recognises every log file, and takes no labelled table for one', () => {
    const folders = ['cowrie', 'dionaea', 'opencanary', 'suricata', 'zeek', 'nsl-kdd', 'week6', 'leaky'];
    for (const folder of folders)
      for (const file of readdirSync(`${DATA}/${folder}`)) {
        const isTable = ['nsl-kdd', 'week6', 'leaky'].includes(folder);
        const source = recogniseSource(linesOf(`${folder}/${file}`).slice(0, 200));
        expect([file, source?.name]).toEqual([file, isTable ? undefined : folder]);
      }
  });

  it('reads Dionaea, as log_json and as exported from MHN', () => {
    const file = 'dionaea/dionaea_log_json.json';
    expect(countsOf('dionaea', file)).toEqual({
      'dionaea.connection.accept': 777,
      'dionaea.ftp.command': 10,
      'dionaea.login': 13,
    });
    const users = countBy(eventsOf('dionaea', file), 'user.name');
    expect(users).toEqual({ undefined: 787, root: 9, test: 2, anonymous: 1, ftp: 1 });
    const sessions = 'dionaea/mhn_hpfeeds_dionaea.json.gz';
    expect(countsOf('dionaea', sessions)).toEqual({ 'dionaea.session': 2030 });
    expect(countBy(eventsOf('dionaea', sessions), 'network.protocol')).toEqual({
      pcap: 1509,
      sip: 264 + 77,
      smb: 115,
      mssql: 57,
      rtp: 7,
      mysql: 1,
    });
  });

  it('reads OpenCanary', () => {
    const file = 'opencanary/opencanary.log';
    expect(countsOf('opencanary', file)).toEqual({
      'opencanary.http_get': 11,
      'opencanary.http_post_login_attempt': 22,
    });
    // 11 times aderai, as name and as password, and 11 times test for Test.
    expect(countBy(eventsOf('opencanary', file), 'credential.is_user')).toEqual({ undefined: 11, 1: 22 });
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
    const flows = eventsOf('suricata', 'suricata/eve.json.gz').filter(
      (event) => event['event.action'] === 'suricata.flow',
    );
    expect(countBy(flows, 'event.alerted')).toEqual({ 0: 3146, 1: 366 });
  });

  it('reads Zeek, with a header and as JSON', () => {
    const files = {
      'conn.log': { 'zeek.conn': 360 },
      'conn.json.log': { 'zeek.conn': 50 },
      'conn.log.labeled': { 'zeek.conn': 766 },
      'http.log': { 'zeek.http': 150 },
      'http.json.log': { 'zeek.http': 28 },
      'dns.log': { 'zeek.dns': 54 },
      'ftp.log.gz': { 'zeek.ftp': 93 },
      'smtp.log.gz': { 'zeek.smtp': 1188 },
      'ssh.log.gz': { 'zeek.ssh': 22 },
      'ssl.log': { 'zeek.ssl': 37 },
    };
    for (const [file, counts] of Object.entries(files))
      expect([file, countsOf('zeek', `zeek/${file}`)]).toEqual([file, counts]);
  });

  it('reads the times of Zeek that count from zero only with a base', () => {
    const file = 'zeek/conn-relative-ts.json.log';
    expect(countsOf('zeek', file)).toEqual({ '!bad-time': 576 });
    expect(countsOf('zeek', file, Date.UTC(2024, 0, 1))).toEqual({ 'zeek.conn': 576 });
  });

  it('reads the labels, states and bytes of a labelled Zeek log', () => {
    const file = 'zeek/conn.log.labeled';
    const events = eventsOf('zeek', file);
    expect(countBy(events, 'label')).toEqual({ Malicious: 719, Benign: 44, Unknown: 3 });
    expect(countBy(events, 'network.state')).toEqual({ REJ: 718, S0: 34, OTH: 11, SF: 3 });
    const bytes = events.map((event) => event['source.bytes']);
    expect(bytes.filter((n) => n === undefined)).toHaveLength(6);
    expect(bytes.reduce<number>((sum, n) => sum + Number(n ?? 0), 0)).toBe(226_495);
    expect(countBy(eventsOf('zeek', 'zeek/ssh.log.gz'), 'event.outcome')).toEqual({
      undefined: 15,
      success: 5,
      failure: 2,
    });
    expect(countBy(eventsOf('zeek', 'zeek/http.log'), 'http.request.method')).toEqual({
      GET: 133,
      POST: 10,
      OPTIONS: 7,
    });
    expect(countBy(eventsOf('zeek', 'zeek/ftp.log.gz'), 'credential.length')).toEqual({ 17: 93 });
  });
});
