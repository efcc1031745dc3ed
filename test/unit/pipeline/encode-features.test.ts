import { describe, expect, it } from 'vitest';
import { experimentConfigSchema } from '#src/pipeline/config.js';
import { encodeTraining } from '#src/pipeline/encode-features.js';
import { recipeOf } from '#src/pipeline/recipe.js';

/** Twelve sources of five rows, each with an agent and a label of its own. */
const groups = Array.from({ length: 60 }, (_, row) => `source ${Math.floor(row / 5)}`);
const codes = Uint16Array.from(groups, (_, row) => Math.floor(row / 5) % 2);
const columns = {
  nSamples: 60,
  columns: [
    { name: 'agent', type: 'categorical' as const, values: groups.map((name) => `agent of ${name}`) },
  ],
  invalid: {},
};
const options = {
  encoding: experimentConfigSchema.parse({ features: { encoding: { categorical: 'target' } } }).features
    .encoding,
};
const encoded = (given?: readonly string[]) => {
  const { matrix } = encodeTraining(columns, options, {
    labels: { classes: [0, 1], codes },
    groups: given,
    randomState: 42,
  });
  return [...matrix.values];
};

describe('the target encoding of training rows', () => {
  it('tells no row of the label of its group, where the groups are known', () => {
    // No other group has the agent, so each row gets the share of all rows of the other folds.
    const gap = (values: readonly number[]) => {
      const mean = (code: number) =>
        values.filter((_, row) => codes[row] === code).reduce((a, b) => a + b, 0) / 30;
      return mean(1) - mean(0);
    };
    expect(gap(encoded())).toBeGreaterThan(0.7);
    expect(gap(encoded(groups))).toBeLessThan(0.2);
    for (const source of new Set(groups))
      expect(new Set(encoded(groups).filter((_, row) => groups[row] === source)).size).toBe(1);
  });

  it('takes fewer folds of fewer groups, and rows where there is one', () => {
    const two = groups.map((_, row) => (row < 30 ? 'a' : 'b'));
    expect(new Set(encoded(two).slice(0, 30)).size).toBe(1);
    expect(encoded(groups.map(() => 'one'))).toEqual(encoded());
  });
});

describe('the groups that the encoding keeps', () => {
  it.each([
    [{}, undefined],
    [{ split: { method: 'stratified' } }, undefined],
    [{ split: { method: 'group' } }, 'source'],
    [{ split: { method: 'stratified-group', groupBy: 'subnet' } }, 'subnet'],
    [{ split: { groupBy: 'sensor' }, crossValidation: { method: 'leave-one-group-out' } }, 'sensor'],
  ])('of %j are by %s', (config, by) => {
    expect(recipeOf(experimentConfigSchema.parse(config)).encodeBy).toBe(by);
  });
});
