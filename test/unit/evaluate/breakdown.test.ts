import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '#src/evaluate/closed-intervals.js';
import { breakdown } from '#src/evaluate/index.js';

/** Rows of a group: found, missed, false alerts, and left alone. */
function rowsOf(groups: Record<string, [number, number, number, number]>) {
  const yTrue: number[] = [];
  const yPred: number[] = [];
  const by: string[] = [];
  for (const [group, counts] of Object.entries(groups))
    counts.forEach((count, kind) => {
      for (let i = 0; i < count; i++) {
        yTrue.push(kind < 2 ? 1 : 0);
        yPred.push(kind === 0 || kind === 2 ? 1 : 0);
        by.push(group);
      }
    });
  return { input: { yTrue, yPred }, by };
}

describe('breakdown', () => {
  it('counts by group, with recall, precision and Wilson intervals', () => {
    const { input, by } = rowsOf({ a: [8, 2, 4, 6] });
    const { groups, nGroups } = breakdown(input, by);
    expect(nGroups).toBe(1);
    expect(groups[0]).toEqual({
      group: 'a',
      samples: 20,
      positives: 10,
      alerts: 12,
      truePositives: 8,
      falsePositives: 4,
      falseNegatives: 2,
      trueNegatives: 6,
      recall: { value: 0.8, interval: wilsonInterval(8, 10, 0.95) },
      precision: { value: 8 / 12, interval: wilsonInterval(8, 12, 0.95) },
    });
  });

  it('puts the surely bad before the perhaps bad, and groups without positives last by false alerts', () => {
    const { input, by } = rowsOf({
      good: [99, 1, 0, 0],
      'one of one missed': [0, 1, 0, 0],
      'half of many missed': [100, 100, 0, 0],
      quiet: [0, 0, 0, 50],
      noisy: [0, 0, 5, 5],
      'quiet and large': [0, 0, 0, 80],
    });
    expect(breakdown(input, by).groups.map((g) => g.group)).toEqual([
      'half of many missed',
      'one of one missed',
      'good',
      'noisy',
      'quiet and large',
      'quiet',
    ]);
    const some = breakdown(input, by, { limit: 2 });
    expect(some.groups).toHaveLength(2);
    expect(some.nGroups).toBe(6);
  });

  it('says where the errors come from', () => {
    const { input, by } = rowsOf({ a: [0, 6, 1, 0], b: [0, 2, 0, 3], c: [5, 0, 1, 0] });
    const { falseNegatives, falsePositives } = breakdown(input, by);
    expect(falseNegatives).toEqual({
      errors: 8,
      groupsWithErrors: 2,
      effectiveGroups: 1 / (0.75 ** 2 + 0.25 ** 2),
      top: [
        { group: 'a', errors: 6, share: 0.75 },
        { group: 'b', errors: 2, share: 0.25 },
      ],
    });
    expect(falsePositives).toMatchObject({ errors: 2, groupsWithErrors: 2, effectiveGroups: 2 });
  });

  it('has no concentration without errors, and takes numbers as groups', () => {
    const { falsePositives, groups } = breakdown({ yTrue: [1, 1], yPred: [1, 1] }, [22, 2222]);
    expect(falsePositives).toEqual({ errors: 0, groupsWithErrors: 0, effectiveGroups: 0, top: [] });
    expect(groups.map((g) => g.group)).toEqual([22, 2222]);
  });

  it('keeps names that an object would trip over', () => {
    const { groups } = breakdown({ yTrue: [1, 1], yPred: [1, 0] }, ['__proto__', 'constructor']);
    expect(groups.map((g) => g.group)).toEqual(['constructor', '__proto__']);
  });

  it('adds up to the whole', () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: 0, max: 1 }),
      fc.constantFrom('a', 'b', 'c'),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), (rows) => {
        const report = breakdown(
          { yTrue: rows.map(([t]) => t), yPred: rows.map(([, p]) => p) },
          rows.map(([, , g]) => g),
        );
        const sum = (of: (g: (typeof report.groups)[number]) => number) =>
          report.groups.reduce((total, g) => total + of(g), 0);
        expect(sum((g) => g.samples)).toBe(rows.length);
        expect(sum((g) => g.falseNegatives)).toBe(report.falseNegatives.errors);
        expect(sum((g) => g.falsePositives)).toBe(report.falsePositives.errors);
        const high = report.groups.flatMap((g) => (g.recall ? [g.recall.interval!.high] : []));
        expect(high).toEqual(high.toSorted((a, b) => a - b));
      }),
    );
  });

  it('takes a million samples of a hundred thousand sources', () => {
    const n = 1_000_000;
    const yTrue = Uint8Array.from({ length: n }, (_, i) => i & 1);
    const by = Array.from({ length: n }, (_, i) => `source ${i % 100_000}`);
    const report = breakdown({ yTrue, yPred: new Uint8Array(n) }, by);
    expect([report.nGroups, report.groups.length, report.falseNegatives.errors]).toEqual([
      100_000, 50, 500_000,
    ]);
  });

  it('refuses what cannot be', () => {
    const input = { yTrue: [1], yPred: [1] };
    expect(() => breakdown(input, ['a', 'b'])).toThrow('by must have 1 values, got 2');
    expect(() => breakdown(input, [undefined as unknown as string])).toThrow(
      'by of sample 0 must be text or a finite number, got undefined',
    );
    expect(() => breakdown(input, ['a'], { limit: 0 })).toThrow(
      'limit must be a whole number of at least 1, got 0',
    );
  });
});
