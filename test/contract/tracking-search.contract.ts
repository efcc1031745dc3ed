import { beforeAll, describe, expect, it } from 'vitest';
import { collectPages } from '#src/mlflow/index.js';
import type { Run } from '#src/track/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

const START = 1_700_000_000_000;

/** Six runs with what searches tell apart, and the names of those a search finds. */
function sixRuns(storeOf: StoreOf) {
  let experimentId = '';
  const ids: Record<string, string> = {};
  const runs: Record<string, Parameters<ReturnType<StoreOf>['logBatch']>[1]> = {
    a: { metrics: [metric('loss', 0.5), metric('a b', 1)], params: { lr: '0.1' }, tags: { team: 'Blue' } },
    b: { metrics: [metric('loss', -2)], params: { lr: '0.01', 'x.y': '1' }, tags: { team: 'blue' } },
    c: { metrics: [metric('loss', Number.NaN)], tags: { team: 'a_b%' } },
    d: { metrics: [metric('loss', Number.POSITIVE_INFINITY)], params: { lr: '10' }, tags: { team: "it's" } },
    e: { params: { lr: '9' }, tags: { 'odd/key': '*?[x]' } },
    f: { metrics: [metric('loss', 0.5)], tags: { team: 'say "x"' } },
  };
  beforeAll(async () => {
    experimentId = (await storeOf().createExperiment(uniqueName('search'))).experimentId;
    for (const [i, [name, batch]] of Object.entries(runs).entries()) {
      const { info } = await storeOf().createRun({
        experimentId,
        runName: name,
        startTime: START - i,
        userId: 'ada',
      });
      ids[name] = info.runId;
      await storeOf().logBatch(info.runId, batch);
    }
    const data = { sourceType: 'local', source: '{}' };
    const training = { 'mlflow.data.context': 'training' };
    await storeOf().logInputs(ids['a']!, [{ name: 'ssh', digest: '1', ...data, tags: training }]);
    await storeOf().logInputs(ids['b']!, [{ name: 'SSH', digest: '2', ...data, tags: {} }]);
    await storeOf().updateRun(ids['f']!, { status: 'FINISHED', endTime: START + 5 });
  });
  const search = (query: object): Promise<Run[]> =>
    collectPages((page) => storeOf().searchRuns({ experimentIds: [experimentId], ...query, ...page }));
  return {
    ids,
    experimentId: () => experimentId,
    find: async (query: object) => (await search(query)).map((run) => run.info.runName).join(''),
  };
}

function metric(key: string, value: number) {
  return { key, value, timestamp: 1, step: 0 };
}

