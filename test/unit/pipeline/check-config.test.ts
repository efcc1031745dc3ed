import { describe, expect, it } from 'vitest';
import { auditFile } from '#src/pipeline/audit-file.js';
import { checkConfig } from '#src/pipeline/check-config.js';
import { experimentConfigSchema, parseConfig } from '#src/pipeline/config.js';
import { recipeOf } from '#src/pipeline/recipe.js';
import { expectThrown } from '../../support/expect-thrown.js';

const check = (input: object) => {
  const config = parseConfig(
    experimentConfigSchema,
    { data: { path: 'rows.csv', format: 'table' }, ...input },
    'config',
  );
  checkConfig(config, recipeOf(config));
};

describe('label.classes', () => {
  it('is refused where the label is a column, as nothing would read it', async () => {
    const label = { target: 'attack', classes: { scan: 'recon' } };
    const error = expectThrown(() => check({ label }), 'INVALID_PARAMETER');
    expect(error.message).toBe(
      'label.classes: "attack" is a column, whose values are the classes as they are',
    );
    expect(error.hint).toBe(
      'leave classes out and put the classes together in the file, or make samples of events by a label rule (docs/how-to/label-events.md)',
    );
    expect(error.details['parameter']).toBe('label.classes');
    const data = { path: 'rows.csv', format: 'table' } as const;
    await expect(auditFile({ data, label })).rejects.toMatchObject({ message: error.message });
    check({ label: { target: 'attack' } });
    check({ data: { path: 'rows.csv' }, sample: { unit: 'event' }, label: { ...label, field: 'label' } });
  });
});
