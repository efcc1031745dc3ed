import { fileURLToPath } from 'node:url';

/** The real NSL-KDD files, which are not part of the project. */
export const NSL_KDD_FOLDER = fileURLToPath(new URL('../../../shared/data/nsl-kdd', import.meta.url));

/** The cells of one made-up connection by the column's position; all others are 0. */
export interface Connection {
  readonly attack: string;
  readonly protocol?: string;
  readonly service?: string;
  readonly srcBytes?: number;
  readonly count?: number;
  readonly rate?: number;
}

/** Returns one line as NSL-KDD has them, without its line break. */
export function nslKddRow({
  attack,
  protocol = 'tcp',
  service = 'http',
  srcBytes = 0,
  count = 0,
  rate = 0,
}: Connection): string {
  const cells = new Array<string>(43).fill('0');
  cells.splice(1, 4, protocol, service, 'SF', String(srcBytes));
  cells[22] = String(count);
  cells[24] = rate.toFixed(2);
  cells.splice(41, 2, attack, '20');
  return cells.join(',');
}

/** What a made-up connection of each kind looks like; values overlap, so that no rule is always right. */
const KINDS: Readonly<Record<string, (at: (below: number) => number) => Connection>> = {
  normal: (at) => ({
    attack: 'normal',
    service: at(2) ? 'http' : 'smtp',
    srcBytes: 200 + at(900),
    count: at(40),
  }),
  neptune: (at) => ({
    attack: 'neptune',
    service: 'private',
    srcBytes: at(300),
    count: 20 + at(200),
    rate: at(101) / 100,
  }),
  portsweep: (at) => ({
    attack: 'portsweep',
    service: 'other',
    srcBytes: at(250),
    count: at(60),
    rate: at(101) / 100,
  }),
  guess_passwd: (at) => ({
    attack: 'guess_passwd',
    service: 'telnet',
    srcBytes: 100 + at(300),
    count: at(5),
  }),
  mailbomb: (at) => ({ attack: 'mailbomb', service: 'smtp', srcBytes: 2000 + at(900), count: at(30) }),
};

/** Returns a made-up NSL-KDD file of `rows` lines, in turn of the kinds named; the same for the same seed. */
export function nslKddFile(rows: number, kinds: readonly string[], seed = 1): string {
  let state = seed;
  const at = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const lines = Array.from({ length: rows }, (_, i) => {
    const made = KINDS[kinds[i % kinds.length]!]!(at);
    // No service may tell the kinds apart alone: an audit would stop the training.
    return nslKddRow(i % 7 === 0 ? { ...made, service: 'http' } : made);
  });
  return `${lines.join('\n')}\n`;
}
