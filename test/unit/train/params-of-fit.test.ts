import { describe, expect, it } from 'vitest';
import type { FeatureMatrix, Labels } from '#src/data/index.js';
import { logisticRegression, randomForest, stump } from '#src/train/index.js';

const x: FeatureMatrix = {
  nSamples: 4,
  features: [{ name: 'size', type: 'numeric' }],
  values: Float32Array.of(1, 2, 8, 9),
};
const y: Labels = { classes: [0, 1], codes: Uint16Array.of(0, 0, 1, 1) };

describe('fit with params of its own', () => {
  it('takes none and some', async () => {
    expect((await logisticRegression.fit({}, x, y)).kind).toBe('logistic-regression');
    expect((await randomForest.fit({ nEstimators: 2 }, x, y)).kind).toBe('random-forest');
  });

  it.each([
    [() => logisticRegression.fit({ C: -1 }, x, y), 'C must be a number above 0, got -1'],
    [() => stump.fit({ criterion: 'Gini' as 'gini' }, x, y), /^criterion must be one of 'gini'/],
    [() => randomForest.fit({ bootstrap: false, oobScore: true }, x, y), /^oobScore must be false where/],
  ])('names a wrong one: case %#', async (fit, message) => {
    await expect(fit()).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
    await expect(fit()).rejects.toThrow(message);
  });
});
