import type { FeatureMatrix, FeatureSpec } from '#src/data/index.js';
import { forestNode } from '#src/kernels/index.js';
import { type Decision, decide, type Model, predict, type TreesModel } from '#src/model/index.js';
import { getEstimator } from '#src/train/index.js';

/** Rows for Python as columns, with what our model says of them. */
export interface ScoredRows {
  /** One list a feature; null is missing. */
  readonly columns: readonly (readonly (number | string | null)[])[];
  readonly labels: readonly (number | string)[];
  /** A list of scores a row. */
  readonly scores: readonly (readonly number[])[];
}

/** A fitted model with rows that lie where rounding matters. */
export interface OnnxCase {
  readonly name: string;
  readonly model: Model;
  readonly integers: ReadonlySet<string>;
  readonly decision: Decision | undefined;
  readonly rows: ScoredRows;
}

/** A generator of numbers from 0 to 1 that is the same on every machine. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const COLOURS = ['blue', 'grün', 'red and white'];
/** More categories than a word has bits, which onnxruntime holds in another way. */
const SITES = Array.from({ length: 70 }, (_, i) => `site ${i}`);
/** Features of the cases: whole numbers, numbers, numbers that may be missing, categories, and only where asked for many. */
const FEATURES: readonly FeatureSpec[] = [
  { name: 'count', type: 'numeric' },
  { name: 'share', type: 'numeric' },
  { name: 'gap', type: 'numeric' },
  { name: 'colour', type: 'categorical', categories: COLOURS },
  { name: 'site', type: 'categorical', categories: SITES },
];

interface Recipe {
  readonly name: string;
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly features?: readonly string[];
  readonly classes?: readonly (number | string)[];
  readonly decision?: Decision;
}

/** Fits a model on made-up rows and scores others: training values, thresholds, their neighbours, huge values, gaps. */
export async function onnxCase(recipe: Recipe, nRows: number, seed = 7): Promise<OnnxCase> {
  const { name, kind, params = {}, classes = [0, 1], decision } = recipe;
  const features = FEATURES.filter(({ name }) => recipe.features?.includes(name) ?? name !== 'site');
  const roll = dice(seed);
  const nSamples = 240;
  const values = Float32Array.from({ length: nSamples * features.length }, (_, i) => {
    const feature = features[i % features.length]!;
    if (feature.categories) return Math.floor(roll() * feature.categories.length);
    if (feature.name === 'gap' && roll() < 0.2) return Number.NaN;
    return feature.name === 'count' ? Math.floor(roll() * 40) : roll() * 100 - 20;
  });
  const codes = Uint16Array.from({ length: nSamples }, (_, i) =>
    i < classes.length ? i : Math.floor(roll() * classes.length),
  );
  const model = await getEstimator(kind).fit(params, { nSamples, features, values }, { classes, codes }, {});
  const cell = cellMaker(model, values, roll);
  const rows = Array.from({ length: nRows }, () => features.map((feature, f) => cell(feature, f)));
  return { name, model, integers: new Set(['count']), decision, rows: scored(model, rows, decision) };
}

function cellMaker(model: Model, values: Float32Array, roll: () => number) {
  const pick = (list: ArrayLike<number>): number => list[Math.floor(roll() * list.length)]!;
  const limits = thresholds(model);
  const width = model.features.length;
  const columns = model.features.map((_, f) => values.filter((v, i) => i % width === f && !Number.isNaN(v)));
  const edges = [0, -0, 2 ** 24 + 1, 2 ** 53 - 1, -(2 ** 53) + 1, 3.5e38, -1e300, 5e-324, 16_777_217.5];
  return (feature: FeatureSpec, f: number): number | string | null => {
    if (feature.categories) {
      const texts = [...feature.categories, 'unseen', '', 'BLUE'];
      return texts[Math.floor(roll() * texts.length)]!;
    }
    const own = columns[f]!;
    const limit = limits.length > 0 ? pick(limits) : pick(own);
    const near = [limit, limit + 2 ** -20, limit * (1 + 2 ** -23), limit * (1 + 2 ** -25), limit - 1e-9];
    const value = roll() < 0.4 ? pick(own) : roll() < 0.6 ? pick(near) : pick(edges);
    if (feature.name === 'count') return Math.abs(value) < 2 ** 53 ? Math.round(value) : 2 ** 53 - 1;
    return feature.name === 'gap' && roll() < 0.2 ? null : value;
  };
}

/** Every threshold of a forest; none of another model. */
function thresholds(model: Model): number[] {
  if (!('forest' in model)) return [];
  const { forest } = model as TreesModel;
  const found = new Set<number>();
  for (let node = 0; node < forest.nanLeft.length; node++) {
    const { feature } = forestNode(forest, node);
    if (forest.levels[feature] === 0) found.add(forest.thresholds[node * forest.nodeWords]!);
  }
  return [...found];
}

