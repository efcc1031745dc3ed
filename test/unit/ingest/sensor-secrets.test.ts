import { describe, expect, it } from 'vitest';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { LOG_SOURCES } from '#src/ingest/sensors/log-sources.js';
import { hideRawLine } from '#src/ingest/sensors/raw-line.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';
import { escapeText, unescapeText } from '#src/ingest/sensors/zeek-tsv.js';

const vault = new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets: false });

/** The events of the last line. */
function read(source: string, ...lines: string[]): Record<string, unknown>[] {
  const reader = LOG_SOURCES.find(({ name }) => name === source)!.open();
  const collector = new EventCollector({
    file: 'f',
    vault,
    zoneMinutes: 0,
    timeBaseMs: undefined,
    keepOriginal: true,
  });
  const results = lines.map((line, i) => collector.read(line, i + 1, reader));
  return (results.at(-1) as readonly object[]).map((event) => ({ ...event }));
}

const hide = (line: string, passwords: string[] = []) =>
  hideRawLine(line, passwords, (secret) => `<${[...secret].length}>`);
const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64');

describe('a raw JSON line', () => {
  it.each([
    ['{"password":"Firstpw99","password":"Secondpw88"}', '{"password":"<9>","password":"<10>"}'],
    ['{"a":{"pwd":"zz7","pwd":1},"b":["zz7",7]}', '{"a":{"pwd":"<3>","pwd":"<1>"},"b":["<3>",7]}'],
    ['{"pass\\u0077ord" : {"a":["x",[2]]},"b":"y"}', '{"pass\\u0077ord" : {"a":["<1>",["<1>"]]},"b":"y"}'],
    ['{"password":[],"a":"abc","token":{},"b":"abc"}', '{"password":[],"a":"abc","token":{},"b":"abc"}'],
    ['{"password":1e3,"a":1000,"b":"x 1e3"}', '{"password":"<3>","a":"<4>","b":"x 1e3"}'],
    ['{"password":12345678901234567890,"a":"x 12345678901234567890"}', '{"password":"<20>","a":"x <20>"}'],
  ])('loses all that stands below secret keys: %s', (line, expected) => {
    expect(hide(line)).toBe(expected);
  });

  it('loses texts in base64 that hold a secret', () => {
    const plain = base64('GET / HTTP/1.1\r\n');
    const login = base64('USER bob\r\nPASS Hunter2secret\r\n');
    const packet = base64('E\0\x08\xff\x12PASS Hunter2secret\r\n', 'latin1');
    expect(hide(`{"payload":"${login}","packet":"${packet}"}`)).toBe(
      `{"payload":"<${login.length}>","packet":"<${packet.length}>"}`,
    );
    expect(hide(`{"payload":"${base64('x Hünter2 y')}"}`, ['Hünter2'])).toMatch(/"<\d+>"/);
    expect(hide(`{"payload":"${plain}","other":"${login}"}`)).toBe(
      `{"payload":"${plain}","other":"${login}"}`,
    );
  });

  it('takes time in line with the number of its texts, whatever the number of secrets', () => {
    const secrets = Array.from({ length: 99 }, (_, i) => `Secret-${i}-text`);
    const line = `{"a":[${'"ab",'.repeat(240_000)}"Secret-7-text"]}`;
    for (let i = 0; i < 5; i++) expect(hide(line, secrets)).toBe(line.replace('Secret-7-text', '<13>'));
  });
});

describe('a raw line of Zeek', () => {
  const header = ['#separator \\x09', '#path\tftp', '#fields\tts\tuid\tuser\tpassword\targ'];
  it.each([
    ['p\\xc3\\xa4ssHunter', 'päss'],
    ['Hunter\\x09two', 'Hunter'],
    ['back\\\\slash', 'slash'],
    ['abc', 'abc'],
    ['admin', 'admin'],
  ])('loses the password %s', (password, part) => {
    const line = `1709632800\tC1\tbob\t${password}\tx`;
    const [event] = read('zeek', ...header, line);
    const mark = vault.mark(unescapeText(password));
    expect(event!['event.original']).toBe(line.replace(password, mark));
    expect(JSON.stringify(event)).not.toContain(part);
  });

  it('loses it inside other cells, which stay escaped, and with other separators', () => {
    expect(hide('a\tx p\\xc3\\xa4ssw \\\\\t-', ['pässw'])).toBe('a\tx <5> \\\\\t-');
    expect(hide('1|abc|x abc', ['abc'])).toBe('1|<3>|x abc');
    expect(escapeText('ö\t\\')).toBe('\\xc3\\xb6\\x09\\\\');
  });
});

