import { type Finding, finding, listed, notApplicable, short } from './audit.js';
import type { Prepared } from './prepared.js';

/** Fewer test rows of a class than this say nothing about it. */
const MIN_ROWS_OF_CLASS = 10;
const MIN_ROWS = 30;
/** A slice of fewer rows is of one class by chance soon. */
const MIN_ROWS_OF_SLICE = 20;
const MAX_CHANCE = 0.001;

/** Returns whether the test set is too small: fewer than 30 rows, or fewer than 10 of a class that it has or trains on. */
export function auditSmallTest(data: Prepared): Finding {
  const { split } = data.input;
  if (split === undefined) return notApplicable('there are no test rows');
  const tested = countClasses(data, split.test);
  const trained = countClasses(data, split.train);
  const { classes } = data.labels;
  const few = classes.flatMap((label, code) =>
    tested[code]! < MIN_ROWS_OF_CLASS && trained[code]! + tested[code]! > 0
      ? [`${label}: ${tested[code]}`]
      : [],
  );
  const n = split.test.length;
  const half = 1.959964 * Math.sqrt((0.9 * 0.1) / n);
  const interval = `an accuracy of .9 is known to about ±${short(half)}`;
  const numbers = { rows: n, smallestClass: Math.min(...tested), halfWidth: half };
  if (few.length === 0 && n >= MIN_ROWS) return finding('pass', `${n} test rows; ${interval}`, { numbers });
  const what = few.length === 0 ? '' : `, too few of a class (${listed(few)})`;
  return finding('warn', `${n} test rows${what}; ${interval}`, {
    numbers,
    fix: 'test on more rows, or cross-validate and take the spread of the folds for the error',
  });
}

/** Returns whether the test rows, or those of a sensor, are all of one class where chance does not explain it. */
export function auditOneClassTest(data: Prepared): Finding {
  const { split, sensor } = data.input;
  if (split === undefined) return notApplicable('there are no test rows');
  const counts = countClasses(data, split.test);
  const most = Math.max(...counts) / split.test.length;
  if (most === 1) {
    const label = data.labels.classes[counts.indexOf(split.test.length)];
    return finding('warn', `all ${split.test.length} test rows are of class ${label}`, {
      fix: 'choose test rows that hold every class: a score on one class says nothing of errors on another',
    });
  }
  const slices = slicesBySensor(data).filter(
    ({ rows, classes }) => rows >= MIN_ROWS_OF_SLICE && classes === 1 && most ** rows < MAX_CHANCE,
  );
  if (slices.length === 0)
    return finding('pass', 'the test rows hold more than one class, each large sensor too');
  const names = slices.map(({ name, rows }) => `${name} (${rows} rows)`);
  return finding('warn', `test rows of one class only at ${listed(names)}`, {
    columns: [sensor!],
    numbers: { sensors: slices.length },
    fix: 'report no score for these sensors, and check that the sensor does not stand for the label',
  });
}

/** Returns whether all test rows come from one of several sensors. */
export function auditOneSensorTest(data: Prepared): Finding {
  const { split } = data.input;
  const column = data.column(data.input.sensor);
  if (split === undefined || column === undefined)
    return notApplicable(split === undefined ? 'there are no test rows' : 'no column names a sensor');
  const all = data.codes(column).count;
  const tested = new Set(Array.from(split.test, (row) => column.values[row]));
  const numbers = { sensors: all, tested: tested.size };
  if (tested.size > 1 || all === 1)
    return finding('pass', `the test rows come from ${tested.size} of ${all} sensors`, { numbers });
  return finding('warn', `all test rows come from one of ${all} sensors: ${[...tested][0]}`, {
    columns: [column.name],
    numbers,
    fix: 'test on rows of several sensors, or call the score that of this one',
  });
}

function countClasses({ labels }: Prepared, rows: Uint32Array): number[] {
  const counts = labels.classes.map(() => 0);
  for (const row of rows) counts[labels.codes[row]!] = counts[labels.codes[row]!]! + 1;
  return counts;
}

function slicesBySensor(data: Prepared) {
  const column = data.column(data.input.sensor);
  const slices = new Map<string, { rows: number; classes: Set<number> }>();
  for (const row of column === undefined ? [] : data.input.split!.test) {
    const name = String(column!.values[row]);
    const slice = slices.get(name) ?? { rows: 0, classes: new Set() };
    slices.set(name, slice);
    slice.rows++;
    slice.classes.add(data.labels.codes[row]!);
  }
  return [...slices].map(([name, { rows, classes }]) => ({ name, rows, classes: classes.size }));
}
