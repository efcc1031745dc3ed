import { describe, expect, it } from 'vitest';
import { auditData } from '#src/audit/index.js';
import { audit, column, input, lastRows, made, named } from './rows.js';

// Four rows of a: 1, 1, 1, 0. Two of b: 0, 1. Two of their own.
const codes = [1, 1, 1, 0, 0, 1, 0, 1];
const word = column('word', ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'd']);
const twin = column('twin', ['x', 'x', 'y', 'y', 'x', 'x', 'x', 'x']);

describe('conflicting labels', () => {
  it('set a ceiling, as an exact fraction', () => {
    expect(audit('conflicting-labels', input(codes, [word]))).toMatchObject({
      verdict: 'warn',
      evidence: {
        words:
          '2 groups of equal rows carry more than one label: no rule gets more than 6 of 8 rows right (0.75)',
        numbers: { groups: 2, right: 6, rows: 8, ceiling: 0.75 },
      },
      fix: 'take 6 of 8 for the best there is, or add columns that tell these rows apart',
    });
  });

  it('set another one for the columns that are read', () => {
    const found = audit('conflicting-labels', input(codes, [word, twin], { used: ['twin'] }));
    expect(found.evidence.numbers).toMatchObject({ groups: 2, right: 6, ceilingOfColumnsRead: 5 / 8 });
    expect(found.evidence.words).toMatch(/\(0\.75\); of the columns read, 0\.625$/);
    const unused = audit(
      'conflicting-labels',
      input(codes, [word, column('id', made(8, String))], { used: ['word'] }),
    );
    expect([unused.verdict, unused.evidence.numbers['ceilingOfColumnsRead']]).toEqual(['pass', 0.75]);
  });

  it('are none of ids and times, which tell rows apart only where the model is given them', () => {
    const id = column('id', made(8, String), 'identifier');
    expect(audit('conflicting-labels', input(codes, [word, id])).evidence.numbers['right']).toBe(6);
    const time = column('at', made(8, Number), 'time');
    expect(
      audit('conflicting-labels', input(codes, [word, time], { used: ['word', 'at'] })).evidence.numbers,
    ).toMatchObject({ right: 6, ceilingOfColumnsRead: 1 });
  });
});

describe('a score', () => {
  // 60 rows whose only column has two values, each with 40 % of the other class: the ceiling is .6.
  const flat = made(300, (i) => (i % 5 < 2 ? 1 - (i % 2) : i % 2));
  const data = input(
    flat,
    [
      column(
        'side',
        made(300, (i) => `s${i % 2}`),
      ),
    ],
    { split: lastRows(300, 100) },
  );
  const scored = (right: number, of = data) =>
    named(
      'score-above-ceiling',
      auditData(of).withScore(Uint8Array.from({ length: 100 }, (_, i) => (i < right ? 1 : 0))),
    );

  it('at the ceiling passes, above it warns, and blocks where luck is no explanation', () => {
    expect([60, 61, 71, 72].map((right) => scored(right).verdict)).toEqual(['pass', 'warn', 'warn', 'block']);
    // SciPy: binom.sf(71, 100, .6) = 0.00847, binom.sf(70, 100, .6) = 0.01478.
    expect(scored(72).evidence.numbers).toMatchObject({ right: 72, ceiling: 60, rows: 100 });
    expect(scored(72).evidence.numbers['chance']).toBeCloseTo(0.0084, 3);
    expect(scored(72).evidence.words).toBe(
      '72 of 100 test rows are right, where the columns read allow 60 (p = 0.0084)',
    );
  });

  it('has no other ceiling than all rows where the model is given their time', () => {
    const at = column('at', made(300, Number), 'time');
    const of = { ...data, columns: [...data.columns, at], used: ['side', 'at'] };
    expect(scored(100, of)).toMatchObject({ verdict: 'pass', evidence: { numbers: { ceiling: 100 } } });
  });

  it('is held against the first of equally common labels', () => {
    // Row 5 is the second of the two b, whose rule names class 0.
    const split = { train: Uint32Array.of(0, 1, 2, 3, 4), test: Uint32Array.of(5, 6, 7) };
    const found = auditData(input(codes, [word], { split })).withScore(Uint8Array.of(1, 1, 1));
    expect(named('score-above-ceiling', found).evidence.numbers).toMatchObject({
      right: 3,
      ceiling: 2,
      rows: 3,
    });
  });

  it('is none of rows that are features of several events, and neither are copies', () => {
    const { audits } = auditData({ ...data, reach: 'history' });
    for (const name of ['exact-duplicates', 'near-duplicates'] as const)
      expect(named(name, audits).evidence.words).toBe('there is no raw column but ids, times and the label');
    // Equal in all that a model is given, and of different labels, they are conflicts all the same.
    expect(named('conflicting-labels', audits).evidence).toEqual(
      named('conflicting-labels', auditData(data).audits).evidence,
    );
    const unread = auditData({ ...data, used: [], reach: 'history' }).audits;
    expect(named('conflicting-labels', unread).verdict).toBe('not-applicable');
    const derived = [
      column(
        'gap',
        made(300, (i) => i % 7),
      ),
    ];
    const raw = auditData({ ...data, derived, reach: 'history' }).audits;
    expect(named('conflicting-labels', raw).verdict).toBe('warn');
  });

  it('has no ceiling where features know of earlier rows, or there is none yet', () => {
    expect(scored(100, { ...data, reach: 'history' }).verdict).toBe('not-applicable');
    expect(audit('score-above-ceiling', data).evidence.words).toBe('there is no score yet');
    expect(scored(100, { ...data, used: [] }).evidence.words).toBe('no raw column is read');
  });
});
