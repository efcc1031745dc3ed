import fc from 'fast-check';

const x = (length: number) => 'x'.repeat(length);

/** Doubles with all that is special among them, as numbers or in the words JSON has for them. */
export const double = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, -1, 0.1, 1 / 3, 2, 100) },
  { weight: 2, arbitrary: fc.double().map((value) => (Number.isFinite(value) ? value : String(value))) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<number | string>(
      -0,
      5e-324,
      2.2250738585072014e-308,
      1e308,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      123456789012345680000,
      'NaN',
      'Infinity',
      '-Infinity',
      '1.5',
    ),
  },
);

/** Few, so that they meet; some are refused. */
export const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'A') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('k/1', 'ü 日', 'a.b', 'a-b', '..', 'a//b', '', '__proto__', x(250), x(251)),
  },
);

/** Text of params, tags and descriptions. */
export const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '1', '2', 'blue', 'Blue', "it's", '"', '%', '_', 'x AND y') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\u0001', '😀', x(500), x(5000), x(6001), x(8001)) },
);

/** Whole numbers for steps and times. */
export const whole = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1_000, Number.MAX_SAFE_INTEGER) },
);

/** Pairs for a batch; the same key may come twice. */
export const pairs = fc.array(fc.record({ key, value: text }), { maxLength: 3 });

/** A stage in any case, or none. */
export const stage = fc.constantFrom(
  'None',
  'Staging',
  'Production',
  'Archived',
  'staging',
  'PRODUCTION',
  'Nowhere',
  '',
);

/** The number of a thing of its kind: few, so that calls meet; the first is there from the start. */
export const slot = fc.constantFrom(0, 0, 0, 0, 1, 1, 2);
