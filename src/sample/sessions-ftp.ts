import type { Dice } from './dice.js';
import type { Service, SessionKind, Step } from './session.js';
import { PASSWORDS, USERS } from './words.js';

const FILES = [
  'readme.txt',
  'photos/2025-07.zip',
  'pub/release-4.2.tar.gz',
  'index.html',
  'backup.sql',
  'shell.php',
];

const command = (name: string, arg: string): Step => ({ event: 'command', data: { command: name, arg } });
const response = (code: number, text: string): Step => ({
  event: 'response',
  data: { code, text, done: true },
});

function logIn(kind: SessionKind, dice: Dice): Step[] {
  const username = dice.chance(40) ? 'anonymous' : dice.pick(USERS);
  const password = dice.pick(PASSWORDS);
  const steps = [
    command('USER', username),
    response(331, `Password required for ${username}`),
    command('PASS', password),
  ];
  if (kind === 'attack' ? dice.chance(65) : dice.chance(15))
    return [...steps, { event: 'login_failed', data: { username, password } }];
  return [...steps, { event: 'login_success', data: { username } }, ...transfer(kind, dice)];
}

function transfer(kind: SessionKind, dice: Dice): Step[] {
  const path = dice.pick(FILES);
  const steps = [
    command('TYPE', dice.pick(['A', 'I'])),
    command('PASV', ''),
    response(227, 'Entering Passive Mode (192,0,2,10,195,80)'),
  ];
  if (dice.chance(50))
    steps.push(
      { event: 'command', data: { command: 'LIST', path: '/srv/ftp' } },
      response(226, 'Directory send OK.'),
    );
  steps.push(command(kind === 'attack' ? 'STOR' : 'RETR', path));
  steps.push({
    event: 'transfer',
    data: { path: `/srv/ftp/${path}`, bytes: dice.between(900, 9_000_000), md5: dice.hex(32) },
  });
  steps.push(response(226, 'Transfer complete.'));
  return steps;
}

/** An FTP honeypot: guessed passwords and uploads of intruders, downloads of visitors. */
export const FTP: Service = {
  honeypotType: 'ftp',
  ports: ['2121', '21', ''],
  userAgents: [''],
  script: (kind, dice) => {
    const connect: Step = { event: 'connect' };
    if (dice.chance(40)) Object.assign(connect, { data: { client_port: dice.between(32_768, 60_999) } });
    const steps: Step[] = [connect, ...logIn(kind, dice)];
    if (dice.chance(50)) steps.push(command('QUIT', ''), response(221, 'Goodbye.'));
    return [...steps, { event: 'disconnect' }];
  },
};
