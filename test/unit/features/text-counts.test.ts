import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadStatistics } from '#src/data/index.js';
import { takeMarks } from '#src/features/secret-marks.js';
import { countText } from '#src/features/text-counts.js';

const count = (text: string) => countText(takeMarks(text));

describe('countText', () => {
  it('counts the classes of characters, and tokens', () => {
    expect(count('cd /tmp;  Wget A1-9\n')).toEqual({
      length: 20,
      // Four spaces, two t, and 14 others once: log2(20) - (4 × 2 + 2 × 1) / 20.
      entropy: expect.closeTo(Math.log2(20) - 0.5, 12),
      digits: 2,
      letters: 10,
      uppercase: 2,
      specials: 3,
      tokens: 4,
      longestToken: 5,
    });
  });

  it('is nothing of an empty text', () => {
    const nothing = { digits: 0, letters: 0, uppercase: 0, specials: 0, tokens: 0, longestToken: 0 };
    expect(count('')).toEqual({ length: 0, entropy: 0, ...nothing });
    expect(count(' \t\r\n')).toMatchObject({ length: 4, entropy: 2, ...nothing });
  });

  it.each([
    ['aaaaa', 0],
    ['ab', 1],
    ['abcd', 2],
    ['aab', 0.9182958340544896],
    // The halves of 😀 are two units.
    ['éé😀', 1.5],
  ])('%j has an entropy of %d bits', (text, entropy) => {
    expect(count(text).entropy).toBeCloseTo(entropy, 12);
  });

  it('counts code points', () => {
    expect(count('é😀x 😀')).toMatchObject({ length: 5, letters: 1, tokens: 2, longestToken: 3 });
    expect(count('\udc00')).toMatchObject({ length: 1 });
  });

  it('counts a replaced secret as its characters, and its digits and letters as none', () => {
    // 5 letters, white space and 8 characters of one secret: log2(14) - (8 × 3 + 2 × 1) / 14, where "p" occurs twice.
    const counts = count('popen [redacted:8:0123456789abcdef]');
    expect(counts).toMatchObject({
      length: 14,
      digits: 0,
      letters: 5,
      specials: 0,
      tokens: 2,
      longestToken: 8,
    });
    expect(counts.entropy).toBeCloseTo(Math.log2(14) - 26 / 14, 12);
    expect(count('a[redacted:2]b[redacted:3] c')).toMatchObject({ length: 9, letters: 3, longestToken: 7 });
    expect(count('[redacted:8')).toMatchObject({ length: 11, digits: 1, letters: 8 });
    expect(count('[redacted:99999999]')).toMatchObject({ length: 19, digits: 8 });
  });

  it('agrees with the statistics of a payload, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { length, entropy, digits, letters, uppercase, specials } = payloadStatistics(text, null);
        const counts = count(text);
        expect(counts).toMatchObject({ length, digits, letters, uppercase, specials });
        expect(counts.entropy).toBeCloseTo(entropy, 9);
        expect(counts.tokens).toBe(text.split(/[\t\n\v\f\r ]+/).filter(Boolean).length);
      }),
      { numRuns: 300 },
    );
  });
});
