import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsFromRecords, rejectsWriter } from '#src/ingest/index.js';
import { readText } from './read-text.js';

const redacted = (fields: object) =>
  eventsFromRecords([{ honeypot_type: 'http', event: 'login_failed', ...fields }])[0]!.fields;
const data = (value: unknown) => redacted({ data: value }).payload;

describe('secrets in data', () => {
  it.each([
    [{ Password: 'abc' }, "{'Password': '[redacted:3]'}"],
    [{ user: 'u', new_passwd: 'é😀' }, "{'user': 'u', 'new_passwd': '[redacted:2]'}"],
    [{ headers: { Authorization: 'Basic eDp5' } }, "{'headers': {'Authorization': '[redacted:10]'}}"],
    [{ 'x-api-key': 12345 }, "{'x-api-key': '[redacted:5]'}"],
    [{ accessToken: 'abcd' }, "{'accessToken': '[redacted:4]'}"],
    [{ credentials: [['root', 'toor']] }, "{'credentials': [['[redacted:4]', '[redacted:4]']]}"],
    [{ passwords: { hunter2: 5 } }, "{'passwords': {'[redacted:7]': '[redacted:1]'}}"],
    [{ command: 'PASS', arg: 'abc' }, "{'command': 'PASS', 'arg': '[redacted:3]'}"],
    [
      { command: 'pass', args: ['abc', 'd'] },
      "{'command': 'pass', 'args': ['[redacted:3]', '[redacted:1]']}",
    ],
    [{ command: 'USER', arg: 'abc' }, "{'command': 'USER', 'arg': 'abc'}"],
    [{ line: 'PASS hunter2' }, "{'line': 'PASS [redacted:7]'}"],
    [{ line: 'USER x\r\nPASS hunter2\r\nQUIT' }, "{'line': 'USER x\\r\\nPASS [redacted:7]\\r\\nQUIT'}"],
    [{ line: 'AUTH PLAIN AHgAeQ==' }, "{'line': 'AUTH PLAIN [redacted:8]'}"],
    [{ body: 'user=a&password=b%20c&x=1' }, "{'body': 'user=a&password=[redacted:5]&x=1'}"],
    [{ body: '{"user":"a","pwd": "b\\"c"}' }, `{'body': '{"user":"a","pwd": "[redacted:4]"}'}`],
    [{ body: 'Authorization: Bearer abc.def' }, "{'body': 'Authorization: Bearer [redacted:7]'}"],
    [{ url: 'ftp://bob:s3cret@host/' }, "{'url': 'ftp://bob:[redacted:6]@host/'}"],
    [{ password: '' }, "{'password': ''}"],
    [{ password: null, pass: true }, "{'password': None, 'pass': True}"],
    [{ username: 'root', password: 'root' }, "{'username': '[redacted:4]', 'password': '[redacted:4]'}"],
    [
      { username: 'xhunter2y', password: 'hunter2' },
      "{'username': 'x[redacted:7]y', 'password': '[redacted:7]'}",
    ],
    [{ note: 'abcabc', password: 'abc' }, "{'note': 'abcabc', 'password': '[redacted:3]'}"],
    [{ pin: 123456, password: '123456' }, "{'pin': '[redacted:6]', 'password': '[redacted:6]'}"],
    [{ username: 'x', password: 'username' }, "{'username': 'x', 'password': '[redacted:8]'}"],
    [{ hunter2: 1, password: 'hunter2' }, "{'[redacted:7]': 1, 'password': '[redacted:7]'}"],
    [
      { a: 'xx-longer-secret-xx', token: 'longer-secret', secret: 'secret-xx' },
      "{'a': 'xx-[redacted:16]', 'token': '[redacted:13]', 'secret': '[redacted:9]'}",
    ],
    [
      { auth: 'abc', Cookie: 'sid=1', 'pass word': 'd' },
      "{'auth': '[redacted:3]', 'Cookie': '[redacted:5]', 'pass word': '[redacted:1]'}",
    ],
    [
      { authorization: 'abc', 'Set-Cookie': 'e', pass_word: 'd', 'proxy-auth': 'f' },
      "{'authorization': '[redacted:3]', 'Set-Cookie': '[redacted:1]', 'pass_word': '[redacted:1]', 'proxy-auth': '[redacted:1]'}",
    ],
    [{ body: 'a=b&auth=c-d&e=f' }, "{'body': 'a=b&auth=[redacted:3]&e=f'}"],
    [
      { author: 'ann', authors: 'bob', auth_method: 'x' },
      "{'author': 'ann', 'authors': 'bob', 'auth_method': 'x'}",
    ],
    [{ head: 'Cookie: sid=ab; x=1\r\nHost: h' }, "{'head': 'Cookie: [redacted:11]\\r\\nHost: h'}"],
    [{ body: 'author=ann&authority=x' }, "{'body': 'author=ann&authority=x'}"],
    [{ compass: 'north', tempo: 'x' }, "{'compass': 'north', 'tempo': 'x'}"],
  ])('case %#', (value, expected) => {
    expect(data(value)).toBe(expected);
  });

  it.each([
    ['mysql -u root -phunter2 db', 'mysql -u root -p[redacted:7] db'],
    ['cd /tmp;/usr/bin/mysqldump -uroot -pX --all', 'cd /tmp;/usr/bin/mysqldump -uroot -p[redacted:1] --all'],
    [`mysql -p'a b;c' db`, `mysql -p'[redacted:5]' db`],
    ['sh -c "mysql -pabc"', 'sh -c "mysql -p[redacted:3]"'],
    ['mysql -p db', 'mysql -p db'],
    ['mysql -P3306 -h host; ls -pX', 'mysql -P3306 -h host; ls -pX'],
    ['ps -pX | mysqladmin ping', 'ps -pX | mysqladmin ping'],
    ['sshpass -p hunter2 ssh root@host -p 22', 'sshpass -p [redacted:7] ssh root@host -p 22'],
    [`sshpass -p 'a b' ssh host`, `sshpass -p '[redacted:3]' ssh host`],
    ['sshpass -phunter2 ssh host -pX', 'sshpass -p[redacted:7] ssh host -pX'],
    ['sshpass -e ssh -p 22 host', 'sshpass -e ssh -p 22 host'],
    ['echo root:hunter2 | chpasswd', 'echo root:[redacted:7] | chpasswd'],
    ['echo "root:a|b c"|chpasswd|bash', 'echo "root:[redacted:5]"|chpasswd|bash'],
    [
      'echo hi; printf root:x|sudo /usr/sbin/chpasswd -e',
      'echo hi; printf root:[redacted:1]|sudo /usr/sbin/chpasswd -e',
    ],
    ['echo a:b > c', 'echo a:b > c'],
    ['echo a:b\nchpasswd --help', 'echo a:b\nchpasswd --help'],
    ['mysql -uroot -e "show databases;" -pHunter2', 'mysql -uroot -e "show databases;" -p[redacted:7]'],
    ["mysql -e 'a | b' -pHunter2; ls -pX", "mysql -e 'a | b' -p[redacted:7]; ls -pX"],
    ['sh -c "mysql -uroot; ls -pX"', 'sh -c "mysql -uroot; ls -pX"'],
    ['mysql -uroot \\\n  -pHunter2', 'mysql -uroot \\\n  -p[redacted:7]'],
    ['mysql -uroot \\\r\n-pHunter2', 'mysql -uroot \\\r\n-p[redacted:7]'],
    ['mysql -uroot\nls -pX', 'mysql -uroot\nls -pX'],
    ['mysql -pHun\\ ter2 db', 'mysql -p[redacted:9] db'],
    ['mysql -p"Hunter"2x db', 'mysql -p"[redacted:9] db'],
    ['mysql -p\'\'"Hunter2" db', 'mysql -p\'\'"[redacted:7]" db'],
    ['sh -c "mysql -pabc" && echo "x"', 'sh -c "mysql -p[redacted:3]" && echo "x"'],
    ['MYSQL -pHunter2', 'MYSQL -p[redacted:7]'],
    [
      'echo "root:Hunter2\nadmin:Hunter3" | chpasswd',
      'echo "root:[redacted:7]\nadmin:[redacted:7]" | chpasswd',
    ],
    ['printf "a:b\\nc:d\\n"|chpasswd', 'printf "a:[redacted:1]\\nc:[redacted:3]"|chpasswd'],
    ['ECHO root:Hunter2 | CHPASSWD', 'ECHO root:[redacted:7] | CHPASSWD'],
    ['echo root:Hunter2 | tee /tmp/echo | chpasswd', 'echo root:[redacted:7] | tee /tmp/echo | chpasswd'],
    [
      'echo http://a:8/x > b; echo root:x | chpasswd',
      'echo http://a:8/x > b; echo root:[redacted:1] | chpasswd',
    ],
    ['(echo a: b); (echo root:x | chpasswd)', '(echo a: b); (echo root:[redacted:1] | chpasswd)'],
    ['(echo a: b; echo root:x | chpasswd)', '(echo a: b; echo root:[redacted:1] | chpasswd)'],
    ['{ echo a:b; echo c:d; } | chpasswd', '{ echo a:[redacted:1]; echo c:[redacted:4] | chpasswd'],
    ['sh -c "echo a:b; echo c:d" | chpasswd', 'sh -c "echo a:[redacted:2] echo c:[redacted:1]" | chpasswd'],
    ['(echo root:x; echo admin:y) | chpasswd', '(echo root:[redacted:1]; echo admin:[redacted:2] | chpasswd'],
    ['login attempt [root/hunter2] failed', 'login attempt [root/[redacted:7]] failed'],
    ["login attempt [b'root'/b'x]y'] succeeded", "login attempt [b'root'/b'[redacted:3]'] succeeded"],
    [
      'login attempt [a/b] failed, Login attempt [c/d/e] failed',
      'login attempt [a/[redacted:1]] failed, Login attempt [c/[redacted:3]] failed',
    ],
    ['login attempt [a] failed', 'login attempt [a] failed'],
    ['login attempt [a/cut', 'login attempt [a/[redacted:3]'],
  ])('of the shell and its log: %j', (text, expected) => {
    expect(redacted({ user_agent: text })['user_agent.original']).toBe(expected);
  });

  it.each([
    ['http://root:P@ssw0rd77@192.0.2.1/', 'http://root:[redacted:10]@192.0.2.1/'],
    ['http://a:b@h/x@y http://c:d@h', 'http://a:[redacted:1]@h/x@y http://c:[redacted:1]@h'],
    ['http://a:b@h?x=me@y', 'http://a:[redacted:1]@h?x=me@y'],
    ['ftp://bob:Sec/ret99@host', 'ftp://bob:[redacted:9]@host'],
    ['ftp://bob:Sec/r@t99@host/x', 'ftp://bob:[redacted:9]@host/x'],
    ['http://host/path@x', 'http://host/path@x'],
    ['{"url":"http://a:b@h","mail":"c@d"}', '{"url":"http://a:[redacted:1]@h","mail":"c@d"}'],
    ['{"url":"http://a:b/c@h","mail":"c@d"}', '{"url":"http://a:[redacted:3]@h","mail":"c@d"}'],
    ['http://host:8080/path@x', 'http://host:8080/path@x'],
    ['http://host:/path@x http://[::1]:80/@x', 'http://host:/path@x http://[::1]:80/@x'],
    ['curl -d "{\\"password\\":\\"Hunter2\\"}"', 'curl -d "{\\"password\\":\\"[redacted:7]\\"}"'],
    ['{\\"pwd\\": \\"a\\\\\\"b\\"}', '{\\"pwd\\": \\"[redacted:6]\\"}'],
    ['/login?password=Hunter,2secret', '/login?password=[redacted:14]'],
    ['/login?a=b&user[password]=H\'u;n<t,"er&x=1', '/login?a=b&user[password]=[redacted:11]&x=1'],
    ["curl 'http://h/?password=Hunter2' -v", "curl 'http://h/?password=[redacted:7]' -v"],
    ['{"url":"/?token=ab,c"}', '{"url":"/?token=[redacted:4]"}'],
    ["update user set password=PASSWORD('Hunter2')", "update user set password=PASSWORD('[redacted:7]')"],
    ["{u'password': u'Hunter2'}", "{u'password': u'[redacted:7]'}"],
    ["{'password': b'Hunter2'}", "{'password': b'[redacted:7]'}"],
    ['x "password":["Hun,ter2", "b"]', 'x "password":["[redacted:8]", "[redacted:1]"]'],
    ["'password' => 'Hunter2'", "'password' => '[redacted:7]'"],
    ['password="Hunter2"secret x', 'password="[redacted:14] x'],
    ['password="Hunter2', 'password="[redacted:7]'],
    ['password=""', 'password=""'],
    ['user%3Da%26password%3DHunter2%26x', 'user%3Da%26password%3D[redacted:7]%26x'],
    ['PASS Hunter2 secret', 'PASS [redacted:14]'],
    ['USER a\r\npass Hunter2 secret \r\nQUIT', 'USER a\r\npass [redacted:14] \r\nQUIT'],
    ['AUTH default Hunter2', 'AUTH [redacted:15]'],
    ['Authorization: Token Hunter2\r\nHost: h', 'Authorization: Token [redacted:7]\r\nHost: h'],
    ['Authorization: NTLM Hunter2==', 'Authorization: NTLM [redacted:9]'],
    ['Authorization: SSWS Hunter2', 'Authorization: [redacted:12]'],
    ['Authorization: Hunter2\r\nHost: h', 'Authorization: [redacted:7]\r\nHost: h'],
    [
      '-H \'Authorization: Digest username="a", response="b"\' x',
      "-H 'Authorization: Digest [redacted:26]' x",
    ],
  ])('of other texts: %j', (text, expected) => {
    expect(redacted({ user_agent: text })['user_agent.original']).toBe(expected);
  });

  it('of the shell are hidden in the other texts of the event too', () => {
    const fields = redacted({ data: { command: 'sshpass -p hunter2 ssh x' }, user_agent: 'hunter2' });
    expect(fields).toMatchObject({
      payload: "{'command': 'sshpass -p [redacted:7] ssh x'}",
      'user_agent.original': '[redacted:7]',
    });
  });

  it('leaves data without secrets as it was written', () => {
    expect(data('{"a" :  1}')).toBe('{"a" :  1}');
    expect(redacted({ path: '/?password=hunter2', data: '{"a" :  1}' })).toMatchObject({
      'url.original': '/?password=[redacted:7]',
      payload: '{"a" :  1}',
    });
  });

  it('takes the statistics before it redacts', () => {
    const [kept, hidden] = [true, false].map(
      (keepSecrets) =>
        eventsFromRecords([{ honeypot_type: 'ssh', event: 'x', data: { password: "a'1" } }], {
          keepSecrets,
        })[0]!,
    );
    expect(hidden!.payload).toEqual(kept!.payload);
    expect(hidden!.payload!.length).toBe(`{'password': "a'1"}`.length);
  });
});

