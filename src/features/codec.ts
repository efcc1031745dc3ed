import { z } from 'zod';
import { PhantomNetError } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { MAX_CATEGORIES } from './fit.js';
import { FeaturePipeline } from './pipeline.js';

const unique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

const feature = z.discriminatedUnion('type', [
  z.strictObject({ name: z.string(), type: z.literal('numeric') }),
  z.strictObject({
    name: z.string(),
    type: z.literal('categorical'),
    categories: z.array(z.string()).max(MAX_CATEGORIES).refine(unique, 'categories must be unique'),
  }),
]);

const state = z.strictObject({
  version: z.literal(1),
  emptyAs: z.enum(['zero', 'nan']),
  features: z
    .array(feature)
    .min(1)
    .refine(
      (features: readonly FeatureSpec[]) => unique(features.map((f) => f.name)),
      'features must be unique',
    ),
});

/**
 * Returns the pipeline that `toJSON` described. `value` is parsed JSON, checked strictly: no field more or less.
 * Throws INTEGRITY naming the field that is wrong, or a feature that this version does not have.
 */
export function featurePipelineFromJSON(value: unknown): FeaturePipeline {
  const parsed = state.safeParse(value);
  if (parsed.success) return new FeaturePipeline(parsed.data);
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.') || 'the top level';
  throw new PhantomNetError('INTEGRITY', `feature pipeline: at ${field}: ${issue.message}`, {
    hint: 'the stored pipeline is damaged or from another version; train the model again or restore its files',
    details: { field },
  });
}
