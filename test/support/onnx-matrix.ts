import type { FeatureMatrix } from '#src/data/index.js';
import { createSession, loadRuntime } from '#src/deploy/onnx-runtime.js';
import { type Decision, decide, type Model, predict } from '#src/model/index.js';
import { dice, type OnnxCase } from './onnx-models.js';

/** What a graph of the form `matrix` said of rows. */
export interface MatrixAnswer {
  readonly labels: readonly (number | string)[];
  /** nSamples × nClasses. */
  readonly probabilities: ArrayLike<number>;
}

/** Values that are no code of a category. */
const NO_CODES = [-1, 0.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY, -0.25];

/** Returns a case's rows as numbers: categories as codes, others as values that are none; missing as NaN. */
export function matrixOf({ model, rows }: OnnxCase): FeatureMatrix {
  const { features } = model;
  const roll = dice(5);
  const nSamples = rows.labels.length;
  const values = new Float32Array(nSamples * features.length);
  features.forEach(({ categories }, f) => {
    rows.columns[f]!.forEach((cell, i) => {
      const code = typeof cell === 'string' ? categories!.indexOf(cell) : (cell ?? Number.NaN);
      const isNone = typeof cell === 'string' && code < 0;
      const none = [...NO_CODES, categories?.length ?? 0];
      values[i * features.length + f] = isNone ? none[Math.floor(roll() * none.length)]! : code;
    });
  });
  return { nSamples, features, values };
}

/** Returns what onnxruntime-node says of rows. */
export async function scoreInNode(graph: Uint8Array, matrix: FeatureMatrix): Promise<MatrixAnswer> {
  const runtime = await loadRuntime();
  const session = await createSession(runtime, graph);
  const { nSamples, features, values } = matrix;
  const x = new runtime.Tensor('float32', values, [nSamples, features.length]);
  const { label, probabilities } = await session.run({ x }, ['label', 'probabilities']);
  const labels = Array.from(label!.data as ArrayLike<number | bigint | string>, (value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  return { labels, probabilities: probabilities!.data as Float32Array };
}

/** How far an answer is from the model itself. */
export interface Difference {
  readonly nRows: number;
  /** Largest difference of a score. */
  readonly worst: number;
  /** Rows with another label though the two best scores, or score and threshold, differ by more than 1e-6. */
  readonly mislabelled: number;
}

/** Compares an answer with what the model itself says. */
export function compareWithModel(
  model: Model,
  matrix: FeatureMatrix,
  answer: MatrixAnswer,
  decision?: Decision,
): Difference {
  const raw = model.predictScoresBatch(matrix);
  const { scores, codes } =
    decision === undefined ? { scores: raw, codes: predict(model, raw) } : decide(raw, decision);
  const nClasses = model.classes.length;
  let worst = answer.probabilities.length === scores.length ? 0 : Number.POSITIVE_INFINITY;
  scores.forEach((score, i) => {
    worst = Math.max(worst, Math.abs(score - answer.probabilities[i]!));
  });
  const isClear = (i: number): boolean => {
    if (decision !== undefined) return Math.abs(scores[i * 2 + 1]! - decision.threshold) > 1e-6;
    const sorted = scores.slice(i * nClasses, (i + 1) * nClasses).sort();
    return nClasses === 1 || sorted[nClasses - 1]! - sorted[nClasses - 2]! > 1e-6;
  };
  const mislabelled = answer.labels.filter((l, i) => l !== model.classes[codes[i]!] && isClear(i)).length;
  return { nRows: answer.labels.length, worst, mislabelled };
}
