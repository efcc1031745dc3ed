import { describe, expect, it } from 'vitest';
import { evaluate, learningCurve } from '#src/evaluate/index.js';

const at = (value: number, metric = 'accuracy', nSamples = 50) => ({
  metrics: { [metric]: value },
  intervals: {},
  nSamples,
});

describe('learningCurve', () => {
  it('gives mean and corrected interval of repeats, by rising size', () => {
    const { metric, points } = learningCurve(
      [
        { size: 400, evaluations: [at(0.85), at(0.86), at(0.87)] },
        { size: 100, evaluations: [at(0.7), at(0.74), at(0.72)] },
      ],
      { metric: 'accuracy' },
    );
    expect(metric).toBe('accuracy');
    expect(points.map((p) => p.size)).toEqual([100, 400]);
    expect(points[0]).toMatchObject({ mean: expect.closeTo(0.72, 14), values: [0.7, 0.74, 0.72] });
    // Student's t of 2 degrees at .975 is 4.302652729749464; variance .0004 × (1/3 + 50/100).
    const half = 4.302652729749464 * Math.sqrt(0.0004 * (1 / 3 + 0.5));
    expect(points[0]!.interval!.low).toBeCloseTo(0.72 - half, 12);
    expect(points[0]!.interval!.high).toBeCloseTo(0.72 + half, 12);
    expect(points[0]!.interval).toMatchObject({ level: 0.95, method: 'correctedT' });
  });

  it('takes the interval of a single evaluation from it', () => {
    const evaluation = evaluate({ yTrue: [0, 1, 1], yPred: [0, 1, 0], classes: [0, 1] }, { resamples: 0 });
    const [point] = learningCurve([{ size: 9, evaluations: [evaluation] }], { metric: 'accuracy' }).points;
    expect(point!.interval).toEqual(evaluation.intervals['accuracy']);
    expect(
      learningCurve([{ size: 9, evaluations: [at(1)] }], { metric: 'accuracy' }).points[0]!.interval,
    ).toBeNull();
  });

  it('keeps the interval in the range of the metric', () => {
    const interval = (metric: string, values: number[]) =>
      learningCurve([{ size: 10, evaluations: values.map((v) => at(v, metric)) }], { metric }).points[0]!
        .interval!;
    expect(interval('accuracy', [0.9, 1]).high).toBe(1);
    expect(interval('f1', [0, 0.5]).low).toBe(0);
    expect(interval('mcc', [0, 0.5]).low).toBe(-1);
    expect(interval('logLoss', [0.5, 2]).low).toBe(0);
    expect(interval('logLoss', [0.5, 2]).high).toBeGreaterThan(2);
  });

  it('has null where a repeat lacks the metric', () => {
    const none = { metrics: {}, intervals: {}, nSamples: 50 };
    const { points } = learningCurve(
      [
        { size: 10, evaluations: [none, none] },
        { size: 20, evaluations: [at(0.5), none] },
      ],
      { metric: 'accuracy' },
    );
    expect(points).toEqual([
      { size: 10, mean: null, interval: null, values: [null, null] },
      { size: 20, mean: 0.5, interval: null, values: [0.5, null] },
    ]);
  });

  it('refuses what is no curve', () => {
    const draw =
      (inputs: Parameters<typeof learningCurve>[0], metric = 'accuracy') =>
      () =>
        learningCurve(inputs, { metric });
    expect(draw([])).toThrow('there is no size to draw a learning curve of');
    expect(draw([{ size: 0, evaluations: [at(1)] }])).toThrow(
      'size must be a whole number of at least 1, got 0',
    );
    expect(
      draw([
        { size: 5, evaluations: [at(1)] },
        { size: 5, evaluations: [at(1)] },
      ]),
    ).toThrow('size 5 is there twice');
    expect(draw([{ size: 5, evaluations: [] }])).toThrow('there is no fold to summarise');
    expect(draw([{ size: 5, evaluations: [at(1)] }], 'f2')).toThrow("no evaluation has the metric 'f2'");
  });
});
