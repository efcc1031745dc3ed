import { z } from 'zod';

const ENCODERS = ['native', 'ordinal', 'one-hot', 'hashing', 'target'] as const;

/** How columns of text are encoded, by the words of the config file. */
const encodingSchema = z.strictObject({
  categorical: z
    .enum(ENCODERS)
    .describe(
      'encoder of every column of text that columns does not name; native: the model takes it as it is',
    )
    .default('native'),
  columns: z.record(z.string(), z.enum(ENCODERS)).describe('encoders of features by name').default({}),
  ordinal: z
    .strictObject({
      order: z
        .enum(['text', 'frequency'])
        .describe('text: numbered in the order of the alphabet; frequency: the commonest is 0')
        .default('text'),
      unknownValue: z
        .number()
        .nullable()
        .describe('number of an unseen category; null: it is missing')
        .default(null),
    })
    .optional(),
  oneHot: z
    .strictObject({
      maxCategories: z
        .int()
        .min(2)
        .max(1000)
        .describe('most columns a feature becomes; the rarer categories share the last')
        .default(32),
      handleUnknown: z
        .enum(['infrequent-if-exist', 'ignore'])
        .describe('unseen categories share the column of the rare ones, or are in no column')
        .default('infrequent-if-exist'),
    })
    .optional(),
  hashing: z
    .strictObject({
      bits: z.int().min(1).max(10).describe('a feature becomes 2^bits columns').default(4),
      randomState: z.int().min(0).max(4294967295).describe('seed of the hash').default(0),
    })
    .optional(),
  target: z
    .strictObject({
      smooth: z
        .union([z.literal('auto'), z.number().min(0)])
        .describe('weight of the mean of all rows, in rows; auto: by how much the rows of a category differ')
        .default('auto'),
      folds: z.int().min(2).describe('internal folds that training rows are encoded by').default(5),
    })
    .optional(),
});

/** What is done with features before the model takes them; each part is optional, and nothing is done by default. */
export const featureEncodingShape = {
  encoding: encodingSchema
    .describe('how features of text become numbers; fitted on training rows only, in each fold anew')
    .optional(),
  impute: z
    .strictObject({
      strategy: z
        .enum(['mean', 'median', 'most-frequent', 'constant'])
        .describe('what missing numbers are filled with')
        .default('median'),
      fillValue: z.number().describe('constant: the number itself').default(0),
      addIndicator: z.boolean().describe('adds a column that says where a number was missing').default(false),
    })
    .describe('fills missing numbers; without it the model has them missing')
    .optional(),
  scale: z
    .enum(['standard', 'min-max', 'robust'])
    .describe('standard: by mean and standard deviation; min-max: to 0..1; robust: by median and quartiles')
    .optional(),
};
