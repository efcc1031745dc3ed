import { describe, expect, it } from 'vitest';
import { reportMarkdown } from '#src/report/index.js';
import { sampleReport } from './sample-report.js';

const point = sampleReport().operatingPoint as Exclude<
  ReturnType<typeof sampleReport>['operatingPoint'],
  { skipped: string }
>;
const unstated = {
  baseRate: null,
  eventsADay: null,
  eventsFrom: null,
  precision: null,
  alertsADay: null,
  falseAlertsADay: null,
};
const firstLine = (report: ReturnType<typeof sampleReport>) => reportMarkdown(report).split('\n')[4];

describe('the operating point in words', () => {
  it('says alerts a day, how many are real and what is missed in the traffic as stated', () => {
    expect(firstLine(sampleReport())).toBe(
      '**At threshold 0.830, with 1 % attacks among 1,200 events a day: about 12 alerts a day (8.2 to 19), 90 % of them real (50 % to 99 %), misses 5 % of the attacks (0.9 % to 23.6 %).**',
    );
  });

  it('says what the test rows show where nothing is stated, and asks for it', () => {
    const text = reportMarkdown(sampleReport({ operatingPoint: { ...point, stated: unstated } }));
    expect(text.split('\n')[4]).toBe(
      '**At threshold 0.830: 21 alerts on 100 test rows, 90.5 % of them real (71.1 % to 97.3 %), misses 5 % of the attacks (0.9 % to 23.6 %).**',
    );
    expect(text).toContain('State your own with --base-rate and --events-per-day.');
    expect(text).toContain(
      '| precision: alerts that are real | 0.905 (0.711 to 0.973, by rows) | not stated |',
    );
  });

  it('names the class where the label is no attack', () => {
    const model = { ...sampleReport().model, label: 'tries_login' };
    expect(firstLine(sampleReport({ model }))).toContain(
      'with 1 % rows of class 1 among 1,200 events a day: about 12 alerts a day (8.2 to 19), 90 % of them real (50 % to 99 %), misses 5 % of the rows of class 1 (',
    );
  });

  it('makes no promise of a perfect precision', () => {
    const precision = { value: 1, interval: { low: 0.531, high: 1, level: 0.95, method: 'wilsonCorners' } };
    const perfect = { ...point, falsePositives: 0, precision, stated: { ...point.stated, precision } };
    expect(firstLine(sampleReport({ operatingPoint: perfect }))).toContain(
      'about 12 alerts a day (8.2 to 19), no false alert among the test rows (53.1 % to 100 % of alerts may be real), misses',
    );
  });

  it('counts sessions where the samples are sessions', () => {
    const data = { ...sampleReport().data, unit: 'session' as const, events: 900 };
    const text = reportMarkdown(sampleReport({ data }));
    expect(text).toContain('with 1 % attacks among 1,200 sessions a day: ');
    expect(text).toContain('20 % attacks among the test rows and 150 sessions a day, ');
    expect(text).toContain('| sessions a day | 150 | 1,200 |');
    expect(text).toContain('300 sessions read from 900 events, 1 rejected');
    expect(text).toContain('One session takes 0.119 ms');
    expect(text).not.toContain('events a day');
  });

  it('says that no score is high enough', () => {
    const none = { ...point, threshold: null };
    expect(firstLine(sampleReport({ operatingPoint: none }))).toMatch(/^\*\*With no score high enough, /);
  });

  it('says none and every where it is so', () => {
    const none = { ...point, stated: unstated, truePositives: 0, falseNegatives: 20, falsePositives: 0 };
    const report = sampleReport({
      operatingPoint: { ...none, recall: { value: 0, interval: null }, precision: null },
    });
    expect(firstLine(report)).toBe('**At threshold 0.830: 0 alerts on 98 test rows, misses every attack.**');
    const all = { ...point, stated: unstated, recall: { value: 1, interval: null } };
    expect(firstLine(sampleReport({ operatingPoint: all }))).toContain(', misses no attack.**');
  });

  it('says of more classes how often the right one is named, and the one with the worst F1', () => {
    const report = sampleReport({
      operatingPoint: { skipped: 'more than two classes' },
      headline: [{ name: 'accuracy', value: 0.761, interval: null, reason: null }],
    });
    expect(firstLine(report)).toBe(
      '**Names the right class for 76.1 % of the test rows. Worst is 1 (F1 0.927): 95 % of its 20 rows found, 90.5 % of the rows named so are of it.**',
    );
  });
});

describe('the split in words', () => {
  const split = sampleReport().split;
  it.each([
    [
      'time',
      'By time: tested on the last rows, trained on those before. 3 rows within 1h of the test rows left out.',
    ],
    ['stratified', 'such numbers are often too good. 3 rows within'],
    ['group', 'By whole groups of source: no group is on both sides.'],
    ['file', 'By file: tested on another file, trained on all of events.csv.'],
  ])('%s', (method, words) => {
    const groupBy = method === 'group' ? 'source' : null;
    expect(reportMarkdown(sampleReport({ split: { ...split, method, groupBy } }))).toContain(words);
  });
});
