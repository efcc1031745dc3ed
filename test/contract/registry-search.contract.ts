import { beforeAll, expect, it } from 'vitest';
import { collectPages, type SearchQuery } from '#src/mlflow/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { RegistryBench } from './registry-store.contract.js';

/** What the port promises of searches of registered models and their versions. */
export function registrySearchCases(bench: RegistryBench): void {
  const { registry, newLoggedModel } = bench;
  const prefix = uniqueName('Found');
  let source = '';
  let runId = '';
  beforeAll(async () => {
    const logged = await newLoggedModel();
    source = `models:/${logged.modelId}`;
    runId = logged.runId;
    for (const [i, name] of ['a', 'B', "c's", 'prompt'].entries()) {
      const tags: Record<string, string> =
        name === 'prompt' ? { 'mlflow.prompt.is_prompt': 'true' } : { team: i === 1 ? 'Blue' : 'red' };
      await registry().createRegisteredModel(`${prefix} ${name}`, { tags });
      for (let v = 0; v <= i && i < 3; v++) {
        const versionTags: Record<string, string> = v === 1 ? { ok: 'yes' } : {};
        await registry().createModelVersion({ name: `${prefix} ${name}`, source, runId, tags: versionTags });
      }
    }
    await registry().deleteModelVersion(`${prefix} c's`, '2');
  });
  const cut = (name: string) => name.slice(prefix.length + 1);
  const ours = `name LIKE '${prefix}%'`;
  const models = async (query: SearchQuery) => {
    const found = await collectPages((page) => registry().searchRegisteredModels({ ...query, ...page }));
    return found.map((model) => cut(model.name)).join(' ');
  };
  const versions = async (query: SearchQuery) => {
    const found = await collectPages((page) => registry().searchModelVersions({ ...query, ...page }));
    return found.map((version) => `${cut(version.name)}/${version.version}`).join(' ');
  };

  it('finds registered models by name and tag, by name order', async () => {
    expect(await models({ filter: ours })).toBe("B a c's");
    expect(await models({ filter: ours, maxResults: 1, orderBy: ['name DESC'] })).toBe("c's a B");
    expect(await models({ filter: `name ilike '${prefix.toUpperCase()} b'` })).toBe('B');
    expect(await models({ filter: `name IN ('${prefix} a', "${prefix} c's", 'x')` })).toBe("a c's");
    expect(await models({ filter: `${ours} AND tags.team = 'red'` })).toBe("a c's");
    expect(await models({ filter: `attribute.${ours} AND tag.team != 'red'` })).toBe('B');
    expect((await models({ filter: ours, orderBy: ['timestamp DESC'] })).split(' ').sort()).toEqual([
      'B',
      'a',
      "c's",
    ]);
  });

  it('leaves prompts out unless asked for', async () => {
    const isPrompt = 'tags.`mlflow.prompt.is_prompt`';
    expect(await models({ filter: `${ours} AND ${isPrompt} = 'true'` })).toBe('prompt');
    expect(await models({ filter: `${ours} AND ${isPrompt} = 'false'` })).toBe("B a c's");
    expect(await models({ filter: `${ours} AND ${isPrompt} != 'true'` })).toBe("B a c's");
  });

  it('finds versions by name, number, run, source and tag', async () => {
    const orderBy = ['name', 'version_number DESC'];
    expect(await versions({ filter: ours, orderBy })).toBe("B/2 B/1 a/1 c's/3 c's/1");
    expect(await versions({ filter: ours, orderBy, maxResults: 2 })).toBe("B/2 B/1 a/1 c's/3 c's/1");
    expect(await versions({ filter: `${ours} AND version_number >= 2`, orderBy })).toBe("B/2 c's/3");
    expect(await versions({ filter: `${ours} AND version_number = '1'`, orderBy })).toBe("B/1 a/1 c's/1");
    expect(await versions({ filter: `run_id = '${runId}'`, orderBy })).toBe("B/2 B/1 a/1 c's/3 c's/1");
    expect(await versions({ filter: `run_id NOT IN ('${runId}') AND ${ours}` })).toBe('');
    expect(await versions({ filter: `${ours} AND source_path = '${source}' AND tags.ok = 'yes'` })).toBe(
      'B/2',
    );
    const byUpdate = await versions({ filter: ours });
    expect(byUpdate.split(' ').sort()).toEqual(['B/1', 'B/2', 'a/1', "c's/1", "c's/3"]);
  });

  it.each([
    ["name > 'a'"],
    ['name = 5'],
    ["`name` = 'x'"],
    ["attributes.name = 'x'"],
    ["description = 'x'"],
    ["params.x = 'y'"],
    ['name IN ()'],
    ['name ='],
    ["tags.x IN ('y')"],
  ])('refuses the filter %s', async (filter) => {
    await expectCode(registry().searchRegisteredModels({ filter }), 'INVALID_PARAMETER');
    await expectCode(registry().searchModelVersions({ filter }), 'INVALID_PARAMETER');
  });

  it('refuses orders, sizes and tokens that mean nothing', async () => {
    for (const query of [{ orderBy: ['nothing'] }, { maxResults: 200_001 }, { pageToken: '!!!!' }]) {
      await expectCode(registry().searchRegisteredModels(query), 'INVALID_PARAMETER');
      await expectCode(registry().searchModelVersions(query), 'INVALID_PARAMETER');
    }
    await expectCode(registry().searchModelVersions({ filter: 'version_number = 1.5' }), 'INVALID_PARAMETER');
    await expectCode(registry().searchModelVersions({ filter: "source_path IN ('x')" }), 'INVALID_PARAMETER');
  });
}
