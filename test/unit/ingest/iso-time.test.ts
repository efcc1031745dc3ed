import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoMs } from '#src/ingest/sensors/iso-time.js';

describe('a time written as ISO 8601', () => {
  it.each([
    ['2018-05-06T00:00:11.012345Z', 0, Date.UTC(2018, 4, 6, 0, 0, 11, 12)],
    ['2018-05-06T00:00:11,9Z', 0, Date.UTC(2018, 4, 6, 0, 0, 11, 900)],
    ['2018-05-06 00:00:11.123456789', 0, Date.UTC(2018, 4, 6, 0, 0, 11, 123)],
    ['2018-05-06 00:00:11', 120, Date.UTC(2018, 4, 5, 22, 0, 11)],
    ['2018-05-06T00:00:11+0200', 0, Date.UTC(2018, 4, 5, 22, 0, 11)],
    ['2018-05-06T00:00:11.5-05:30', 120, Date.UTC(2018, 4, 6, 5, 30, 11, 500)],
    ['2016-12-31T23:59:60Z', 0, Date.UTC(2017, 0, 1)],
    ['2024-02-29T00:00:00Z', 0, Date.UTC(2024, 1, 29)],
  ])('%s in a log %d minutes east', (text, zone, expected) => {
    expect(isoMs(text, zone)).toBe(expected);
  });

  it.each([
    '',
    '2018-05-06',
    '2018-05-06T00:00Z',
    '2018-05-06T00:00:1',
    '2018-05-06T00:00:11.Z',
    '2018-05-06T00:00:11.1234567890Z',
    '2018-05-06T00:00:11 UTC',
    '2018-05-06T00:00:11Z ',
    '2018-05-06T00:00:11+2',
    '2018-00-06T00:00:11Z',
    '2018-13-06T00:00:11Z',
    '2018-02-30T00:00:11Z',
    '2018-05-00T00:00:11Z',
    '2018-05-06T24:00:11Z',
    '2018-05-06T00:60:11Z',
    '2018-05-06T00:00:61Z',
    '0095-05-06T00:00:11Z',
    '2018/05/06T00:00:11Z',
    '2018-05-06_00:00:11Z',
    '２018-05-06T00:00:11Z',
    '+018-05-06T00:00:11Z',
  ])('is not %j', (text) => {
    expect(isoMs(text, 0)).toBeNaN();
  });

  it('is what the language makes of it', () => {
    const range = { min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) - 1 };
    fc.assert(
      fc.property(fc.integer(range), (ms) => {
        expect(isoMs(new Date(ms).toISOString(), 90)).toBe(ms);
      }),
    );
  });
});