describe('secrets in other columns', () => {
  it('finds a secret of data there, in the spellings of a URL', () => {
    const fields = redacted({
      data: { password: 'p&ss wörd' },
      path: '/login?x=p%26ss%20w%C3%B6rd&y=p%26ss+w%C3%B6rd&z=p%26ss%20w%c3%b6rd',
      user_agent: 'x p&ss wörd y',
      extra: "it's p&ss wörd",
    });
    expect(fields).toMatchObject({
      'url.original': '/login?x=[redacted:18]&y=[redacted:16]&z=[redacted:18]',
      'user_agent.original': 'x [redacted:9] y',
      extra: "it's [redacted:9]",
    });
  });

  it('finds a secret of the path in data', () => {
    expect(redacted({ path: '/?token=abc%2Bdef', data: { q: 'abc+def' } })).toMatchObject({
      'url.original': '/?token=[redacted:9]',
      payload: "{'q': '[redacted:7]'}",
    });
  });

  it('hides columns that are secrets themselves', () => {
    expect(redacted({ password: 'abc', data: { note: 'abc' } })).toMatchObject({
      password: '[redacted:3]',
      payload: "{'note': '[redacted:3]'}",
    });
  });

  it('lets no password change what the sensor wrote, nor hide an ordinary word', () => {
    expect(
      redacted({
        event: 'data',
        level: 'INFO',
        port: 8080,
        method: 'POST',
        path: '/admin/x',
        data: { a: ['data'], password: 'data', token: '8080', secret: 'http', pwd: 'POST', pass: 'admin' },
      }),
    ).toMatchObject({
      'event.action': 'data',
      'log.level': 'INFO',
      'destination.port': 8080,
      'http.request.method': 'POST',
      'network.protocol': 'http',
      'url.original': '/admin/x',
    });
    expect(redacted({ method: 'hunter2', data: { password: 'hunter2' } })['http.request.method']).toBe(
      '[redacted:7]',
    );
  });

  it('replaces every text where there are more secrets than it looks for', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`password${i}`, `secret-${i}`]));
    const fields = redacted({ data: { ...many, note: 'x' }, user_agent: 'secret-7 agent' });
    expect(fields['user_agent.original']).toBe('[redacted:14]');
    expect(fields.payload).toContain("'[redacted:4]': '[redacted:1]'");
    expect(fields['event.action']).toBe('login_failed');
  });

  it('takes time in line with the length of hostile text', () => {
    const hostile = [
      'password='.repeat(50_000),
      'pass="'.repeat(50_000),
      `PASS${' '.repeat(300_000)}`,
      '://a:'.repeat(80_000),
      'mysql '.repeat(80_000),
      "mysql -p' ".repeat(50_000),
      "mysql -p'".repeat(50_000),
      'sshpass -p "'.repeat(50_000),
      'echo a:'.repeat(50_000),
      'echo a:|chpasswd'.repeat(30_000),
      'login attempt ['.repeat(30_000),
      'login attempt [/'.repeat(30_000),
      `chpasswd${';'.repeat(400_000)}`,
      'auth '.repeat(80_000),
      '://a:x/'.repeat(150_000),
      `://a:b${'@c'.repeat(500_000)}`,
      `://a:b/${'@'.repeat(1_000_000)}`,
      "pass='".repeat(160_000),
      'pass=["'.repeat(140_000),
      `pass=[${"'',".repeat(300_000)}`,
      'pass=\\"'.repeat(140_000),
      `pass="${'\\'.repeat(1_000_000)}`,
      `?pass=${'"'.repeat(1_000_000)}`,
      '?pass=";'.repeat(120_000),
      'pass%3d'.repeat(140_000),
      'authorization: a '.repeat(60_000),
      `PASS x${' '.repeat(1_000_000)}y`,
      'PASS x \n'.repeat(120_000),
      `mysql -p${'\\ '.repeat(500_000)}`,
      `mysql -p${"'a".repeat(500_000)}`,
      `mysql ${'" -p; '.repeat(150_000)}`,
      `echo ${'a:b\\n'.repeat(200_000)}|chpasswd`,
      `mysql${' \\\n'.repeat(300_000)}`,
      `cookie${' '.repeat(300_000)}`,
    ];
    for (const text of hostile) {
      const path = text.slice(0, 2 ** 20);
      expect(redacted({ path })['url.original']).not.toBe('');
    }
  });
});

