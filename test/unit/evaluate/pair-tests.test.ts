import { describe, expect, it } from 'vitest';
import { alignRows } from '#src/evaluate/align-rows.js';
import { type ComparisonEntry, compare, comparisonText, type RowPredictions } from '#src/evaluate/index.js';

const model: RowPredictions = { dataset: 'd1', rows: [5, 2, 9], yTrue: [1, 0, 1], yPred: [1, 1, 1] };

describe('alignRows', () => {
  it('matches rows by their position, whatever their order', () => {
    const other = { dataset: 'd1', rows: [9, 5, 2], yTrue: [1, 1, 0], yPred: [0, 0, 1] };
    expect(alignRows({ predictions: model }, { predictions: other })).toEqual({
      yTrue: [0, 1, 1],
      yPred: [1, 1, 1],
      otherPred: [1, 0, 0],
      places: Uint32Array.of(1, 0, 2),
      otherPlaces: Uint32Array.of(2, 1, 0),
    });
  });

  it.each([
    ['it has no predictions by row', undefined, model],
    ['the chosen run has no predictions by row', model, undefined],
    ['it was tested on another dataset', model, { ...model, dataset: 'd2' }],
    [
      'it was tested on 3 rows, the chosen run on 2',
      model,
      { dataset: 'd1', rows: [5, 2], yTrue: [1, 0], yPred: [1, 1] },
    ],
    ['it was tested on other rows', model, { ...model, rows: [5, 2, 8] }],
    ['the two have different labels', model, { ...model, yTrue: [1, 1, 1] }],
    ['there are no test rows', { ...model, rows: [] }, { ...model, rows: [] }],
  ])('says why not: %s', (reason, left, right) => {
    expect(alignRows({ predictions: left }, { predictions: right })).toEqual({ reason });
  });

  it('says that there were too many rows to keep', () => {
    const many = { rowsNotKept: 1_200_000 };
    const reason = 'has no predictions by row: its 1200000 test rows were too many to keep them';
    expect(alignRows(many, { predictions: model })).toEqual({ reason: `it ${reason}` });
    expect(alignRows({ predictions: model }, many)).toEqual({ reason: `the chosen run ${reason}` });
  });
});

/** A model that is right on all but the first `wrong` of 40 rows, with scores that rank them so. */
function entry(name: string, wrong: number, extra: Partial<RowPredictions> = {}): ComparisonEntry {
  const rows = Array.from({ length: 40 }, (_, i) => i);
  const yTrue = rows.map((i) => (i % 2 === 0 ? 'attack' : 'benign'));
  const yPred = yTrue.map((label, i) => (i < wrong === (label === 'attack') ? 'benign' : 'attack'));
  const scores = yPred.map((label, i) => (label === 'attack' ? 0.8 : 0.2) + i / 1000);
  const predictions = { dataset: 'd', rows, yTrue, yPred, scores, positiveClass: 'attack', ...extra };
  const accuracy = [0, 1, 2, 3, 4].map((fold) => 1 - wrong / 40 + ((fold * (wrong + 1)) % 5) / 100);
  const foldMetrics = { folds: 'f', testToTrain: 0.25, metrics: { accuracy } };
  return { id: name, name, metrics: {}, predictions, foldMetrics };
}

const against = (other: ComparisonEntry, chosen: ComparisonEntry) =>
  compare([chosen, other], { against: chosen.id! }).rows[1]!.tests!;
const reasons = (other: ComparisonEntry, chosen: ComparisonEntry) =>
  against(other, chosen).map((test) => ('reason' in test ? test.reason : test.verdict));

