import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, phantomnet, scratch } from '../support/cli.js';

const MODEL = 'PhantomNet_Attack_Detector';

describe('quickstart, as the program', () => {
  const { folder: cwd, remove } = scratch();
  let first: Finished;
  beforeAll(async () => {
    first = await phantomnet(['quickstart', '--json'], { cwd });
  });
  afterAll(remove);

  it('goes from raw events to a staged, tagged, verified detector', () => {
    expect(first.stderr).not.toContain('error:');
    expect(first.code).toBe(0);
    const result = first.json();
    expect(result.passed).toBe(true);
    expect(result.model).toMatchObject({
      name: MODEL,
      version: '1',
      stage: 'Staging',
      tags: { lifecycle: 'pre-production', validated: 'true' },
    });
    expect(result.sanity).toEqual({ input: [{ payload_length: 120 }], predictions: [0] });
    expect(result.reference.features).toEqual(['payload_length']);
    expect(result.allFeatures.features.length).toBeGreaterThan(10);
    expect(result.next).toHaveLength(3);
  });

  it('tells honest numbers with intervals', () => {
    const { reference, allFeatures, comparison } = first.json();
    expect(reference.metrics.accuracy).toBeGreaterThanOrEqual(0.85);
    expect(reference.metrics.accuracy).toBeLessThanOrEqual(0.95);
    expect(reference.intervals.accuracy.low).toBeLessThan(reference.metrics.accuracy);
    expect(allFeatures.metrics.accuracy).toBeGreaterThan(reference.metrics.accuracy);
    expect(reference.crossValidation.folds).toBe(5);
    expect(comparison.rows.map((r: { name: string }) => r.name)).toEqual([
      'forest-payload-length',
      'forest-all-features',
      'majority',
      'stump',
      'logistic-regression',
    ]);
  });

  it('shows signs of life on stderr and nothing but JSON on stdout', () => {
    expect(first.stdout.trim().split('\n')).toHaveLength(1);
    for (const stage of [
      'read events',
      'cross-validate',
      'train random-forest',
      'evaluate',
      'register',
      'check, stage and tag',
    ])
      expect(first.stderr).toContain(stage);
    expect(first.stderr).not.toContain('\u001b[');
  });

  it('writes only the store and its artifacts', () => {
    const written = readdirSync(cwd).sort();
    expect(written.filter((name) => !name.startsWith('phantomnet.db'))).toEqual(['artifacts']);
    expect(existsSync(join(cwd, 'phantomnet.db'))).toBe(true);
  });

  it('runs again on the same store, as version 2, with the same model bytes', async () => {
    const second = await phantomnet(['quickstart', '--json'], { cwd });
    expect(second.code).toBe(0);
    const [a, b] = [first.json(), second.json()];
    expect(b.model).toMatchObject({ version: '2', stage: 'Staging' });
    expect(b.reference.model.modelDigest).toBe(a.reference.model.modelDigest);
    expect(b.allFeatures.model.modelDigest).toBe(a.allFeatures.model.modelDigest);
    const shown = await phantomnet(['models', 'show', MODEL, '1', '--json'], { cwd });
    expect(shown.json().version.stage).toBe('Archived');
  });

  it('shows lineage from version to run, data, code, params and metrics', async () => {
    const { version, lineage } = (
      await phantomnet(['models', 'show', MODEL, 'Staging', '--json'], { cwd })
    ).json();
    const { reference } = first.json();
    expect(version.tags['phantomnet.dataDigest']).toBe(reference.data.digest);
    expect(lineage).toMatchObject({
      dataDigest: reference.data.digest,
      params: { nEstimators: '200', split: 'stratified' },
    });
    expect(lineage.metrics.accuracy).toBe(reference.metrics.accuracy);
    expect(lineage.datasets[0].name).toBe('honeypot-events.csv');
  });

  it('prints a closing summary that says what was made, where, and what to try next', async () => {
    const text = await phantomnet(['quickstart'], { cwd });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('PhantomNet_Attack_Detector version 3, stage Staging');
    expect(text.stdout).toContain('[{"payload_length":120}] → [0]');
    expect(text.stdout).toMatch(
      /Done in \d+\.\d s\. Next:\n {2}(npx )?phantomnet deploy check .*\n {2}(npx )?phantomnet compare .*\n {2}(npx )?phantomnet train /,
    );
  });
});
