import { PhantomNetError } from '../core/index.js';
import type { Labels, Split } from '../data/index.js';

/** What both sides of a split must hold. */
interface ClassNeed {
  /** Rows of each class. */
  readonly least: number;
  /** What the split is by: `time`, or what names the groups. */
  readonly by: string;
  /** What to do where they do not. */
  readonly hint: string;
}

/** What else to do where there are many classes. */
const RARE =
  'where a rule makes the label of events, label.classes puts rare classes together or leaves them out';

/** Throws BAD_DATA where a side of the split has fewer rows of a class than are needed. */
export function requireClasses(labels: Labels, split: Split, { least, by, hint }: ClassNeed): void {
  for (const side of ['train', 'test'] as const) {
    const counts = countCodes(labels, split[side]);
    const short = labels.classes.flatMap((label, code) =>
      counts[code]! < least ? [`${label}: ${counts[code]}`] : [],
    );
    if (short.length === 0) continue;
    const n = split[side].length;
    const part = side === 'train' ? 'training' : 'test';
    const rows =
      by === 'time' ? `rows, the ${side === 'train' ? 'first' : 'last'} ${n} events,` : `side, ${n} rows,`;
    throw new PhantomNetError(
      'BAD_DATA',
      `split by ${by}: the ${part} ${rows} hold too few of a class (${short.join(', ')}; at least ${least} of each ${least === 1 ? 'is' : 'are'} needed)`,
      { hint: labels.classes.length > 2 ? `${hint}; ${RARE}` : hint, details: { side, short, least } },
    );
  }
}

function countCodes({ classes, codes }: Labels, rows: Uint32Array): number[] {
  const counts = classes.map(() => 0);
  for (const row of rows) counts[codes[row]!]! += 1;
  return counts;
}
