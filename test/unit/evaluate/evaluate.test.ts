import { describe, expect, it } from 'vitest';
import { evaluate } from '#src/evaluate/index.js';

const BINARY = { yTrue: [0, 0, 1, 1], yPred: [0, 1, 1, 1], classes: [0, 1] };
const messages = (input: Parameters<typeof evaluate>[0], options?: Parameters<typeof evaluate>[1]) =>
  evaluate(input, { resamples: 0, ...options }).warnings.map((w) => w.message);

describe('evaluate', () => {
  it('gives the figures of the reference run from its confusion matrix', () => {
    const counts = { tn: 17, fp: 2, fn: 3, tp: 22 };
    const yTrue = [
      ...Array(counts.tn + counts.fp).fill(0),
      ...Array(counts.fn + counts.tp).fill(1),
    ] as number[];
    const yPred = yTrue.map((_, i) => (i < counts.tn || (i >= 19 && i < 19 + counts.fn) ? 0 : 1));
    const { metrics, confusionMatrix } = evaluate({ yTrue, yPred, classes: [0, 1] });
    expect(confusionMatrix).toEqual([
      [17, 2],
      [3, 22],
    ]);
    expect(metrics['accuracy']).toBeCloseTo(0.8863, 3);
    expect(metrics['precision']).toBeCloseTo(0.8879, 4);
    expect(metrics['recall']).toBeCloseTo(0.8864, 4);
    expect(metrics['f1']).toBeCloseTo(0.8867, 4);
  });

  it('names every metric once, binary and multiclass', () => {
    const scores = [0.8, 0.2, 0.4, 0.6, 0.3, 0.7, 0.1, 0.9];
    const shared = ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1'];
    const rest = ['precisionMicro', 'recallMicro', 'f1Micro', 'precisionMacro', 'recallMacro', 'f1Macro'];
    const scored = ['rocAuc', 'prAuc', 'logLoss', 'brier'];
    const binary = ['precisionBinary', 'recallBinary', 'f1Binary'];
    const expected = [...shared, ...binary, ...rest, 'mcc', 'cohenKappa', ...scored];
    expect(Object.keys(evaluate({ ...BINARY, scores }).metrics)).toEqual(expected);
    const three = evaluate({
      yTrue: [0, 1, 2],
      yPred: [0, 1, 1],
      classes: ['ftp', 'smtp', 'ssh'],
      scores: [0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.5, 0.4],
    });
    const weighted = ['rocAuc', 'rocAucWeighted', 'prAuc', 'prAucWeighted', 'logLoss', 'brier'];
    expect(Object.keys(three.metrics)).toEqual([...shared, ...rest, 'mcc', 'cohenKappa', ...weighted]);
    expect(three.perClass.map((c) => c.label)).toEqual(['ftp', 'smtp', 'ssh']);
  });

  it('reads the binary metrics for the class that is called positive', () => {
    expect(evaluate(BINARY).metrics['precisionBinary']).toBeCloseTo(2 / 3, 12);
    expect(evaluate(BINARY, { positive: 0 }).metrics['precisionBinary']).toBe(1);
    expect(evaluate(BINARY, { positive: 0 }).metrics['recallBinary']).toBe(0.5);
  });

  it('clips probabilities of 0 in the log loss instead of answering infinity', () => {
    const { metrics } = evaluate({ yTrue: [1], yPred: [0], classes: [0, 1], scores: [1, 0] });
    expect(metrics['logLoss']).toBeCloseTo(-Math.log(Number.EPSILON), 12);
    expect(metrics['brier']).toBe(1);
  });

  it('is the same record twice for the same seed, and JSON keeps all of it', () => {
    const input = { ...BINARY, scores: [0.8, 0.2, 0.4, 0.6, 0.3, 0.7, 0.1, 0.9] };
    const first = evaluate(input, { randomState: 7, resamples: 20 });
    expect(evaluate(input, { randomState: 7, resamples: 20 })).toEqual(first);
    expect(evaluate(input, { randomState: 8, resamples: 20 }).intervals).not.toEqual(first.intervals);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });

  it('reads typed arrays as it reads lists', () => {
    const typed = {
      yTrue: Uint16Array.from(BINARY.yTrue),
      yPred: Uint16Array.from(BINARY.yPred),
      classes: [0, 1],
    };
    expect(evaluate(typed)).toEqual(evaluate(BINARY));
  });
});

describe('scores', () => {
  it('may exceed 1 by the rounding of a sum of trees', () => {
    const one = Array.from({ length: 50 }, () => 0.02).reduce((a, b) => a + b, 0);
    expect(one).toBeGreaterThan(1);
    expect(
      evaluate({ yTrue: [0], yPred: [0], classes: [0, 1], scores: [one, 0] }).metrics['logLoss'],
    ).toBeLessThan(1e-15);
  });
});

