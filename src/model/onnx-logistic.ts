import { featureColumns, type LogisticModel } from './logistic-model.js';
import type { OnnxGraph } from './onnx-graph.js';

const FLOAT32_MAX = 3.4028234663852886e38;
const DOUBLE = 11;

/**
 * Adds a logistic regression to a graph and returns the name of its scores, [N, C] in double precision. `x` is
 * [N, features] in single precision; `rows` gives [N, 1] of a value. Columns are summed in their order, as our model
 * sums them, so that both have the same bits up to the exponential function.
 */
export function addLogistic(
  graph: OnnxGraph,
  model: LogisticModel,
  { x, rows }: { readonly x: string; readonly rows: (name: string, value: number) => string },
): string {
  const nOutputs = model.intercepts.length;
  const { cells, missing, nColumns } = addCells(graph, model, x);
  const zero = double(graph, '/zero', [], [0]);
  const logits = Array.from({ length: nOutputs }, (_, k) => {
    const at = `/output${k}`;
    const weights = model.coefficients.subarray(k * nColumns, (k + 1) * nColumns);
    const name = double(graph, `${at}/coefficients`, [1, nColumns], weights);
    const product = graph.node({ op: 'Mul', inputs: [name, cells], output: `${at}/product` });
    const scaled = graph.node({ op: 'Div', inputs: [product, '/scales'], output: `${at}/scaled` });
    const terms = graph.node({ op: 'Where', inputs: [missing, zero, scaled], output: `${at}/terms` });
    const all = [rows(`${at}/intercept`, model.intercepts[k]!), terms];
    return addSum(graph, at, concat(graph, `${at}/all`, all), nColumns + 1);
  });
  return addProbabilities(graph, logits);
}

/** Adds value minus mean of every column, and whether it is missing, each [N, columns]. */
function addCells(graph: OnnxGraph, model: LogisticModel, x: string) {
  const { features, means, scales } = model;
  const starts = featureColumns(features);
  const nColumns = starts[features.length]!;
  const feature = new Int32Array(nColumns);
  const code = new Float64Array(nColumns);
  features.forEach((_, f) => {
    for (let j = starts[f]!; j < starts[f + 1]!; j++) {
      feature[j] = f;
      code[j] = j - starts[f]!;
    }
  });
  const doubles = graph.node({ op: 'Cast', inputs: [x], output: '/doubles', attributes: { to: DOUBLE } });
  const of = graph.constant('/featureOf', { type: 'int64', shape: [nColumns], values: feature });
  const columns = graph.node({
    op: 'Gather',
    inputs: [doubles, of],
    output: '/columns',
    attributes: { axis: 1 },
  });
  const missing = graph.node({ op: 'IsNaN', inputs: [columns], output: '/missing' });
  const limits = [double(graph, '/least', [], [-FLOAT32_MAX]), double(graph, '/most', [], [FLOAT32_MAX])];
  const numbers = graph.node({ op: 'Clip', inputs: [columns, ...limits], output: '/numbers' });
  const same = graph.node({
    op: 'Equal',
    inputs: [columns, double(graph, '/codes', [1, nColumns], code)],
    output: '/same',
  });
  const flags = graph.node({ op: 'Cast', inputs: [same], output: '/flags', attributes: { to: DOUBLE } });
  const categorical = Array.from(feature, (f) => (features[f]!.type === 'categorical' ? 1 : 0));
  const isFlag = graph.constant('/isFlag', { type: 'bool', shape: [1, nColumns], values: categorical });
  const values = graph.node({ op: 'Where', inputs: [isFlag, flags, numbers], output: '/values' });
  double(graph, '/scales', [1, nColumns], scales);
  const centred = [values, double(graph, '/means', [1, nColumns], means)];
  return { cells: graph.node({ op: 'Sub', inputs: centred, output: '/centred' }), missing, nColumns };
}

/** Adds the sum of each row of [N, width], from left to right, and returns its name, [N, 1]. */
function addSum(graph: OnnxGraph, at: string, name: string, width: number): string {
  const axis = graph.constant(`${at}/axis`, { type: 'int64', shape: [], values: [1] });
  const sums = graph.node({ op: 'CumSum', inputs: [name, axis], output: `${at}/sums` });
  const last = graph.constant(`${at}/last`, { type: 'int64', shape: [1], values: [width - 1] });
  return graph.node({ op: 'Gather', inputs: [sums, last], output: `${at}/sum`, attributes: { axis: 1 } });
}

/** Adds what turns log odds into probabilities, as `logitsToScores` does. */
function addProbabilities(graph: OnnxGraph, logits: readonly string[]): string {
  if (logits.length > 1) {
    const all = concat(graph, '/logits', logits);
    const axes = graph.constant('/classAxis', { type: 'int64', shape: [1], values: [1] });
    const largest = graph.node({ op: 'ReduceMax', inputs: [all, axes], output: '/largest' });
    const lowered = graph.node({ op: 'Sub', inputs: [all, largest], output: '/lowered' });
    const odds = graph.node({ op: 'Exp', inputs: [lowered], output: '/odds' });
    return graph.node({
      op: 'Div',
      inputs: [odds, addSum(graph, '/odds', odds, logits.length)],
      output: '/shares',
    });
  }
  const one = double(graph, '/one', [], [1]);
  const negative = graph.node({ op: 'Neg', inputs: [logits[0]!], output: '/negative' });
  const against = graph.node({ op: 'Exp', inputs: [negative], output: '/against' });
  const whole = graph.node({ op: 'Add', inputs: [one, against], output: '/whole' });
  const second = graph.node({ op: 'Div', inputs: [one, whole], output: '/second' });
  return concat(graph, '/shares', [
    graph.node({ op: 'Sub', inputs: [one, second], output: '/first' }),
    second,
  ]);
}

function concat(graph: OnnxGraph, output: string, inputs: readonly string[]): string {
  return graph.node({ op: 'Concat', inputs, output, attributes: { axis: 1 } });
}

function double(graph: OnnxGraph, name: string, shape: readonly number[], values: ArrayLike<number>): string {
  return graph.constant(name, { type: 'double', shape, values });
}
