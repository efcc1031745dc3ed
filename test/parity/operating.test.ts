import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseThreshold, recallAtRates } from '#src/evaluate/index.js';

interface FrozenCase {
  name: string;
  yTrue: number[];
  scores: number[];
  recalls: [number, number, number][];
  bestF1: number;
}

const frozen = JSON.parse(readFileSync(new URL('frozen/operating.json', import.meta.url), 'utf8')) as {
  madeWith: Record<string, string>;
  cases: FrozenCase[];
};

describe(`thresholds of scikit-learn ${frozen.madeWith['sklearn']}`, () => {
  it.each(frozen.cases)('recall at false-positive rates: $name', (input) => {
    let compared = 0;
    for (const [rate, recall, falsePositiveRate] of input.recalls) {
      const [at] = recallAtRates(input, { rates: [rate] });
      if (!at?.estimable) continue;
      compared++;
      expect(at.recall).toBe(recall);
      expect(at.falsePositiveRate).toBe(falsePositiveRate);
    }
    if (input.yTrue.length >= 300) expect(compared).toBeGreaterThanOrEqual(2);
  });

  it.each(frozen.cases)('best F1: $name', (input) => {
    expect(chooseThreshold(input, { kind: 'best-f1' }).achieved).toBeCloseTo(input.bestF1, 14);
  });
});
