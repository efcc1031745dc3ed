import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const MODEL = 'Detector';

describe('models, gc and runs on one store', () => {
  const { folder: cwd, remove } = scratch();
  const ask = jsonIn(cwd);
  const runs: string[] = [];
  beforeAll(async () => {
    for (const name of ['first', 'second', 'third']) {
      const features = ['--features', 'payload_length', '--experiment', 'forests', '--run-name', name];
      runs.push((await trainSmall(cwd, features)).runId);
    }
  });
  afterAll(remove);

  it('registers a named run with its lineage, and the latest one of an experiment', async () => {
    const first = await ask('models', 'register', MODEL, '--run', runs[0]!, '--description', 'the first');
    expect(first.json()).toMatchObject({
      version: '1',
      runId: runs[0],
      stage: 'None',
      description: 'the first',
    });
    expect(Object.keys(first.json().tags).sort()).toEqual(
      expect.arrayContaining(['phantomnet.dataDigest', 'phantomnet.modelDigest', 'phantomnet.packageDigest']),
    );
    const latest = await ask('models', 'register', MODEL, '--experiment', 'forests');
    expect(latest.json()).toMatchObject({ version: '2', runId: runs[2] });
    const listed = (await ask('models', 'list')).json();
    expect(listed).toHaveLength(1);
    expect(listed[0].latestVersions).toMatchObject([{ version: '2', stage: 'None' }]);
  });

  it('changes nothing when the accuracy gate fails', async () => {
    const refused = await ask('models', 'stage', MODEL, '1', 'Staging', '--min-accuracy', '0.99');
    expect(refused.code).toBe(1);
    const { passed, checks, version } = refused.json();
    expect(passed).toBe(false);
    expect(checks.filter((c: { passed: boolean }) => !c.passed)).toEqual([
      {
        name: 'accuracy',
        passed: false,
        detail: expect.stringMatching(/on the run's test rows, gate 0\.99$/),
      },
    ]);
    expect(version).toMatchObject({ version: '1', stage: 'None' });
    const { version: after } = (await ask('models', 'show', MODEL, '1')).json();
    expect(after.stage).toBe('None');
    expect(after.tags).not.toHaveProperty('validated');
    expect(after.tags).not.toHaveProperty('lifecycle');
    const text = await phantomnet(
      ['models', 'stage', MODEL, '1', 'Production', '--max-latency-ms', '0.000001'],
      { cwd },
    );
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('Detector version 1 stays in None: a check failed');
    expect(text.stdout).toMatch(/FAIL {2}latency .*limit 0\.000001 ms/);
  });

  it('changes nothing when the sanity input gets another label than expected', async () => {
    const refused = await ask(
      ...['models', 'stage', MODEL, '1', 'Staging'],
      ...['--input', '[{"payload_length": 120}]', '--expect', '[1]'],
    );
    expect(refused.code).toBe(1);
    expect(refused.json().checks.find((c: { name: string }) => c.name === 'sanity')).toEqual({
      name: 'sanity',
      passed: false,
      detail: 'predicted [0], expected [1]',
    });
    expect((await ask('models', 'show', MODEL, '1')).json().version.stage).toBe('None');
  });

  it('stages what passes, archives the one before, and takes validated from what leaves', async () => {
    const staged = (await ask('models', 'stage', MODEL, '1', 'staging')).json();
    expect(staged.version).toMatchObject({
      stage: 'Staging',
      tags: { lifecycle: 'pre-production', validated: 'true' },
    });
    const next = await ask('models', 'stage', MODEL, 'latest', 'Staging', '--archive-existing');
    expect(next.json().version).toMatchObject({ version: '2', stage: 'Staging' });
    expect((await ask('models', 'show', MODEL, '1')).json().version.stage).toBe('Archived');
    const back = await ask('models', 'stage', MODEL, '1', 'None');
    expect(back.json()).toMatchObject({ passed: true, checks: [], version: { stage: 'None' } });
    expect(back.json().version.tags).not.toHaveProperty('validated');
  });

  it('sets, moves and removes an alias, which every address understands', async () => {
    expect((await ask('models', 'alias', MODEL, 'champion', 'Staging')).json().version).toBe('2');
    expect((await ask('models', 'show', MODEL, '@champion')).json().version.version).toBe('2');
    expect((await ask('models', 'alias', MODEL, 'champion', '1')).json().version).toBe('1');
    const checked = await ask('deploy', 'check', `models:/${MODEL}@champion`);
    expect(checked.json()).toMatchObject({ passed: true, version: '1', runId: runs[0] });
    const nothing = await phantomnet(['models', 'alias', MODEL, 'champion'], { cwd });
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('no version was named')]);
  });

  it('sets and removes tags of a version', async () => {
    const tagged = await ask('models', 'tag', MODEL, '1', '--set', 'owner=blue team', '--set', 'seats=3');
    expect(tagged.json().tags).toMatchObject({ owner: 'blue team', seats: '3' });
    const unset = await ask('models', 'tag', MODEL, '1', '--unset', 'seats');
    expect(unset.json().tags).not.toHaveProperty('seats');
    expect(unset.json().tags.owner).toBe('blue team');
  });

  it('does not delete a version that is staged or has an alias', async () => {
    for (const [version, held] of [
      ['2', 'in stage Staging'],
      ['1', 'aliased @champion'],
    ]) {
      const refused = await phantomnet(['models', 'delete-version', MODEL, version!], { cwd });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toBe(
        `error: Detector version ${version} is ${held}\nhelp: move it first: phantomnet models stage Detector ${version} Archived, or models alias … --delete\n`,
      );
    }
    expect((await ask('models', 'show', MODEL)).json().versions).toHaveLength(2);
  });

  it('keeps in gc every deleted run under a registered version, and says why', async () => {
    for (const run of runs) expect((await ask('runs', 'delete', run)).code).toBe(0);
    expect((await ask('runs', 'list', '--experiment', 'forests')).json()).toEqual([]);
    const deleted = (await ask('runs', 'list', '--view', 'deleted')).json();
    expect(deleted.map((r: { runId: string }) => r.runId).sort()).toEqual([...runs].sort());
    const found = (await ask('gc')).json();
    expect(found.applied).toBe(false);
    const why = new Map(found.kept.map((i: { id: string; keptBecause: string }) => [i.id, i.keptBecause]));
    expect(why.get(runs[0])).toBe('Detector version 1 (@champion)');
    expect(why.get(runs[2])).toBe('Detector version 2 (in Staging)');
    expect(found.removable.map((i: { runId: string }) => i.runId)).toEqual([runs[1], runs[1]]);
    expect(found.removable.map((i: { kind: string }) => i.kind)).toEqual(['logged-model', 'run']);
  });

  it('removes nothing without --apply, and with it only what nothing stands on', async () => {
    const dry = await phantomnet(['gc'], { cwd });
    expect(dry.stdout).toContain('nothing was removed; run again with --apply');
    expect((await ask('runs', 'show', runs[1]!)).code).toBe(0);
    const applied = (await ask('gc', '--apply')).json();
    expect(applied).toMatchObject({ applied: true });
    expect(applied.removable).toHaveLength(2);
    expect((await ask('runs', 'show', runs[1]!)).code).toBe(3);
    const files = readdirSync(join(cwd, 'artifacts'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.includes(runs[1]!))).toEqual([]);
    expect(files.filter((name) => name.endsWith('MLmodel'))).toHaveLength(2);
    for (const reference of ['Staging', '1']) {
      const checked = await ask('deploy', 'check', `models:/${MODEL}/${reference}`);
      expect(checked.json()).toMatchObject({ passed: true });
    }
    expect((await ask('gc', '--apply')).json().removable).toEqual([]);
  });

  it('keeps a deleted run under a version that is only registered, and frees it with the version', async () => {
    await ask('models', 'alias', MODEL, 'champion', '--delete');
    expect((await ask('gc', '--apply')).json().kept).toContainEqual(
      expect.objectContaining({ id: runs[0], keptBecause: 'Detector version 1 (registered)' }),
    );
    expect((await ask('models', 'delete-version', MODEL, '1')).json()).toEqual({
      name: MODEL,
      version: '1',
      deleted: true,
    });
    expect((await ask('models', 'show', MODEL, '1')).code).toBe(3);
    const applied = (await ask('gc', '--apply')).json();
    expect(applied.removable.map((i: { runId: string }) => i.runId)).toEqual([runs[0], runs[0]]);
    expect((await ask('runs', 'list', '--view', 'all')).json()).toHaveLength(1);
  });

  it('brings a deleted run back', async () => {
    const restored = await ask('runs', 'restore', runs[2]!);
    expect(restored.json()).toEqual({ kind: 'run', id: runs[2], lifecycleStage: 'active' });
    expect((await ask('runs', 'list', '--experiment', 'forests')).json()).toMatchObject([
      { runId: runs[2], runName: 'third', role: 'experiment', status: 'FINISHED' },
    ]);
    const shown = await phantomnet(['runs', 'show', runs[2]!], { cwd });
    expect(shown.stdout).toMatch(/^run +third \([0-9a-f]{32}\)\nexperiment +forests\nstatus +FINISHED\n/);
    expect(shown.stdout).toContain(
      'evaluation.json, latency.json, predictions.json, report.html, report.json, report.md, split.json',
    );
    expect((await ask('runs', 'delete', 'f'.repeat(32))).code).toBe(3);
  });

  it('deletes and restores a whole experiment by name, and needs exactly one of run and experiment', async () => {
    expect((await ask('runs', 'delete', '--experiment', 'forests')).json()).toMatchObject({
      kind: 'experiment',
      lifecycleStage: 'deleted',
    });
    const gone = await phantomnet(['runs', 'list', '--experiment', 'forests'], { cwd });
    expect([gone.code, gone.stderr]).toEqual([
      3,
      expect.stringContaining('no experiment "forests" (it is deleted)'),
    ]);
    const closed = await phantomnet(['models', 'show', MODEL, 'Staging'], { cwd });
    expect(closed.code).toBe(0);
    expect((await ask('runs', 'restore', '--experiment', 'forests')).json().lifecycleStage).toBe('active');
    expect((await ask('runs', 'list', '--experiment', 'forests')).json()).toHaveLength(1);
    for (const args of [[], [runs[2]!, '--experiment', 'forests']]) {
      const wrong = await phantomnet(['runs', 'delete', ...args], { cwd });
      expect([wrong.code, wrong.stderr]).toEqual([
        2,
        expect.stringContaining('runs delete takes one run, or --experiment'),
      ]);
    }
  });

  it('refuses to check a model file whose bytes changed, by name, with exit code 1', async () => {
    const folder = readdirSync(join(cwd, 'artifacts'), { recursive: true, encoding: 'utf8' });
    const file = join(cwd, 'artifacts', folder.find((name) => name.endsWith('model.phantomnet'))!);
    expect(existsSync(file)).toBe(true);
    const { readFileSync, writeFileSync } = await import('node:fs');
    const bytes = readFileSync(file);
    const changed = Buffer.from(bytes);
    changed[changed.length >> 1]! ^= 4;
    writeFileSync(file, changed);
    const checked = await ask('deploy', 'check', `models:/${MODEL}/Staging`);
    expect(checked.code).toBe(1);
    expect(checked.json().checks[1]).toEqual({
      name: 'load',
      passed: false,
      detail:
        '"model.phantomnet" is not what was logged: its SHA-256 differs; do not use this model; restore the file from a backup or register a version made from a fresh run',
    });
    const predicted = await phantomnet(['predict', `models:/${MODEL}/Staging`, '-'], { cwd });
    expect([predicted.code, predicted.stdout]).toEqual([5, '']);
    writeFileSync(file, bytes);
    expect((await ask('deploy', 'check', `models:/${MODEL}/Staging`)).code).toBe(0);
  });
});
