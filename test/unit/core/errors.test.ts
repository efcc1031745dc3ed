import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  didYouMean,
  given,
  invalidParameter,
  PhantomNetError,
  sha256Hex,
  show,
} from '#src/core/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('PhantomNetError', () => {
  it('carries code, hint, details and cause, and is an Error', () => {
    const cause = new Error('why');
    const error = new PhantomNetError('BAD_DATA', 'what', { hint: 'do this', details: { line: 3 }, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'PhantomNetError',
      code: 'BAD_DATA',
      message: 'what',
      hint: 'do this',
    });
    expect(error.details).toEqual({ line: 3 });
    expect(error.cause).toBe(cause);
    expect(new PhantomNetError('INTERNAL', 'x')).toMatchObject({ hint: undefined, details: {} });
    expect('cause' in new PhantomNetError('INTERNAL', 'x')).toBe(false);
  });

  it('has one shape for all bad params', () => {
    const error = expectThrown(
      () => invalidParameter('folds', 'a whole number', 'many'),
      'INVALID_PARAMETER',
    );
    expect(error.message).toBe('folds must be a whole number, got "many"');
    expect(error.hint).toBe('set folds to a whole number');
    expect(error.details).toEqual({ parameter: 'folds', allowed: 'a whole number', given: 'many' });
  });
});

describe('show', () => {
  it('prints any value in at most 80 characters, on one line', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    const cases: [unknown, string][] = [
      ['a"b', '"a\\"b"'],
      [7n, '7'],
      [Number.NaN, 'NaN'],
      [undefined, 'undefined'],
      [null, 'null'],
      [[1, 'x'], '[1,"x"]'],
      [loop, '[object Array]'],
    ];
    for (const [value, text] of cases) expect(show(value)).toBe(text);
    expect(show('x'.repeat(1000))).toBe(`"${'x'.repeat(76)}...`);
    expect(show('\u001b[31mred\r\n')).not.toMatch(/\p{Cc}/u);
  });
});

describe('didYouMean', () => {
  it('names the nearest candidate, and none that is far', () => {
    expect(didYouMean('payload_lenght', ['port', 'payload_length'])).toBe("did you mean 'payload_length'?");
    expect(didYouMean('xyzzy', ['port', 'payload_length'])).toBeUndefined();
    expect(didYouMean('x', [])).toBeUndefined();
    // Text of a megabyte would take minutes to compare.
    expect(didYouMean('p'.repeat(201), ['p'.repeat(200)])).toBeUndefined();
  });
});

describe('canonicalJson and sha256Hex', () => {
  it('give equal values equal bytes, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
    expect(canonicalJson([2, 1])).toBe('[2,1]');
    // The test vector of FIPS 180-2.
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex(new TextEncoder().encode('é'))).toBe(sha256Hex('é'));
  });
});

describe('given', () => {
  it('leaves out what is undefined and keeps null, 0 and empty text', () => {
    expect(Object.keys(given({ a: undefined, b: null, c: 0, d: '' }))).toEqual(['b', 'c', 'd']);
  });
});
