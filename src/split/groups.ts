import { PhantomNetError, show } from '../core/index.js';
import { counted, rows } from './sizes.js';

/** What names the group of a row: a sensor, a session, an address. */
export type Group = number | string;

/** The groups of some rows. */
export interface Groups {
  /** The groups that occur: numbers ascending, then texts by their UTF-16 units. */
  readonly names: readonly Group[];
  /** The index of each row's group in `names`. */
  readonly ofRow: Uint32Array;
  /** Rows of each group. */
  readonly counts: Uint32Array;
}

/** Returns the groups that occur and each row's. Throws BAD_DATA for a row without one. O(n + groups × log groups). */
export function findGroups(groups: ArrayLike<Group>): Groups {
  const first = new Map<Group, number>();
  const seen = new Uint32Array(groups.length);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    checkGroup(group, row);
    if (!first.has(group)) first.set(group, first.size);
    seen[row] = first.get(group)!;
  }
  const unsorted = [...first.keys()];
  const order = [...unsorted.keys()].sort((a, b) => compareGroups(unsorted[a]!, unsorted[b]!));
  const rank = new Uint32Array(order.length);
  for (const [sorted, found] of order.entries()) rank[found] = sorted;
  const ofRow = seen.map((found) => rank[found]!);
  const counts = new Uint32Array(order.length);
  for (const group of ofRow) counts[group]! += 1;
  return { names: order.map((found) => unsorted[found]!), ofRow, counts };
}

function checkGroup(group: unknown, row: number): void {
  if (typeof group === 'string' || Number.isFinite(group)) return;
  throw new PhantomNetError('BAD_DATA', `row ${row} has no usable group, got ${show(group)}`, {
    hint: 'give every row a text or a finite number as its group',
    details: { row },
  });
}

function compareGroups(a: Group, b: Group): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the rows, ascending, whose group is marked. */
export function rowsOfGroups({ ofRow }: Groups, marked: (group: number) => boolean): Uint32Array {
  const taken = new Uint32Array(ofRow.length);
  let count = 0;
  for (let row = 0; row < ofRow.length; row++) if (marked(ofRow[row]!)) taken[count++] = row;
  return taken.slice(0, count);
}

/** Throws BAD_DATA for fewer groups than folds. */
export function checkGroupFolds({ names, ofRow }: Groups, nSplits: number): void {
  if (nSplits <= names.length) return;
  const few = names.length < 2;
  throw new PhantomNetError(
    'BAD_DATA',
    `cannot make ${nSplits} folds of ${counted(names.length, 'group')} (${rows(ofRow.length)})`,
    {
      hint: few
        ? 'group by something that differs between rows: 2 folds need at least 2 groups'
        : `use at most ${names.length} folds, or group by something finer`,
      details: { nSplits, nGroups: names.length, nSamples: ofRow.length },
    },
  );
}

/** Throws BAD_DATA unless there is one label a row. */
export function checkLabelCount(nLabels: number, nSamples: number): void {
  if (nLabels === nSamples) return;
  throw new PhantomNetError('BAD_DATA', `${nLabels} labels for the groups of ${rows(nSamples)}`, {
    hint: 'give one label and one group for each row',
    details: { labels: nLabels, nSamples },
  });
}
