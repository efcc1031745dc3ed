import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { experimentConfigSchema, parseConfig } from '#src/pipeline/config.js';
import type { DataConfig } from '#src/pipeline/read-data.js';
import { readSampleData } from '#src/pipeline/sample-data.js';
import { expectCode } from '../../contract/expect-code.js';
import { scratch } from '../../support/cli.js';

const { folder, remove } = scratch();
const LINES = 6000;

beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('PHANTOMNET_SECRET_KEY', '07'.repeat(32));
  mkdirSync(join(folder, 'logs'));
  const lines = Array.from({ length: LINES }, (_, i) => {
    const timestamp = new Date(Date.UTC(2018, 4, 6) + i * 1000).toISOString();
    const event = { session: `s${i >> 1}`, src_ip: '192.0.2.7', sensor: 'oslo', timestamp };
    return JSON.stringify({
      ...event,
      eventid: `cowrie.${i % 4 === 3 ? 'login.failed' : 'session.connect'}`,
    });
  });
  writeFileSync(join(folder, 'logs', 'cowrie.log'), lines.map((line) => `${line}\n`).join(''));
});
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

describe('samples of logs', () => {
  it('tell how far they are read, and are the same from the cache', async () => {
    const { data, sample, label } = parseConfig(
      experimentConfigSchema,
      {
        data: { path: join(folder, 'logs') },
        sample: { unit: 'session' },
        label: { target: 'tries', when: { 'event.action': 'cowrie.login.*' } },
      },
      'config',
    );
    const read = async (from: DataConfig) => {
      const told: number[] = [];
      const made = await readSampleData(from, {
        sample: sample!,
        label,
        onRead: (count) => told.push(count),
      });
      return { told, made };
    };
    const first = await read(data);
    const again = await read(data);
    // Lines first, then events.
    expect(first.told[0]).toBe(LINES);
    expect(first.told.at(-1)).toBe(LINES);
    expect(first.told.length).toBeGreaterThan(2);
    expect(again.told.at(-1)).toBe(LINES);
    expect(again.made.samples).toEqual(first.made.samples);
    expect(again.made.digest).toBe(first.made.digest);
    expect(first.made.labelInWindow.of).toBe(LINES / 2);
  });

  it('are warned of where windows end for one class alone', async () => {
    const notesWith = async (sample: object) => {
      const given = { unit: 'session', until: { 'event.action': 'cowrie.login.*' }, ...sample };
      const label = { target: 'tries', when: { 'event.action': 'cowrie.login.*' } };
      const data = { path: join(folder, 'logs') };
      const config = parseConfig(experimentConfigSchema, { data, sample: given, label }, 'config');
      return (await readSampleData(config.data, { sample: config.sample!, label: config.label })).notes;
    };
    expect(await notesWith({})).toEqual([
      'sample.until ends 100.0 % of the sessions of class 1 and 0.0 % of class 0, so a model can tell them by how they ended: name in it what ends the others as well (docs/how-to/label-events.md)',
    ]);
    expect(await notesWith({ maxSeconds: 10 })).toEqual([]);
    expect(await notesWith({ until: undefined })).toEqual([]);
    expect(await notesWith({ until: { 'event.action': 'cowrie.*' } })).toEqual([]);
  });

  it('are refused where there is none to learn from, and not where they are only scored', async () => {
    const where = { 'event.dataset': 'suricata.flow' };
    const { data, sample, label } = parseConfig(
      experimentConfigSchema,
      { data: { path: join(folder, 'logs') }, sample: { where }, label: { target: 'x', field: 'label' } },
      'config',
    );
    const error = await expectCode(readSampleData(data, { sample: sample!, label }), 'BAD_DATA');
    expect(error.message).toMatch(/^none of the 6000 events of ".*logs" makes a sample$/);
    expect(error.hint).toBe(
      'check that there are events, of those that sample.where takes: phantomnet ingest <logs> lists what the events are',
    );
    expect((await readSampleData(data, { sample: sample!, label: undefined })).report.accepted).toBe(0);
  });

  it('warn of texts that label.classes names and no event has, where samples have no label', async () => {
    const notesWith = async (classes: Record<string, string>) => {
      const { data, sample, label } = parseConfig(
        experimentConfigSchema,
        {
          data: { path: join(folder, 'logs') },
          sample: { unit: 'event' },
          label: { target: 'what', field: 'event.action', classes },
        },
        'config',
      );
      return (await readSampleData(data, { sample: sample!, label })).notes;
    };
    const connect = { 'cowrie.session.connect': 'begins' };
    expect(await notesWith({ ...connect, 'cowrie.login.faild': 'tries' })).toEqual([
      '1500 events have no label and were left out; no event has "cowrie.login.faild", which label.classes names',
    ]);
    expect(await notesWith(connect)).toEqual(['1500 events have no label and were left out']);
    const all = { ...connect, 'cowrie.login.failed': 'tries', 'cowrie.login.success': 'tries' };
    expect(await notesWith(all)).toEqual([]);
  });

  it('warn of logs that could not be expanded to their ends', async () => {
    mkdirSync(join(folder, 'cut'));
    const line = (i: number) =>
      `{"eventid":"cowrie.session.connect","session":"s${i}","src_ip":"192.0.2.7","timestamp":"2018-05-06T00:00:00Z"}\n`;
    const packed = gzipSync(
      Array.from({ length: 5000 }, (_, i) => line((i * 2654435761) % 2 ** 32)).join(''),
    );
    for (const name of ['a.gz', 'b.gz'])
      writeFileSync(join(folder, 'cut', name), packed.subarray(0, packed.length / 2));
    const notesOf = async (path: string) => {
      const data = { path, maxRejects: 0.001, keepSecrets: false };
      const { notes, report } = await readSampleData(data, { sample: { unit: 'event' } });
      expect(report.accepted).toBeGreaterThan(1000);
      return notes;
    };
    const one = join(folder, 'cut', 'a.gz');
    expect(await notesOf(one)).toEqual([
      `"${one}" could not be expanded to the end: what is missing is in no sample`,
    ]);
    expect(await notesOf(join(folder, 'cut'))).toEqual([
      `2 logs of "${join(folder, 'cut')}" could not be expanded to the end: what is missing is in no sample`,
    ]);
  });
});