describe('the tests of a comparison', () => {
  it('are four, corrected together, with the verdict in words', () => {
    const table = compare([entry('good', 2), entry('bad', 30), entry('twin', 2)], { against: 'good' });
    const [good, bad, twin] = table.rows;
    expect(good).not.toHaveProperty('tests');
    expect([table.nTests, bad!.tests!.length, twin!.tests!.length]).toEqual([8, 4, 4]);
    expect(bad!.tests!.map((t) => [t.test, t.metric, 'verdict' in t && t.verdict])).toEqual([
      ['mcnemar', 'accuracy', 'worse'],
      ['delong', 'rocAuc', 'worse'],
      ['bootstrap', 'f1', 'worse'],
      ['correctedT', 'accuracy', 'worse'],
    ]);
    for (const test of twin!.tests!)
      expect(test).toMatchObject({
        difference: 0,
        pValue: 1,
        adjustedPValue: 1,
        verdict: 'no difference shown',
      });
    // 28 rows that only the chosen one has right: 2 × 2^-28, the least of eight p-values but DeLong's.
    expect(bad!.tests![0]).toMatchObject({ difference: -0.7, pValue: 2 ** -27, onlyOtherRight: 28 });
    expect(bad!.tests![0]).toMatchObject({ adjustedPValue: 7 * 2 ** -27 });
  });

  it('are the same whichever order the rows were stored in', () => {
    const { predictions, ...rest } = entry('bad', 6);
    const reversed = Object.fromEntries(
      Object.entries(predictions!).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.toReversed() : value,
      ]),
    ) as unknown as RowPredictions;
    const chosen = entry('good', 1);
    expect(against({ ...rest, predictions: reversed }, chosen)).toEqual(
      against({ ...rest, predictions }, chosen),
    );
  });

  it('resample whole groups where the rows have some', () => {
    const groups = Array.from({ length: 40 }, (_, i) => Math.floor(i / 20));
    const free = against(entry('bad', 12), entry('good', 1))[2]!;
    const grouped = against(entry('bad', 12), entry('good', 1, { groups }))[2]!;
    expect(free).toMatchObject({ verdict: 'worse', interval: { method: 'bootstrap' } });
    expect(grouped).toMatchObject({
      verdict: 'no difference shown',
      interval: { method: 'clusterBootstrap' },
    });
  });

  it('leave out those that take rows as independent where the chosen run has groups, and say why', () => {
    const groups = Array.from({ length: 40 }, (_, i) => i % 20);
    const bySource = { groups, groupBy: 'source' };
    const table = compare([entry('good', 1, bySource), entry('bad', 30)], { against: 'good' });
    const reason = 'rows of one source are not independent: the bootstrap drew 20 groups whole';
    expect(table.nTests).toBe(2);
    expect(table.rows[1]!.tests!.map((test) => ('reason' in test ? test.reason : test.verdict))).toEqual([
      ...[reason, reason],
      ...['worse', 'worse'],
    ]);
    expect(comparisonText(table)).toContain(`no McNemar, DeLong: ${reason} (bad)`);
    const elsewhere = entry('elsewhere', 3, { dataset: 'e' });
    expect(reasons(elsewhere, entry('good', 1, bySource))[0]).toBe('it was tested on another dataset');
    // The chosen run may be of a version that stored no groups of these rows.
    expect(reasons(entry('bad', 30, bySource), entry('good', 1))[0]).toBe(reason);
    const byColumn = { groups, groupBy: '\u001b[31m' };
    expect(reasons(entry('bad', 30), entry('good', 1, byColumn))[0]).toContain('of one \\u001b[31m are');
  });

  it('are as many as the two have what they need', () => {
    const whole = entry('whole', 3);
    const { foldMetrics: _, ...unfolded } = entry('unfolded', 3);
    const none = 'no difference shown';
    expect(reasons(unfolded, whole)).toEqual([none, none, none, 'it was not cross-validated']);
    expect(reasons(whole, unfolded)).toEqual([none, none, none, 'the chosen run was not cross-validated']);
    const otherFolds = { ...whole, id: 'g', foldMetrics: { ...whole.foldMetrics!, folds: 'g' } };
    expect(reasons(otherFolds, whole)[3]).toBe('it was cross-validated on other folds');
    const unscored = entry('unscored', 3, { positiveClass: undefined });
    expect(reasons(unscored, whole)[1]).toBe('it has no scores of one class by row');
    expect(reasons(whole, unscored)[1]).toBe('the chosen run has no scores of one class by row');
    const turned = entry('turned', 3, { positiveClass: 'benign' });
    expect(reasons(turned, whole)[1]).toBe('its scores are for another class');
    const elsewhere = entry('elsewhere', 3, { dataset: 'e' });
    const reason = 'it was tested on another dataset';
    expect(reasons(elsewhere, whole)).toEqual([reason, reason, reason, none]);
  });

  it('take fewer resamples of many rows, and as many as asked for', () => {
    const p = (resamples?: number) => {
      const options = resamples === undefined ? {} : { resamples };
      const table = compare([entry('good', 0), entry('bad', 38)], { against: 'good', ...options });
      return (table.rows[1]!.tests![2] as { pValue: number }).pValue;
    };
    expect([p(), p(99)]).toEqual([2 / 2001, 2 / 100]);
  });
});
