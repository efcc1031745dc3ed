import { PhantomNetError, show } from '../core/index.js';
import type { LogisticModel } from './logistic-model.js';
import type { MajorityModel } from './majority-model.js';
import type { Model } from './model.js';
import { addClassifier, addEnsemble } from './onnx-ensemble.js';
import type { OnnxGraph } from './onnx-graph.js';
import { addLogistic } from './onnx-logistic.js';
import { asksForSets, readTrees } from './onnx-tree.js';
import { addTreeByTree } from './onnx-trees.js';
import type { TreesModel } from './trees-model.js';

/** How scores are computed: `exact` in our own order and precision, `fast` in as few operators as there can be. */
type Summing = 'exact' | 'fast';

/** Scores of a graph: their name, [N, C], and the type they have. */
export interface OnnxScores {
  readonly name: string;
  readonly type: 'float' | 'double';
}

/** Adds a model whose features are in `x`, [N, features] in single precision. Throws UNSUPPORTED for a kind it does not know. */
export function addScores(
  graph: OnnxGraph,
  model: Model,
  { x, summing }: { readonly x: string; readonly summing: Summing },
): OnnxScores {
  const double = (name: string): OnnxScores => ({ name, type: 'double' });
  const rows = rowMaker(graph, x);
  if ('forest' in model) return addForest(graph, model as TreesModel, { x, summing, rows });
  if (model.kind === 'majority')
    return double(rows('/scores', [model.classes.length], (model as MajorityModel).priors));
  if (model.kind === 'logistic-regression')
    return double(
      addLogistic(graph, model as LogisticModel, { x, rows: (name, value) => rows(name, [1], [value]) }),
    );
  throw new PhantomNetError('UNSUPPORTED', `no ONNX form of a model of kind ${show(model.kind)}`, {
    hint: 'export a model of trees, a logistic regression or a majority model',
  });
}

/** Adds a tensor of one row, repeated for every row, and returns its name. */
type RowMaker = (name: string, shape: readonly number[], values: ArrayLike<number>) => string;

function rowMaker(graph: OnnxGraph, x: string): RowMaker {
  let count: string | undefined;
  return (name, shape, values) => {
    count ??= graph.node({ op: 'Shape', inputs: [x], output: '/count', attributes: { start: 0, end: 1 } });
    const row = graph.constant(`${name}/row`, { type: 'double', shape: [1, ...shape], values });
    const rest = graph.constant(`${name}/rest`, { type: 'int64', shape: [shape.length], values: shape });
    const inputs = [count, rest];
    const size = graph.node({ op: 'Concat', inputs, output: `${name}/shape`, attributes: { axis: 0 } });
    return graph.node({ op: 'Expand', inputs: [row, size], output: name });
  };
}

function addForest(
  graph: OnnxGraph,
  { forest }: TreesModel,
  { x, summing, rows }: { readonly x: string; readonly summing: Summing; readonly rows: RowMaker },
): OnnxScores {
  const { nClasses } = forest;
  const trees = readTrees(forest);
  const hasSets = trees.some(asksForSets);
  // No operator has both sets and leaves of several weights, and none is right with a single class.
  if (summing === 'exact' || nClasses === 1 || (hasSets && nClasses > 2)) {
    const zeros = rows('/zeros', [1, nClasses], new Float64Array(nClasses));
    const mean = addTreeByTree(graph, { forest, trees, x, zeros });
    const axes = graph.constant('/treeAxis', { type: 'int64', shape: [1], values: [1] });
    return {
      name: graph.node({ op: 'Squeeze', inputs: [mean, axes], output: '/scores' }),
      type: 'double',
    };
  }
  const doubles = graph.node({ op: 'Cast', inputs: [x], output: '/doubles', attributes: { to: 11 } });
  const ensemble = { forest, trees, x: doubles };
  if (hasSets) return { name: addEnsemble(graph, ensemble), type: 'double' };
  return { name: addClassifier(graph, ensemble), type: 'float' };
}
