import { PhantomNetError, VERSION } from '../core/index.js';
import type { Decision } from './decision.js';
import type { Model } from './model.js';
import { addColumns } from './onnx-columns.js';
import { addDecision } from './onnx-decision.js';
import { CLASSES_KEY, NEW_OPERATORS, OLD_OPERATORS, OnnxGraph, wellFormed } from './onnx-graph.js';
import { addMatrix } from './onnx-matrix.js';
import { addScores, type OnnxScores } from './onnx-scores.js';

/** What to export. */
export interface OnnxOptions {
  /** `columns`: an input a feature, as MLflow feeds graphs, exact. `matrix`: one input, fast. Default `columns`. */
  readonly form?: 'columns' | 'matrix';
  /** Names of the numeric features whose inputs are int64 in the form `columns`; the others are double. */
  readonly integers?: ReadonlySet<string> | undefined;
  /** Threshold and calibration of a model of two classes; absent: the class with the highest score is named. */
  readonly decision?: Decision | undefined;
}

const MAX_CLASSES = 1000;

/**
 * Returns a model as an ONNX file, with its features, categories and classes in the metadata. Deterministic. Throws
 * UNSUPPORTED for a kind that has no ONNX form.
 *
 * `columns` is the form that MLflow's ONNX flavor feeds: one input a feature, named as it is, of int64, double or string,
 * [N, 1] where it is the only one and [N] where there are several; outputs, each [N], `label` and a double
 * `score_<class>` a class. Gives the labels of the model itself, and its scores within 1e-15; a value is rounded to single
 * precision as in training. UNSUPPORTED too for a feature's name that ONNX cannot have, and above 1,000 classes.
 *
 * `matrix` has one input, `x`, float [N, features], categories as their codes, and the outputs `label`, [N], and
 * `probabilities`, float [N, classes]. Scores are within 1e-6 of the model's, and so are labels where two classes are as
 * close as that.
 */
export function exportOnnx(
  model: Model,
  { form = 'columns', integers = new Set(), decision }: OnnxOptions = {},
): Uint8Array {
  const graph = new OnnxGraph();
  const versions =
    form === 'matrix'
      ? exportMatrix(graph, model, decision)
      : exportColumns(graph, model, { integers, decision });
  return graph.finish({ version: VERSION, versions, metadata: metadataOf(model) });
}

function exportColumns(
  graph: OnnxGraph,
  model: Model,
  { integers, decision }: { readonly integers: ReadonlySet<string>; readonly decision: Decision | undefined },
) {
  const { classes } = model;
  if (classes.length > MAX_CLASSES)
    throw new PhantomNetError('UNSUPPORTED', `no ONNX form of a model of ${classes.length} classes`, {
      hint: `it has an output a class, so at most ${MAX_CLASSES}; the form matrix has no limit`,
    });
  const outputs = scoreNames(classes);
  const x = addColumns(graph, model.features, { integers, taken: ['label', ...outputs] });
  const { name } = addAnswer(graph, model, {
    scores: addScores(graph, model, { x, summing: 'exact' }),
    decision,
  });
  outputs.forEach((output, c) => {
    const index = graph.constant(`/class${c}`, { type: 'int64', shape: [], values: [c] });
    graph.node({ op: 'Gather', inputs: [name, index], output, attributes: { axis: 1 } });
    graph.output(output, 'double', ['N']);
  });
  return NEW_OPERATORS;
}

function exportMatrix(graph: OnnxGraph, model: Model, decision: Decision | undefined) {
  const x = addMatrix(graph, model.features, 'forest' in model);
  const scores = addScores(graph, model, { x, summing: 'fast' });
  const { name } = addAnswer(graph, model, { scores, decision });
  graph.node({ op: 'Cast', inputs: [name], output: 'probabilities', attributes: { to: 1 } });
  graph.output('probabilities', 'float', ['N', model.classes.length]);
  return scores.type === 'float' ? OLD_OPERATORS : NEW_OPERATORS;
}

/** Returns the name of each class's score: `score_<class>`, distinct also where two classes look alike as UTF-8. */
export function scoreNames(classes: Model['classes']): string[] {
  const names = new Set<string>();
  for (const label of classes) {
    let name = `score_${wellFormed(String(label))}`;
    while (names.has(name)) name += '_';
    names.add(name);
  }
  return [...names];
}

/** Returns the ONNX type of the labels: int64 for whole numbers, double for others, string for text. */
export function labelType(classes: Model['classes']): 'int64' | 'double' | 'string' {
  if (classes.every((label) => Number.isSafeInteger(label))) return 'int64';
  return typeof classes[0] === 'number' ? 'double' : 'string';
}

/** Adds the label, and returns the scores as they are told: without a threshold it is the first class with the highest score. */
function addAnswer(
  graph: OnnxGraph,
  { classes }: Model,
  { scores, decision }: { readonly scores: OnnxScores; readonly decision: Decision | undefined },
): OnnxScores {
  const decided =
    decision === undefined
      ? { scores, best: addHighest(graph, scores.name) }
      : addDecision(graph, scores, decision);
  const type = labelType(classes);
  const values = classes.map((label) => (typeof label === 'string' ? wellFormed(label) : label));
  const known = graph.constant('/classes', { type, shape: [classes.length], values: values as string[] });
  const inputs = [known, decided.best];
  graph.node({ op: 'Gather', inputs, output: 'label', attributes: { axis: 0 } });
  graph.output('label', type, ['N']);
  return decided.scores;
}

function addHighest(graph: OnnxGraph, scores: string): string {
  const attributes = { axis: 1, keepdims: 0 };
  return graph.node({ op: 'ArgMax', inputs: [scores], output: '/best', attributes });
}

/** What a reader of the graph has to know of a model, each as JSON but the first two. */
function metadataOf({ kind, features, classes }: Model): [string, string][] {
  return [
    ['phantomnet.version', VERSION],
    ['phantomnet.kind', kind],
    ['phantomnet.features', JSON.stringify(features)],
    [CLASSES_KEY, JSON.stringify(classes)],
  ];
}