describe('zero division', () => {
  const constant = { yTrue: [0, 1, 1, 0, 1], yPred: [0, 0, 0, 0, 0], classes: [0, 1] };

  it('is 0 with a warning unless told otherwise', () => {
    const { metrics, perClass } = evaluate(constant);
    expect(metrics['precisionBinary']).toBe(0);
    expect(perClass[1]!.precision).toBe(0);
    expect(messages(constant)).toEqual([
      'precision of class 1 is 0 by convention: no sample was predicted as it',
      'mcc is 0 by convention: all samples have one predicted class',
    ]);
  });

  it('is the number asked for, without a warning', () => {
    for (const zeroDivision of [0, 1] as const) {
      expect(evaluate(constant, { zeroDivision }).metrics['precisionBinary']).toBe(zeroDivision);
      expect(messages(constant, { zeroDivision })).toEqual([]);
    }
  });

  it('is NaN only when asked for, and NaN stays out of averages', () => {
    const { metrics, intervals } = evaluate(constant, { zeroDivision: 'nan' });
    expect(metrics['precisionBinary']).toBeNaN();
    expect(metrics['precisionMacro']).toBe(0.4);
    expect(intervals['precisionBinary']).toBeUndefined();
  });

  it('says of a class that never occurs that it is left out of averages', () => {
    const input = { yTrue: [0, 1], yPred: [0, 1], classes: ['a', 'b', 'c\u0000'] };
    expect(evaluate(input).metrics['f1Macro']).toBe(1);
    expect(messages(input)).toEqual([
      'precision of class "c\\u0000" is 0 by convention: no sample was predicted as it',
      'recall of class "c\\u0000" is 0 by convention: no sample has it as true class',
      'f1 of class "c\\u0000" is 0 by convention: no sample has it as true or predicted class',
      'averages leave out class "c\\u0000": it occurs nowhere',
    ]);
  });

  it('says of constant true labels that mcc is 0 by convention', () => {
    expect(messages({ yTrue: [1, 1], yPred: [0, 1], classes: [0, 1] })).toContain(
      'mcc is 0 by convention: all samples have one true class',
    );
  });
});

describe('undefined metrics', () => {
  it('are absent, with the reason', () => {
    const scores = [0.9, 0.1, 0.8, 0.2];
    const input = { yTrue: [0, 0], yPred: [0, 0], classes: [0, 1], scores };
    const { metrics } = evaluate(input);
    expect(metrics).not.toHaveProperty('rocAuc');
    expect(metrics).not.toHaveProperty('prAuc');
    expect(metrics).not.toHaveProperty('cohenKappa');
    expect(metrics['logLoss']).toBeGreaterThan(0);
    expect(messages(input)).toEqual(
      expect.arrayContaining([
        'cohenKappa is undefined: all samples have one class, true and predicted alike',
        'rocAuc is undefined: no sample has the true class 1',
        'prAuc is undefined: no sample has the true class 1',
      ]),
    );
  });

  it('leave out the mean over classes when one has no sample, and keep the weighted one', () => {
    const scores = [0.8, 0.1, 0.1, 0.2, 0.6, 0.2, 0.5, 0.4, 0.1];
    const { metrics, warnings } = evaluate({
      yTrue: [0, 1, 0],
      yPred: [0, 1, 0],
      classes: ['a', 'b', 'c'],
      scores,
    });
    expect(metrics).not.toHaveProperty('rocAuc');
    expect(metrics['rocAucWeighted']).toBe(1);
    expect(warnings).toContainEqual({
      metric: 'rocAuc',
      message: 'rocAuc is undefined: no sample has the true class "c"',
    });
  });
});

describe('refused input', () => {
  it.each([
    [
      'no samples',
      { yTrue: [], yPred: [], classes: [0, 1] },
      'there is no sample to evaluate: yTrue is empty',
    ],
    [
      'one class',
      { yTrue: [0], yPred: [0], classes: [0] },
      'classes must be a list of two or more labels, got [0]',
    ],
    ['lengths', { ...BINARY, yPred: [0] }, 'yPred must have 4 values, got 1'],
    [
      'true codes',
      { ...BINARY, yTrue: [0, 0, 2, 1] },
      'yTrue of sample 2 must be a class index from 0 to 1, got 2',
    ],
    [
      'broken codes',
      { ...BINARY, yPred: [0, 0.5, 1, 1] },
      'yPred of sample 1 must be a class index from 0 to 1, got 0.5',
    ],
    ['score count', { ...BINARY, scores: [1, 0] }, 'scores must have 8 values, got 2'],
    [
      'score range',
      { ...BINARY, scores: [1, 0, 1, 0, Number.NaN, 1, 0, 1] },
      'scores of sample 2 must be probabilities from 0 to 1, got NaN',
    ],
    [
      'score sum',
      { ...BINARY, scores: [1, 0, 0.5, 0.25, 0, 1, 0, 1] },
      'scores of sample 1 must be probabilities that add up to 1, got 0.75',
    ],
    [
      'score above 1',
      { ...BINARY, scores: [1, 0, 1.5, 0, 0, 1, 0, 1] },
      'scores of sample 1 must be probabilities that add up to 1, got 1.5',
    ],
    ['weight count', { ...BINARY, sampleWeight: [1] }, 'sampleWeight must have 4 values, got 1'],
    [
      'weight range',
      { ...BINARY, sampleWeight: [1, -1, 1, 1] },
      'sampleWeight of sample 1 must be a finite number of 0 or more, got -1',
    ],
    [
      'weight sum',
      { ...BINARY, sampleWeight: [0, 0, 0, 0] },
      'sampleWeight must add up to a finite number above 0, got 0',
    ],
  ])('%s', (_name, input, message) => {
    expect(() => evaluate(input)).toThrow(expect.objectContaining({ message, hint: expect.any(String) }));
  });

  it.each([
    [{ positive: 2 }, 'positive must be 0 or 1, got 2'],
    [{ zeroDivision: 'ignore' }, `zeroDivision must be 'warn', 0, 1 or 'nan', got "ignore"`],
    [{ level: 1 }, 'level must be a number above 0 and below 1, got 1'],
    [{ resamples: -1 }, 'resamples must be a whole number from 0 to 1000000, got -1'],
    [{ randomState: 0.5 }, 'randomState must be a whole number from 0 to 4294967295, got 0.5'],
  ])('option %o', (options, message) => {
    expect(() => evaluate(BINARY, options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message }),
    );
  });
});
