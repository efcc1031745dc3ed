import { describe, expect, it } from 'vitest';
import { AUDIT_NAMES, auditData } from '#src/audit/index.js';
import { type CleanKind, cleanRows } from '../../support/clean-rows.js';

/** Few of the largest, which take the longest. */
const SIZES = [200, 200, 500, 1000, 2000, 5000, 200, 300, 700, 10_000];

/** Returns what is told of clean rows of 20 seeds: verdicts by run. */
function told(kind: CleanKind): string[][] {
  return Array.from({ length: 20 }, (_, seed) => {
    const nRows = seed === 19 ? 100_000 : SIZES[seed % SIZES.length]!;
    const { audits } = auditData(cleanRows(nRows, seed, kind));
    return audits
      .filter(({ verdict }) => verdict === 'warn' || verdict === 'block')
      .map((a) => `${a.verdict} ${a.name}`);
  });
}

describe('audits of clean rows', () => {
  it.each(['numbers', 'mixed'] as const)(
    'block none of 20, and warn of one at most: %s',
    (kind) => {
      const runs = told(kind);
      expect(runs.flat().filter((verdict) => verdict.startsWith('block'))).toEqual([]);
      expect(runs.filter((run) => run.length > 0).length).toBeLessThanOrEqual(1);
    },
    120_000,
  );

  it('say of words alone only that equal rows conflict, which they do', () => {
    const runs = told('words').slice(0, 9);
    expect(new Set(runs.flat())).toEqual(new Set(['warn conflicting-labels']));
  }, 120_000);
});

describe('audits', () => {
  it('say the same again for the same seed', () => {
    const input = cleanRows(1000, 3, 'mixed');
    expect(auditData(input).audits).toEqual(auditData(input).audits);
    expect(auditData(input).audits.map(({ name }) => name)).toHaveLength(AUDIT_NAMES.length);
  });

  it('refuse a column that is not as long as the labels', () => {
    const { columns, ...rest } = cleanRows(40, 1, 'numbers');
    const short = { ...columns[0]!, values: new Float64Array(39) };
    expect(() => auditData({ ...rest, columns: [short] })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringContaining('columns.a') }),
    );
  });
});
