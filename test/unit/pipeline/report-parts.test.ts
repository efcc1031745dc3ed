import { describe, expect, it } from 'vitest';
import type { HoneypotEvent } from '#src/data/index.js';
import { evaluate } from '#src/evaluate/index.js';
import { experimentConfigSchema } from '#src/pipeline/config.js';
import { intervalGroups } from '#src/pipeline/interval-groups.js';
import {
  checkReportColumns,
  columnText,
  reportColumns,
  timeSpan,
  timesOf,
} from '#src/pipeline/report-columns.js';
import { errorsOf } from '#src/pipeline/report-errors.js';
import { headline, operatingFigures, ratesOf } from '#src/pipeline/report-headline.js';
import { type ReportInput, testView } from '#src/pipeline/report-input.js';
import { breakdownsOf, decayOf } from '#src/pipeline/report-measures.js';
import { weaknessesOf } from '#src/pipeline/report-weaknesses.js';
import { expectThrown } from '../../support/expect-thrown.js';

const DAY = 86_400_000;

/** Row i: true class, score of class 1, source, day, sensor. */
type Row = readonly [number, number, string, number, string];

const ROWS: readonly Row[] = [
  [1, 0.9, '10.0.0.1', 0, 'a'],
  [1, 0.8, '10.0.0.1', 0, 'a'],
  [1, 0.4, '10.0.0.1', 1, 'b'],
  [0, 0.7, '10.0.0.2', 1, 'b'],
  [0, 0.1, '10.0.0.2', 2, 'a'],
  [0, 0.2, '10.0.0.3', 4, 'a'],
];

function eventOf([, , source, day, sensor]: Row, i: number): HoneypotEvent {
  const fields = {
    '@timestamp': day * DAY + i,
    'source.ip': source,
    'observer.name': sensor,
    'event.action': `act ${i % 2}`,
    payload: i === 2 ? '' : `text ${i} ${'z'.repeat(300)}`,
  };
  return { position: i, file: 'log.csv', line: i + 2, fields, payload: null };
}

function inputOf(rows: readonly Row[], config: object = {}): ReportInput {
  const samples = rows.map(eventOf);
  const yTrue = Uint16Array.from(rows, ([y]) => y);
  const yPred = Uint16Array.from(rows, ([, s]) => Number(s > 0.5));
  const scores = Float64Array.from(rows.flatMap(([, s]) => [1 - s, s]));
  const classes = [0, 1];
  const parsed = experimentConfigSchema.parse(config);
  const resampled = intervalGroups(parsed.split, samples);
  const evaluation = evaluate({ yTrue, yPred, scores, classes, groups: resampled.groups });
  const side = { samples, labels: { classes, codes: yTrue } };
  return {
    config: parsed,
    data: {
      test: side,
      train: side,
      all: side,
      testSource: undefined,
      split: { method: 'time', testSize: 6 },
    },
    detector: { threshold: 0.5 },
    scored: { yTrue, yPred, classes, scores, evaluation, resampled },
    baselines: [],
    unseen: null,
  } as unknown as ReportInput;
}

describe('the view of the test rows', () => {
  it('resamples sources where there are some, rows where there is one or each row has its own', () => {
    expect(testView(inputOf(ROWS)).groupedBy).toBe('source');
    const one = ROWS.map(([y, s, , d, n]): Row => [y, s, '10.0.0.1', d, n]);
    expect(testView(inputOf(one)).groupedBy).toBeNull();
    const each = ROWS.map(([y, s, , d, n], i): Row => [y, s, `10.0.0.${i}`, d, n]);
    expect(testView(inputOf(each)).groups).toBeUndefined();
    const bySensor = { split: { method: 'group', groupBy: 'sensor' } };
    expect(testView(inputOf(ROWS, bySensor))).toMatchObject({
      groupedBy: 'sensor',
      groups: ['a', 'a', 'b', 'b', 'a', 'a'],
    });
  });
});

describe('headline numbers', () => {
  it('have their intervals, and those of rows where no resample of the groups varies a value', () => {
    const found = Object.fromEntries(headline(testView(inputOf(ROWS))).map((h) => [h.name, h]));
    expect(found['recallBinary']).toMatchObject({ value: 2 / 3 });
    // All attacks are of one source: drawn or not, its recall is 2 in 3.
    expect(found['recallBinary']).toMatchObject({
      interval: { method: 'wilson' },
      reason: 'by rows',
    });
    expect(found['accuracy']).toMatchObject({ value: 4 / 6, interval: { method: 'clusterBootstrap' } });
  });

  it('are no number where there is no alert', () => {
    const input = inputOf(ROWS.map(([y, , ...rest]): Row => [y, 0.1, ...rest]));
    expect(headline(testView(input))).toContainEqual({
      name: 'precisionBinary',
      value: null,
      interval: null,
      reason: 'not estimable: there is no alert',
    });
  });
});

