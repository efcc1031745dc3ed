import { z } from 'zod';
import { experimentConfigSchema } from './config.js';
import { searchSchema } from './search-schema.js';

/** An experiment whose params are searched for. Unknown keys are refused. */
export const searchExperimentSchema = z.strictObject({
  ...experimentConfigSchema.shape,
  search: searchSchema.prefault({}),
});

/** A checked description of a search with all defaults filled in. */
export type SearchExperimentConfig = z.output<typeof searchExperimentSchema>;
/** A description of a search as written, defaults left out. */
export type SearchExperimentInput = z.input<typeof searchExperimentSchema>;
