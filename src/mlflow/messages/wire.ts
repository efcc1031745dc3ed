import { z } from 'zod';

/** A whole number of 64 bits, which MLflow sends as a number or as text; beyond 2^53 it is refused. */
export const int64 = z
  .union([z.number(), z.string().regex(/^-?\d{1,19}$/)])
  .transform(Number)
  .refine(Number.isSafeInteger, 'expected a whole number of at most 53 bits');

/** Text that must be there: to MLflow, '' is a field that is not. */
export const requiredText = z.string().min(1, 'expected text that is not empty');

const doubleWords = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A double; NaN and infinities travel as text, since JSON has no such numbers. */
export const double = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => doubleWords[word]),
  z
    .string()
    .regex(/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/, 'expected a number')
    .transform(Number),
]);

/** Returns a double as the wire writes it: a number, or 'NaN', 'Infinity', '-Infinity'. */
export function doubleToWire(value: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  return Number.isFinite(value) ? value : (String(value) as keyof typeof doubleWords);
}

/** Tags, params and the like: a list of pairs. A missing value is the empty text. */
export const keyValues = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);

/** Returns pairs as a record without a prototype, so that no key of a log can be one of the language's own. */
export function toRecord(pairs: z.output<typeof keyValues>): Record<string, string> {
  const record = Object.create(null) as Record<string, string>;
  for (const { key, value } of pairs) record[key] = value;
  return record;
}

/** Returns a record as the wire's list of pairs. */
export function toKeyValues(record: Readonly<Record<string, string>> = {}): { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

/** Pairs in a request, of which MLflow takes those without a key as having the key ''. */
export const anyPairs = z
  .array(z.object({ key: z.string().default(''), value: z.string().default('') }))
  .default([]);

/** Pairs in a request whose keys must be there. */
export const requiredPairs = z
  .array(z.object({ key: requiredText, value: z.string().default('') }))
  .default([]);

/** Returns the pairs as the wire's list, left out when there are none, as MLflow does. */
export function toPairs(
  record: Readonly<Record<string, string>>,
): { key: string; value: string }[] | undefined {
  const pairs = toKeyValues(record);
  return pairs.length === 0 ? undefined : pairs;
}

/** The answer of a call that says nothing but that it was done. */
export const nothing = z.object({});

/** A page token; MLflow leaves it out, or sends '', on the last page. */
export const pageToken = z.string().default('');

/** A choice of MLflow's protocol in a request: its word, or its number. */
export function wordOrNumber<const Words extends Readonly<Record<string, number>>>(words: Words) {
  const names = Object.keys(words) as [keyof Words & string, ...(keyof Words & string)[]];
  const byNumber = new Map<number, keyof Words & string>(names.map((name) => [words[name]!, name]));
  const number = int64.refine((value) => byNumber.has(value), `expected one of ${names.join(', ')}`);
  return z.union([z.enum(names), number.transform((value) => byNumber.get(value)!)]);
}

/** How many items a page is to hold, at most; MLflow refuses fewer than 1. */
export const maxResults = int64.refine((count) => count >= 1, 'expected a whole number from 1');

/** A flag in a request: JSON's, or a word in a query. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** A list in a request; a query that names a field once gives one item. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item), item.transform((one) => [one])]);
}

/** What all searches take; MLflow's defaults are used for what is left out. */
export const searchRequest = z.object({
  filter: z.string().optional(),
  order_by: z.array(z.string()).optional(),
  max_results: int64.optional(),
  page_token: z.string().optional(),
});

/** The same in a query, which may name one order without a list around it. */
export const searchByQuery = searchRequest.extend({ order_by: list(z.string()).optional() });