describe('the operating point', () => {
  it('says what the data has, and nothing of traffic that was not stated', () => {
    const input = inputOf(ROWS);
    const point = operatingFigures(input, testView(input));
    // 6 events in 4 days and 5 ms; 3 of 6 alert.
    expect(point).toMatchObject({
      threshold: 0.5,
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 1,
      trueNegatives: 2,
      stated: { baseRate: null, eventsFrom: 'data', precision: null, alertsADay: null },
      data: { baseRate: 0.5 },
    });
    const { data } = point as Extract<typeof point, { data: unknown }>;
    expect(data.eventsADay).toBeCloseTo(1.5, 6);
    expect(data.alertsADay).toBeCloseTo(0.75, 6);
  });

  it('carries recall and false alerts into the traffic as stated', () => {
    const input = inputOf(ROWS, { report: { baseRate: 0.1, eventsPerDay: 3000 } });
    const point = operatingFigures(input, testView(input));
    const { stated } = point as Extract<typeof point, { stated: unknown }>;
    // 3000 × (0.1 × 2/3 + 0.9 × 1/3), of which 200 are real.
    expect(stated.alertsADay!.value).toBeCloseTo(1100, 6);
    expect(stated.falseAlertsADay!.value).toBeCloseTo(900, 6);
    expect(stated.precision!.value).toBeCloseTo(200 / 1100, 9);
    expect(stated).toMatchObject({ baseRate: 0.1, eventsADay: 3000, eventsFrom: 'config' });
    expect(stated.precision!.interval).toMatchObject({ method: 'wilsonCorners' });
  });

  it('estimates no recall at rates that need more rows', () => {
    expect(ratesOf(testView(inputOf(ROWS)))).toContainEqual({
      rate: 0.001,
      recall: null,
      threshold: null,
      needs: 10000,
      reason: 'not estimable: needs 10000 negatives, there are 3',
    });
  });
});

describe('over time and by column', () => {
  it('gives each day its recall, and the area', () => {
    const found = decayOf(testView(inputOf(ROWS)));
    expect(found).toMatchObject({ period: 'day', emptyPeriods: 1, withoutTime: 0 });
    const [recall] = (found as Extract<typeof found, { series: unknown }>).series;
    expect(recall!.points.map(({ index, value }) => [index, value])).toEqual([
      [0, 1],
      [1, 0],
      [2, null],
      [4, null],
    ]);
    expect(recall!.aut).toBe(0.5);
    expect(decayOf({ ...testView(inputOf(ROWS)), times: undefined })).toEqual({
      skipped: 'the rows have no times',
    });
    expect(decayOf({ ...testView(inputOf(ROWS)), times: new Float64Array(6) })).toEqual({
      skipped: 'all test rows are of one day',
    });
  });

  it('reports sensors and kinds of attack where nobody says, else what was asked for', () => {
    const input = inputOf(ROWS);
    expect(reportColumns(input.config, input.data.test.samples)).toEqual(['observer.name', 'event.action']);
    const [bySensor] = breakdownsOf(input, testView(input));
    expect(bySensor).toMatchObject({ by: 'observer.name', measure: 'recall', nGroups: 2 });
    expect(bySensor!.groups.map(({ group, positives, value }) => [group, positives, value?.value])).toEqual([
      ['b', 1, 0],
      ['a', 2, 1],
    ]);
    const asked = inputOf(ROWS, { report: { by: ['source_ip'] } });
    expect(breakdownsOf(asked, testView(asked)).map(({ by }) => by)).toEqual(['source.ip']);
  });

  it('refuses a column that no test row has', () => {
    const { config, data } = inputOf(ROWS, { report: { by: ['observer.nam'] } });
    const error = expectThrown(() => checkReportColumns(config, data), 'NOT_FOUND');
    expect(error.message).toBe('report.by: the test rows have no column "observer.nam"');
    expect(error.hint).toContain('observer.name');
  });

  it('reads columns and times, also where rows lack them', () => {
    const samples = ROWS.map(eventOf);
    expect(columnText(samples, 'observer.name')!.slice(0, 3)).toEqual(['a', 'a', 'b']);
    expect(columnText(samples, 'nothing')).toBeUndefined();
    const withoutTime = samples.map((event) => ({ ...event, fields: {} }));
    expect(timesOf(withoutTime)).toBeUndefined();
    expect(timeSpan(timesOf(samples))).toEqual({ first: 0, last: 4 * DAY + 5 });
    expect(timeSpan(undefined)).toBeNull();
  });
});

