import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonLiteral, pythonRepr } from '#src/data/index.js';

describe('parseJsonLiteral', () => {
  it.each([
    ['{"a": [1, 2.0, 1e2, -3, null, true, false]}', "{'a': [1, 2.0, 100.0, -3, None, True, False]}"],
    [String.raw`"\u00e9\"\\\/\b\f\n\r\t"`, String.raw`'é"\\/\x08\x0c\n\r\t'`],
    ['{"__proto__": {}, "a": 1, "a": 2}', "{'__proto__': {}, 'a': 1, 'a': 2}"],
    [' [ ] ', '[]'],
    ['123456789012345678901', '123456789012345678901'],
  ])('reads %j as Python would', (text, expected) => {
    expect(pythonRepr(parseJsonLiteral(text))).toBe(expected);
  });

  it.each([
    ['', 'JSON ends where a value should be at character 1'],
    ['[1,]', 'JSON has a character that starts no value at character 4'],
    ['{"a":1,}', 'JSON needs a quoted key at character 8'],
    ['{"a" 1}', "JSON needs ':' after a key at character 6"],
    ['[1 2]', "JSON needs ',' or ']' at character 4"],
    ['{"a":', 'JSON ends where a value should be at character 6'],
    ['["a"', "JSON ends before its ']' at character 5"],
    ['"a', 'JSON has a string without its closing quote at character 1'],
    ['"a\nb"', 'JSON has a control character inside a string at character 3'],
    [String.raw`"\x41"`, 'JSON has an unknown escape at character 2'],
    [String.raw`"\u00"`, 'JSON has a malformed \\u escape at character 2'],
    ['NaN', 'JSON has a character that starts no value at character 1'],
    ['01', 'JSON has text after the value at character 2'],
    ["{'a': 1}", 'JSON needs a quoted key at character 2'],
    ['1'.repeat(4301), 'JSON has an int of more than 4300 digits at character 1'],
    ['{"a":'.repeat(101), 'JSON is nested deeper than 100 at character 501'],
  ])('refuses %j', (text, message) => {
    expect(() => parseJsonLiteral(text)).toThrow(expect.objectContaining({ code: 'BAD_DATA', message }));
  });

  it('agrees with JSON.parse about what is JSON', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '\\',
      'u0041',
      'null',
      '1',
      '.',
      '-',
      'e',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
        const text = parts.join('');
        expect(isRead(() => parseJsonLiteral(text))).toBe(isRead(() => JSON.parse(text)));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.json(), (text) => isRead(() => parseJsonLiteral(text))));
  });
});

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
