import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, turned } from '#src/audit/auc.js';
import { binomialUpperTail } from '#src/audit/binomial.js';

interface Frozen {
  areas: { scores: number[]; positive: number[]; area: number; low: number }[];
  tails: { k: number; n: number; p: number; tail: number }[];
}

const frozen = JSON.parse(readFileSync(new URL('frozen/audit.json', import.meta.url), 'utf8')) as Frozen;

describe('what audits measure with', () => {
  it.each(frozen.areas)(
    'has the area of scikit-learn, and the lower bound of DeLong: $area',
    ({ scores, positive, area, low }) => {
      const groups = {
        rows: new Float64Array(scores.length).fill(1),
        positives: Float64Array.from(positive),
      };
      const found = areaUnderCurve(Float64Array.from(scores), groups);
      expect(found.area).toBeCloseTo(area, 12);
      expect(found.low).toBeCloseTo(low, 12);
      const back = areaUnderCurve(
        Float64Array.from(scores, (score) => -score),
        groups,
      );
      expect(turned(found).area).toBeCloseTo(back.area, 12);
      expect(turned(found).low).toBeCloseTo(back.low, 12);
    },
  );

  it.each(frozen.tails)('has the binomial tail of SciPy: at least $k of $n', ({ k, n, p, tail }) => {
    expect(binomialUpperTail(k, n, p) / tail).toBeCloseTo(1, 9);
  });
});
