import { describe, expect, it } from 'vitest';
import type { Labels, Split } from '#src/data/index.js';
import { isAttackLabels } from '#src/features/index.js';
import { outOfFoldAuc } from '#src/sample/column-auc.js';
import { checkSample, generateSample, type SampleRow } from '#src/sample/index.js';

const codesOf = (rows: readonly SampleRow[]): Labels =>
  isAttackLabels(
    rows.map((row, i) => ({
      ...{ position: i, file: 'sample', line: i + 2, payload: null },
      fields: { 'event.action': row.fields.event },
    })),
  );

/** Every fifth row is the test side of a fold. */
function foldsOf(n: number): Split[] {
  const all = Array.from({ length: n }, (_, i) => i);
  return [0, 1, 2, 3, 4].map((k) => ({
    train: Uint32Array.from(all.filter((i) => i % 5 !== k)),
    test: Uint32Array.from(all.filter((i) => i % 5 === k)),
  }));
}

const accuracies = [
  { split: 'stratified', seed: 0, accuracy: 0.9 },
  { split: 'stratified', seed: 1, accuracy: 0.88 },
  { split: 'time-ordered', seed: 0, accuracy: 0.87 },
];
const rows = generateSample();
const folds = foldsOf(rows.length);
const labels = codesOf(rows);

describe('checkSample', () => {
  it('passes the shipped sample on everything', () => {
    const checks = checkSample({ rows, labels, folds, accuracies });
    expect(checks.filter((check) => !check.passed)).toEqual([]);
    expect(checks.map((check) => check.name)).toEqual([
      'majority class',
      'source_ip in both kinds of session',
      'user_agent in both kinds of session',
      'port in both kinds of session',
      'payload_length alone, stratified',
      'payload_length alone, time-ordered',
      ...[
        'timestamp',
        'honeypot_type',
        'source_ip',
        'port',
        'method',
        'path',
        'user_agent',
        'level',
        'data',
      ].map((name) => `auc of ${name}`),
    ]);
    expect(checks[4]!.detail).toBe('accuracy 0.8800 to 0.9000 over 2 seeds, 0.85 to 0.95 is wanted');
  });

  it('fails what is wrong and says so', () => {
    const attacks = labels.codes.map((code, i) => (i % 3 === 0 ? code : 1));
    const leaky = rows.map((row, i) => ({
      ...row,
      fields: {
        ...row.fields,
        port: row.session === 0 ? '81' : row.fields.port,
        level: attacks[i] === 1 ? 'BAD' : 'GOOD',
      },
    }));
    const checks = checkSample({
      rows: leaky,
      labels: { classes: [0, 1], codes: attacks },
      folds,
      accuracies: [{ split: 'stratified', seed: 0, accuracy: 0.96 }],
    });
    expect(checks.filter((check) => !check.passed).map((check) => check.name)).toEqual([
      'majority class',
      'port in both kinds of session',
      'payload_length alone, stratified',
      'auc of level',
    ]);
    expect(checks.find((check) => check.name.startsWith('port'))!.detail).toMatch(/^8 of 9 .*; not 81$/);
    expect(checks.find((check) => check.name === 'auc of level')!.detail).toBe(
      '1.0000 out of fold, below 0.95 is wanted',
    );
  });
});

describe('outOfFoldAuc', () => {
  const two = [{ train: Uint32Array.of(0, 1, 2, 3), test: Uint32Array.of(4, 5, 6, 7) }];

  it('is 1 for a column that tells the label, and counts missing cells as a value', () => {
    expect(outOfFoldAuc(['a', null, 'a', null, 'a', null, 'a', null], [1, 0, 1, 0, 1, 0, 1, 0], two)).toBe(1);
    expect(outOfFoldAuc(['a', null, 'a', null, 'a', null, 'a', null], [1, 0, 1, 0, 0, 1, 0, 1], two)).toBe(0);
  });

  it('is one half for a constant column, unseen values and a single class', () => {
    expect(outOfFoldAuc(Array(8).fill('x'), [1, 0, 1, 0, 1, 0, 1, 0], two)).toBe(0.5);
    expect(outOfFoldAuc([...'abcdefgh'], [1, 0, 1, 0, 1, 0, 1, 0], two)).toBe(0.5);
    expect(outOfFoldAuc([...'abababab'], Array(8).fill(1), two)).toBe(0.5);
  });

  it('counts a tie as half', () => {
    expect(outOfFoldAuc(['a', 'a', 'b', 'b', 'a', 'a', 'b', 'b'], [1, 1, 0, 0, 1, 0, 0, 0], two)).toBeCloseTo(
      5 / 6,
      12,
    );
  });
});
