import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, shortened, wrapLines } from '#src/core/text-width.js';

describe('shortened', () => {
  it('cuts between characters and says so', () => {
    expect(shortened('🎉🎉🎉🎉', 3)).toBe('🎉🎉…');
    expect(shortened('four', 4)).toBe('four');
    expect(shortened('x'.repeat(1e6), 5)).toBe('xxxx…');
  });
});

describe('wrapLines', () => {
  it('breaks after joining signs, and anywhere where there is none', () => {
    expect(wrapLines('random-forest payload_length', 16)).toEqual(['random-forest ', 'payload_length']);
    expect(wrapLines('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrapLines('名前名前', 5)).toEqual(['名前', '名前']);
  });

  it('loses nothing and keeps to the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrapLines(text, width);
        expect(lines.join('')).toBe(text);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
