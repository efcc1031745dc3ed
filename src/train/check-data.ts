import { PhantomNetError, show } from '../core/index.js';
import type { FeatureMatrix, Labels } from '../data/index.js';

function bad(message: string, hint: string, details: Record<string, unknown> = {}): PhantomNetError {
  return new PhantomNetError('BAD_DATA', message, { hint, details });
}

/** What a fit must be able to rely on; `oneClass` allows samples of a single class. */
interface DataRules {
  readonly sampleWeight?: Float64Array | undefined;
  readonly oneClass?: boolean;
}

/** Throws BAD_DATA, naming row, column and value, for anything an estimator cannot be fitted on. Cost O(rows × features). */
export function checkData(x: FeatureMatrix, y: Labels, rules: DataRules = {}): void {
  checkShape(x, y);
  checkValues(x);
  checkSamples(x, y, rules);
}

/** The same without a look at the values, for an estimator that looks at them as it bins them. Cost O(rows). */
export function checkDataButValues(x: FeatureMatrix, y: Labels, rules: DataRules = {}): void {
  checkShape(x, y);
  checkSamples(x, y, rules);
}

function checkSamples(x: FeatureMatrix, y: Labels, rules: DataRules): void {
  checkLabels(y);
  if (rules.sampleWeight) checkWeights(rules.sampleWeight, x.nSamples);
  if (!rules.oneClass) checkTwoClasses(y, rules.sampleWeight);
}

function checkShape(x: FeatureMatrix, y: Labels): void {
  const width = x.features.length;
  if (x.nSamples === 0) throw bad('there are no samples to fit on', 'give at least one row');
  if (width === 0) throw bad('there are no features to fit on', 'choose at least one feature');
  if (x.values.length !== x.nSamples * width)
    throw bad(
      `x has ${x.values.length} values, expected ${x.nSamples} rows × ${width} features`,
      'give nSamples × nFeatures values, row after row',
    );
  if (y.codes.length !== x.nSamples)
    throw bad(
      `x has ${x.nSamples} rows but y has ${y.codes.length} labels`,
      'give one label a row, in the same order',
    );
  const noCategories = x.features.find((f) => f.type === 'categorical' && !f.categories);
  if (noCategories)
    throw bad(
      `categorical feature ${show(noCategories.name)} has no list of categories`,
      'give the categories by code in its FeatureSpec',
    );
}

/** Throws BAD_DATA that names the first value that is neither finite nor missing, or the code of no category. Cost O(rows × features). */
export function checkValues(x: FeatureMatrix): void {
  const { values, features } = x;
  const width = features.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const { name: feature, categories } = features[i % width]!;
    const row = Math.floor(i / width);
    if (categories) checkCode(value, categories.length, { row, feature });
    if (value - value === 0) continue;
    throw bad(
      `row ${row}, feature ${show(feature)} is ${value}, expected a finite float32 or NaN for missing`,
      'mark the value as missing, or scale the feature into the range of float32',
      { row, feature, value },
    );
  }
}

function checkCode(value: number, nCategories: number, where: { row: number; feature: string }): void {
  if (Number.isInteger(value) && value >= 0 && value < nCategories) return;
  throw bad(
    `row ${where.row}, feature ${show(where.feature)} is ${value}, expected the code of a category (0 to ${nCategories - 1}) or NaN`,
    'give the index of the category in its FeatureSpec, NaN where it is missing or unseen',
    { ...where, value },
  );
}

function checkLabels(y: Labels): void {
  const { classes, codes } = y;
  classes.forEach((label, i) => {
    if (typeof label !== 'string' && !Number.isFinite(label))
      throw bad(`class ${i} is ${label}, expected text or a finite number`, 'remove rows without a label');
  });
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (Number.isInteger(code) && code >= 0 && code < classes.length) continue;
    throw bad(
      `row ${i} has label code ${code}, expected 0 to ${classes.length - 1}`,
      'codes are indices into classes',
      { row: i },
    );
  }
}

function checkWeights(weights: Float64Array, nSamples: number): void {
  if (weights.length !== nSamples)
    throw bad(`x has ${nSamples} rows but sampleWeight has ${weights.length}`, 'give one weight a row');
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(Number.isFinite(weight) && weight >= 0))
      throw bad(
        `sampleWeight of row ${i} is ${weight}, expected a finite number of at least 0`,
        'leave a sample out with weight 0',
        { row: i, value: weight },
      );
    total += weight;
  }
  if (!(total > 0 && Number.isFinite(total)))
    throw bad(
      `the sample weights sum to ${total}, expected a finite number above 0`,
      'give some sample a weight above 0, and none a huge one',
    );
}

function checkTwoClasses(y: Labels, weights?: Float64Array): void {
  let first = -1;
  for (let i = 0; i < y.codes.length; i++) {
    if (weights && weights[i] === 0) continue;
    if (first < 0) first = y.codes[i]!;
    else if (y.codes[i] !== first) return;
  }
  throw bad(
    `all samples are of class ${show(y.classes[first])}, a classifier needs at least two classes to tell apart`,
    "give rows of another class, check the label rule, or use the 'majority' baseline",
    { class: y.classes[first] },
  );
}
