import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonLiteral, pythonRepr } from '#src/data/index.js';
import { pythonValue } from './python-values.js';

const list = (...items: unknown[]) => ({ kind: 'list', items });
const failure = (text: string, limits = {}) => {
  try {
    parsePythonLiteral(text, limits);
  } catch (error) {
    return error as Error & { code: string; details: Record<string, unknown> };
  }
  throw new Error(`was read: ${text}`);
};

describe('parsePythonLiteral', () => {
  it.each([
    [
      "{'a': None, 'b': [True, False]}",
      {
        kind: 'dict',
        entries: [
          ['a', null],
          ['b', list(true, false)],
        ],
      },
    ],
    ['{}', { kind: 'dict', entries: [] }],
    ["{'__proto__': 1}", { kind: 'dict', entries: [['__proto__', 1n]] }],
    [
      "{'a': 1, 'a': 2,}",
      {
        kind: 'dict',
        entries: [
          ['a', 1n],
          ['a', 2n],
        ],
      },
    ],
    ['()', { kind: 'tuple', items: [] }],
    ['(1,)', { kind: 'tuple', items: [1n] }],
    ['(1)', 1n],
    ['(1, (2, 3))', { kind: 'tuple', items: [1n, { kind: 'tuple', items: [2n, 3n] }] }],
    ['[1, 2, ]', list(1n, 2n)],
    ['  [ 1 ,\n2\t]  ', list(1n, 2n)],
    ["{(1, 'a'): 2}", { kind: 'dict', entries: [[{ kind: 'tuple', items: [1n, 'a'] }, 2n]] }],
    [`'it\\'s "x"'`, `it's "x"`],
    [String.raw`'\x41\u00e9\U0001f600\101\0\a\b\f\n\r\t\v\\'`, 'Aé😀A\0\x07\b\f\n\r\t\v\\'],
    [String.raw`'\d\w'`, String.raw`\d\w`],
    ["'a\\\nb'", 'ab'],
    [String.raw`b'\xff\u0041\''`, { kind: 'bytes', latin1: "\xff\\u0041'" }],
    ["u'x'", 'x'],
    ['-12', -12n],
    ['+1_000', 1000n],
    ['0x1F', 31n],
    ['-0b101', -5n],
    ['0o17', 15n],
    ['00', 0n],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['-1.5E-3', -0.0015],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
  ])('reads %j', (text, expected) => {
    expect(parsePythonLiteral(text)).toEqual(expected);
  });

  it.each([
    ['', 'a Python literal ends where a value should be at character 1', 0],
    ['nan', 'a Python literal has a word that is not None, True or False at character 1', 0],
    ["{'a': true}", 'a Python literal has a word that is not None, True or False at character 7', 6],
    ["{'a' 1}", "a Python literal needs ':' after a dict key at character 6", 5],
    ["{'a': 1 'b': 2}", "a Python literal needs ',' or '}' at character 9", 8],
    ["{'a': 1", "a Python literal ends before its '}' at character 8", 7],
    ["{'a': 'x", 'a Python literal has a string without its closing quote at character 7', 6],
    ["'x\\", 'a Python literal has a string without its closing quote at character 3', 2],
    ["'a\nb'", 'a Python literal has a line break or NUL inside a string at character 3', 2],
    ["'a\0b'", 'a Python literal has a line break or NUL inside a string at character 3', 2],
    [String.raw`'\x4'`, 'a Python literal has a malformed \\x escape at character 2', 1],
    [String.raw`'\u12'`, 'a Python literal has a malformed \\u escape at character 2', 1],
    [String.raw`'\U00110000'`, 'a Python literal has a malformed \\U escape at character 2', 1],
    [
      String.raw`'\N{BULLET}'`,
      'a Python literal has a \\N escape, which names a character at character 2',
      1,
    ],
    ["b'é'", 'a Python literal has bytes with a character beyond ASCII at character 2', 1],
    ['{1: 2} {3: 4}', 'a Python literal has text after the value at character 8', 7],
    ['{[1]: 2}', 'a Python literal has a list or dict as a dict key at character 2', 1],
    ['007', 'a Python literal has a number with leading zeros at character 1', 0],
    ['--1', 'a Python literal has a malformed number at character 1', 0],
    ['1j', 'a Python literal has text after the value at character 2', 1],
    ['{1, 2}', "a Python literal needs ':' after a dict key at character 3", 2],
    ['[,]', 'a Python literal has a character that starts no value at character 2', 1],
    ["'a' 'b'", 'a Python literal has text after the value at character 5', 4],
    ['@', 'a Python literal has a character that starts no value at character 1', 0],
    ['9'.repeat(4301), 'a Python literal has an int of more than 4300 digits at character 1', 0],
    ['['.repeat(101), 'a Python literal is nested deeper than 100 at character 101', 100],
  ])('refuses %j', (text, message, offset) => {
    const error = failure(text);
    expect(error.code).toBe('BAD_DATA');
    expect(error.message).toBe(message);
    expect(error.details.offset).toBe(offset);
  });

  it('keeps to the caps it is given', () => {
    expect(failure('[[1]]', { maxDepth: 1 }).message).toContain('nested deeper than 1 ');
    expect(failure("'abc'", { maxLength: 4 }).message).toContain('is longer than 4 characters');
  });

  it('reads what pythonRepr writes, for any value', () => {
    fc.assert(
      fc.property(pythonValue, (value) => {
        expect(pythonRepr(parsePythonLiteral(pythonRepr(value)))).toBe(pythonRepr(value));
        expect(parsePythonLiteral(pythonRepr(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('reads or refuses any text, and never fails otherwise', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      ',',
      ':',
      "'",
      '"',
      '\\',
      'x',
      'u',
      'b',
      'None',
      '1',
      '.',
      '-',
      'e',
      '_',
      ' ',
      '\n',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        try {
          pythonRepr(parsePythonLiteral(text));
        } catch (error) {
          expect((error as { code?: string }).code).toBe('BAD_DATA');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
