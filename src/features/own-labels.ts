import { didYouMean, PhantomNetError, show } from '../core/index.js';
import { type Labels, type Table, tablePlace } from '../data/index.js';
import { codesOf } from './labels.js';

/** The most whole numbers that are taken for classes: beyond, a column measures something. */
const MAX_NUMERIC_CLASSES = 100;

/**
 * Returns the column `target` as labels: its texts, or its numbers where they are few and whole, in ascending order. Throws
 * NOT_FOUND where there is no such column, and BAD_DATA, with file and line, for a row without a label and for numbers that
 * are no classes.
 */
export function ownColumnLabels(table: Table, target: string): Labels {
  const values = table.values.get(target);
  if (values === undefined) return noColumn(table, target);
  const missing = Array.prototype.findIndex.call(values, (v) => v === null || Number.isNaN(v));
  if (missing >= 0) {
    const { file, line } = tablePlace(table, missing);
    fail(
      `${file} line ${line}: column ${show(target)} is empty, and the label is made from it`,
      'fill the column in, or leave the row out',
      { file, line, column: target },
    );
  }
  if (!(values instanceof Float64Array)) return codesOf(values as readonly string[], target);
  const classes = [...new Set(values)].sort((a, b) => a - b);
  const fraction = classes.find((value) => !Number.isSafeInteger(value));
  if (fraction !== undefined || classes.length > MAX_NUMERIC_CLASSES) {
    const what =
      fraction === undefined
        ? `${classes.length} different numbers, which are too many for classes`
        : `numbers such as ${fraction}, which are no classes`;
    fail(`label: column ${show(target)} of ${table.file} holds ${what}`, numberHint, { column: target });
  }
  return codesOf([...values], target, classes);
}

const numberHint = `choose a column of words, or of at most ${MAX_NUMERIC_CLASSES} whole numbers`;

function noColumn({ file, values }: Table, target: string): never {
  const names = [...values.keys()];
  throw new PhantomNetError('NOT_FOUND', `label: no column ${show(target)} in ${file}`, {
    hint: didYouMean(target, names) ?? `name one of its columns with --label: ${names.join(', ')}`,
    details: { column: target, file },
  });
}

function fail(message: string, hint: string, details: Record<string, unknown>): never {
  throw new PhantomNetError('BAD_DATA', message, { hint, details });
}
