import type { FeatureSpec } from '../data/index.js';
import type { OnnxGraph } from './onnx-graph.js';
import { featureLevels } from './trees-model.js';

/**
 * Adds one input `x`, [N, features] in single precision, categories as their codes, and returns the name of what models
 * read: where a feature is split by set, a value that is no code of its categories is missing, as it is to our forests.
 */
export function addMatrix(graph: OnnxGraph, features: readonly FeatureSpec[], bySet: boolean): string {
  graph.input('x', 'float', ['N', features.length]);
  const levels = featureLevels(features);
  if (!bySet || levels.every((n) => n === 0)) return 'x';
  const row = { shape: [1, features.length] };
  const isNumber = graph.constant('/x/isNumber', {
    ...row,
    type: 'bool',
    values: levels.map((n) => (n === 0 ? 1 : 0)),
  });
  const limits = graph.constant('/x/levels', { ...row, type: 'float', values: levels });
  const zero = graph.constant('/x/zero', { type: 'float', shape: [], values: [0] });
  const missing = graph.constant('/x/nan', { type: 'float', shape: [], values: [Number.NaN] });
  const node = (op: string, inputs: readonly string[], output: string) => graph.node({ op, inputs, output });
  const whole = node('Equal', [node('Floor', ['x'], '/x/floor'), 'x'], '/x/isWhole');
  const inside = node(
    'And',
    [node('GreaterOrEqual', ['x', zero], '/x/isNoLess'), node('Less', ['x', limits], '/x/isLess')],
    '/x/isInside',
  );
  const isCode = node('And', [whole, inside], '/x/isCode');
  return node('Where', [node('Or', [isCode, isNumber], '/x/isKnown'), 'x', missing], '/x');
}
