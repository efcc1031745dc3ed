import { Xoshiro128 } from '../core/index.js';
import { type AuditColumn, type Finding, finding, listed, notApplicable, percent } from './audit.js';
import type { Prepared } from './prepared.js';
import { type Codes, codesOf, tallyByGroup, valuesAt } from './row-groups.js';
import { binsOf } from './value-bins.js';

/** A column that names the sensor of this share of held-out rows is a fingerprint of it. */
const MIN_NAMED = 0.95;
/** Sensors differ where the share of a class does, by this much between two of them. */
const MIN_DIFFERENCE = 0.1;
const MIN_ROWS = 20;
const MAX_SENSORS = 100;

/**
 * Returns which columns give a row's sensor away where sensors differ in their share of a class: a model may then learn the
 * sensor in place of the attack. A column does so where the commonest sensor of a value in one half of the rows is the
 * sensor of 95 % of the rows of the other half, and naming the commonest sensor alone would not do.
 */
export function auditSensorShortcut(data: Prepared): Finding {
  const sensor = data.column(data.input.sensor);
  if (sensor === undefined) return notApplicable('no column names a sensor');
  const sensors = data.codes(sensor);
  if (sensors.count < 2) return notApplicable('all rows come from one sensor');
  const difference = largestDifference(data, sensor);
  const numbers = { sensors: sensors.count, difference };
  if (difference < MIN_DIFFERENCE)
    return finding('pass', `the share of a class differs by ${percent(difference)} between sensors`, {
      numbers,
    });
  const columns = fingerprints(data, sensor);
  const differ = `the share of a class differs by ${percent(difference)} between sensors`;
  if (columns.length === 0)
    return finding('pass', `${differ}, and no column gives the sensor away`, { numbers });
  const names = columns.map(({ name }) => name);
  return finding(
    'warn',
    `${differ}, and ${listed(names)} give${names.length === 1 ? 's' : ''} the sensor away`,
    {
      columns: names,
      numbers,
      fix: 'train without these columns, or test with one sensor left out at a time',
    },
  );
}

/** Returns the largest difference in the share of a class between two of the largest sensors, of at least 20 rows, beyond chance. */
function largestDifference(data: Prepared, sensor: AuditColumn): number {
  const nClasses = data.labels.classes.length;
  const { codes, count } = data.codes(sensor);
  const counts = Array.from({ length: count }, () => ({ own: new Uint32Array(nClasses), size: 0 }));
  codes.forEach((code, row) => {
    const at = counts[code]!;
    at.size++;
    at.own[data.labels.codes[row]!]! += 1;
  });
  const large = counts.filter(({ size }) => size >= MIN_ROWS).sort((a, b) => b.size - a.size);
  const rows = large.slice(0, MAX_SENSORS);
  let most = 0;
  for (const a of rows)
    for (const b of rows)
      for (let c = 0; c < nClasses; c++) {
        const [p, q] = [a.own[c]! / a.size, b.own[c]! / b.size];
        const both = (a.own[c]! + b.own[c]!) / (a.size + b.size);
        const error = Math.sqrt(both * (1 - both) * (1 / a.size + 1 / b.size));
        // Four standard errors: many pairs are looked at.
        if (Math.abs(p - q) > 4 * error) most = Math.max(most, Math.abs(p - q));
      }
  return most;
}

/** Returns the columns that name the sensor of a training row; none where most rows come from one sensor. */
function fingerprints(data: Prepared, sensor: AuditColumn): AuditColumn[] {
  const { trainRows } = data;
  const sensors = codesOf(valuesAt(sensor.values, trainRows));
  const random = new Xoshiro128(data.randomState, 2);
  const half = Uint8Array.from(trainRows, () => random.nextBelow(2));
  const sizes = new Uint32Array(sensors.count);
  for (const code of sensors.codes) sizes[code] = sizes[code]! + 1;
  if (sizes.some((size) => size >= MIN_NAMED * trainRows.length)) return [];
  return data.read.filter(({ values }) => {
    const bins = binsOf(valuesAt(values, trainRows));
    return namedShare(bins, sensors, half) >= MIN_NAMED;
  });
}

/** Returns the share of rows whose sensor is the commonest of their value in the other half; a value new there is none. */
function namedShare(bins: Codes, sensors: Codes, half: Uint8Array): number {
  const sides = [0, 1].map((side) => tallyByGroup(bins, sensors.codes, (row) => half[row] === side).best);
  let named = 0;
  bins.codes.forEach((code, row) => {
    if (sides[1 - half[row]!]![code] === sensors.codes[row]) named++;
  });
  return named / bins.codes.length;
}
