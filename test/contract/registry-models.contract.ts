import { expect, it } from 'vitest';
import { collectPages } from '#src/mlflow/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { RegistryBench } from './registry-store.contract.js';

/** What the port promises of registered models. */
export function registeredModelCases({ registry, newName, newVersion, listVersions }: RegistryBench): void {
  it('gives back what was created', async () => {
    const name = uniqueName('PhantomNet_Attack_Detector ünï');
    const created = await registry().createRegisteredModel(name, {
      description: 'attack or not\nby payload length',
      tags: { team: 'blue', empty: '' },
    });
    expect(created).toMatchObject({ name, description: 'attack or not\nby payload length' });
    expect({ ...created.tags }).toEqual({ team: 'blue', empty: '' });
    expect({ ...created.aliases }).toEqual({});
    expect(created.latestVersions).toEqual([]);
    expect(Math.abs(created.creationTime - Date.now())).toBeLessThan(60_000);
    expect(await registry().getRegisteredModel(name)).toEqual(created);
  });

  it('has an empty description and no tags when none was given', async () => {
    const model = await registry().getRegisteredModel(await newName());
    expect(model.description).toBe('');
    expect({ ...model.tags }).toEqual({});
  });

  it('refuses a taken name and names that MLflow refuses', async () => {
    const name = await newName();
    const error = await expectCode(registry().createRegisteredModel(name), 'ALREADY_EXISTS');
    expect(error.message).toContain(name);
    for (const bad of ['', '  ', 'a/b', 'a:b', '.', '..', '..a']) {
      await expectCode(registry().createRegisteredModel(bad), 'INVALID_PARAMETER');
    }
  });

  it('says what does not exist', async () => {
    const name = uniqueName('absent');
    const error = await expectCode(registry().getRegisteredModel(name), 'NOT_FOUND');
    expect(error.message).toContain(name);
    await expectCode(registry().updateRegisteredModel(name, { description: 'x' }), 'NOT_FOUND');
    await expectCode(registry().deleteRegisteredModel(name), 'NOT_FOUND');
    await expectCode(registry().setRegisteredModelTags(name, { a: 'b' }), 'NOT_FOUND');
    await expectCode(registry().deleteRegisteredModelTag(name, 'a'), 'NOT_FOUND');
    await expectCode(
      registry().createModelVersion({ name, source: `models:/m-${'0'.repeat(32)}` }),
      'NOT_FOUND',
    );
    await expectCode(registry().getLatestVersions(name), 'NOT_FOUND');
    expect(await listVersions(name)).toEqual([]);
  });

  it('changes description and tags', async () => {
    const name = await newName();
    const changed = await registry().updateRegisteredModel(name, { description: 'better' });
    expect(changed).toMatchObject({ name, description: 'better' });
    await registry().setRegisteredModelTags(name, { a: '1', b: '2' });
    await registry().setRegisteredModelTags(name, { a: '3' });
    const model = await registry().getRegisteredModel(name);
    expect(model.description).toBe('better');
    expect({ ...model.tags }).toEqual({ a: '3', b: '2' });
    await registry().deleteRegisteredModelTag(name, 'a');
    await registry().deleteRegisteredModelTag(name, 'a');
    expect({ ...(await registry().getRegisteredModel(name)).tags }).toEqual({ b: '2' });
  });

  it('renames a model with all that belongs to it', async () => {
    const name = await newName();
    const version = await newVersion(name);
    await registry().transitionStage(name, version, 'Staging', { archiveExisting: false });
    await registry().setRegisteredModelTags(name, { team: 'blue' });
    await registry().setModelVersionTags(name, version, { checked: 'yes' });
    await registry().setAlias(name, 'champion', version);
    const newer = uniqueName('renamed');
    const renamed = await registry().renameRegisteredModel(name, newer);
    expect(renamed.name).toBe(newer);
    expect({ ...renamed.tags }).toEqual({ team: 'blue' });
    expect(renamed.latestVersions.map((v) => [v.name, v.version, v.stage])).toEqual([
      [newer, version, 'Staging'],
    ]);
    const byAlias = await registry().getVersionByAlias(newer, 'champion');
    expect(byAlias).toMatchObject({ name: newer, version });
    expect({ ...byAlias.tags }).toEqual({ checked: 'yes' });
    await expectCode(registry().getRegisteredModel(name), 'NOT_FOUND');
    await expectCode(registry().getModelVersion(name, version), 'NOT_FOUND');
  });

  it('renames only to a free name that MLflow takes', async () => {
    const [name, taken] = [await newName(), await newName()];
    await expectCode(registry().renameRegisteredModel(name, taken), 'ALREADY_EXISTS');
    await expectCode(registry().renameRegisteredModel(name, 'a/b'), 'INVALID_PARAMETER');
    await expectCode(registry().renameRegisteredModel(uniqueName('absent'), uniqueName('x')), 'NOT_FOUND');
    expect((await registry().renameRegisteredModel(name, name)).name).toBe(name);
  });

  it('lists all models', async () => {
    const names = [await newName(), await newName()];
    const version = await newVersion(names[0]!);
    await registry().setAlias(names[0]!, 'champion', version);
    const listed = await collectPages((page) => registry().searchRegisteredModels(page));
    expect(listed.map((m) => m.name)).toEqual(expect.arrayContaining(names));
    const first = listed.find((m) => m.name === names[0]);
    expect(first).toEqual(await registry().getRegisteredModel(names[0]!));
    expect({ ...first?.aliases }).toEqual({ champion: version });
    expect(first?.latestVersions.map((v) => v.version)).toEqual([version]);
  });

  it('deletes a model with its versions, and the name is free again', async () => {
    const name = await newName();
    await newVersion(name);
    await registry().deleteRegisteredModel(name);
    await expectCode(registry().getRegisteredModel(name), 'NOT_FOUND');
    await expectCode(registry().getModelVersion(name, '1'), 'NOT_FOUND');
    await registry().createRegisteredModel(name);
    expect(await listVersions(name)).toEqual([]);
    expect(await newVersion(name)).toBe('1');
  });
}
