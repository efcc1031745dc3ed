import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditData } from '#src/audit/index.js';
import { differingColumns } from '#src/audit/near-duplicates.js';
import { audit, column, input, lastRows, made, named } from './rows.js';

/** Rows of ten columns of rare numbers; the last `copies` rows repeat the first but for `changed` columns. */
function wide(nRows: number, copies: number, changed: number) {
  const cell = (i: number, j: number) => ((i + 3) * (j + 7) * 7919) % 10007;
  return made(10, (j) =>
    column(
      `c${j}`,
      made(nRows, (i) => {
        const source = i - (nRows - copies);
        return source >= 0 && j >= changed ? cell(source, j) : cell(i, j);
      }),
    ),
  );
}
const y = (n: number) => made(n, (i) => (i * 31) % 2);

describe('exact copies across the split', () => {
  it('are counted, and warn', () => {
    const found = audit('exact-duplicates', input(y(100), wide(100, 6, 0), { split: lastRows(100, 20) }));
    expect(found).toMatchObject({
      verdict: 'warn',
      evidence: {
        words: '6 of 20 test rows are exact copies of training rows (30 %; by chance about 0)',
        numbers: { copies: 6, rows: 20, share: 0.3 },
      },
    });
    expect(found.evidence.numbers['expected']).toBeLessThan(0.01);
  });

  it('are judged on raw rows: ids, times and the label make no difference, features do', () => {
    const stamps = [
      column(
        'id',
        made(100, (i) => `row ${i}`),
        'identifier',
      ),
      column(
        'ts',
        made(100, (i) => i),
        'time',
      ),
      column('bad', y(100)),
      column(
        'rule',
        made(100, (i) => `r${i}`),
        'label-defining',
      ),
    ];
    const split = lastRows(100, 20);
    const found = audit('exact-duplicates', input(y(100), [...wide(100, 6, 0), ...stamps], { split }));
    expect(found.evidence.numbers['copies']).toBe(6);
    const derived = [
      column(
        'length',
        made(100, () => 1),
      ),
    ];
    expect(audit('exact-duplicates', input(y(100), wide(100, 0, 0), { split, derived })).verdict).toBe(
      'pass',
    );
  });

  it('are no warning where columns of few values explain them', () => {
    const few = [
      column(
        'a',
        made(400, (i) => (i * 7919) % 3),
      ),
      column(
        'b',
        made(400, (i) => (i * 104729) % 5),
      ),
    ];
    const found = audit('exact-duplicates', input(y(400), few, { split: lastRows(400, 80) }));
    expect(found.verdict).toBe('pass');
    expect(found.evidence.numbers['copies']).toBe(80);
    expect(found.evidence.numbers['expected']).toBeGreaterThan(79);
  });

  it('are those within the data where there is no split', () => {
    const found = audit('exact-duplicates', input(y(100), wide(100, 6, 0)));
    expect(found.evidence.words).toBe(
      '12 of 100 rows have an exact copy in the data (12 %; by chance about 0)',
    );
    const ids = [column('id', made(9, String), 'identifier')];
    expect(audit('exact-duplicates', input(y(9), ids)).verdict).toBe('not-applicable');
  });

  it('come with the score without them', () => {
    const { withScore } = auditData(input(y(100), wide(100, 6, 0), { split: lastRows(100, 20) }));
    const isRight = Uint8Array.from({ length: 20 }, (_, i) => (i >= 14 || i < 7 ? 1 : 0));
    const exact = named('exact-duplicates', withScore(isRight));
    expect(exact.evidence.words).toMatch(/accuracy 0\.65, without them 0\.5 on 14 rows$/);
    expect(exact.evidence.numbers).toMatchObject({ score: 0.65, scoreWithout: 0.5, rowsWithout: 14 });
  });
});

describe('near duplicates across the split', () => {
  it('differ in at most a tenth of the columns, at least one, at most four', () => {
    expect([3, 4, 9, 10, 20, 41, 100].map(differingColumns)).toEqual([0, 1, 1, 1, 2, 4, 4]);
    const split = lastRows(100, 20);
    const near = (changed: number) =>
      audit('near-duplicates', input(y(100), wide(100, 6, changed), { split }));
    expect(near(1)).toMatchObject({
      verdict: 'warn',
      evidence: {
        words: 'at least 6 of 20 test rows equal a training row in all but at most 1 of 10 columns (30 %)',
        numbers: { near: 6, rows: 20, columns: 10, differing: 1 },
      },
    });
    expect([0, 2].map((changed) => near(changed).evidence.numbers['near'])).toEqual([0, 0]);
  });

  it('are no rows that agree in what nearly all rows have', () => {
    const common = made(9, (j) =>
      column(
        `k${j}`,
        made(100, (i) => (i % 50 === j ? 1 : 0)),
      ),
    );
    const columns = [
      ...common,
      column(
        'x',
        made(100, (i) => i),
      ),
    ];
    const found = audit('near-duplicates', input(y(100), columns, { split: lastRows(100, 20) }));
    expect([found.verdict, found.evidence.numbers['near']]).toEqual(['pass', 0]);
  });

  it('need columns that vary and test rows', () => {
    expect(audit('near-duplicates', input(y(40), wide(40, 0, 0))).evidence.words).toBe(
      'there are no test rows',
    );
    const three = [
      ...wide(40, 0, 0).slice(0, 3),
      column(
        'same',
        made(40, () => 1),
      ),
    ];
    expect(audit('near-duplicates', input(y(40), three, { split: lastRows(40, 9) })).evidence.words).toBe(
      'fewer than 4 columns vary',
    );
  });

  it('finds a row changed in any one column, whichever it is', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(79), fc.nat(1000), (changed, source, randomState) => {
        const columns = wide(100, 0, 0).map(({ values, ...rest }, j) => {
          const own = Float64Array.from(values as Float64Array);
          own[99] = j === changed ? 123_456 : own[source]!;
          return { ...rest, values: own };
        });
        const found = audit(
          'near-duplicates',
          input(y(100), columns, { split: lastRows(100, 20), randomState }),
        );
        expect(found.evidence.numbers['near']).toBe(1);
      }),
      { numRuns: 30 },
    );
  });
});
