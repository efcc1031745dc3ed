import { type AuditColumn, type Finding, finding, NO_RAW_COLUMN, notApplicable, short } from './audit.js';
import type { Prepared } from './prepared.js';
import { type Codes, tallyByGroup } from './row-groups.js';

/** The most rows that a rule of these columns gets right, as an exact fraction. */
interface Ceiling {
  readonly right: number;
  readonly rows: number;
}

/** The best rule that knows only which rows are equal: the commonest label of each group, of equally common ones the first. */
export class MajorityRule {
  readonly #groups: Codes;
  readonly #best: Int32Array;
  readonly #labels: Uint16Array;
  /** Groups of equal rows that carry more than one label. */
  readonly conflicts: number;
  /** Rows whose label is not their group's commonest. */
  readonly wrong: number;

  constructor(data: Prepared, columns: readonly AuditColumn[]) {
    this.#groups = data.group(columns);
    this.#labels = data.labels.codes;
    const { best, most, distinct } = tallyByGroup(this.#groups, this.#labels);
    this.#best = best;
    this.conflicts = distinct.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0);
    this.wrong = data.nRows - most.reduce((sum, count) => sum + count, 0);
  }

  /** Returns how many of these rows the rule of the whole data gets right. */
  on(rows: Uint32Array): Ceiling {
    let right = 0;
    for (const row of rows) if (this.#best[this.#groups.codes[row]!] === this.#labels[row]) right++;
    return { right, rows: rows.length };
  }
}

/**
 * Returns the raw columns that the model reads and that may be read: those a ceiling is for. A time or an id tells rows apart
 * where the model was given it, such as the hour of an event; of columns that nobody named it is none to read.
 */
export function columnsRead(data: Prepared): AuditColumn[] {
  const isNamed = data.input.used !== undefined;
  return data.candidates.filter(
    ({ role }) => role === 'feature' || (isNamed && (role === 'time' || role === 'identifier')),
  );
}

/**
 * Returns how many groups of equal raw rows carry more than one label, and the ceiling they set: the share of all rows that
 * the commonest label of each group gets right, which no rule of these columns can pass. Any conflict warns. Samples that
 * are made of several events are equal where all that a model is given of them is.
 */
export function auditConflictingLabels(data: Prepared): Finding {
  // A row that is made of several events has no raw columns; what the model is given of it is all there is to tell it by.
  const told = data.raw.length === 0 && data.input.reach === 'history' ? columnsRead(data) : data.raw;
  if (told.length === 0) return notApplicable(NO_RAW_COLUMN);
  const all = new MajorityRule(data, told);
  const numbers = { groups: all.conflicts, ...ceilingNumbers(data.nRows - all.wrong, data.nRows) };
  const read = columnsRead(data);
  const isSame = read.length === told.length && read.every((column) => told.includes(column));
  const some = read.length === 0 || isSame ? undefined : new MajorityRule(data, read);
  const ofRead = some === undefined ? {} : { ceilingOfColumnsRead: (data.nRows - some.wrong) / data.nRows };
  if (all.conflicts === 0)
    return finding('pass', 'no equal rows carry different labels', { numbers: { ...numbers, ...ofRead } });
  const groups =
    all.conflicts === 1 ? '1 group of equal rows carries' : `${all.conflicts} groups of equal rows carry`;
  const ceiling = `no rule gets more than ${data.nRows - all.wrong} of ${data.nRows} rows right (${short(numbers.ceiling)})`;
  const isLess = some !== undefined && some.wrong > all.wrong;
  const less = !isLess ? '' : `; of the columns read, ${short(ofRead.ceilingOfColumnsRead!)}`;
  return finding('warn', `${groups} more than one label: ${ceiling}${less}`, {
    numbers: { ...numbers, ...ofRead },
    fix: `take ${numbers.right} of ${numbers.rows} for the best there is, or add columns that tell these rows apart`,
  });
}

function ceilingNumbers(right: number, rows: number) {
  return { right, rows, ceiling: right / rows };
}
