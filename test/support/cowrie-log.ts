/** How far the sessions of a made-up log go. */
export interface MadeSessions {
  readonly scans: number;
  readonly guesses: number;
  readonly breakIns: number;
}

/**
 * Lines of a Cowrie log of so many sessions a kind, mixed, one a minute, each kind with clients of its own in part: nothing
 * of it is of a real log.
 */
export function cowrieLog({ scans, guesses, breakIns }: MadeSessions): string {
  const total = scans + guesses + breakIns;
  const lines: string[] = [];
  const left = { scan: scans, guess: guesses, breakIn: breakIns };
  for (let i = 0; i < total; i++) {
    const kinds = (['scan', 'guess', 'breakIn'] as const).filter((kind) => left[kind] > 0);
    const kind = kinds[(i * 7919) % kinds.length]!;
    left[kind]--;
    lines.push(...session(i, kind));
  }
  return `${lines.join('\n')}\n`;
}

function session(i: number, kind: 'scan' | 'guess' | 'breakIn'): string[] {
  const begin = Date.UTC(2031, 2, 1) + i * 60_000;
  const line = (seconds: number, eventid: string, more: object = {}) =>
    JSON.stringify({
      ...{ eventid, timestamp: new Date(begin + seconds * 1000).toISOString(), session: `s${i}` },
      ...{ sensor: 'pot', src_ip: `192.0.2.${(i * 31) % 97}`, ...more },
    });
  const slow = (i * 37) % 5;
  const client = kind === 'scan' || (i * 13) % 4 === 0 ? 'SSH-2.0-scan' : 'SSH-2.0-libssh';
  const login = (seconds: number, outcome: 'failed' | 'success') =>
    line(seconds, `cowrie.login.${outcome}`, { username: 'root', password: `word${i % 9}` });
  return [
    line(0, 'cowrie.session.connect', { src_port: 1024 + i, dst_ip: '198.51.100.1', dst_port: 22 }),
    line(1 + slow, 'cowrie.client.version', { version: client }),
    ...(kind === 'scan' ? [] : [login(8, 'failed')]),
    ...(kind === 'breakIn'
      ? [login(9, 'success'), line(10, 'cowrie.command.input', { input: 'uname -a' })]
      : []),
    line(20, 'cowrie.session.closed', { duration: 20 }),
  ];
}
