import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hideRawLine } from '#src/ingest/sensors/raw-line.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';
import { phantomnet, scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

const SECRETS = ['S3cret!pass', 'pässwörd9', 'qu"ote\\d pw', '1234', 'Tr0ub4dor', 'p%40ss word', 'zz7'];
const KEYS = { one: '07'.repeat(32), two: '08'.repeat(32) };
const time = { timestamp: '2018-05-20T00:05:34Z', session: 'a', src_ip: '192.0.2.1' };

/** JSON as the sensor's language writes it: nothing but ASCII. */
const ascii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const lines = SECRETS.flatMap((password) => {
  const login = {
    eventid: 'cowrie.login.failed',
    username: 'root',
    password,
    message: `login attempt [root/${password}] failed`,
    ...time,
  };
  const typed = [
    `mysql -u root -p'${password.replaceAll("'", '')}' db`,
    `curl 'http://u:${encodeURIComponent(password)}@host/x'`,
    `PASSWORD="${password.replaceAll(/["\\]/g, '')}" ./run`,
  ];
  return [
    ascii(login),
    JSON.stringify(login),
    ...typed.map((input) => ascii({ eventid: 'cowrie.command.input', input, ...time })),
  ];
});
// Lines that become no event must not tell their password either.
const bad = SECRETS.map((password) =>
  ascii({ eventid: 'cowrie.login.failed', password, ...time, src_port: 'x' }),
);
const odd = ascii({
  eventid: 'cowrie.login.failed',
  password: ['Tr0ub4dor', { deep: 'pässwörd9' }],
  ...time,
});

/** Every spelling in which one of the secrets could stand. Four characters and more, whatever is around. */
const found = (text: string): string[] =>
  SECRETS.filter((secret) => secret.length > 3).flatMap((secret) =>
    [
      secret,
      JSON.stringify(secret).slice(1, -1),
      ascii(secret).slice(1, -1),
      encodeURIComponent(secret),
    ].filter((spelling) => text.includes(spelling)),
  );

/** All cells of a Parquet file as text, by another reader than ours. */
async function cells(file: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
  connection.closeSync();
  return reader
    .getRows()
    .map((row) => row.map(String).join('\n'))
    .join('\n');
}

async function column(file: string, name: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (
    await connection.runAndReadAll(`SELECT "${name}" FROM '${file}' ORDER BY "log.line"`)
  ).getRows();
  connection.closeSync();
  return rows.map(([value]) => value);
}

const run = (args: string[], key = KEYS.one) =>
  phantomnet(args, {
    cwd: folder,
    env: {
      PHANTOMNET_SECRET_KEY: key,
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_CONFIG_HOME: join(folder, 'config'),
    },
  });

beforeAll(() => writeFileSync(join(folder, 'x.log'), `${[...lines, ...bad, odd].join('\n')}\n`));

describe('a password', () => {
  it('is in no file of events, no rejects, no output and no message', async () => {
    const done = await run([
      'ingest',
      'x.log',
      '--keep-original',
      '--out',
      'e.parquet',
      '--rejects',
      'r.jsonl',
      '--json',
    ]);
    expect(done.code).toBe(0);
    expect(done.json()).toMatchObject({
      rowsRead: lines.length + bad.length + 1,
      repeats: lines.length - new Set(lines).size,
      rejected: bad.length,
    });
    const events = await cells(join(folder, 'e.parquet'));
    expect(events).toContain('[redacted:11:');
    const told = [events, done.stdout, done.stderr, readFileSync(join(folder, 'r.jsonl'), 'utf8')];
    const refused = await run(['ingest', 'x.log', '--max-rejects', '0', '--no-cache']);
    expect(refused.code).not.toBe(0);
    told.push(refused.stdout, refused.stderr);
    for (const line of [1, 3, lines.length + 1, lines.length + bad.length + 1])
      for (const flags of [[], ['--json'], ['--keep-original']]) {
        const explained = await run(['ingest', 'explain', 'x.log', '--line', String(line), ...flags]);
        told.push(explained.stdout, explained.stderr);
      }
    expect(told.flatMap(found)).toEqual([]);
  });

  it('stands in the events with --keep-secrets, and only then', async () => {
    expect((await run(['ingest', 'x.log', '--keep-secrets', '--out', 'k.parquet'])).code).toBe(0);
    const kept = await cells(join(folder, 'k.parquet'));
    for (const secret of SECRETS) expect(kept).toContain(secret);
  });

  it('has one HMAC wherever it stands, and another under another key', async () => {
    await run(['ingest', 'x.log', '--keep-repeats', '--out', 'one.parquet']);
    await run(['ingest', 'x.log', '--keep-repeats', '--out', 'two.parquet'], KEYS.two);
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => column(join(folder, `${name}.parquet`), 'credential.hmac')),
    );
    const of = (hmacs: readonly unknown[]) => SECRETS.map((_, i) => [hmacs[i * 5], hmacs[i * 5 + 1]]);
    expect(new Set(of(one!).flat()).size).toBe(SECRETS.length);
    for (const [a, b] of of(one!)) expect(a).toBe(b);
    expect(one!.filter((hmac) => hmac !== null && two!.includes(hmac))).toEqual([]);
    const hashes = await Promise.all(
      ['one', 'two'].map((name) => column(join(folder, `${name}.parquet`), 'event.hash')),
    );
    expect(new Set(hashes[0]).size).toBe(new Set(lines).size + 1);
    expect(hashes[0]!.filter((hash) => hashes[1]!.includes(hash))).toEqual([]);
  });
});