/** What the port promises of searches of runs. */
export function runSearchCases(storeOf: StoreOf): void {
  const { ids, experimentId, find } = sixRuns(storeOf);

  it.each([
    ['', 'abcdef'],
    ['metrics.loss > 0', 'adf'],
    ['metrics.loss>=.5 AND metrics.loss <= 5e-1', 'af'],
    ['metrics.loss = -2', 'b'],
    ['metrics.loss != 0.5', 'bcd'],
    ['metrics.loss < 1e400', 'abdf'],
    ['metrics.`a b` = 1.', 'a'],
    ['metric."a b" > 0 metric.loss > 0', 'a'],
    ["params.lr > '1'", 'refused'],
    ["params.lr = '0.1'", 'a'],
    ["params.lr != '0.1'", 'bde'],
    ["parameter.lr LIKE '%1%'", 'abd'],
    ["param.x.y = '1'", 'b'],
    ["tags.team = 'blue'", 'b'],
    ["tag.team LIKE 'b%'", 'b'],
    ["tags.team ilike 'BLUE'", 'ab'],
    ["tags.team LIKE 'a_b%'", 'c'],
    ["tags.team LIKE 'a\\_b%'", ''],
    ["tags.`odd/key` LIKE '*?[x]'", 'e'],
    ['tags.team = "it\'s"', 'd'],
    ['tags.team = \'say "x"\'', 'f'],
    ['tags.team IS NULL', 'e'],
    ['tags.team is not null AND params.lr IS NULL', 'cf'],
    ["status = 'FINISHED'", 'f'],
    ["attributes.status != 'FINISHED'", 'abcde'],
    ["run_name IN ('a')", 'refused'],
    ["attr.run_name LIKE '_' AND user_id = 'ada'", 'abcdef'],
    ["`Run name` = 'c'", 'c'],
    [`start_time >= ${START - 2}`, 'abc'],
    [`created = ${START}`, 'a'],
    [`end_time > ${START}.5`, 'f'],
    ["artifact_uri LIKE '%nowhere%'", ''],
    ["datasets.name = 'ssh'", 'a'],
    ["dataset.name ILIKE 'ssh' AND dataset.digest IN ('1', '2')", 'ab'],
    ["dataset.context = 'training'", 'a'],
    ["dataset.context != 'training'", ''],
  ])('finds with %s', async (filter, found) => {
    if (found === 'refused') await expectCode(find({ filter }), 'INVALID_PARAMETER');
    else expect(await find({ filter })).toBe(found);
  });

  it('finds runs by id, one and several', async () => {
    expect(await find({ filter: `run_id = '${ids['c']}'` })).toBe('c');
    expect(await find({ filter: `run_id IN ('${ids['c']}', "${ids['a']}")` })).toBe('ac');
    expect(await find({ filter: `attributes.run_id NOT IN ('${ids['c']}')` })).toBe('abdef');
  });

  it.each([
    [['metrics.loss'], 'bafdce'],
    [['metrics.loss DESC'], 'dafbce'],
    [['metrics.loss DESC', 'start_time ASC'], 'dfabce'],
    [['params.lr'], 'badecf'],
    [['tags.`team` desc', 'start_time'], 'fdbcae'],
    [['end_time'], 'fabcde'],
    [['attributes.start_time ASC'], 'fedcba'],
    [['run_name DESC'], 'fedcba'],
  ])('orders by %j, page by page', async (orderBy, found) => {
    expect(await find({ orderBy })).toBe(found);
    expect(await find({ orderBy, maxResults: 1 })).toBe(found);
    expect(await find({ orderBy, maxResults: 4, filter: 'metrics.loss >= -2' })).toBe(
      found.replace(/[ce]/g, ''),
    );
  });

  it('sees deleted runs only when asked', async () => {
    await storeOf().deleteRun(ids['b']!);
    expect(await find({ filter: 'metrics.loss > -5' })).toBe('adf');
    expect(await find({ viewType: 'DELETED_ONLY' })).toBe('b');
    expect(await find({ filter: 'metrics.loss > -5', viewType: 'ALL', orderBy: ['metrics.loss'] })).toBe(
      'bafd',
    );
    await storeOf().restoreRun(ids['b']!);
  });

  it('says whether there is more, and takes no token of its own making', async () => {
    const query = { experimentIds: [experimentId()], maxResults: 6 };
    const whole = await storeOf().searchRuns(query);
    expect(whole.items).toHaveLength(6);
    expect(whole.nextPageToken).toBeUndefined();
    const first = await storeOf().searchRuns({ ...query, maxResults: 5 });
    expect(first.nextPageToken).toBeDefined();
    const last = await storeOf().searchRuns({ ...query, pageToken: first.nextPageToken! });
    expect(last.items.map((run) => run.info.runName)).toEqual(['f']);
    for (const pageToken of ['x', '!!!!', 'e30=', Buffer.from('{"offset": 0}').toString('base64')]) {
      await expectCode(storeOf().searchRuns({ ...query, pageToken }), 'INVALID_PARAMETER');
    }
  });

  it.each([
    ['metrics.loss'],
    ['metrics.loss > '],
    ['metrics.loss > 0 OR metrics.loss < 0'],
    ['(metrics.loss > 0)'],
    ["metrics.loss > '0'"],
    ['metrics.loss LIKE 5'],
    ['metrics.loss == 5'],
    ['metrics.a-b > 5'],
    ['params.lr = 0.1'],
    ['params.lr = bare'],
    ["params.lr = 'open"],
    ["params.in = 'x'"],
    ["params.lr BETWEEN '1' AND '2'"],
    ["foo.bar = 'x'"],
    ["foo = 'x'"],
    ["experiment_id = '0'"],
    ['Metrics.loss > 0'],
    ["status IN ('FINISHED')"],
    ['run_id IN ()'],
    ["dataset.source = 'x'"],
    ['metrics.loss IS NULL'],
    ['metrics.loss > 0;'],
    ["tags.team = 'a' -- b"],
    ['   '],
  ])('refuses the filter %s', async (filter) => {
    const error = await expectCode(find({ filter }), 'INVALID_PARAMETER');
    expect(error.message).not.toBe('');
  });

  it('refuses orders and sizes that mean nothing', async () => {
    for (const orderBy of [
      ['nothing'],
      ['dataset.name'],
      ['metrics.loss sideways'],
      [''],
      [' metrics.loss'],
    ]) {
      await expectCode(find({ orderBy }), 'INVALID_PARAMETER');
    }
    for (const maxResults of [0, -1, 50_001]) await expectCode(find({ maxResults }), 'INVALID_PARAMETER');
  });

  it('lists the data sets of experiments', async () => {
    const experiment = experimentId();
    const found = await storeOf().searchDatasets([experiment]);
    const byDigest = [...found].sort((a, b) => Number(a.digest) - Number(b.digest));
    expect(byDigest).toEqual([
      { experimentId: experiment, name: 'ssh', digest: '1', context: 'training' },
      { experimentId: experiment, name: 'SSH', digest: '2' },
    ]);
    await expectCode(storeOf().searchDatasets(Array(21).fill(experiment)), 'INVALID_PARAMETER');
  });
}

