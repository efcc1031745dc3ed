import { PhantomNetError, show } from '../core/index.js';
import type { Prediction } from '../data/index.js';
import type { Tensor, TensorInfo } from './onnx-runtime.js';

/** A class label. */
export type Label = number | string;

/** Which outputs of a graph say what. */
interface OutputPlan {
  /** The class each row is of; absent where it follows from the scores. */
  readonly label: string | undefined;
  /** One output a class, or one with a score a class; empty where the graph gives labels alone. */
  readonly scores: readonly string[];
  /** The classes that the outputs' names tell, `score_<class>`. */
  readonly namedClasses: readonly Label[] | undefined;
  readonly labelIsText: boolean;
}

const LABEL_NAMES = ['label', 'output_label'];
const LABEL_TYPES = new Set(['int64', 'int32', 'bool', 'string']);
const SCORE_TYPES = new Set(['float32', 'float64']);
const SCORE_PREFIX = 'score_';

/**
 * Returns which outputs hold label and scores: `label` (or the first of whole numbers or text) and `score_<class>` (or
 * the first matrix of numbers). Throws INTEGRITY where a graph has neither, or scores as a list of maps.
 */
export function planOutputs(outputs: readonly TensorInfo[]): OutputPlan {
  const labels = outputs.filter(({ isTensor, type = '' }) => isTensor && LABEL_TYPES.has(type));
  const label = labels.find(({ name }) => LABEL_NAMES.includes(name)) ?? labels[0];
  const numbers = outputs.filter(({ isTensor, type = '' }) => isTensor && SCORE_TYPES.has(type));
  const named = numbers.filter(({ name }) => name.startsWith(SCORE_PREFIX)).map(({ name }) => name);
  const scores = named.length > 1 ? named : numbers.slice(0, 1).map(({ name }) => name);
  if (scores.length === 0 && outputs.some(({ isTensor }) => !isTensor))
    throw unfit(
      'its scores are a list of maps',
      'export it without them: options={"zipmap": False} in skl2onnx',
    );
  if (label === undefined && scores.length === 0) throw unfit('it gives no label and no score', EXPECTED);
  const texts = named.map((name) => name.slice(SCORE_PREFIX.length));
  const labelIsText = label?.type === 'string';
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  const classes = !labelIsText && texts.every(isNumber) ? texts.map(Number) : texts;
  return {
    label: label?.name,
    scores,
    namedClasses: named.length > 1 ? classes : undefined,
    labelIsText,
  };
}

const EXPECTED = 'outputs are expected as label, and score_<class> a class or one matrix of probabilities';

/** Returns the classes by the graph's own word, or 0, 1, … where labels are numbers. `nScores` is the number of scores a row. */
export function classesOf(
  plan: OutputPlan,
  classLabels: readonly Label[] | undefined,
  nScores: number,
): readonly Label[] {
  if (plan.namedClasses !== undefined) return plan.namedClasses;
  const nClasses = Math.max(nScores, 2);
  if (classLabels !== undefined && classLabels.length >= nClasses)
    return classLabels.slice(0, nScores > 1 ? nScores : undefined);
  if (plan.labelIsText) throw unfit('it does not say what its classes are', EXPECTED);
  return Array.from({ length: nClasses }, (_, c) => c);
}

/** What a graph said of rows, before it is known which class is which. */
export interface RawOutput {
  readonly labels: readonly Label[] | undefined;
  /** Scores of each row; empty where there are none. */
  readonly scores: readonly (readonly number[])[];
}

/** Returns labels and scores by row. Throws INTEGRITY for an output that has not one entry, or a whole number of entries, a row. */
export function readOutput(
  plan: OutputPlan,
  results: Readonly<Record<string, Tensor>>,
  nRows: number,
): RawOutput {
  const columns = plan.scores.map((name) => Array.from(results[name]!.data, Number));
  const wrong = columns.find((values) => values.length % Math.max(nRows, 1) !== 0);
  const labels = plan.label === undefined ? undefined : Array.from(results[plan.label]!.data, toLabel);
  if (wrong !== undefined || (labels !== undefined && labels.length !== nRows))
    throw unfit(`it gave ${wrong?.length ?? labels?.length} values for ${nRows} rows`, EXPECTED);
  const scores = Array.from({ length: nRows }, (_, i) =>
    columns.flatMap((values) => values.slice((i * values.length) / nRows, ((i + 1) * values.length) / nRows)),
  );
  return { labels, scores };
}

function toLabel(value: number | bigint | string): Label {
  return typeof value === 'string' ? value : Number(value);
}

/**
 * Returns a prediction a row. One score is that of the second of two classes; a graph without scores is taken at its
 * word: 1 for the class it names. Throws BAD_DATA for a label that is none of the classes.
 */
export function toPredictions(raw: RawOutput, classes: readonly Label[]): Prediction[] {
  return raw.scores.map((given, i) => {
    const named = raw.labels?.[i];
    const scores = completeScores(given, classes, named);
    const best = scores.reduce((at, score, c) => (score > scores[at]! ? c : at), 0);
    const code = named === undefined ? best : classes.indexOf(named);
    if (code < 0 || scores.length !== classes.length)
      throw new PhantomNetError(
        'BAD_DATA',
        `row ${i}: the graph names class ${show(named)} with ${given.length} scores`,
        {
          hint: `its classes are ${classes.map(show).slice(0, 10).join(', ')}`,
          details: { row: i },
        },
      );
    return { label: classes[code]!, score: scores[classes.length === 2 ? 1 : code]!, scores };
  });
}

function completeScores(
  given: readonly number[],
  classes: readonly Label[],
  named: Label | undefined,
): readonly number[] {
  if (given.length === 0) return classes.map((label) => (label === named ? 1 : 0));
  return given.length === 1 ? [1 - given[0]!, given[0]!] : given;
}

function unfit(what: string, hint: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `the ONNX model cannot be scored: ${what}`, { hint });
}
