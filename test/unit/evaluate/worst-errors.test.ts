import { describe, expect, it } from 'vitest';
import { worstErrors } from '#src/evaluate/index.js';

describe('worstErrors', () => {
  const input = { yTrue: [0, 1, 0, 1, 0, 1, 1], scores: [0.9, 0.1, 0.95, 0.5, 0.9, 0.8, 0.1] };

  it('lists the most confident errors of each kind, equal scores in order of the samples', () => {
    expect(worstErrors(input, 0.5)).toEqual({
      threshold: 0.5,
      falsePositives: [
        { row: 2, score: 0.95 },
        { row: 0, score: 0.9 },
        { row: 4, score: 0.9 },
      ],
      // A score equal to the threshold raises no alert.
      falseNegatives: [
        { row: 1, score: 0.1 },
        { row: 6, score: 0.1 },
        { row: 3, score: 0.5 },
      ],
    });
  });

  it('lists no more than asked for, and nothing where all is right', () => {
    expect(worstErrors(input, 0.5, 1)).toMatchObject({
      falsePositives: [{ row: 2 }],
      falseNegatives: [{ row: 1 }],
    });
    expect(worstErrors({ yTrue: [0, 1], scores: [0, 1] }, 0.5)).toMatchObject({
      falsePositives: [],
      falseNegatives: [],
    });
    expect(worstErrors(input, Infinity).falsePositives).toEqual([]);
  });

  it('refuses what cannot be', () => {
    expect(() => worstErrors(input, Number.NaN)).toThrow(
      'threshold must be a number, or Infinity for no alerts, got NaN',
    );
    expect(() => worstErrors(input, 0.5, 0)).toThrow('top must be a whole number of at least 1, got 0');
  });
});
