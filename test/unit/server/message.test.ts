import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LIMITS, parseJson } from '#src/server/http/message.js';

const parse = (text: string) => parseJson(Buffer.from(text));

describe('JSON messages', () => {
  it('come back as they were sent, but for nulls', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    );
    const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(leaf, fc.array(leaf)), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(value, (sent) => {
        expect(parse(JSON.stringify(sent))).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  it('a null field is one that is not there, at any depth; a null in a list stays', () => {
    expect(parse('{"a":null,"b":{"c":null,"d":[null,{"e":null}]},"f":"null"}')).toEqual({
      b: { d: [null, {}] },
      f: 'null',
    });
  });

  it('half a surrogate pair is refused, in a text encoded twice too', () => {
    for (const body of ['{"a":"\\ud800"}', '"{\\"a\\":\\"\\ud800\\"}"', '"{\\"a\\":\\"\\\\ud800\\"}"']) {
      expect(() => parse(body)).toThrow('not Unicode');
    }
  });

  it('an empty body is an empty message', () => {
    expect(parse('')).toEqual({});
  });

  it('brackets inside of texts do not nest', () => {
    const text = '[{'.repeat(100);
    expect(parse(JSON.stringify({ text, 'ke"y\\': '\\"[' }))).toEqual({ text, 'ke"y\\': '\\"[' });
  });

  it(`may be nested ${MESSAGE_LIMITS.depth} deep`, () => {
    const nested = (lists: number) => `{"a":${'['.repeat(lists)}${']'.repeat(lists)}}`;
    expect(parse(nested(MESSAGE_LIMITS.depth - 1))).toHaveProperty('a');
    expect(() => parse(nested(MESSAGE_LIMITS.depth))).toThrow('nested deeper than 64');
  });

  it('may have as many parts as the largest batch has, and more', () => {
    const metric = {
      key: 'k',
      value: 1,
      timestamp: 1,
      step: 1,
      dataset_name: 'd',
      dataset_digest: 'd',
      model_id: 'm',
    };
    const batch = { run_id: 'r', metrics: Array.from({ length: 1_000 }, () => metric) };
    expect(parse(JSON.stringify(batch))).toEqual(batch);
    // Saying of each of many what is wrong with it would hold the server for many seconds.
    const { objects, parts } = MESSAGE_LIMITS;
    expect(() => parse(`{"a":[${'{},'.repeat(objects)}{}]}`)).toThrow('more than 10000 objects');
    expect(() => parse(`{"a":[${'[],'.repeat(parts)}[]]}`)).toThrow('more than 100000 parts');
    expect(() => parse(`{"a":[${'1,'.repeat(parts)}1]}`)).toThrow('more than 100000 parts');
  });

  it.each([
    ['{"a":"\\ud800"}', 'not Unicode'],
    ['{"\\udc00":1}', 'not Unicode'],
    ['{"a":[{"b":"x\\uDFFFy"}]}', 'not Unicode'],
    ['{"a":["\\ud83d"]}', 'not Unicode'],
    ['\ufeff{}', 'not JSON'],
    ['{"a":01}', 'not JSON'],
    ['{"a":NaN}', 'not JSON'],
    ['{} {}', 'not JSON'],
  ])('%j is refused: %s', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('a text that is a message is that message, once', () => {
    const twice = JSON.stringify('{"a":null,"b":1}');
    expect(parse(twice)).toEqual({ b: 1 });
    expect(() => parse(JSON.stringify(twice))).toThrow('not a JSON object');
    expect(() => parse(JSON.stringify(`{"a":${'['.repeat(100)}`))).toThrow('nested deeper');
  });

  it('a whole pair may be escaped', () => {
    expect(parse('{"a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' });
  });
});
