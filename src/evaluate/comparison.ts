import { didYouMean, given, PhantomNetError, show } from '../core/index.js';
import type { Interval } from './evaluation.js';
import { type PairedTestResult, type Testable, testPairs } from './pair-tests.js';
import type { PairedTest, Untested } from './paired-test.js';
import { type JudgedTest, judge } from './verdict.js';

/** One run or baseline to compare; it is tested by the predictions and the metrics by fold that it has. */
export interface ComparisonEntry extends Testable {
  /** What tells it from the others, such as a run id; default its name. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly intervals?: Readonly<Record<string, Interval>> | undefined;
  /** Mean time of scoring, in milliseconds; of the same kind of call in every entry. */
  readonly latencyMs?: number | undefined;
}

/** One figure of the table. */
export interface ComparisonCell {
  readonly value: number;
  readonly interval?: Interval;
  /** No other comparable entry is better; all that tie are best. */
  readonly best: boolean;
}

/** One entry of the table. */
export interface ComparisonRow {
  readonly id: string;
  readonly name: string;
  /** Cell by column key; absent where the entry does not have the figure. */
  readonly cells: Readonly<Partial<Record<ColumnKey, ComparisonCell>>>;
  /** The tests against the chosen entry in the order of PAIRED_TESTS; absent for that entry itself, and where none was chosen. */
  readonly tests?: readonly (JudgedTest | Untested)[];
}