describe('the texts of a client', () => {
  it('lose the password wherever it stands, but a method that HTTP has stays a method', () => {
    const vault = new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: false });
    const fields = {
      'http.request.method': 'POST',
      'ssh.client.version': 'SSH-2.0-hunter22',
      'tls.client.server_name': 'hunter22.example',
      'url.domain': 'POST.example',
      'user.name': 'hunter22',
      'network.protocol': 'hunter22',
    };
    vault.hide(fields, ['hunter22', 'POST']);
    expect(fields).toEqual({
      'http.request.method': 'POST',
      'ssh.client.version': `SSH-2.0-${vault.mark('hunter22')}`,
      'tls.client.server_name': `${vault.mark('hunter22')}.example`,
      'url.domain': `${vault.mark('POST')}.example`,
      'user.name': 'hunter22',
      'network.protocol': 'hunter22',
    });
  });
});

describe('hideRawLine', () => {
  const vault = new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: false });
  const hide = (line: string, passwords: string[]) =>
    hideRawLine(line, passwords, (secret) => `<${vault.mark(secret).split(':')[1]}>`);

  it('finds a password however JSON spells it, in lists too, and leaves the rest as it is', () => {
    expect(hide('{"tries": [["root", "\\u0070\\u00e4ss"]], "n": 1.50}', ['päss'])).toBe(
      '{"tries": [["root", "<4>"]], "n": 1.50}',
    );
    expect(hide('{"a": ["zz7"], "zz7": "x zz7"}', ['zz7'])).toBe('{"a": ["<3>"], "zz7": "x zz7"}');
    expect(hide('{"password": ["abcd", {"x": 77777}], "m": "abcd 77777"}', [])).not.toMatch(/abcd|77777/);
    expect(hide('login attempt [root/abc] failed', [])).toBe('login attempt [root/<3>] failed');
  });

  it('takes depth and size that a line can have', () => {
    expect(hide(`{"a": ${'['.repeat(200_000)}"hunter22"${']'.repeat(200_000)}}`, ['hunter22'])).not.toContain(
      'hunter22',
    );
    expect(hide(`{"a": "${'\\"'.repeat(300_000)}hunter22"}`, ['hunter22'])).not.toContain('hunter22');
  });
});