/** What the port promises of searches of experiments. */
export function experimentSearchCases(storeOf: StoreOf): void {
  const prefix = uniqueName('Space');
  let ids: string[] = [];
  beforeAll(async () => {
    const tags = [{ team: 'blue' }, { team: 'RED' }, {}];
    ids = [];
    for (const [i, name] of ['a', 'B', "c's"].entries()) {
      ids.push((await storeOf().createExperiment(`${prefix} ${name}`, tags[i]!)).experimentId);
    }
  });
  const find = async (query: { filter?: string; orderBy?: string[]; maxResults?: number }) => {
    const all = await collectPages((page) => storeOf().searchExperiments({ ...query, ...page }));
    return all.filter((e) => e.name.startsWith(prefix)).map((e) => e.name.slice(prefix.length + 1));
  };

  it('finds by name, id, time and tag', async () => {
    expect(await find({ filter: `name = '${prefix} a'` })).toEqual(['a']);
    expect(await find({ filter: `attribute.name LIKE '${prefix} %'`, orderBy: ['name'] })).toEqual([
      'B',
      'a',
      "c's",
    ]);
    expect(await find({ filter: `name ILIKE '${prefix.toUpperCase()} b'` })).toEqual(['B']);
    expect(await find({ filter: `name = "${prefix} c's"` })).toEqual(["c's"]);
    expect(
      await find({ filter: `experiment_id IN ('${ids[0]}', '${ids[2]}')`, orderBy: ['experiment_id'] }),
    ).toEqual(['a', "c's"]);
    expect(await find({ filter: "tags.team = 'blue'" })).toEqual(['a']);
    expect(await find({ filter: "tag.team != 'blue'" })).toEqual(['B']);
    expect(await find({ filter: `tags.team IS NULL AND name LIKE '${prefix}%'` })).toEqual(["c's"]);
    expect(await find({ filter: 'creation_time < 5' })).toEqual([]);
  });

  it('orders, page by page', async () => {
    const filter = `name LIKE '${prefix}%'`;
    expect(await find({ filter, orderBy: ['name DESC'], maxResults: 1 })).toEqual(["c's", 'a', 'B']);
    expect(await find({ filter, orderBy: ['experiment_id DESC'] })).toEqual(["c's", 'B', 'a']);
    expect((await find({ filter })).sort()).toEqual(['B', 'a', "c's"]);
  });

  it.each([
    ["name like 'x'"],
    ["name IN ('x')"],
    ["attributes.name = 'x'"],
    ['experiment_id = 1'],
    ["experiment_id > '1'"],
    ["creation_time > '1'"],
    ['creation_time > 1.5'],
    ["lifecycle_stage = 'active'"],
    ["params.x = 'y'"],
    ['name IS NULL'],
  ])('refuses the filter %s', async (filter) => {
    await expectCode(storeOf().searchExperiments({ filter }), 'INVALID_PARAMETER');
  });
}

