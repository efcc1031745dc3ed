/** Returns the value at `theta` and writes the slope into `gradient`. */
export type Objective = (theta: Float64Array, gradient: Float64Array) => number;

/** Where a minimisation stands. */
interface LbfgsState {
  readonly theta: Float64Array;
  /** Steps taken. */
  iteration: number;
  /** The largest slope in any direction; 0 at the minimum. */
  maxGradient: number;
}

const MEMORY = 10;
const MAX_HALVINGS = 40;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}

/**
 * Steps towards the minimum of a convex function, one step a turn of the generator, until no slope is above `tol` or no
 * step lowers the value. L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with halving steps. Deterministic.
 */
export function* minimise(objective: Objective, theta: Float64Array, tol: number): Generator<LbfgsState> {
  const n = theta.length;
  let gradient = new Float64Array(n);
  let value = objective(theta, gradient);
  const state: { theta: Float64Array; iteration: number; maxGradient: number } = {
    theta,
    iteration: 0,
    maxGradient: largest(gradient),
  };
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  while (state.maxGradient > tol) {
    const direction = descentDirection(gradient, steps, changes);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) return;
    let size = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let k = 0; k < MAX_HALVINGS; k++, size /= 2) {
      for (let i = 0; i < n; i++) next[i] = state.theta[i]! + size * direction[i]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * size * slope) break;
    }
    if (!(nextValue < value)) return;
    remember(steps, changes, { from: state.theta, to: next, before: gradient, after: nextGradient });
    state.theta = next;
    gradient = nextGradient;
    value = nextValue;
    state.iteration++;
    state.maxGradient = largest(gradient);
    yield state;
  }
}

function remember(
  steps: Float64Array[],
  changes: Float64Array[],
  move: { from: Float64Array; to: Float64Array; before: Float64Array; after: Float64Array },
): void {
  const step = move.to.map((v, i) => v - move.from[i]!);
  const change = move.after.map((v, i) => v - move.before[i]!);
  if (!(dot(step, change) > 1e-14 * dot(change, change))) return;
  steps.push(step);
  changes.push(change);
  if (steps.length > MEMORY) {
    steps.shift();
    changes.shift();
  }
}

/** Returns minus the gradient scaled by the inverse curvature that the last steps show (the two-loop recursion). */
function descentDirection(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    alphas[k] = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!);
    for (let i = 0; i < direction.length; i++) direction[i]! -= alphas[k]! * changes[k]![i]!;
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let k = 0; k < steps.length; k++) {
    const beta = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!);
    for (let i = 0; i < direction.length; i++) direction[i]! += (alphas[k]! - beta) * steps[k]![i]!;
  }
  return direction;
}