describe('the command of a log-in', () => {
  it.each([
    [
      'suricata',
      '{"timestamp":"2024-03-05T10:00:00Z","event_type":"ftp","ftp":{"command":"PASS ","command_data":"Hunter2secret"}}',
    ],
    [
      'suricata',
      '{"timestamp":"2024-03-05T10:00:00Z","event_type":"ftp","ftp":{"command":"PASS","command_data":99887766},"x":"a 99887766"}',
    ],
    [
      'dionaea',
      '{"connection":{"protocol":"ftpd","type":"accept"},"src_ip":"","timestamp":"2024-03-05T10:00:00","ftp":{"commands":[{"command":"pass ","arguments":["Hunter2","secret"]}]}}',
    ],
    [
      'tpot',
      '{"@timestamp":"2024-03-05T10:00:00Z","type":"Heralding","auth_attempts":[["bob","Hunter3secret"],["eve",99887766]],"n":"x 99887766"}',
    ],
  ])('tells no password, read by %s', (source, line) => {
    for (const event of read(source, line))
      expect(JSON.stringify(event)).not.toMatch(/Hunter|secret"|99887766/);
  });
});

describe('a password in capitals', () => {
  it.each([
    [
      'opencanary',
      '{"local_time":"2024-03-05 10:00:00.0","node_id":"c","logtype":3001,"logdata":{"PASSWORD":"HunterTwo","HOSTNAME":"HunterTwo.example"}}',
    ],
    ['zeek', '{"ts":1709632800,"_path":"http","password":"HunterTwo","host":"HunterTwo.example"}'],
  ])('is found where it was made lower-case, by %s', (source, line) => {
    const [event] = read(source, line);
    expect(event!['url.domain']).toBe(`${vault.mark('HunterTwo')}.example`);
    expect(JSON.stringify(event)).not.toMatch(/huntertwo/i);
  });
});

describe('a password that is a number', () => {
  const time = '"timestamp":"2024-03-05T10:00:00Z","@timestamp":"2024-03-05T10:00:00Z"';
  it.each([
    ['cowrie', '99887766', 8],
    ['cowrie', '12345678901234567890', 20],
    ['tpot', '99887766', 8],
    ['tpot', '1.50', 4],
    ['events', '99887766', 8],
  ])('is counted and hidden as text, by %s: %s', (source, number, length) => {
    const [event] = read(
      source,
      `{${time},"eventid":"cowrie.command.input","type":"Heralding","input":"x ${number}","password":${number}}`,
    );
    expect(event).toMatchObject({
      'credential.length': length,
      'process.command_line': `x ${vault.mark(number)}`,
    });
    expect(JSON.stringify(event)).not.toContain(number);
  });

  it('is hidden in a list too, where none is counted', () => {
    const [event] = read(
      'cowrie',
      `{${time},"eventid":"cowrie.login.failed","password":["Hunter2",{"x":998877}],"message":"Hunter2 998877"}`,
    );
    expect(event).not.toHaveProperty(['credential.length']);
    expect(JSON.stringify(event)).not.toMatch(/Hunter2|998877/);
  });
});

describe('a row with a password', () => {
  const row = (fields: object) =>
    read('events', JSON.stringify({ timestamp: '2024-03-05T10:00:00Z', action: 'login', ...fields }))[0]!;
  const command = { command: 'x Hunter2secret' };

  it.each([
    { password: 'Hunter2secret' },
    { Password: 'Hunter2secret' },
    { 'user.password': 'Hunter2secret' },
    { user: { name: 'bob', password: 'Hunter2secret' } },
    { 'credential.text': 'Hunter2secret' },
    { credential: { text: 'Hunter2secret' } },
  ])('counts and hides it: %j', (secret) => {
    const event = row({ ...secret, ...command });
    expect(event).toMatchObject({
      'credential.length': 13,
      'process.command_line': `x ${vault.mark('Hunter2secret')}`,
    });
    expect(JSON.stringify(event)).not.toContain('Hunter2');
  });

  it.each([
    { password: { text: 'Hunter2secret' } },
    { api_token: 'Hunter2secret' },
    { a: { b: [{ c: { passwords: ['Hunter2secret'] } }] } },
    { credential: { other: 'Hunter2secret' } },
  ])('hides it: %j', (secret) => {
    expect(row({ ...secret, ...command })['process.command_line']).toBe(`x ${vault.mark('Hunter2secret')}`);
  });

  it('hides it as a session and in the sentence of an action, but no words of the sensor', () => {
    const [one, two] = [
      row({ password: 'Hunter2secret', session: 'Hunter2secret', action: 'a Hunter2secret' }),
      row({ password: 'login failed', session: 's', action: 'the login failed' }),
    ];
    expect(JSON.stringify(one)).not.toContain('Hunter2');
    expect(one).toMatchObject({
      session: vault.mark('Hunter2secret'),
      'event.action': `a ${vault.mark('Hunter2secret')}`,
    });
    expect(two['event.action']).toBe('the login failed');
    expect(row({ password: 'ssh.login-2', action: 'ssh.login-2' })['event.action']).toBe('ssh.login-2');
  });

  it('takes words that say whether there is a secret for none', () => {
    const event = row({
      has_token: 'false',
      auth: { token: 'none' },
      cookies: ['true'],
      command: 'if false; true',
    });
    expect(event).toMatchObject({ 'process.command_line': 'if false; true' });
    expect(row({ password: 'false', command: 'x false' })['process.command_line']).toBe(
      `x ${vault.mark('false')}`,
    );
  });

  it('takes counts that were made before for no secrets', () => {
    const event = row({ credential: { length: 8000, hmac: '0123456789abcdef' }, command: '8000' });
    expect(event).toMatchObject({ 'process.command_line': '8000', 'credential.length': 8000 });
  });

  it('counts none of several in one value, and takes as many as a line can have', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `x${i}`);
    for (const secret of [{ password: { a: many } }, { password: many }]) {
      const event = row({ ...secret, ...command });
      expect(event).not.toHaveProperty(['credential.length']);
      expect(event['process.command_line']).toMatch(/^\[redacted:15:/);
    }
    for (const fields of [{ password: many }, { auth_attempts: many.map((text) => ['u', text]) }]) {
      const line = { '@timestamp': '2024-03-05T10:00:00Z', type: 'Heralding', ...command, ...fields };
      expect(read('tpot', JSON.stringify(line))[0]!['process.command_line']).toMatch(/^\[redacted:15:/);
    }
    const numbers = `{"timestamp":"2024-03-05T10:00:00Z","action":"x","a":[${'1,'.repeat(200_000)}1],"password":[${'0.5,'.repeat(20_000)}0.5]}`;
    expect(read('events', numbers)).toHaveLength(1);
  });

  it('takes time in line with the number of passwords that are numbers', () => {
    const numbers = `"a":[${'1,'.repeat(100_000)}1]`;
    for (const one of ['{"password":1.5},', '{"password":1e999},', '{"token":[0.1]},']) {
      const line = `{"timestamp":"2024-03-05T10:00:00Z","action":"x",${numbers},"b":[${one.repeat(20_000)}1]}`;
      expect(read('events', line)).toHaveLength(1);
    }
  });

  it('takes time in line with the length of names', () => {
    const members = Array.from({ length: 40_000 }, (_, i) => [`a${i}`, 1]);
    expect(row({ ['k'.repeat(500_000)]: Object.fromEntries(members) })['event.action']).toBe('login');
  });

  it('takes depth that a line can have', () => {
    const deep = `{"timestamp":"2024-03-05T10:00:00Z","action":"x","a":${'{"b":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
    expect(read('events', deep)).toHaveLength(1);
  });
});
