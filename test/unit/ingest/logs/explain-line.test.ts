import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainLine } from '#src/ingest/logs/explain-line.js';
import { expectCode } from '../../../contract/expect-code.js';
import { phantomnet, scratch } from '../../../support/cli.js';
import { nslKddRow } from '../../../support/nsl-kdd.js';

const { folder, remove } = scratch();
const KEY = '07'.repeat(32);
beforeAll(() => vi.stubEnv('PHANTOMNET_SECRET_KEY', KEY));
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

const login = {
  eventid: 'cowrie.login.failed',
  username: 'root',
  password: 'hunter22',
  session: 'a',
  src_ip: '192.0.2.1',
  timestamp: '2018-05-20T00:05:34Z',
  nested: { deep: { deeper: 1 } },
  ['__proto__x']: 1,
};
const TEXT = `${JSON.stringify(login)}\n\nbad\n${'x'.repeat(2 ** 20 + 1)}\n${JSON.stringify({ ...login, src_port: -1 })}\n{"eventid"`;

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('explainLine', () => {
  it('tells each field, where it was and what it is, and what was not read', async () => {
    const file = write('x.log', TEXT);
    const { events, fault, unread, secrets, source } = await explainLine(file, 1);
    expect([source, fault]).toEqual(['cowrie', null]);
    const [fields] = events;
    const told = new Map(fields!.map(({ field, value, from }) => [field, [value, from]]));
    expect(told.get('user.name')).toEqual(['root', 'username']);
    expect(told.get('source.ip')).toEqual(['192.0.2.1', 'src_ip']);
    expect(told.get('@timestamp')).toEqual([Date.UTC(2018, 4, 20, 0, 5, 34), 'timestamp']);
    expect(told.get('event.dataset')).toEqual(['cowrie', null]);
    expect(told.get('credential.length')).toEqual([8, null]);
    expect(told.get('log.line')).toEqual([1, null]);
    expect(fields!.every(({ description }) => description !== '')).toBe(true);
    expect([secrets, unread]).toEqual([['password'], ['nested.deep.deeper', '__proto__x']]);
    expect(JSON.stringify(events)).not.toContain('hunter22');
  });

  it('names all that a field was made of', async () => {
    const algorithms = { kexAlgs: ['a', 'b'], encCS: ['c'], macCS: ['d'], compCS: ['none'], keyAlgs: ['e'] };
    const line = { eventid: 'cowrie.client.version', timestamp: '2018-05-20T00:05:34Z', ...algorithms };
    const { events, unread } = await explainLine(write('kex.log', `${JSON.stringify(line)}\n`), 1);
    expect(events[0]!.find(({ field }) => field === 'ssh.client.hassh')).toMatchObject({
      value: createHash('md5').update('a,b;c;d;none').digest('hex'),
      from: 'kexAlgs, encCS, macCS, compCS',
    });
    expect(unread).toEqual(['keyAlgs']);
  });

  it('names what a document of T-Pot has by the names of the line', async () => {
    const document = {
      ...{ type: 'Cowrie', '@timestamp': '2024-05-20T00:05:34.000Z', eventid: 'cowrie.login.failed' },
      ...{ src_ip: '192.0.2.1', src_port: 50_000, dest_ip: '192.0.2.9', dest_port: 22, session: 's1' },
      ...{ username: 'root', password: 'hunter22', 't-pot_hostname': 'pot', geoip: { country: 'XX' } },
    };
    const explained = async (line: object) => {
      const { events, unread, secrets } = await explainLine(
        write('tpot.json', `${JSON.stringify(line)}\n`),
        1,
      );
      return { from: new Map(events[0]!.map(({ field, from }) => [field, from])), unread, secrets };
    };
    const alone = await explained(document);
    expect(Object.fromEntries(alone.from)).toMatchObject({
      '@timestamp': '@timestamp',
      'event.action': 'eventid',
      'event.dataset': 'type',
      'destination.ip': 'dest_ip',
      'observer.name': 't-pot_hostname',
      'source.ip': 'src_ip',
    });
    expect([alone.unread, alone.secrets]).toEqual([['geoip.country'], ['password']]);
    const below = await explained({ _index: 'logstash', _source: document });
    expect(below.from.get('destination.port')).toBe('_source.dest_port');
    expect(below.unread).toEqual(['_index', '_source.geoip.country']);
    const other = await explained({ _source: { ...document, type: 'Heralding' } });
    expect(other.from.get('user.name')).toBe('_source.username');
    expect(other.unread).toContain('_source.geoip.country');
    expect(other.unread).not.toContain('_source.src_ip');
  });

  it('tells why a line gives nothing, whatever is before it', async () => {
    const file = write('x.gz', gzipSync(TEXT));
    const faultOf = async (line: number) => {
      const { events, fault } = await explainLine(file, line);
      expect(events).toEqual([]);
      return fault === null ? null : [fault.line, fault.code, fault.column];
    };
    expect(await faultOf(2)).toBe(null);
    expect(await faultOf(3)).toEqual([3, 'bad-json', undefined]);
    expect(await faultOf(4)).toEqual([4, 'too-large', undefined]);
    expect(await faultOf(5)).toEqual([5, 'bad-port', 'src_port']);
    expect(await faultOf(6)).toEqual([6, 'cut', undefined]);
  });

  it('tells the columns of a labelled table, of which no event is made', async () => {
    const row = nslKddRow({ attack: 'neptune', srcBytes: 491 });
    const file = write('kdd.txt.gz', gzipSync(`${row}\n\n${row.replace('491', 'x')}\n`));
    const { source, events, fault } = await explainLine(file, 1);
    expect([source, fault, events[0]!.length]).toEqual(['nsl-kdd', null, 43]);
    expect(events[0]!.slice(1, 5).map(({ field, value, from }) => [field, value, from])).toEqual([
      ['protocol_type', 'tcp', 'column 2'],
      ['service', 'http', 'column 3'],
      ['flag', 'SF', 'column 4'],
      ['src_bytes', 491, 'column 5'],
    ]);
    expect(events[0]![41]).toMatchObject({ field: 'attack_name', value: 'neptune' });
    expect(await explainLine(file, 2)).toMatchObject({ events: [], fault: null });
    const { fault: bad } = await explainLine(file, 3);
    expect(bad).toMatchObject({ line: 3, code: 'bad-number', column: 'src_bytes' });
    await expectCode(explainLine(file, 4), 'NOT_FOUND');
  });

  it('says which lines there are', async () => {
    const file = write('x.log', TEXT);
    const error = await expectCode(explainLine(file, 7), 'NOT_FOUND');
    expect(error.message).toBe(`"${file}" has no line 7: it has 6`);
    for (const line of [0, -1, 1.5, Number.NaN])
      await expectCode(explainLine(file, line), 'INVALID_PARAMETER');
  });

  it('is a command that shows what it is told, without control characters', async () => {
    write(
      'y.log',
      `${JSON.stringify({ ...login, username: '\u001b[31mred\u0007', 'evil\u001b[2J': 1 })}\nbad\n`,
    );
    const options = { cwd: folder, env: { PHANTOMNET_SECRET_KEY: KEY } };
    const shown = await phantomnet(['ingest', 'explain', 'y.log', '--line', '1'], options);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('y.log, line 1, read as cowrie');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(shown.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    const rejected = await phantomnet(['ingest', 'explain', 'y.log', '--line', '2'], options);
    expect([rejected.code, rejected.stdout]).toEqual([
      1,
      'y.log, line 2, read as cowrie\nrejected: the line is no JSON object (bad-json)\n',
    ]);
  });
});
