import { PhantomNetError } from '../core/index.js';
import type { Calibration, IsotonicCalibration, SigmoidCalibration } from './calibration.js';
import type { Decision } from './decision.js';
import type { OnnxGraph } from './onnx-graph.js';
import type { OnnxScores } from './onnx-scores.js';

const INT64 = 7;
const DOUBLE = 11;
/** The graph compares every row with every point, so memory grows with rows × points. */
const MAX_POINTS = 5000;

/** What a graph says of each row. */
interface OnnxDecided {
  readonly scores: OnnxScores;
  /** Name of the index of the class, [N]. */
  readonly best: string;
}

/** Adds calibration and threshold of a model of two classes, in double precision. Throws UNSUPPORTED for a calibration of too many points. */
export function addDecision(graph: OnnxGraph, scores: OnnxScores, decision: Decision): OnnxDecided {
  const { name, type } = scores;
  const doubles = type === 'double' ? name : cast(graph, name, { to: DOUBLE, output: '/decision/doubles' });
  const index = graph.constant('/decision/index', { type: 'int64', shape: [1], values: [1] });
  const raw = graph.node({
    op: 'Gather',
    inputs: [doubles, index],
    output: '/decision/raw',
    attributes: { axis: 1 },
  });
  const { calibration, threshold } = decision;
  const second = calibration === null ? raw : addCalibration(graph, raw, calibration);
  const above = graph.node({
    op: 'Greater',
    inputs: [second, double(graph, 'threshold', [threshold])],
    output: '/decision/above',
  });
  const code = cast(graph, above, { to: INT64, output: '/decision/code' });
  const best = graph.node({ op: 'Squeeze', inputs: [code, index], output: '/decision/best' });
  if (calibration === null) return { scores, best };
  const first = graph.node({
    op: 'Sub',
    inputs: [double(graph, 'whole', [1]), second],
    output: '/decision/first',
  });
  const both = graph.node({
    op: 'Concat',
    inputs: [first, second],
    output: '/decided',
    attributes: { axis: 1 },
  });
  return { scores: { name: both, type: 'double' }, best };
}

/** Adds the probability of each score, both [N, 1]. */
function addCalibration(graph: OnnxGraph, scores: string, calibration: Calibration): string {
  if (calibration.kind === 'sigmoid') return addSigmoid(graph, scores, calibration);
  const { x, y } = calibration;
  if (x.length > MAX_POINTS)
    throw new PhantomNetError('UNSUPPORTED', `no ONNX form of a calibration of ${x.length} points`, {
      hint: `at most ${MAX_POINTS} points; a sigmoid calibration has none`,
    });
  // A single point is level everywhere, as two points of one value are.
  if (x.length > 1) return addIsotonic(graph, scores, calibration);
  return addIsotonic(graph, scores, { kind: 'isotonic', x: [x[0]!, x[0]! + 1], y: [y[0]!, y[0]!] });
}

function addSigmoid(graph: OnnxGraph, scores: string, { a, b }: SigmoidCalibration): string {
  const step = (op: string, inputs: readonly string[]) =>
    graph.node({ op, inputs, output: `/decision/${op.toLowerCase()}` });
  const odds = step('Add', [step('Mul', [double(graph, 'a', [a]), scores]), double(graph, 'b', [b])]);
  const one = double(graph, 'one', [1]);
  const sum = graph.node({ op: 'Add', inputs: [one, step('Exp', [odds])], output: '/decision/sum' });
  return step('Div', [one, sum]);
}

/** Straight lines between points, by the same operations in the same order as `applyCalibration`. */
function addIsotonic(graph: OnnxGraph, scores: string, { x, y }: IsotonicCalibration): string {
  const last = x.length - 1;
  const step = (op: string, inputs: readonly string[], output: string) =>
    graph.node({ op, inputs, output: `/decision/${output}` });
  const clipped = step(
    'Clip',
    [scores, double(graph, 'least', [x[0]!]), double(graph, 'most', [x[last]!])],
    'clipped',
  );
  const inner = double(graph, 'inner', x.slice(1, last), [1, last - 1]);
  const low = addIndex(graph, clipped, inner);
  const high = step(
    'Add',
    [low, graph.constant('/decision/next', { type: 'int64', shape: [], values: [1] })],
    'high',
  );
  const [xs, ys] = [double(graph, 'x', x, [x.length]), double(graph, 'y', y, [y.length])];
  const [x0, x1] = [step('Gather', [xs, low], 'x0'), step('Gather', [xs, high], 'x1')];
  const [y0, y1] = [step('Gather', [ys, low], 'y0'), step('Gather', [ys, high], 'y1')];
  const part = step('Div', [step('Sub', [clipped, x0], 'from'), step('Sub', [x1, x0], 'width')], 'share');
  const rise = step('Mul', [step('Sub', [y1, y0], 'height'), part], 'rise');
  const value = step('Min', [y1, step('Add', [y0, rise], 'line')], 'value');
  const isLast = step('GreaterOrEqual', [clipped, '/decision/most'], 'isLast');
  return step('Where', [isLast, double(graph, 'top', [y[last]!]), value], 'probability');
}

/** Adds the number of inner points that each score has reached, [N, 1]: the point it lies above. */
function addIndex(graph: OnnxGraph, scores: string, inner: string): string {
  const reached = graph.node({
    op: 'GreaterOrEqual',
    inputs: [scores, inner],
    output: '/decision/reached',
  });
  const counts = cast(graph, reached, { to: INT64, output: '/decision/counts' });
  const axis = graph.constant('/decision/axis', { type: 'int64', shape: [1], values: [1] });
  return graph.node({ op: 'ReduceSum', inputs: [counts, axis], output: '/decision/low' });
}

function cast(
  graph: OnnxGraph,
  name: string,
  { to, output }: { readonly to: number; readonly output: string },
) {
  return graph.node({ op: 'Cast', inputs: [name], output, attributes: { to } });
}

function double(
  graph: OnnxGraph,
  name: string,
  values: readonly number[],
  shape: readonly number[] = [],
): string {
  return graph.constant(`/decision/${name}`, { type: 'double', shape, values });
}
