import type { SigmoidCalibration } from '../model/index.js';

/** Slope and intercept of the log odds, on standardised scores. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Returns the sigmoid of least log loss, with Platt's targets: (positives + 1) / (positives + 2) in place of 1 and
 * 1 / (negatives + 2) in place of 0, which keep perfectly separated scores from an endless slope. Sources: Platt 2000,
 * section 2.2; solved by Newton's method with halved steps, as Lin, Lin and Weng 2007. A slope that would turn the order of
 * the scores round is 0, so that all get one probability, as isotonic regression does. Cost O(n × steps), at most 100 steps.
 */
export function fitSigmoid(scores: ArrayLike<number>, yTrue: ArrayLike<number>): SigmoidCalibration {
  const n = scores.length;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += yTrue[i]!;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (n - positives + 2);
  const { mean, scale } = spread(scores);
  const share = (positives * high + (n - positives) * low) / n;
  const level: Line = { slope: 0, intercept: Math.log(share / (1 - share)) };
  if (scale === 0) return { kind: 'sigmoid', a: 0, b: 0 - level.intercept };
  const x = Float64Array.from(scores, (score) => (score - mean) / scale);
  const targets = Float64Array.from(yTrue, (y) => (y === 1 ? high : low));
  const { slope, intercept } = newton(x, targets, level);
  if (slope <= 0) return { kind: 'sigmoid', a: 0, b: 0 - level.intercept };
  return { kind: 'sigmoid', a: -slope / scale, b: (slope * mean) / scale - intercept };
}

/** Newton's method, each step halved until the loss falls; at the end a whole step, since rounding hides what it gains. */
function newton(x: Float64Array, targets: Float64Array, start: Line): Line {
  let line = start;
  let loss = lossOf(x, targets, line);
  for (let step = 0; step < 100; step++) {
    const { move, gain } = newtonMove(x, targets, line);
    if (gain < 1e-12 * x.length) return moved(line, move, 1);
    let size = 1;
    let next = moved(line, move, size);
    let nextLoss = lossOf(x, targets, next);
    for (; nextLoss > loss && size > 1e-6; nextLoss = lossOf(x, targets, next)) {
      size /= 2;
      next = moved(line, move, size);
    }
    if (nextLoss > loss) return line;
    line = next;
    loss = nextLoss;
  }
  return line;
}

function moved(line: Line, move: Line, size: number): Line {
  return { slope: line.slope + size * move.slope, intercept: line.intercept + size * move.intercept };
}

/** The solution of the two Newton equations at `line`, and about twice what the loss gains by it. */
function newtonMove(x: Float64Array, targets: Float64Array, { slope, intercept }: Line) {
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-12, 0, 1e-12];
  for (let i = 0; i < x.length; i++) {
    const p = 1 / (1 + Math.exp(-(slope * x[i]! + intercept)));
    const residual = targets[i]! - p;
    const weight = p * (1 - p);
    g0 += residual;
    g1 += residual * x[i]!;
    h00 += weight;
    h01 += weight * x[i]!;
    h11 += weight * x[i]! * x[i]!;
  }
  const determinant = h00 * h11 - h01 * h01;
  const move: Line = {
    slope: (h00 * g1 - h01 * g0) / determinant,
    intercept: (h11 * g0 - h01 * g1) / determinant,
  };
  return { move, gain: g1 * move.slope + g0 * move.intercept };
}

function lossOf(x: Float64Array, targets: Float64Array, { slope, intercept }: Line): number {
  let loss = 0;
  for (let i = 0; i < x.length; i++) {
    const logit = slope * x[i]! + intercept;
    // log(1 + exp(logit)) without overflow.
    loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - targets[i]! * logit;
  }
  return loss;
}

/** Mean and standard deviation; the latter 0 where all scores are equal. */
function spread(scores: ArrayLike<number>): { mean: number; scale: number } {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i]!;
  const mean = sum / scores.length;
  let squares = 0;
  let isLevel = true;
  for (let i = 0; i < scores.length; i++) {
    squares += (scores[i]! - mean) ** 2;
    if (scores[i] !== scores[0]) isLevel = false;
  }
  return { mean, scale: isLevel ? 0 : Math.sqrt(squares / scores.length) };
}
