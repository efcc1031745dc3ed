import { z } from 'zod';

/** A whole number of 64 bits, which MLflow sends as a number or as text; beyond 2^53 it is refused. */
export const int64 = z
  .union([z.number(), z.string().regex(/^-?\d{1,19}$/)])
  .transform(Number)
  .refine(Number.isSafeInteger, 'expected a whole number of at most 53 bits');

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
    .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)
    .transform(Number),
]);

/** Returns a double as the wire writes it: a number, or 'NaN', 'Infinity', '-Infinity'. */
export function doubleToWire(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
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

/** What all searches take; MLflow's defaults are used for what is left out. */
export const searchRequest = z.object({
  filter: z.string().optional(),
  order_by: z.array(z.string()).optional(),
  max_results: z.number().optional(),
  page_token: z.string().optional(),
});

/** The answer of a call that says nothing but that it was done. */
export const nothing = z.object({});

/** A page token; MLflow leaves it out, or sends '', on the last page. */
export const pageToken = z.string().default('');

/** A flag in a request: JSON's, or a word in a query. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** A list in a request; a query that names a field once gives one item. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item), item.transform((one) => [one])]);
}