/** A table of entries: plain values. */
export interface Comparison {
  /** The entry that the others are tested against, where one was chosen. */
  readonly against?: { readonly id: string; readonly name: string };
  /** The tests that there are: Holm's correction is for all of them. */
  readonly nTests?: number;
  /**
   * Ids of the entries that may be best, where not all were tested on the same data and label: those of the data of the chosen
   * entry. None where none was chosen.
   */
  readonly comparable?: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

/** How to compare. */
export interface CompareOptions {
  /** Id or name of the entry that the others are tested against; default: no tests. */
  readonly against?: string | undefined;
  /** Coverage of the differences' intervals; a difference is shown below 1 - level. Default 0.95. */
  readonly level?: number;
  /** Bootstrap resamples; default 2000, fewer from 50,000 rows on, but at least 500. */
  readonly resamples?: number;
  /** Seed of the bootstrap, default 0. */
  readonly randomState?: number;
}

/** The columns in order. precision, recall and f1 are weighted by class; `higher` or `lower` is better. */
export const COMPARISON_COLUMNS = [
  { key: 'accuracy', title: 'accuracy', better: 'higher' },
  { key: 'precision', title: 'precision', better: 'higher' },
  { key: 'recall', title: 'recall', better: 'higher' },
  { key: 'f1', title: 'F1', better: 'higher' },
  { key: 'rocAuc', title: 'AUC', better: 'higher' },
  { key: 'latencyMs', title: 'ms', better: 'lower' },
] as const;

/** A column's key. */
export type ColumnKey = (typeof COMPARISON_COLUMNS)[number]['key'];

/** Values this near each other, relative to their size, tie: the same counts added up in another order. */
const TIE = 1e-12;

/** Draws of the bootstrap, over all resamples, that a default stays within. */
const DRAWS = 1e8;

/**
 * Returns the table of `entries` in their order, with the best of each column marked (where two or more have a figure;
 * of entries whose predictions are of several datasets only those of the chosen one's), and each entry tested against the one whose id or name is `against`, as far as what they have allows: accuracy by McNemar,
 * AUC by DeLong, weighted F1 by paired bootstrap, accuracy over folds by the corrected resampled t. Where the rows
 * have groups, the bootstrap draws whole groups, and McNemar and DeLong, which take rows as independent, are left out. All p-values of the table are corrected together by Holm's method.
 * Throws BAD_DATA for no entries, NOT_FOUND for an `against` that is none of them, CONFLICT for one that is several.
 * Deterministic given `randomState`.
 */
export function compare(entries: readonly ComparisonEntry[], options: CompareOptions = {}): Comparison {
  const { against } = options;
  if (entries.length === 0)
    throw new PhantomNetError('BAD_DATA', 'there is nothing to compare: no run and no baseline was given', {
      hint: 'train a model first, or name an experiment that has finished runs',
    });
  const chosen = against === undefined ? undefined : findEntry(entries, against);
  const comparable = comparableEntries(entries, chosen);
  const best = new Map(
    COMPARISON_COLUMNS.map(({ key, better }) => [key, bestValue(comparable, key, better)]),
  );
  const rows = entries.map((entry) => ({
    ...identity(entry),
    cells: rowCells(entry, comparable.includes(entry) ? best : NO_BEST),
  }));
  const told = given({
    comparable:
      comparable.length < entries.length ? comparable.map((entry) => identity(entry).id) : undefined,
  });
  if (chosen === undefined) return { ...told, rows };
  const others = entries.filter((entry) => entry !== chosen);
  const { tests, nTests } = testAll(others, chosen, options);
  return {
    against: identity(chosen),
    nTests,
    ...told,
    rows: rows.map((row, i) => {
      const place = others.indexOf(entries[i]!);
      return place < 0 ? row : { ...row, tests: tests[place]! };
    }),
  };
}

const NO_BEST: ReadonlyMap<ColumnKey, number> = new Map();

/** A figure of another label or other data is neither better nor worse, so it outshines none. */
function comparableEntries(entries: readonly ComparisonEntry[], chosen: ComparisonEntry | undefined) {
  const datasets = new Set(entries.flatMap(({ predictions }) => predictions?.dataset ?? []));
  if (datasets.size < 2) return entries;
  const dataset = chosen?.predictions?.dataset;
  return entries.filter(({ predictions }) => dataset !== undefined && predictions?.dataset === dataset);
}

/** The tests of all others, corrected together. */
function testAll(others: readonly ComparisonEntry[], chosen: ComparisonEntry, options: CompareOptions) {
  const { level = 0.95, randomState = 0 } = options;
  const nRows = chosen.predictions?.rows.length ?? 0;
  const resamples = options.resamples ?? Math.max(500, Math.min(2000, Math.floor(DRAWS / nRows)));
  const tests = testPairs(others, chosen, { level, resamples, randomState });
  const judged = judge(tests.flat().filter(isTest), { level });
  const nTests = judged.length;
  return { nTests, tests: tests.map((row) => row.map((test) => (isTest(test) ? judged.shift()! : test))) };
}

function isTest(test: PairedTestResult): test is PairedTest {
  return 'pValue' in test;
}

function identity({ id, name }: ComparisonEntry): { id: string; name: string } {
  return { id: id ?? name, name };
}

function findEntry(entries: readonly ComparisonEntry[], against: string): ComparisonEntry {
  const byId = entries.filter((entry) => entry.id === against);
  const found = byId.length > 0 ? byId : entries.filter((entry) => entry.name === against);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new PhantomNetError(
      'CONFLICT',
      `${found.length} of the compared entries are named ${show(against)}`,
      {
        hint: `choose one by its id: ${found.map((entry) => show(entry.id ?? entry.name)).join(', ')}`,
      },
    );
  const names = entries.map((entry) => entry.name);
  throw new PhantomNetError('NOT_FOUND', `no compared entry has the id or name ${show(against)}`, {
    hint: didYouMean(against, names) ?? `choose one of ${names.slice(0, 10).map(show).join(', ')}`,
  });
}

function figureOf(entry: ComparisonEntry, key: ColumnKey): number | undefined {
  const value = key === 'latencyMs' ? entry.latencyMs : entry.metrics[key];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function bestValue(entries: readonly ComparisonEntry[], key: ColumnKey, better: 'higher' | 'lower') {
  const values = entries.map((entry) => figureOf(entry, key)).filter((value) => value !== undefined);
  if (values.length < 2) return undefined;
  return values.reduce((a, b) => (better === 'higher' ? Math.max(a, b) : Math.min(a, b)));
}

function rowCells(entry: ComparisonEntry, best: ReadonlyMap<ColumnKey, number | undefined>) {
  const cells: Partial<Record<ColumnKey, ComparisonCell>> = {};
  for (const { key } of COMPARISON_COLUMNS) {
    const value = figureOf(entry, key);
    if (value === undefined) continue;
    const top = best.get(key);
    const interval = key === 'latencyMs' ? undefined : entry.intervals?.[key];
    cells[key] = {
      value,
      ...(interval && { interval }),
      best: top !== undefined && Math.abs(value - top) <= TIE * Math.abs(top),
    };
  }
  return cells;
}
