import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countClasses, fitFeatures, isAttackLabels } from '#src/features/index.js';
import { readAllEvents, WEEK6_SCHEMA } from '#src/ingest/index.js';

const FILE = '../shared/data/week6/week6_test_events.csv';
const absent = !existsSync(FILE);
if (absent) console.warn(`skipped: ${FILE} is not here`);

describe.skipIf(absent)(`the reference's file (skips where ${FILE} is absent)`, () => {
  it('has the reference labels, and its payload_length with emptyAs nan', async () => {
    const { events } = await readAllEvents(FILE);
    expect(countClasses(isAttackLabels(events)).map((c) => c.count)).toEqual([93, 127]);
    const lengths = (emptyAs: 'zero' | 'nan') => [
      ...fitFeatures(events, { schema: WEEK6_SCHEMA, features: ['payload_length'], emptyAs }).transform(
        events,
      ).values,
    ];
    expect(lengths('nan').filter((length) => length === 3)).toHaveLength(45);
    expect(lengths('zero').filter((length) => length === 0)).toHaveLength(45);
    expect(Math.max(...lengths('nan'))).toBe(349);
  });

  it('has no value that a pipeline fitted on it cannot encode', async () => {
    const { events } = await readAllEvents(FILE);
    const matrix = fitFeatures(events, { schema: WEEK6_SCHEMA }).transform(events);
    expect([matrix.unseen, matrix.invalid]).toEqual([{}, {}]);
    expect(matrix.features.find((f) => f.name === 'protocol')?.categories).toEqual([
      'ftp',
      'http',
      'smtp',
      'ssh',
    ]);
  });
});
