import { type Finding, finding, listed, notApplicable, percent, short } from './audit.js';
import { binomialUpperTail } from './binomial.js';
import type { Prepared } from './prepared.js';

/** A source of this share of the rows, or fewer sources in effect, makes results those of a few. */
const MAX_SHARE = 0.25;
const MIN_EFFECTIVE = 5;
const MIN_ROWS = 100;

/**
 * Returns how much of the data a few sources send: the share of the largest, of the three largest, and the effective number
 * (one by the sum of squared shares: how many equal sources would be as concentrated).
 */
export function auditSourceConcentration(data: Prepared): Finding {
  const column = data.column(data.input.source);
  if (column === undefined) return notApplicable('no column names a source');
  if (data.nRows < MIN_ROWS) return notApplicable(`there are fewer than ${MIN_ROWS} rows`);
  const { codes, count } = data.codes(column);
  const sizes = new Float64Array(count);
  for (const code of codes) sizes[code] = sizes[code]! + 1;
  const shares = sizes.map((size) => size / codes.length).sort((a, b) => b - a);
  const effective = 1 / shares.reduce((sum, share) => sum + share ** 2, 0);
  const three = shares.subarray(0, 3).reduce((sum, share) => sum + share, 0);
  const numbers = { sources: count, largest: shares[0]!, largestThree: three, effective };
  const words =
    count === 1
      ? 'all rows come from one source'
      : `the largest of ${count} sources sends ${percent(shares[0]!)} of the rows, the three largest ${percent(three)}; in effect ${short(effective)} sources`;
  const isFew = shares[0]! >= MAX_SHARE || effective < MIN_EFFECTIVE;
  return finding(isFew ? 'warn' : 'pass', words, {
    numbers,
    columns: [column.name],
    ...(isFew
      ? {
          fix:
            count === 1
              ? 'add rows of other sources: nothing can be said of those that are not here'
              : 'split by source, and give intervals by source: rows of one source are no independent rows',
        }
      : {}),
  });
}

/** Returns whether the share of the second of two classes is more than twice, or less than half, the stated base rate. */
export function auditClassRatio(data: Prepared): Finding {
  const { baseRate, split } = data.input;
  const { classes, codes } = data.labels;
  if (baseRate === undefined) return notApplicable('no base rate is stated');
  if (classes.length !== 2) return notApplicable('there are more than two classes');
  const rows = split?.test ?? data.trainRows;
  const found = rows.reduce((sum, row) => sum + (codes[row] === 1 ? 1 : 0), 0);
  const share = found / rows.length;
  const words = `class ${classes[1]} is ${percent(share)} of the rows, where ${percent(baseRate)} is stated`;
  const isOff = share > 2 * baseRate || share < baseRate / 2;
  const chance = isOff
    ? share > baseRate
      ? binomialUpperTail(found, rows.length, baseRate)
      : binomialUpperTail(rows.length - found, rows.length, 1 - baseRate)
    : 1;
  const isFar = isOff && chance < 0.01;
  return finding(isFar ? 'warn' : 'pass', words, {
    numbers: { share, baseRate, rows: rows.length },
    ...(isFar
      ? { fix: 'read precision and alert counts at the stated base rate, not at that of these rows' }
      : {}),
  });
}

/** Returns which classes, and which values of columns that define the label, the test rows have and the training rows lack. */
export function auditUnseenClasses(data: Prepared): Finding {
  const { split, columns } = data.input;
  if (split === undefined) return notApplicable('there are no test rows');
  const { classes, codes } = data.labels;
  const own = { name: data.input.label, values: Array.from(codes, (code) => String(classes[code])) };
  const defining = columns.filter(
    ({ role, name, values }) =>
      role === 'label-defining' && name !== own.name && !(values instanceof Float64Array),
  );
  const found = [own, ...defining].flatMap(({ name, values }) => {
    const trained = new Set(Array.from(split.train, (row) => values[row]));
    const rows = [...split.test].filter((row) => !trained.has(values[row]!));
    const unseen = [...new Set(rows.map((row) => String(values[row])))].sort();
    return unseen.length === 0 ? [] : [{ name, rows: rows.length, unseen }];
  });
  if (found.length === 0) return finding('pass', 'training has every class that the test rows have');
  const told = found.map(
    ({ name, rows, unseen }) =>
      `${rows} of ${split.test.length} test rows have one of ${unseen.length} values of ${name} that training has not seen: ${listed(unseen)}`,
  );
  return finding('warn', told.join('; '), {
    columns: found.map(({ name }) => name),
    numbers: Object.fromEntries(
      found.flatMap(({ name, rows, unseen }) => [
        [`rows.${name}`, rows],
        [`values.${name}`, unseen.length],
      ]),
    ),
    fix: 'tell the score on these rows apart: it is that of attacks nobody has seen',
  });
}