describe('errors to look at', () => {
  it('name file, line and a few columns, the most confident first', () => {
    const input = inputOf(ROWS);
    const { total, rows } = errorsOf(input, testView(input), { skipped: 'no' });
    expect(total).toBe(2);
    expect(rows.map(({ kind, file, line, score }) => [kind, file, line, score])).toEqual([
      ['missed', 'log.csv', 4, 0.4],
      ['false alert', 'log.csv', 5, 0.7],
    ]);
    expect(rows[0]!.columns).toEqual([
      { name: '@timestamp', value: '1970-01-02T00:00:00.002Z' },
      { name: 'observer.name', value: 'b' },
      { name: 'source.ip', value: '10.0.0.1' },
      { name: 'event.action', value: 'act 0' },
    ]);
    expect(rows[1]!.columns.at(-1)!.value).toBe(`text 3 ${'z'.repeat(193)}…`);
  });
});

describe('what is weak', () => {
  const numbers = (value: number) => [{ name: 'f1Macro', value, interval: null, reason: null }];
  const weak = (input: ReportInput, unseenF1?: number) => {
    const view = testView(input);
    const operatingPoint = operatingFigures(input, view);
    const decay = decayOf(view);
    const unseenSources =
      unseenF1 === undefined ? null : { rows: 9, sources: 2, headline: numbers(unseenF1) };
    return weaknessesOf(input, view, { headline: headline(view), operatingPoint, unseenSources, decay });
  };

  it('is said of few rows, one source, wide intervals and a random split', () => {
    const input = inputOf(ROWS);
    expect(weak(input)).toEqual([
      'Few test rows of the classes 0 (3), 1 (3): what is said of them can be chance.',
      '3 of the 3 rows of class 1 in the test part are of one source.',
      'The intervals come from 3 groups (source): of so few they are often too narrow.',
      'Recall can be anything from 0.21 to 0.94.',
      'Precision can be anything from 0.00 to 1.00.',
      'F1 (mean of classes) can be anything from 0.33 to 1.00.',
    ]);
    const random = { ...input, data: { ...input.data, split: { method: 'random', testSize: 6 } } };
    expect(weak(random as ReportInput).at(-1)).toBe(
      'The test rows were drawn at random although the rows have times and sources: on what comes later it can do worse.',
    );
  });

  it('is said where a baseline does as well', () => {
    const input = { ...inputOf(ROWS), baselines: [{ name: 'stump', runId: 'b', metrics: { f1Macro: 0.9 } }] };
    expect(weak(input)).toContain(
      'No clear gain: the baseline stump has F1 0.900 (mean of classes), this model 0.667.',
    );
  });

  it('is said of a day and of new sources on which it does far worse, and of a class named wrongly', () => {
    // On the eighth day 6 of 20 attacks are found, and 14 of 20 others alert; on all others it is right.
    const days = Array.from({ length: 400 }, (_, i): Row => {
      const [y, bad] = [i % 2, Math.floor(i / 40) === 7];
      return [y, bad && i % 40 > 11 ? 1 - y : y, `10.0.${i % 50}.1`, Math.floor(i / 40), 'a'];
    });
    expect(weak(inputOf(days), 0.5)).toEqual([
      'On sources never seen in training F1 (mean of classes) is 0.500; on all test rows it is 0.930.',
      'Recall falls to 0.300 on 1970-01-08; on all test rows it is 0.930.',
      'Precision falls to 0.300 on 1970-01-08; on all test rows it is 0.930.',
    ]);
    expect(weak(inputOf(days), 0.9).join()).not.toContain('sources');
    const wrong = days.map(([y, s, ...rest], i): Row => [i % 20 === 1 ? y : 0, s, ...rest]);
    expect(weak(inputOf(wrong))).toContainEqual(
      expect.stringMatching(
        /^Less than half of the test rows named as a class are of it: 1 \(\d+\.\d %\)\.$/,
      ),
    );
  });

  it('is not said of a day by chance: one attack of twenty days is missed', () => {
    const days = Array.from({ length: 400 }, (_, i): Row => {
      const y = i % 20 === 0 ? 1 : 0;
      return [y, i === 140 ? 0 : y, `10.0.${i % 50}.1`, Math.floor(i / 20), 'a'];
    });
    expect(weak(inputOf(days)).join()).not.toContain('falls to');
  });

  it('is not said of many rows of many sources that are right', () => {
    const many = Array.from({ length: 600 }, (_, i): Row => {
      const y = i % 2;
      return [y, i % 40 === 0 || i % 40 === 21 ? 0.5 + 0.1 * (1 - 2 * y) : y, `10.0.${i % 50}.1`, i % 9, 'a'];
    });
    expect(weak(inputOf(many))).toEqual([]);
  });
});
