import { mean } from './impute.js';
import { quantile } from './quantile.js';

/** How numbers are scaled: scikit-learn's StandardScaler, MinMaxScaler and RobustScaler. */
export type ScalerName = 'standard' | 'min-max' | 'robust';

/** A scaled value is (value − center) / scale. */
interface Scaling {
  readonly center: number;
  readonly scale: number;
}

const UNSCALED: Scaling = { center: 0, scale: 1 };
const SMALLEST = 10 * Number.EPSILON;

/** Returns how a training column is scaled, of its finite values; a constant column is only centred. */
export function scalingOf(values: Float32Array, scaler: ScalerName): Scaling {
  const present = values.filter((value) => Number.isFinite(value)).sort();
  return present.length === 0 ? UNSCALED : SCALERS[scaler](present);
}

/** Each takes the values in ascending order. */
const SCALERS: Readonly<Record<ScalerName, (sorted: Float32Array) => Scaling>> = {
  standard: (sorted) => {
    const center = mean(sorted);
    let squares = 0;
    for (const value of sorted) squares += (value - center) ** 2;
    const variance = squares / sorted.length;
    const n = sorted.length;
    const rounding = n * Number.EPSILON * variance + (n * center * Number.EPSILON) ** 2;
    return { center, scale: variance <= rounding ? 1 : Math.sqrt(variance) };
  },
  'min-max': (sorted) => ({ center: sorted[0]!, scale: nonZero(sorted.at(-1)! - sorted[0]!) }),
  robust: (sorted) => ({
    center: quantile(sorted, 0.5),
    scale: nonZero(quantile(sorted, 0.75) - quantile(sorted, 0.25)),
  }),
};

const nonZero = (scale: number): number => (scale < SMALLEST ? 1 : scale);
