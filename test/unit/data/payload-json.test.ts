import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePayloadStatistics, payloadStatistics } from '#src/data/index.js';

const statistics = payloadStatistics("{'a': 'wget'}", 'x');

describe('parsePayloadStatistics', () => {
  it('gives back what was written, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = payloadStatistics(text, text);
        expect(parsePayloadStatistics(JSON.stringify(made))).toEqual(made);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['nothing', '{}'],
    ['one too few', JSON.stringify({ ...statistics, keys: undefined })],
    ['one too many', JSON.stringify({ ...statistics, extra: 1 })],
    ['another name', JSON.stringify({ ...statistics, keys: undefined, constructor: 1 })],
    ['a text', JSON.stringify({ ...statistics, digits: '1' })],
    ['a negative count', JSON.stringify({ ...statistics, digits: -1 })],
    ['half a count', JSON.stringify({ ...statistics, digits: 1.5 })],
    ['no number', JSON.stringify({ ...statistics, entropy: null })],
    ['an infinite number', JSON.stringify(statistics).replace(/"entropy":[\d.]+/, '"entropy":1e999')],
    ['a count beyond all', JSON.stringify({ ...statistics, length: 1e300 })],
    ['a prototype', JSON.stringify(statistics).replace('"keys":0', '"__proto__":0')],
    ['far too much', `{${' '.repeat(2000)}}`],
  ])('refuses %s', (_, text) => {
    expect(parsePayloadStatistics(text)).toBeUndefined();
  });
});