describe('a planted password', () => {
  const marker = 'Zq7"\'\\Marker ö&x';
  const inCsv = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const literal = `"Zq7\\"'\\\\Marker ö&x"`;

  it('is nowhere in what comes out', async () => {
    const rows = [
      `http,x,${inCsv(`{'password': ${literal}}`)},${inCsv(marker)},/`,
      `http,x,${inCsv(`{'password': ${literal}, 'a': [${literal}, {${literal}: 1}]}`)},,${inCsv(`/?q=${encodeURIComponent(marker)}`)}`,
      `http,x,${inCsv(`{"pwd": ${JSON.stringify(marker)}, "body": ${JSON.stringify(JSON.stringify({ x: marker }))}}`)},,`,
      `ftp,x,${inCsv(`{'command': 'PASS', 'arg': ${literal}}`)},,`,
      `http,x,${inCsv(`{'password': ${literal}, oops`)},,`,
      `http,x,${inCsv(marker)},,`,
      `http,x,"{'password': 'Zq7Marker`,
    ];
    const text = `honeypot_type,event,data,user_agent,path\n${rows.join('\n')}`;
    const path = join(await mkdtemp(join(tmpdir(), 'rejects-')), 'rejects.jsonl');
    const writer = await rejectsWriter(path);
    const reading = await readText(text, { maxRejects: 0, onReject: writer.write });
    await writer.close();
    expect(reading.report).toMatchObject({ accepted: 4, rejected: 3 });
    const file = await readFile(path, 'utf8');
    expect(file.split('\n').length).toBe(4);
    const { error } = reading;
    const all = JSON.stringify([reading, error!.message, error!.hint, error!.details, error!.stack]) + file;
    expect(all).not.toMatch(/Zq7|Marker/);
    const kept = await readText(text, { keepSecrets: true });
    expect(JSON.stringify(kept.rejects)).toContain('Marker');
    expect(kept.rejects.at(-1)!.text).toBe(rows.at(-1));
  });

  it('is nowhere in what comes out, for any password of four characters or more', () => {
    const password = fc.string({
      minLength: 4,
      maxLength: 12,
      unit: fc.constantFrom('a', 'Q', '7', '"', "'", '\\', 'é', '%', '+', '&', '=', '\n'),
    });
    fc.assert(
      fc.property(password, (secret) => {
        const fields = redacted({
          data: { password: secret, note: `<${secret}>`, list: [secret] },
          user_agent: `<${secret}>`,
          path: `/?q=${encodeURIComponent(secret)}`,
        });
        expect(fields['user_agent.original']).toBe(`<[redacted:${[...secret].length}]>`);
        const mark = `[redacted:${[...secret].length}]`;
        expect(fields.payload).toBe(`{'password': '${mark}', 'note': '<${mark}>', 'list': ['${mark}']}`);
        expect(fields['url.original']).toMatch(/^\/\?q=\[redacted:\d+\]$/);
      }),
      { numRuns: 200 },
    );
  });
});
