import type { ColumnSchema, Labels, Split, TableValues } from '../data/index.js';

/** What an audit says: training must not start, look at this first, nothing found, or the data has not what it looks at. */
export type Verdict = 'block' | 'warn' | 'pass' | 'not-applicable';

/** The names of all audits, in the order they are told. */
export const AUDIT_NAMES = [
  'declared-roles',
  'label-in-window',
  'separates-alone',
  'functional-dependence',
  'exact-duplicates',
  'near-duplicates',
  'conflicting-labels',
  'unseen-classes',
  'small-test',
  'one-class-test',
  'one-sensor-test',
  'sensor-shortcut',
  'source-concentration',
  'class-ratio',
  'score-above-ceiling',
] as const;

/** The name of an audit. */
export type AuditName = (typeof AUDIT_NAMES)[number];

/** What one audit found. */
export interface Audit {
  readonly name: AuditName;
  readonly verdict: Verdict;
  /** The columns it is about; none where it is about rows. */
  readonly columns: readonly string[];
  readonly evidence: {
    /** One sentence. */
    readonly words: string;
    /** The figures in it, by what they are of. */
    readonly numbers: Readonly<Record<string, number>>;
  };
  /** What to do about it; empty where there is nothing to do. */
  readonly fix: string;
}

/** One column of the raw rows, or of what is made from them: its role and the values of all rows. */
export interface AuditColumn extends ColumnSchema {
  readonly values: TableValues;
}

/** How many samples have features that are made of the very event that gave their label, too. */
export interface LabelInWindow {
  readonly unit: 'event' | 'session';
  readonly samples: number;
  readonly of: number;
}

/** What the audits look at: raw rows by column with their labels, and how they will be used. */
export interface AuditInput {
  /** The name of the label; a column of that name is the label itself. */
  readonly label: string;
  readonly labels: Labels;
  /** The raw columns of all rows, training and test rows alike. */
  readonly columns: readonly AuditColumn[];
  /** The raw columns that the model is to read; all but the label where absent: what if every column were used? */
  readonly used?: readonly string[] | undefined;
  /**
   * Columns made from raw ones that the model is to read in their place. They are looked at alone, on training rows only, and
   * never make two rows equal.
   */
  readonly derived?: readonly AuditColumn[] | undefined;
  /**
   * What the columns that are read may know of: the row itself (the default), or earlier rows too. Where they do and none is
   * derived, the rows are features themselves, and there is no raw one to compare.
   */
  readonly reach?: 'row' | 'history' | undefined;
  /** Which rows train and which test, where that is settled. */
  readonly split?: Split | undefined;
  /** The column that names the sensor of a row, and the one that names its source. */
  readonly sensor?: string | undefined;
  readonly source?: string | undefined;
  /** Samples made of events: how many of them know of the event that gave their label, and how many there are. */
  readonly labelInWindow?: LabelInWindow | undefined;
  /** The share of the second of two classes where the model will work, where it is stated. */
  readonly baseRate?: number | undefined;
  /** Seed of folds and of the order in which rows are compared; default 42. */
  readonly randomState?: number | undefined;
}

/** What an audit has to tell, but for its name. */
export type Finding = Omit<Audit, 'name'>;

/** Returns a finding; `columns` and `fix` are none by default. */
export function finding(
  verdict: Verdict,
  words: string,
  rest: {
    readonly numbers?: Readonly<Record<string, number>>;
    readonly columns?: readonly string[];
    readonly fix?: string;
  } = {},
): Finding {
  const { numbers = {}, columns = [], fix = '' } = rest;
  return { verdict, columns, evidence: { words, numbers }, fix };
}

/** Returns the finding of an audit that the data has nothing for. */
export function notApplicable(why: string): Finding {
  return finding('not-applicable', why);
}

/** Why rows cannot be compared. */
export const NO_RAW_COLUMN = 'there is no raw column but ids, times and the label';

/** Returns a share as people read it: `4.5 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value !== 0 && Math.abs(value) < 0.995 ? value.toPrecision(2) : Number(value.toFixed(1))} %`;
}

/** Returns a number of at most four decimals. */
export function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** Returns at most six names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  return `${names.slice(0, 6).join(', ')}${more}`;
}