function scored(
  model: Model,
  rows: readonly (readonly (number | string | null)[])[],
  decision: Decision | undefined,
): ScoredRows {
  const { features, classes } = model;
  const values = Float32Array.from(
    rows.flatMap((row) =>
      row.map((cell, f) => {
        if (cell === null) return Number.NaN;
        if (typeof cell === 'number') return cell;
        const code = features[f]!.categories!.indexOf(cell);
        return code < 0 ? Number.NaN : code;
      }),
    ),
  );
  const matrix: FeatureMatrix = { nSamples: rows.length, features, values };
  const raw = model.predictScoresBatch(matrix);
  const { scores, codes } =
    decision === undefined ? { scores: raw, codes: predict(model, raw) } : decide(raw, decision);
  return {
    columns: features.map((_, f) => rows.map((row) => row[f]!)),
    labels: Array.from(codes, (code) => classes[code]!),
    scores: rows.map((_, i) => [...scores.subarray(i * classes.length, (i + 1) * classes.length)]),
  };
}

/** A model of every family, with one and with several features, two and more classes, numbers and text. */
export const RECIPES: readonly Recipe[] = [
  { name: 'forest-one', kind: 'random-forest', params: { nEstimators: 100 }, features: ['count'] },
  { name: 'forest-one-double', kind: 'random-forest', params: { nEstimators: 30 }, features: ['gap'] },
  { name: 'forest-all', kind: 'random-forest', params: { nEstimators: 60 } },
  // Few shallow trees of three classes tie often, and thirds round differently in another order.
  {
    name: 'forest-ties',
    kind: 'random-forest',
    params: { nEstimators: 7, maxDepth: 2 },
    classes: ['ftp', 'ssh\nü', 'web'],
  },
  {
    name: 'forest-sets',
    kind: 'random-forest',
    params: { nEstimators: 20 },
    features: ['gap', 'colour', 'site'],
  },
  {
    name: 'forest-sets-classes',
    kind: 'random-forest',
    params: { nEstimators: 20 },
    features: ['site', 'count'],
    classes: ['ftp', 'ssh', 'web'],
  },
  { name: 'forest-leaf', kind: 'random-forest', params: { nEstimators: 3, minSamplesSplit: 1000 } },
  { name: 'extra-trees', kind: 'extra-trees', params: { nEstimators: 20 }, classes: ['a', 'b', 'c'] },
  { name: 'tree', kind: 'decision-tree', params: { maxDepth: 8 } },
  { name: 'stump', kind: 'stump', features: ['count', 'gap'], classes: [-1, 3] },
  { name: 'majority', kind: 'majority', classes: [0.5, 2] },
  { name: 'logistic', kind: 'logistic-regression' },
  { name: 'logistic-classes', kind: 'logistic-regression', classes: ['a', 'b', 'c', 'd'] },
  { name: 'logistic-one', kind: 'logistic-regression', features: ['share'] },
];

const SIGMOID = { kind: 'sigmoid', a: -4.3, b: 1.9 } as const;
/** The first point lies above the lowest scores and the last below the highest, two are level, and thirds round. */
const ISOTONIC = {
  kind: 'isotonic',
  x: [0.1, 0.2, 0.25, 0.4, 1 / 3 + 0.3, 0.9],
  y: [0.02, 1 / 30, 1 / 3, 1 / 3, 0.7, 0.97],
} as const;

/** Models of two classes with thresholds and calibrations, those at the edges among them. */
export const DECIDED: readonly Recipe[] = [
  { name: 'threshold', kind: 'random-forest', decision: { threshold: 0.21, calibration: null } },
  { name: 'no-alert', kind: 'random-forest', decision: { threshold: Infinity, calibration: null } },
  { name: 'all-alerts', kind: 'majority', decision: { threshold: -Infinity, calibration: SIGMOID } },
  {
    name: 'forest-sigmoid',
    kind: 'random-forest',
    params: { nEstimators: 20 },
    features: ['gap', 'colour', 'site'],
    classes: ['attack', 'benign'],
    decision: { threshold: 0.4, calibration: SIGMOID },
  },
  { name: 'forest-isotonic', kind: 'random-forest', decision: { threshold: 0.5, calibration: ISOTONIC } },
  {
    name: 'logistic-isotonic',
    kind: 'logistic-regression',
    decision: { threshold: 0.3, calibration: ISOTONIC },
  },
  {
    name: 'two-points',
    kind: 'decision-tree',
    decision: { threshold: 0.5, calibration: { kind: 'isotonic', x: [0.2, 0.8], y: [0, 0.9] } },
  },
  {
    name: 'one-point',
    kind: 'decision-tree',
    decision: { threshold: 0.2, calibration: { kind: 'isotonic', x: [0.5], y: [0.25] } },
  },
];
