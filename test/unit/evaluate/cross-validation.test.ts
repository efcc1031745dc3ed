import { describe, expect, it } from 'vitest';
import { summarise } from '#src/evaluate/index.js';

describe('summarise', () => {
  it('gives mean, standard deviation over n, and the folds', () => {
    const folds = [0.8, 0.9, 1].map((accuracy) => ({ metrics: { accuracy, f1: 0.5 } }));
    const { accuracy, f1 } = summarise(folds);
    expect(accuracy!.mean).toBeCloseTo(0.9, 12);
    expect(accuracy!.std).toBeCloseTo(Math.sqrt(0.02 / 3), 12);
    expect(accuracy!.folds).toEqual([0.8, 0.9, 1]);
    expect(f1).toEqual({ mean: 0.5, std: 0, folds: [0.5, 0.5, 0.5] });
  });

  it('keeps the place of a fold in which a metric is undefined, out of mean and deviation', () => {
    const summary = summarise([{ metrics: { rocAuc: 0.5 } }, { metrics: {} }, { metrics: { rocAuc: 1 } }]);
    expect(summary['rocAuc']).toEqual({ mean: 0.75, std: 0.25, folds: [0.5, null, 1] });
  });

  it('refuses no folds', () => {
    expect(() => summarise([])).toThrow(
      expect.objectContaining({ code: 'BAD_DATA', message: 'there is no fold to summarise' }),
    );
  });
});
