import fc from 'fast-check';
import type { PythonValue } from '#src/data/index.js';

// Code points above U+07FF are few and chosen: which of them are printable depends on the Unicode version, here and in Python.
const character = fc.oneof(
  fc.integer({ min: 0, max: 0x7ff }).map((code) => String.fromCodePoint(code)),
  fc.constantFrom(
    "'",
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u2028',
    '\ud800',
    '\udc00',
    '\ue000',
    '\u{1f600}',
    '\u{e0001}',
  ),
);
const text = fc.string({ unit: character });

const scalar: fc.Arbitrary<PythonValue> = fc.oneof(
  fc.constantFrom<PythonValue>(null, true, false),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  text,
  fc
    .uint8Array({ maxLength: 12 })
    .map((bytes) => ({ kind: 'bytes' as const, latin1: Buffer.from(bytes).toString('latin1') })),
);

/** Any value of Python's literal syntax, nested. */
export const pythonValue: fc.Arbitrary<PythonValue> = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => ({ kind: 'tuple' as const, items })),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => ({ kind: 'dict' as const, entries })),
  ),
})).value;
