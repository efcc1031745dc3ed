import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, judge, type PairedTest } from '#src/evaluate/index.js';

const pValue = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.01, 0.02, 1));
const pValues = fc.array(pValue, { maxLength: 30 });
const test = (difference: number, p: number, metric = 'accuracy'): PairedTest => ({
  test: 'bootstrap',
  metric,
  difference,
  interval: { low: difference - 0.1, high: difference + 0.1, level: 0.95, method: 'bootstrap' },
  pValue: p,
});

describe('holm', () => {
  it('holds cases worked by hand', () => {
    // In order .01 × 4, .03 × 3 (.09), .03 × 2 (.06, raised to .09), .4 × 1.
    expect(holm([0.03, 0.4, 0.01, 0.03])).toEqual([0.09, 0.4, 0.04, 0.09]);
    expect(holm([0.6, 0.5])).toEqual([1, 1]);
    expect(holm([0.02])).toEqual([0.02]);
    expect(holm([])).toEqual([]);
  });

  it('is never below the raw p or above 1, keeps the order, and is below Bonferroni', () => {
    fc.assert(
      fc.property(pValues, (raw) => {
        const adjusted = holm(raw);
        adjusted.forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(raw[i]!);
          expect(p).toBeLessThanOrEqual(Math.min(1, raw.length * raw[i]!));
          for (const [j, other] of raw.entries())
            if (other <= raw[i]!) expect(adjusted[j]!).toBeLessThanOrEqual(p);
        });
      }),
    );
  });

  it('grows when a test is added, and does not depend on the order of the tests', () => {
    fc.assert(
      fc.property(pValues, pValue, (raw, more) => {
        const alone = holm(raw);
        for (const [i, p] of holm([...raw, more])
          .slice(0, -1)
          .entries())
          expect(p).toBeGreaterThanOrEqual(alone[i]!);
        expect(holm(raw.toReversed())).toEqual(alone.toReversed());
      }),
    );
  });
});

describe('judge', () => {
  it('says it in words, by the corrected p', () => {
    const judged = judge([test(0.1, 0.001), test(-0.1, 0.02), test(0.1, 0.04), test(0, 1)]);
    expect(judged.map(({ verdict }) => verdict)).toEqual([
      'better',
      'no difference shown',
      'no difference shown',
      'no difference shown',
    ]);
    expect(judged.map((t) => t.adjustedPValue)).toEqual([0.004, 0.06, 0.08, 1]);
    expect(judge([test(-0.1, 0.02)])[0]!.verdict).toBe('worse');
    expect(judge([test(0.1, 0.02)], { level: 0.99 })[0]!.verdict).toBe('no difference shown');
  });

  it('knows that less of a loss is better', () => {
    expect(judge([test(-0.1, 0, 'logLoss')])[0]!.verdict).toBe('better');
    expect(judge([test(0.1, 0, 'brier')])[0]!.verdict).toBe('worse');
  });
});
