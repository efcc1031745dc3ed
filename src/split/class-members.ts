import { PhantomNetError, show } from '../core/index.js';
import type { Labels } from '../data/index.js';

/** One class that has at least one row. */
export interface ClassMembers {
  readonly name: number | string;
  /** Row numbers, ascending. */
  readonly rows: Uint32Array;
}

/**
 * Returns the classes that occur, in the ascending order of `labels.classes`, each with its rows.
 * Throws BAD_DATA for a code without a class. O(n).
 */
export function classMembers(labels: Labels): ClassMembers[] {
  const { classes, codes } = labels;
  const counts = new Uint32Array(classes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= classes.length)
      throw new PhantomNetError(
        'BAD_DATA',
        `row ${row} has class code ${code}, but there are ${classes.length} classes`,
        { hint: 'give every row the index of its class in labels.classes', details: { row, code } },
      );
    counts[code]! += 1;
  }
  const byCode = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(classes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    byCode[code]![filled[code]!++] = row;
  }
  return byCode.flatMap((rows, code) => (rows.length > 0 ? [{ name: classes[code]!, rows }] : []));
}

/** Returns the names and sizes of classes for a message, the first five of them. */
export function listClasses(members: readonly ClassMembers[]): string {
  const listed = members.slice(0, 5).map(({ name, rows }) => `${show(name)} (${rows.length})`);
  return members.length > 5 ? `${listed.join(', ')} and ${members.length - 5} more` : listed.join(', ');
}
