import { describe, expect, it } from 'vitest';
import { audit, column, input, lastRows, made } from './rows.js';

const y = (n: number) => made(n, (i) => (i * 31) % 2);
const x = (n: number) =>
  column(
    'x',
    made(n, (i) => i * 1.5),
  );

describe('a test set', () => {
  it('is too small below 30 rows, or 10 of a class', () => {
    const verdict = (nTest: number) =>
      audit('small-test', input(y(400), [x(400)], { split: lastRows(400, nTest) })).verdict;
    expect([29, 30, 44].map(verdict)).toEqual(['warn', 'pass', 'pass']);
    const rare = made(400, (i) => (i % 40 === 0 ? 1 : 0));
    expect(audit('small-test', input(rare, [x(400)], { split: lastRows(400, 100) }))).toMatchObject({
      verdict: 'warn',
      evidence: {
        words: '100 test rows, too few of a class (1: 2); an accuracy of .9 is known to about ±0.0588',
        numbers: { rows: 100, smallestClass: 2 },
      },
    });
  });

  it('of one class says nothing of the other', () => {
    const codes = made(100, (i) => (i < 60 ? i % 2 : 1));
    expect(audit('one-class-test', input(codes, [x(100)], { split: lastRows(100, 40) }))).toMatchObject({
      verdict: 'warn',
      evidence: { words: 'all 40 test rows are of class 1' },
    });
    expect(audit('one-class-test', input(y(100), [x(100)], { split: lastRows(100, 40) })).verdict).toBe(
      'pass',
    );
  });

  it('has sensors of one class where chance does not explain it', () => {
    const sensor = column(
      'sensor',
      made(200, (i) => (i % 2 ? 'a' : 'b')),
      'identifier',
    );
    const of = (codes: number[], nTest: number) =>
      audit(
        'one-class-test',
        input(codes, [x(200), sensor], { sensor: 'sensor', split: lastRows(200, nTest) }),
      );
    const oneSided = made(200, (i) => (i % 2 ? 1 : (i / 2) % 2));
    expect(of(oneSided, 100)).toMatchObject({
      verdict: 'warn',
      columns: ['sensor'],
      evidence: { words: 'test rows of one class only at a (50 rows)' },
    });
    expect(of(oneSided, 30).verdict).toBe('pass');
  });

  it('of one of several sensors is told', () => {
    const sensor = column(
      'sensor',
      made(100, (i) => (i < 70 ? `s${i % 3}` : 's1')),
      'identifier',
    );
    const of = { sensor: 'sensor', split: lastRows(100, 30) };
    expect(audit('one-sensor-test', input(y(100), [sensor], of))).toMatchObject({
      verdict: 'warn',
      evidence: { words: 'all test rows come from one of 3 sensors: s1', numbers: { sensors: 3, tested: 1 } },
    });
    const more = { sensor: 'sensor', split: lastRows(100, 40) };
    expect(audit('one-sensor-test', input(y(100), [sensor], more)).verdict).toBe('pass');
  });

  it('has classes, and words that make the label, which training has not seen', () => {
    const codes = made(60, (i) => (i < 50 ? i % 2 : i % 3));
    const attack = column(
      'attack',
      made(60, (i) => (i < 55 ? `a${i % 4}` : `new${i % 2}`)),
      'label-defining',
    );
    expect(audit('unseen-classes', input(codes, [attack], { split: lastRows(60, 10) }))).toMatchObject({
      verdict: 'warn',
      columns: ['bad', 'attack'],
      evidence: { numbers: { 'rows.bad': 4, 'values.bad': 1, 'rows.attack': 5, 'values.attack': 2 } },
    });
    expect(audit('unseen-classes', input(y(60), [x(60)], { split: lastRows(60, 10) })).verdict).toBe('pass');
  });

  it.each(['small-test', 'one-class-test', 'one-sensor-test', 'unseen-classes'] as const)(
    'is what %s needs',
    (name) => {
      expect(audit(name, input(y(60), [x(60)]))).toMatchObject({
        verdict: 'not-applicable',
        evidence: { words: 'there are no test rows' },
      });
    },
  );
});

describe('where rows come from', () => {
  it('is told by share and effective number of sources', () => {
    const ip = column(
      'ip',
      made(200, (i) => (i < 100 ? 'a' : `b${i % 20}`)),
      'identifier',
    );
    const found = audit('source-concentration', input(y(200), [ip], { source: 'ip' }));
    expect(found).toMatchObject({
      verdict: 'warn',
      columns: ['ip'],
      evidence: { numbers: { sources: 21, largest: 0.5 } },
    });
    // 1 / (.5² + 20 × .025²)
    expect(found.evidence.numbers['effective']).toBeCloseTo(3.8095, 4);
    expect(found.evidence.numbers['largestThree']).toBeCloseTo(0.55, 12);
    const even = column(
      'ip',
      made(200, (i) => `b${i % 20}`),
      'identifier',
    );
    expect(audit('source-concentration', input(y(200), [even], { source: 'ip' })).verdict).toBe('pass');
    expect(audit('source-concentration', input(y(99), [column('ip', y(99))], { source: 'ip' })).verdict).toBe(
      'not-applicable',
    );
  });

  it('is at odds with the base rate where the share is twice it, or half', () => {
    const codes = made(200, (i) => (i % 10 < 4 ? 1 : 0));
    const ratio = (baseRate: number) => audit('class-ratio', input(codes, [x(200)], { baseRate })).verdict;
    expect([0.01, 0.19, 0.21, 0.4, 0.79, 0.81].map(ratio)).toEqual([
      'warn',
      'warn',
      'pass',
      'pass',
      'pass',
      'warn',
    ]);
    expect(audit('class-ratio', input(codes, [x(200)])).verdict).toBe('not-applicable');
  });
});
