import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate, type ZeroDivision } from '#src/evaluate/index.js';

interface FrozenCase {
  name: string;
  yTrue: number[];
  yPred: number[];
  nClasses: number;
  scores: number[] | null;
  sampleWeight: number[] | null;
  zeroDivision: ZeroDivision;
  metrics: Record<string, number | null>;
  perClass: (number | null)[][];
  confusionMatrix: number[][];
}

interface Frozen {
  madeWith: Record<string, string>;
  cases: FrozenCase[];
  bootstrap: {
    yTrue: number[];
    yPred: number[];
    scores: number[];
    intervals: Record<string, [number, number]>;
  };
}

const frozen = JSON.parse(readFileSync(new URL('frozen/metrics.json', import.meta.url), 'utf8')) as Frozen;
const TOLERANCE = 1e-12;

function expectEqual(
  actual: number | undefined,
  expected: number | null,
  zeroDivision: ZeroDivision,
  what: string,
) {
  if (expected === null && zeroDivision === 'nan' && actual !== undefined) expect(actual, what).toBeNaN();
  else if (expected === null) expect(actual, what).toBeUndefined();
  else
    expect(Math.abs(actual! - expected), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(
      TOLERANCE,
    );
}

describe(`metrics of scikit-learn ${frozen.madeWith['sklearn']}`, () => {
  it.each(frozen.cases)('$name', (frozenCase) => {
    const { nClasses, zeroDivision, metrics, perClass, confusionMatrix } = frozenCase;
    const classes = Array.from({ length: nClasses }, (_, c) => c);
    const evaluation = evaluate(
      {
        yTrue: frozenCase.yTrue,
        yPred: frozenCase.yPred,
        classes,
        scores: frozenCase.scores ?? undefined,
        sampleWeight: frozenCase.sampleWeight ?? undefined,
      },
      { zeroDivision, resamples: 0 },
    );
    for (const [name, value] of Object.entries(metrics))
      expectEqual(evaluation.metrics[name], value, zeroDivision, name);
    expect(Object.keys(evaluation.metrics).filter((name) => !(name in metrics))).toEqual([]);
    for (const c of classes) {
      const { precision, recall, f1, support } = evaluation.perClass[c]!;
      [precision, recall, f1, support].forEach((value, i) => {
        expectEqual(value, perClass[c]![i]!, zeroDivision, `class ${c}, ${i}`);
      });
      confusionMatrix[c]!.forEach((count, j) => {
        expectEqual(evaluation.confusionMatrix[c]![j], count, zeroDivision, `confusion ${c}, ${j}`);
      });
    }
    for (const [name, value] of Object.entries(metrics))
      if (value === null && evaluation.metrics[name] === undefined)
        expect(
          evaluation.warnings.filter((w) => w.metric === name && w.message.includes('undefined')),
        ).toHaveLength(1);
  });
});

describe('bootstrap', () => {
  it('agrees with 4,000 resamples made by NumPy, within the noise of both', () => {
    const { yTrue, yPred, scores, intervals } = frozen.bootstrap;
    const ours = evaluate({ yTrue, yPred, scores, classes: [0, 1, 2] }, { resamples: 4000 }).intervals;
    for (const [metric, [low, high]] of Object.entries(intervals)) {
      const width = high - low;
      expect(ours[metric]!.method, metric).toBe('bootstrap');
      expect(Math.abs(ours[metric]!.low - low) / width, metric).toBeLessThan(0.06);
      expect(Math.abs(ours[metric]!.high - high) / width, metric).toBeLessThan(0.06);
    }
  });
});
