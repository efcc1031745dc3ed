import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '#src/data/index.js';
import { createLogisticModel, predict } from '#src/model/index.js';

const features: FeatureSpec[] = [
  { name: 'payload_length', type: 'numeric' },
  { name: 'protocol', type: 'categorical', categories: ['ssh', 'ftp'] },
];
describe('predict', () => {
  it('takes the highest score, the lowest index among equals', () => {
    const codes = predict({ classes: [0, 1, 2] }, Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0, 0.5, 0.5));
    expect([...codes]).toEqual([1, 0, 1]);
  });

  it('refuses scores that are no whole number of rows', () => {
    expect(() => predict({ classes: [0, 1] }, new Float64Array(3))).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: '3 scores are no whole number of rows of 2 classes',
      }),
    );
  });
});

describe('a logistic model', () => {
  const model = createLogisticModel({
    features,
    classes: [0, 1],
    means: Float64Array.of(10, 0.5, 0.5),
    scales: Float64Array.of(2, 0.5, 0.5),
    coefficients: Float64Array.of(1, -1, 1),
    intercepts: Float64Array.of(0.5),
  });
  const second = (...row: number[]) => {
    const out = new Float64Array(2);
    model.predictScores(Float32Array.from(row), out);
    expect(out[0]! + out[1]!).toBe(1);
    return out[1]!;
  };
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

  it('adds standardised columns; a missing value adds nothing', () => {
    expect(second(14, 1)).toBeCloseTo(sigmoid(0.5 + 2 + 2), 14);
    expect(second(14, 0)).toBeCloseTo(sigmoid(0.5 + 2 - 2), 14);
    expect(second(Number.NaN, Number.NaN)).toBeCloseTo(sigmoid(0.5), 14);
  });

  it('gives probabilities for infinite values too', () => {
    expect(second(Number.POSITIVE_INFINITY, 1)).toBe(1);
    expect(second(Number.NEGATIVE_INFINITY, 1)).toBe(0);
  });
});