/** What the port promises of searches of logged models. */
export function loggedModelSearchCases(storeOf: StoreOf): void {
  let experimentId = '';
  beforeAll(async () => {
    experimentId = (await storeOf().createExperiment(uniqueName('models'))).experimentId;
    const { info } = await storeOf().createRun({ experimentId });
    for (const [i, name] of ['forest', 'Forest', 'line'].entries()) {
      const model = await storeOf().createLoggedModel({
        experimentId,
        name,
        sourceRunId: info.runId,
        params: { depth: String(i) },
        tags: i === 0 ? { team: 'blue' } : {},
      });
      if (i === 1) await storeOf().finalizeLoggedModel(model.modelId, 'READY');
      if (i === 2) await storeOf().finalizeLoggedModel(model.modelId, 'UPLOAD_FAILED');
    }
  });
  const search = (query: object) => storeOf().searchLoggedModels({ experimentIds: [experimentId], ...query });
  const byName = [{ fieldName: 'name' }];
  const find = async (filter: string) => (await search({ filter, orderBy: byName })).items.map((m) => m.name);

  it('finds by attribute, param and tag', async () => {
    expect(await find("name = 'forest'")).toEqual(['forest']);
    expect(await find("attributes.name ILIKE 'FOREST'")).toEqual(['Forest', 'forest']);
    expect(await find("name IN ('line', 'forest')")).toEqual(['forest', 'line']);
    expect(await find("params.depth = '1' AND name LIKE 'F%'")).toEqual(['Forest']);
    expect(await find("tags.team = 'blue'")).toEqual(['forest']);
    expect(await find('creation_time > 5')).toHaveLength(3);
    expect(await find('metrics.loss > 0')).toEqual([]);
    expect((await search({ filter: "name = 'Forest'" })).items[0]?.status).toBe('READY');
  });

  it('orders, and binds its tokens to the search', async () => {
    const query = { orderBy: [{ fieldName: 'name', ascending: false }], maxResults: 2 };
    const first = await search(query);
    expect(first.items.map((m) => m.name)).toEqual(['line', 'forest']);
    const pageToken = first.nextPageToken!;
    expect((await search({ ...query, pageToken })).items.map((m) => m.name)).toEqual(['Forest']);
    await expectCode(search({ ...query, filter: "name = 'line'", pageToken }), 'INVALID_PARAMETER');
    await expectCode(search({ maxResults: 2, pageToken }), 'INVALID_PARAMETER');
  });

  describe('refusals', () => {
    it.each([
      ["name > 'a'"],
      ["param.depth = '1'"],
      ['name IS NULL'],
      ["metrics.loss LIKE '1'"],
      ["name = 'x' OR name = 'y'"],
    ])('refuses the filter %s', async (filter) => {
      await expectCode(search({ filter }), 'INVALID_PARAMETER');
    });
    it('refuses orders and data sets that mean nothing', async () => {
      await expectCode(search({ orderBy: [{ fieldName: 'params.depth' }] }), 'INVALID_PARAMETER');
      await expectCode(search({ orderBy: [{ fieldName: 'nothing' }] }), 'INVALID_PARAMETER');
      await expectCode(search({ datasets: [{ datasetName: '' }] }), 'INVALID_PARAMETER');
    });
  });
}
