import { expect, it } from 'vitest';
import { expectCode } from './expect-code.js';
import type { RegistryBench } from './registry-store.contract.js';

/** What the port promises of versions, stages, aliases and tags. */
export function modelVersionCases(bench: RegistryBench): void {
  const { registry, tracking, newName, newLoggedModel, newVersion, listVersions } = bench;

  it('numbers versions from 1 and gives back what was created', async () => {
    const name = await newName();
    const { modelId, runId } = await newLoggedModel();
    const created = await registry().createModelVersion({
      name,
      source: `models:/${modelId}`,
      runId,
      modelId,
      description: 'first',
      tags: { 'lifecycle state': 'pre-production' },
    });
    expect(created).toMatchObject({
      name,
      version: '1',
      stage: 'None',
      description: 'first',
      source: `models:/${modelId}`,
      runId,
      modelId,
      status: 'READY',
    });
    expect({ ...created.tags }).toEqual({ 'lifecycle state': 'pre-production' });
    expect(created.aliases).toEqual([]);
    expect(await registry().getModelVersion(name, '1')).toEqual(created);
    expect(await newVersion(name)).toBe('2');
    expect((await listVersions(name)).map((v) => v.version)).toEqual(['2', '1']);
  });

  it('keeps the link to the run, and tells no description from an empty one', async () => {
    const name = await newName();
    const runLink = 'https://mlflow.example/#/runs/1';
    await registry().createModelVersion({ name, source: 's3://bucket/model', runLink, description: '' });
    expect(await registry().getModelVersion(name, '1')).toMatchObject({
      source: 's3://bucket/model',
      runId: '',
      runLink,
      modelId: '',
      userId: '',
      statusMessage: '',
      description: '',
    });
    const changed = await registry().updateModelVersion(name, '1', { description: 'checked' });
    expect(changed.description).toBe('checked');
    expect((await registry().updateModelVersion(name, '1', {})).description).toBeUndefined();
    expect((await registry().getModelVersion(name, '1')).description).toBeUndefined();
  });

  it('finds the files of a version made from another where the other has them', async () => {
    const name = await newName();
    await registry().createModelVersion({ name, source: 's3://bucket/model' });
    const copy = await registry().createModelVersion({ name, source: `models:/${name}/1` });
    expect(copy).toMatchObject({ version: '2', source: `models:/${name}/1` });
    expect(await registry().getDownloadUri(name, '2')).toBe('s3://bucket/model');
  });

  it('takes the run from the logged model when none is given', async () => {
    const name = await newName();
    const { modelId, runId } = await newLoggedModel();
    const created = await registry().createModelVersion({ name, source: `models:/${modelId}` });
    expect(created.runId).toBe(runId);
  });

  it('registers a folder of a run and resolves both kinds to files', async () => {
    const name = await newName();
    const { modelId, runId } = await newLoggedModel('from the model');
    const { artifactUri } = (await tracking().getRun(runId)).info;
    await tracking().artifacts(artifactUri).put('model/model.bin', 'from the run');
    await registry().createModelVersion({ name, source: `models:/${modelId}`, runId, modelId });
    await registry().createModelVersion({ name, source: `${artifactUri}/model`, runId });
    const read = async (version: string) => {
      const uri = await registry().getDownloadUri(name, version);
      return new TextDecoder().decode(await tracking().artifacts(uri).get('model.bin'));
    };
    expect(await read('1')).toBe('from the model');
    expect(await read('2')).toBe('from the run');
    await expectCode(registry().getDownloadUri(name, '3'), 'NOT_FOUND');
  });

  it('never gives a number twice', async () => {
    const name = await newName();
    await newVersion(name);
    await newVersion(name);
    await registry().deleteModelVersion(name, '2');
    expect(await newVersion(name)).toBe('3');
    await expectCode(registry().getModelVersion(name, '2'), 'NOT_FOUND');
    expect((await listVersions(name)).map((v) => v.version)).toEqual(['3', '1']);
  });

  it('sorts versions as numbers', async () => {
    const name = await newName();
    for (let i = 0; i < 11; i++) await newVersion(name);
    const versions = (await listVersions(name)).map((v) => v.version);
    expect(versions).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
    expect((await registry().getLatestVersions(name, ['None'])).map((v) => v.version)).toEqual(['11']);
  });

  it('says what version does not exist, and what is no version', async () => {
    const name = await newName();
    const error = await expectCode(registry().getModelVersion(name, '7'), 'NOT_FOUND');
    expect(error.message).toContain('7');
    const options = { archiveExisting: false };
    await expectCode(registry().transitionStage(name, '7', 'Staging', options), 'NOT_FOUND');
    await expectCode(registry().updateModelVersion(name, '7', { description: 'x' }), 'NOT_FOUND');
    await expectCode(registry().deleteModelVersion(name, '7'), 'NOT_FOUND');
    await expectCode(registry().setAlias(name, 'champion', '7'), 'NOT_FOUND');
    await expectCode(registry().setModelVersionTags(name, '7', { a: 'b' }), 'NOT_FOUND');
    await expectCode(registry().getModelVersion(name, 'seven'), 'INVALID_PARAMETER');
  });

  it('moves through the stages', async () => {
    const name = await newName();
    await newVersion(name);
    for (const stage of ['Staging', 'Production', 'Archived', 'None'] as const) {
      const moved = await registry().transitionStage(name, '1', stage, { archiveExisting: false });
      expect(moved.stage).toBe(stage);
      expect((await registry().getModelVersion(name, '1')).stage).toBe(stage);
    }
  });

  it('archives what stood in the stage when asked, and only then', async () => {
    const name = await newName();
    for (let i = 0; i < 3; i++) await newVersion(name);
    const stages = async () => (await listVersions(name)).map((v) => v.stage).reverse();
    await registry().transitionStage(name, '1', 'Staging', { archiveExisting: true });
    await registry().transitionStage(name, '2', 'Staging', { archiveExisting: false });
    expect(await stages()).toEqual(['Staging', 'Staging', 'None']);
    await registry().transitionStage(name, '3', 'Staging', { archiveExisting: true });
    expect(await stages()).toEqual(['Archived', 'Archived', 'Staging']);
    await registry().transitionStage(name, '3', 'Staging', { archiveExisting: true });
    expect(await stages()).toEqual(['Archived', 'Archived', 'Staging']);
  });

  it('archives nothing for the stages None and Archived', async () => {
    const name = await newName();
    await newVersion(name);
    for (const stage of ['None', 'Archived'] as const) {
      await expectCode(
        registry().transitionStage(name, '1', stage, { archiveExisting: true }),
        'INVALID_PARAMETER',
      );
    }
    expect((await registry().getModelVersion(name, '1')).stage).toBe('None');
  });

  it('gives the newest version of each stage', async () => {
    const name = await newName();
    for (let i = 0; i < 4; i++) await newVersion(name);
    await registry().transitionStage(name, '1', 'Production', { archiveExisting: false });
    await registry().transitionStage(name, '2', 'Staging', { archiveExisting: false });
    await registry().transitionStage(name, '3', 'Staging', { archiveExisting: false });
    const latest = async (...args: Parameters<ReturnType<typeof registry>['getLatestVersions']>) =>
      Object.fromEntries((await registry().getLatestVersions(...args)).map((v) => [v.stage, v.version]));
    expect(await latest(name)).toEqual({ Production: '1', Staging: '3', None: '4' });
    expect(await latest(name, ['Staging'])).toEqual({ Staging: '3' });
    expect(await latest(name, ['Archived'])).toEqual({});
    const model = await registry().getRegisteredModel(name);
    expect(Object.fromEntries(model.latestVersions.map((v) => [v.stage, v.version]))).toEqual(
      await latest(name),
    );
  });

  it('moves an alias from version to version', async () => {
    const name = await newName();
    for (let i = 0; i < 2; i++) await newVersion(name);
    await registry().setAlias(name, 'champion', '1');
    await registry().setAlias(name, 'also-1', '1');
    expect((await registry().getVersionByAlias(name, 'champion')).version).toBe('1');
    expect([...(await registry().getModelVersion(name, '1')).aliases].sort()).toEqual(['also-1', 'champion']);
    await registry().setAlias(name, 'champion', '2');
    expect((await registry().getVersionByAlias(name, 'champion')).version).toBe('2');
    expect((await registry().getModelVersion(name, '1')).aliases).toEqual(['also-1']);
    expect({ ...(await registry().getRegisteredModel(name)).aliases }).toEqual({
      champion: '2',
      'also-1': '1',
    });
    const listed = await listVersions(name);
    expect(listed.map((v) => v.aliases)).toEqual([['champion'], ['also-1']]);
    expect((await registry().getLatestVersions(name, ['None']))[0]?.aliases).toEqual(['champion']);
    expect((await registry().getRegisteredModel(name)).latestVersions[0]?.aliases).toEqual(['champion']);
    await registry().deleteAlias(name, 'champion');
    const error = await expectCode(registry().getVersionByAlias(name, 'champion'), 'NOT_FOUND');
    expect(error.message).toContain('champion');
    await registry().deleteAlias(name, 'champion');
    await registry().deleteModelVersion(name, '1');
    expect({ ...(await registry().getRegisteredModel(name)).aliases }).toEqual({});
  });

  it('refuses aliases that look like a version or like latest', async () => {
    const name = await newName();
    await newVersion(name);
    for (const alias of ['v1', 'V12', 'latest', '', 'a b', 'a/b']) {
      await expectCode(registry().setAlias(name, alias, '1'), 'INVALID_PARAMETER');
    }
  });

  it('changes description and tags of a version', async () => {
    const name = await newName();
    await newVersion(name);
    await registry().updateModelVersion(name, '1', { description: 'checked' });
    await registry().setModelVersionTags(name, '1', { lifecycle: 'pre-production', validated: 'false' });
    await registry().setModelVersionTags(name, '1', { validated: 'true' });
    const tagged = await registry().getModelVersion(name, '1');
    expect(tagged.description).toBe('checked');
    expect({ ...tagged.tags }).toEqual({ lifecycle: 'pre-production', validated: 'true' });
    await registry().deleteModelVersionTag(name, '1', 'validated');
    await registry().deleteModelVersionTag(name, '1', 'validated');
    expect({ ...(await registry().getModelVersion(name, '1')).tags }).toEqual({
      lifecycle: 'pre-production',
    });
    await expectCode(registry().setModelVersionTags(name, '1', { 'a\u0000': 'b' }), 'INVALID_PARAMETER');
  });
}
