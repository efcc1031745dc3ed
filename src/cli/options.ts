import { InvalidArgumentError } from 'commander';
import { didYouMean, given, PhantomNetError, show } from '../core/index.js';
import type { ConfigFile } from '../pipeline/index.js';

/** The formats that --format takes. */
export const FORMATS = ['csv', 'jsonl', 'parquet', 'nsl-kdd', 'table'] as const;

/** Returns a whole number of at least `min` from a flag. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < min)
      throw new InvalidArgumentError(`expected a whole number of at least ${min}.`);
    return value;
  };
}

/** Returns a number from a flag. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number.');
  return value;
}

/** Bytes of each unit of a size, thousands and powers of 2^10. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['tb', 1e12],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
  ['tib', 2 ** 40],
]);

/** Returns a number of bytes, at least 1, from a flag that says 500MB, 1.5 GiB or 1000000. */
export function byteSize(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(digits) * (UNITS.get(unit?.toLowerCase() ?? '') ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new InvalidArgumentError('expected a size such as 500MB, 2GB, 1.5GiB or a number of bytes.');
  return bytes;
}

/** Collects a repeated or comma-separated flag into a list; `before` is false after its --no- form, which it overrides. */
export function list(text: string, before: readonly string[] | false = []): string[] {
  return [
    ...(before === false ? [] : before),
    ...text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ];
}

/** Collects repeated `--param name=value` flags; values are read as JSON where they are (200, true, null), else as text. */
export function keyValue(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected name=value.');
  return { ...before, [text.slice(0, at)]: jsonOrText(text.slice(at + 1)) };
}

/** Collects repeated `--set key=value` flags; values stay the text they are. */
export function keyText(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected key=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e-?\d+)?)`;
/** The base rate, where one is said. */
const AT = `(?:@${NUMBER})?$`;
const THRESHOLD_RULES: readonly (readonly [RegExp, (...parts: (number | undefined)[]) => ThresholdFlag])[] = [
  [/^best-f1$/, () => ({ rule: 'best-f1' })],
  [RegExp(`^fpr=${NUMBER}$`), (rate) => ({ rule: 'false-positive-rate', rate: rate! })],
  [
    RegExp(`^alerts=${NUMBER}/${NUMBER}${AT}`),
    (alertsADay, eventsADay, baseRate) => ({
      rule: 'alert-budget',
      ...{ alertsADay: alertsADay!, eventsADay: eventsADay!, ...given({ baseRate }) },
    }),
  ],
  [
    RegExp(`^cost=${NUMBER}:${NUMBER}${AT}`),
    (costFp, costFn, baseRate) => ({
      rule: 'cost',
      ...{ costFp: costFp!, costFn: costFn!, ...given({ baseRate }) },
    }),
  ],
  [RegExp(`^${NUMBER}$`), (threshold) => threshold!],
];

/** What `--threshold` says, as the config has it. */
export type ThresholdFlag = NonNullable<ConfigFile['threshold']>;

/** Returns a threshold or the rule that chooses it, from a flag such as 0.7, best-f1, fpr=0.001, alerts=20/50000 or cost=1:10@0.01. */
export function thresholdFlag(text: string): ThresholdFlag {
  for (const [pattern, make] of THRESHOLD_RULES) {
    const [, ...parts] = pattern.exec(text) ?? [];
    if (pattern.test(text))
      return make(...parts.map((part?: string) => (part === undefined ? undefined : Number(part))));
  }
  const near = didYouMean(text.toLowerCase(), ['best-f1']);
  throw new InvalidArgumentError(
    near ??
      'expected a number from 0 to 1, best-f1, fpr=0.001, alerts=20/50000 (a day, of events a day) or cost=1:10 (of a false alert, of a missed attack); the last two may end in a base rate, as @0.01.',
  );
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Returns the JSON list of rows or events given with --input (one object is a list of one). */
export function parseRecords(text: string, flag: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PhantomNetError('INVALID_PARAMETER', `${flag} is not JSON: ${show(text)}`, {
      cause,
      hint: `write it as ${flag} '[{"payload_length": 120}]'`,
    });
  }
  const records = Array.isArray(value) ? value : [value];
  if (records.length === 0 || records.some((r) => typeof r !== 'object' || r === null || Array.isArray(r)))
    throw new PhantomNetError('INVALID_PARAMETER', `${flag} must be a list of objects, got ${show(value)}`, {
      hint: `write it as ${flag} '[{"payload_length": 120}]'`,
    });
  return records;
}

/** Returns the JSON list of labels given with --expect. */
export function parseLabels(text: string): (number | string)[] {
  const value = jsonOrText(text);
  const labels = Array.isArray(value) ? value : [value];
  if (labels.some((l) => typeof l !== 'number' && typeof l !== 'string'))
    throw new PhantomNetError('INVALID_PARAMETER', `--expect must be a list of labels, got ${show(value)}`, {
      hint: "write it as --expect '[0]'",
    });
  return labels as (number | string)[];
}

/** Returns the sanity input and expected labels of --input and --expect, else those of the config file. */
export function sanityOptions(
  flags: { readonly input?: string; readonly expect?: string },
  config: ConfigFile,
): { sanityInput?: readonly unknown[]; expect?: readonly (number | string)[] } {
  return given({
    sanityInput: flags.input === undefined ? config.check?.input : parseRecords(flags.input, '--input'),
    expect: flags.expect === undefined ? config.check?.expect : parseLabels(flags.expect),
  });
}
