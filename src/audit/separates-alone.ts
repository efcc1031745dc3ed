import { Xoshiro128 } from '../core/index.js';
import { type AreaUnderCurve, areaUnderCurve, groupsOf, turned } from './auc.js';
import { type AuditColumn, type Finding, finding, listed, short } from './audit.js';
import { cutsArea, type NumberCodes } from './held-out-cuts.js';
import type { Prepared } from './prepared.js';
import { type Codes, codesOf, valuesAt } from './row-groups.js';
import { binsOf } from './value-bins.js';

const N_FOLDS = 5;
/** Lower bound from which a column separates alone. */
const LIMIT = 0.99;
/** A class of fewer rows tells nothing of one column, and one of fewer than MIN_ROWS_TO_BLOCK no more than a warning. */
const MIN_ROWS = 10;
const MIN_ROWS_TO_BLOCK = 30;

/**
 * Returns which columns tell the classes apart alone: the lower bound of the area under the ROC curve, of every class
 * against the others, is at least .99. A column scores a row with the share of the class among rows of the same value in the
 * other folds (numbers are cut into bins of equal counts, so it need not rise or fall, and where that does not tell, into at
 * most eight ranges that the other folds choose), or with its number, up or down.
 * A column that may be a feature blocks, where every class that is told apart has at least 30 rows; else, and where it is
 * an id or a time, it warns.
 */
export function auditSeparatesAlone(data: Prepared): Finding {
  const { trainRows, labels } = data;
  const y = Uint16Array.from(trainRows, (row) => labels.codes[row]!);
  const { classes, fewest } = classesOf(y, labels.classes.length);
  if (classes.length === 0) return finding('not-applicable', `a class has fewer than ${MIN_ROWS} rows`);
  const folds = foldsOf(y.length, data.randomState);
  const columns = [
    ...data.read,
    ...data.candidates.filter(({ role }) => role === 'identifier' || role === 'time'),
  ];
  const found = columns
    .map((column) => ({ column, ...boundOf(column, { trainRows, y, classes, folds }) }))
    .filter(({ low }) => low >= LIMIT);
  if (found.length === 0) return finding('pass', 'no column tells the classes apart alone');
  const names = found.map(({ column }) => column.name);
  const told = found.map(
    ({ column, area, low }) => `${column.name} (AUC ${short(area)}, at least ${short(low)})`,
  );
  const mayBlock = fewest >= MIN_ROWS_TO_BLOCK && found.some(({ column }) => column.role === 'feature');
  return finding(mayBlock ? 'block' : 'warn', `alone tells the classes apart: ${listed(told)}`, {
    columns: names,
    numbers: Object.fromEntries(found.map(({ column, low }) => [`lowerBound.${column.name}`, low])),
    fix: `find out how ${listed(names)} came to be; ${leaveOut(found, data)}`,
  });
}

/** Of what is made from raw columns only the features can be named: no column has a role to declare. */
function leaveOut(found: readonly { readonly column: AuditColumn }[], { input }: Prepared): string {
  const others = 'name the other features with --features';
  const [first] = found.map(({ column }) => column).filter(({ role }) => role === 'feature');
  const declare =
    first === undefined || input.derived !== undefined
      ? others
      : `declare it (--role ${first.name}=outcome) or ${others}`;
  return `leave out what is not known when a prediction is due: ${declare}`;
}

interface Rows {
  readonly trainRows: Uint32Array;
  readonly y: Uint16Array;
  readonly classes: readonly number[];
  readonly folds: Uint8Array;
}

/** Returns the smallest lower bound of all classes, and the area it belongs to; it stops where one is below the limit. */
function boundOf({ values }: AuditColumn, { trainRows, y, classes, folds }: Rows): AreaUnderCurve {
  const cells = valuesAt(values, trainRows);
  const bins = binsOf(cells);
  const exact = cells instanceof Float64Array ? { numbers: cells, ...codesOf(cells) } : undefined;
  let least: AreaUnderCurve = { area: 1, low: 1 };
  for (const target of classes) {
    const isPositive = Uint8Array.from(y, (code) => (code === target ? 1 : 0));
    const held = heldOutArea(bins, isPositive, folds);
    const raw = exact === undefined ? [] : [numberArea(exact, isPositive)];
    const whole = [held, ...raw, ...raw.map(turned)].reduce(better);
    const best =
      exact === undefined || whole.low >= LIMIT
        ? whole
        : better(whole, cutsArea(exact, isPositive, { folds, nFolds: N_FOLDS }));
    if (best.low < least.low) least = best;
    if (best.low < LIMIT) break;
  }
  return least;
}

function better(a: AreaUnderCurve, b: AreaUnderCurve): AreaUnderCurve {
  return b.low > a.low ? b : a;
}

/** Scores each row with the share of positive rows of its bin in the other folds; the whole share counts as one row more. */
function heldOutArea(bins: Codes, isPositive: Uint8Array, folds: Uint8Array): AreaUnderCurve {
  const cells = bins.codes.map((code, i) => code * N_FOLDS + folds[i]!);
  const groups = groupsOf({ codes: cells, count: bins.count * N_FOLDS }, isPositive);
  const prior = isPositive.reduce((sum, one) => sum + one, 0) / isPositive.length;
  const binOf = (counts: Float64Array, cell: number): number => {
    const start = cell - (cell % N_FOLDS);
    return counts.subarray(start, start + N_FOLDS).reduce((sum, count) => sum + count, 0);
  };
  const scores = groups.rows.map((rows, cell) => {
    const positives = binOf(groups.positives, cell) - groups.positives[cell]!;
    return (positives + prior) / (binOf(groups.rows, cell) - rows + 1);
  });
  return areaUnderCurve(scores, groups);
}

/** Scores each row with its number; a missing one is the lowest. */
function numberArea(exact: NumberCodes, isPositive: Uint8Array): AreaUnderCurve {
  const scores = new Float64Array(exact.count);
  exact.codes.forEach((code, i) => {
    const value = exact.numbers[i]!;
    scores[code] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  });
  return areaUnderCurve(scores, groupsOf(exact, isPositive));
}

/** Returns the classes to tell from the others, and how many rows the rarest has: two classes are one question. */
function classesOf(y: Uint16Array, nClasses: number) {
  const counts = new Array<number>(nClasses).fill(0);
  for (const code of y) counts[code] = counts[code]! + 1;
  const enough = counts.flatMap((count, code) => (count >= MIN_ROWS ? [code] : []));
  const fewest = Math.min(...enough.map((code) => counts[code]!));
  if (enough.length < 2) return { classes: [], fewest };
  return { classes: enough.length === 2 ? enough.slice(1) : enough, fewest };
}

function foldsOf(nRows: number, seed: number): Uint8Array {
  const random = new Xoshiro128(seed, 0);
  return Uint8Array.from({ length: nRows }, () => random.nextBelow(N_FOLDS));
}
