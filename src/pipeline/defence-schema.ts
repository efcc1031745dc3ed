import { z } from 'zod';

/** What keeps one source, or wrong labels, from having the say in training; no test row is ever touched. */
export const defenceSchema = z.strictObject({
  groupBy: z
    .string()
    .min(1)
    .describe('what names a source: source, subnet, session, sensor, or a column')
    .default('source'),
  maxSourceShare: z
    .number()
    .gt(0)
    .max(1)
    .describe(
      'largest share of the training rows that one source may be; what is beyond is left out, counted',
    )
    .optional(),
  equalSources: z
    .boolean()
    .describe('weigh training rows so that every source weighs the same')
    .default(false),
  quarantine: z
    .number()
    .gt(0.5)
    .max(1)
    .describe(
      'set aside, and list, training rows where models of other sources give another class at least this score',
    )
    .optional(),
});
