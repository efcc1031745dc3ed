import { PhantomNetError, show, VERSION } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import type { LogisticModel } from './logistic-model.js';
import type { MajorityModel } from './majority-model.js';
import type { Model } from './model.js';
import { type ElementType, ML_DOMAIN, OnnxGraph } from './onnx-graph.js';
import { addLogistic } from './onnx-logistic.js';
import { readTrees } from './onnx-tree.js';
import { addTreeByTree } from './onnx-trees.js';
import type { TreesModel } from './trees-model.js';

/** What to export. */
export interface OnnxOptions {
  /** Names of the numeric features whose inputs are int64; the others are double. */
  readonly integers?: ReadonlySet<string>;
}

const MAX_CLASSES = 1000;

/**
 * Returns a model as an ONNX file in the form that MLflow's ONNX flavor feeds: one input a feature, named as it is, of
 * int64, double or string, [N, 1] where it is the only one and [N] where there are several; outputs, each [N], `label`
 * and a double `score_<class>` a class. Gives the labels of the model itself, and its scores within 1e-15; a value is
 * rounded to single precision as in training. Deterministic. Throws UNSUPPORTED for a kind or a feature name that
 * cannot be exported.
 */
export function exportOnnx(model: Model, { integers = new Set() }: OnnxOptions = {}): Uint8Array {
  if (model.classes.length > MAX_CLASSES)
    throw new PhantomNetError('UNSUPPORTED', `no ONNX form of a model of ${model.classes.length} classes`, {
      hint: `it has an output a class, so at most ${MAX_CLASSES}`,
    });
  const graph = new OnnxGraph();
  const outputs = ['label', ...scoreNames(model.classes)];
  checkNames(model.features, outputs);
  const columns = model.features.map((feature, f) =>
    addInput(graph, feature, { f, type: inputType(feature, integers), isOnly: model.features.length === 1 }),
  );
  const scores = addScores(graph, model, columns);
  addOutputs(graph, model, { scores, outputs });
  return graph.finish(VERSION);
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

function inputType(feature: FeatureSpec, integers: ReadonlySet<string>): ElementType {
  if (feature.type === 'categorical') return 'string';
  return integers.has(feature.name) ? 'int64' : 'double';
}

/** Names inside the graph start with a slash. */
function checkNames(features: readonly FeatureSpec[], outputs: readonly string[]): void {
  const taken = new Set(outputs);
  for (const { name } of features) {
    const isFree = name !== '' && !name.startsWith('/') && wellFormed(name) === name && !taken.has(name);
    if (!isFree)
      throw new PhantomNetError('UNSUPPORTED', `ONNX cannot have an input named ${show(name)}`, {
        hint: 'give the feature a name that is not empty, does not start with / and is not label or score_…',
        details: { feature: name },
      });
    taken.add(name);
  }
}

/** Adds a feature's input and returns the name of its column, [N, 1] in single precision. */
function addInput(
  graph: OnnxGraph,
  feature: FeatureSpec,
  { f, type, isOnly }: { readonly f: number; readonly type: ElementType; readonly isOnly: boolean },
): string {
  const at = `/input${f}`;
  const cast = (input: string, to: 1 | 11, output: string) =>
    graph.node({ op: 'Cast', inputs: [input], output, attributes: { to } });
  graph.input(feature.name, type, isOnly ? ['N', 1] : ['N']);
  let column = feature.name;
  if (type === 'string') column = addCodes(graph, feature, at);
  else {
    // By way of double, because the values we train on came that way: it matters beyond 2^53.
    if (type === 'int64') column = cast(column, 11, `${at}/double`);
    column = cast(column, 1, `${at}/float`);
  }
  if (isOnly) return column;
  const axes = graph.constant(`${at}/axes`, { type: 'int64', shape: [1], values: [1] });
  return graph.node({ op: 'Unsqueeze', inputs: [column, axes], output: `${at}/column` });
}

/** Adds the look-up of a category's code; what is no category is missing. */
function addCodes(graph: OnnxGraph, { name, categories = [] }: FeatureSpec, at: string): string {
  const codes = categories.flatMap((text, code) =>
    wellFormed(text) === text ? [[text, code] as const] : [],
  );
  const known = codes.length > 0 ? codes : [['', Number.NaN] as const];
  return graph.node({
    op: 'LabelEncoder',
    domain: ML_DOMAIN,
    inputs: [name],
    output: `${at}/code`,
    attributes: {
      keys_strings: { strings: known.map(([text]) => text) },
      values_floats: { floats: known.map(([, code]) => code) },
      default_float: { float: Number.NaN },
    },
  });
}

/** Adds the model itself and returns the name of its scores, [N, C] in double precision. */
function addScores(graph: OnnxGraph, model: Model, columns: readonly string[]): string {
  const x = graph.node({ op: 'Concat', inputs: columns, output: '/x', attributes: { axis: 1 } });
  const count = graph.node({ op: 'Shape', inputs: [x], output: '/count', attributes: { start: 0, end: 1 } });
  /** Repeats a tensor of one row for every row. */
  const rows = (name: string, shape: readonly number[], values: ArrayLike<number>): string => {
    const row = graph.constant(`${name}/row`, { type: 'double', shape: [1, ...shape], values });
    const rest = graph.constant(`${name}/rest`, { type: 'int64', shape: [shape.length], values: shape });
    const size = graph.node({
      op: 'Concat',
      inputs: [count, rest],
      output: `${name}/shape`,
      attributes: { axis: 0 },
    });
    return graph.node({ op: 'Expand', inputs: [row, size], output: name });
  };
  const nClasses = model.classes.length;
  if (model.kind === 'majority') return rows('/scores', [nClasses], (model as MajorityModel).priors);
  if (model.kind === 'logistic-regression')
    return addLogistic(graph, model as LogisticModel, { x, rows: (name, value) => rows(name, [1], [value]) });
  if (!('forest' in model))
    throw new PhantomNetError('UNSUPPORTED', `no ONNX form of a model of kind ${show(model.kind)}`, {
      hint: 'export a model of trees, a logistic regression or a majority model',
    });
  const { forest } = model as TreesModel;
  const zeros = rows('/zeros', [1, nClasses], new Float64Array(nClasses));
  const mean = addTreeByTree(graph, { forest, trees: readTrees(forest), x, zeros });
  const axes = graph.constant('/treeAxis', { type: 'int64', shape: [1], values: [1] });
  return graph.node({ op: 'Squeeze', inputs: [mean, axes], output: '/scores' });
}

/** Adds the label, the first of the classes with the highest score, and every class's score. */
function addOutputs(
  graph: OnnxGraph,
  { classes }: Model,
  { scores, outputs }: { readonly scores: string; readonly outputs: readonly string[] },
): void {
  const type = labelType(classes);
  const values = classes.map((label) => (typeof label === 'string' ? wellFormed(label) : label));
  const known = graph.constant('/classes', { type, shape: [classes.length], values: values as string[] });
  const attributes = { axis: 1, keepdims: 0 };
  const best = graph.node({ op: 'ArgMax', inputs: [scores], output: '/best', attributes });
  graph.node({ op: 'Gather', inputs: [known, best], output: 'label', attributes: { axis: 0 } });
  graph.output('label', type, ['N']);
  outputs.slice(1).forEach((output, c) => {
    const index = graph.constant(`/class${c}`, { type: 'int64', shape: [], values: [c] });
    graph.node({ op: 'Gather', inputs: [scores, index], output, attributes: { axis: 1 } });
    graph.output(output, 'double', ['N']);
  });
}

/** ONNX text is UTF-8, which has no lone surrogates. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
