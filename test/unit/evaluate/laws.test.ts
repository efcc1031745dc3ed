import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#src/evaluate/index.js';
import { type Sampled, sampled } from './arbitrary.js';

const measure = (input: Sampled) => evaluate(input, { resamples: 0 });
const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

function expectClose(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>) {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(actual[name], name).toBeCloseTo(value, 10);
}

/** The samples in the order of `places`. */
function reordered({ yTrue, yPred, scores, nClasses, classes }: Sampled, places: number[]): Sampled {
  return {
    nClasses,
    classes,
    yTrue: places.map((i) => yTrue[i]!),
    yPred: places.map((i) => yPred[i]!),
    scores: places.flatMap((i) => scores.slice(i * nClasses, (i + 1) * nClasses)),
  };
}

describe('laws of the metrics', () => {
  it('do not depend on the order of the samples', () => {
    const withOrder = sampled.chain((input) => {
      const places = input.yTrue.map((_, i) => i);
      return fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray(places, { minLength: places.length, maxLength: places.length }),
      );
    });
    fc.assert(
      fc.property(withOrder, ([input, places]) => {
        expectClose(measure(reordered(input, places)).metrics, measure(input).metrics);
      }),
    );
  });

  it('do not depend on which class has which number, the binary ones apart', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const last = input.nClasses - 1;
        const flipped = {
          ...input,
          yTrue: input.yTrue.map((c) => last - c),
          yPred: input.yPred.map((c) => last - c),
          scores: input.yTrue.flatMap((_, i) =>
            input.scores.slice(i * input.nClasses, (i + 1) * input.nClasses).reverse(),
          ),
        };
        const named = evaluate(flipped, { resamples: 0, positive: 0 });
        expectClose(named.metrics, measure(input).metrics);
      }),
    );
  });

  it('stay in their bounds and are never NaN', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const { logLoss, brier, mcc, cohenKappa, ...shares } = measure(input).metrics;
        for (const [name, value] of Object.entries(shares)) {
          expect(value, name).toBeGreaterThanOrEqual(0);
          expect(value, name).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(logLoss).toBeGreaterThanOrEqual(0);
        expect(brier).toBeGreaterThanOrEqual(0);
        expect(brier).toBeLessThanOrEqual(2);
        expect(Math.abs(mcc!)).toBeLessThanOrEqual(1 + 1e-12);
        if (cohenKappa !== undefined) expect(Math.abs(cohenKappa)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('give accuracy for every micro average and for weighted recall', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const { accuracy, recall, precisionMicro, recallMicro, f1Micro } = measure(input).metrics;
        for (const value of [recall, precisionMicro, recallMicro, f1Micro])
          expect(value).toBeCloseTo(accuracy!, 12);
      }),
    );
  });

  it('count every sample once in the confusion matrix', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const { confusionMatrix, perClass, nSamples } = measure(input);
        expect(total(confusionMatrix.flat())).toBe(nSamples);
        confusionMatrix.forEach((row, c) => {
          expect(total(row)).toBe(perClass[c]!.support);
          expect(total(confusionMatrix.map((r) => r[c]!))).toBe(perClass[c]!.predicted);
        });
      }),
    );
  });

  it('are 1 for predictions that are all right', () => {
    fc.assert(
      fc.property(sampled, ({ yTrue, classes }) => {
        const { metrics } = evaluate({ yTrue, yPred: yTrue, classes }, { resamples: 0 });
        for (const name of ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1', 'f1Macro'])
          expect(metrics[name], name).toBeCloseTo(1, 12);
        expect(metrics['mcc']).toBeCloseTo(new Set(yTrue).size > 1 ? 1 : 0, 12);
      }),
    );
  });

  it('keep the areas under a rising transform of the scores, and turn ROC AUC round under a falling one', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const yTrue = input.yTrue.map((c) => Math.min(c, 1));
        const attack = yTrue.map((_, i) => input.scores[i * input.nClasses]!);
        const areas = (scores: number[]) =>
          measure({
            ...input,
            nClasses: 2,
            classes: [0, 1],
            yTrue,
            yPred: yTrue,
            scores: scores.flatMap((s) => [1 - s, s]),
          }).metrics;
        const before = areas(attack);
        const after = areas(attack.map((s) => s ** 3));
        expect(after['rocAuc']).toBe(before['rocAuc']);
        expect(after['prAuc']).toBe(before['prAuc']);
        if (before['rocAuc'] !== undefined)
          expect(areas(attack.map((s) => 1 - s ** 3))['rocAuc']).toBeCloseTo(1 - before['rocAuc'], 12);
      }),
    );
  });

  it('take a whole weight for that many copies of a sample', () => {
    const weighted = sampled.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.array(fc.integer({ min: 1, max: 4 }), {
          minLength: input.yTrue.length,
          maxLength: input.yTrue.length,
        }),
      ),
    );
    fc.assert(
      fc.property(weighted, ([input, sampleWeight]) => {
        const copies = sampleWeight.flatMap((weight, i) => Array<number>(weight).fill(i));
        const byWeight = evaluate({ ...input, sampleWeight }, { resamples: 0 }).metrics;
        expectClose(byWeight, measure(reordered(input, copies)).metrics);
      }),
    );
  });

  it('contain the value in every closed interval', () => {
    fc.assert(
      fc.property(sampled, (input) => {
        const { metrics, intervals } = measure(input);
        for (const [name, { low, high }] of Object.entries(intervals)) {
          expect(low, name).toBeLessThanOrEqual(metrics[name]! + 1e-12);
          expect(high, name).toBeGreaterThanOrEqual(metrics[name]! - 1e-12);
          expect(low, name).toBeGreaterThanOrEqual(0);
          expect(high, name).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
