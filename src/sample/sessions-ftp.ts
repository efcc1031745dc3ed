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

/** A command, and the event with the server's reply to it, which repeats the command. */
function exchange(command: string, arg: string, code: number): Step[] {
  return [
    { event: 'command', data: { command, arg } },
    { event: 'response', data: { command, arg, code } },
  ];
}

function logIn(kind: SessionKind, dice: Dice): Step[] {
  const username = dice.chance(40) ? 'anonymous' : dice.pick(USERS);
  const password = dice.pick(PASSWORDS);
  const user = exchange('USER', username, 331);
  const pass: Step = { event: 'command', data: { command: 'PASS', arg: password } };
  if (kind === 'attack' ? dice.chance(65) : dice.chance(15))
    return [...user, pass, { event: 'login_failed', data: { username, password } }];
  return [...user, pass, { event: 'login_success', data: { username } }, ...transfer(kind, dice)];
}

function transfer(kind: SessionKind, dice: Dice): Step[] {
  const path = dice.pick(FILES);
  return [
    { event: 'command', data: { command: 'TYPE', arg: dice.pick(['A', 'I']) } },
    ...exchange('PASV', '', 227),
    ...(dice.chance(50) ? exchange('LIST', '/srv/ftp', 226) : []),
    ...exchange(kind === 'attack' ? 'STOR' : 'RETR', path, 226),
    {
      event: 'transfer',
      data: { path: `/srv/ftp/${path}`, bytes: dice.between(900, 9_000_000), md5: dice.hex(32) },
    },
  ];
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
    if (dice.chance(50)) steps.push(...exchange('QUIT', '', 221));
    return [...steps, { event: 'disconnect' }];
  },
};
