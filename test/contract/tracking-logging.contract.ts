import { expect, it } from 'vitest';
import type { Metric } from '#src/track/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

const maxDouble = 1.7976931348623157e308;

/** What the port promises of metrics, params, tags and data sets. */
export function loggingCases(storeOf: StoreOf): void {
  const newRun = async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('logging'));
    return (await storeOf().createRun({ experimentId })).info.runId;
  };
  const point = (key: string, value: number, step = 0, timestamp = 1_700_000_000_000): Metric => ({
    key,
    value,
    timestamp,
    step,
  });

  it('gives back params, tags and metrics of one batch', async () => {
    const runId = await newRun();
    const params = { nEstimators: '200', 'path/to.a-param b_c': 'it\'s "quoted"\nand long', empty: '' };
    const tags = { phase: 'test', unicode: 'é 漢 \u{1f36f}' };
    await storeOf().logBatch(runId, { metrics: [point('accuracy', 0.8863636363636364)], params, tags });
    const run = await storeOf().getRun(runId);
    expect({ ...run.params }).toEqual(params);
    expect(run.tags).toMatchObject(tags);
    expect({ ...run.metrics }).toEqual({ accuracy: point('accuracy', 0.8863636363636364) });
  });

  it('takes an empty batch', async () => {
    const runId = await newRun();
    await storeOf().logBatch(runId, {});
    expect({ ...(await storeOf().getRun(runId)).params }).toEqual({});
  });

  it('keeps names of the language apart from its own', async () => {
    const runId = await newRun();
    const own = Object.fromEntries([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    await storeOf().logBatch(runId, { params: own });
    const { params } = await storeOf().getRun(runId);
    expect(Object.entries(params).sort()).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('keeps every bit of a double', async () => {
    const runId = await newRun();
    const values = [
      0.1 + 0.2,
      5e-324,
      -2.2250738585072014e-308,
      maxDouble,
      -maxDouble,
      123456789012345680000,
      1 / 3,
    ];
    await storeOf().logBatch(runId, { metrics: values.map((v, i) => point('bits', v, i)) });
    const history = await storeOf().getMetricHistory(runId, 'bits');
    expect(history.map((m) => m.value)).toEqual(values);
  });

  it('keeps NaN, and turns infinities into the largest doubles as MLflow does', async () => {
    const runId = await newRun();
    await storeOf().logBatch(runId, {
      metrics: [
        point('nan', Number.NaN),
        point('up', Number.POSITIVE_INFINITY),
        point('down', Number.NEGATIVE_INFINITY),
      ],
    });
    const { metrics } = await storeOf().getRun(runId);
    expect(metrics['nan']?.value).toBeNaN();
    expect(metrics['up']?.value).toBe(maxDouble);
    expect(metrics['down']?.value).toBe(-maxDouble);
    expect((await storeOf().getMetricHistory(runId, 'nan'))[0]?.value).toBeNaN();
  });

  it('shows as latest the highest step, then time, then value', async () => {
    const runId = await newRun();
    const latest = async () => (await storeOf().getRun(runId)).metrics['loss'];
    await storeOf().logBatch(runId, { metrics: [point('loss', 5, 3, 1_000)] });
    await storeOf().logBatch(runId, { metrics: [point('loss', 9, 2, 9_000)] });
    expect(await latest()).toEqual(point('loss', 5, 3, 1_000));
    await storeOf().logBatch(runId, { metrics: [point('loss', 1, 3, 2_000), point('loss', 7, 3, 1_500)] });
    expect(await latest()).toEqual(point('loss', 1, 3, 2_000));
    await storeOf().logBatch(runId, { metrics: [point('loss', 4, 3, 2_000)] });
    expect(await latest()).toEqual(point('loss', 4, 3, 2_000));
    await storeOf().logBatch(runId, { metrics: [point('loss', 2, 3, 2_000)] });
    expect(await latest()).toEqual(point('loss', 4, 3, 2_000));
    await storeOf().logBatch(runId, { metrics: [point('loss', 0, -1, 5_000)] });
    expect(await latest()).toEqual(point('loss', 4, 3, 2_000));
  });

  it('gives the history by step, then time, whatever the order of writing, each point once', async () => {
    const runId = await newRun();
    const points = [point('m', 3, 2, 50), point('m', 1, 1, 70), point('m', 2, 2, 40), point('m', 0, -1, 90)];
    await storeOf().logBatch(runId, { metrics: points });
    await storeOf().logBatch(runId, { metrics: [points[0]!, point('other', 1)] });
    expect(await storeOf().getMetricHistory(runId, 'm')).toEqual([
      points[3],
      points[1],
      points[2],
      points[0],
    ]);
    expect(await storeOf().getMetricHistory(runId, 'absent')).toEqual([]);
  });

  it('splits a batch larger than one request may be', async () => {
    const runId = await newRun();
    const metrics = Array.from({ length: 2_345 }, (_, i) => point(`series-${i % 7}`, i / 8, i));
    const params = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`param-${i}`, `value ${i}`]));
    const tags = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`tag-${i}`, `${i}`.repeat(20)]));
    await storeOf().logBatch(runId, { metrics, params, tags });
    const run = await storeOf().getRun(runId);
    expect({ ...run.params }).toEqual(params);
    expect(run.tags).toMatchObject(tags);
    expect(Object.keys(run.metrics)).toHaveLength(7);
    const history = await storeOf().getMetricHistory(runId, 'series-3');
    expect(history).toEqual(metrics.filter((m) => m.key === 'series-3'));
  });

  it('splits params whose text together is larger than a request may be', async () => {
    const runId = await newRun();
    const params = Object.fromEntries(
      Array.from({ length: 190 }, (_, i) => [`long-${i}`, '漢'.repeat(5_990) + String(i)]),
    );
    await storeOf().logBatch(runId, { params });
    expect({ ...(await storeOf().getRun(runId)).params }).toEqual(params);
  });

  it('takes a param again with its value, refuses another, and then writes nothing of the batch', async () => {
    const runId = await newRun();
    await storeOf().logBatch(runId, { params: { depth: '3' } });
    await storeOf().logBatch(runId, { params: { depth: '3' } });
    const error = await expectCode(
      storeOf().logBatch(runId, {
        metrics: [point('m', 1)],
        params: { another: '1', depth: '4' },
        tags: { t: 'x' },
      }),
      'CONFLICT',
    );
    expect(error.message).toContain('depth');
    const run = await storeOf().getRun(runId);
    expect({ ...run.params }).toEqual({ depth: '3' });
    expect({ ...run.metrics }).toEqual({});
    expect(run.tags['t']).toBeUndefined();
  });

  it('refuses bad keys and bad points, naming them, and writes nothing of the batch', async () => {
    const runId = await newRun();
    const good = { metrics: [point('good', 1)], params: { good: '1' }, tags: { good: '1' } };
    const long = 'k'.repeat(251);
    const batches = [
      { ...good, metrics: [point('good', 1), point('what?', 1)] },
      { ...good, metrics: [point('good', 1), point('../up', 1)] },
      { ...good, metrics: [point('good', 1), point('', 1)] },
      { ...good, metrics: [point('good', 1), point(long, 1)] },
      { ...good, metrics: [point('good', 1), point('half', 1, 0.5)] },
      { ...good, metrics: [point('good', 1), point('late', 1, 0, 1.5)] },
      { ...good, params: { good: '1', 'a\u0000b': '1' } },
      { ...good, params: { good: '1', '/absolute': '1' } },
      { ...good, params: { good: '1', [long]: '1' } },
      { ...good, tags: { good: '1', 'a/./b': '1' } },
      { ...good, tags: { good: '1', [long]: '1' } },
    ];
    for (const batch of batches) await expectCode(storeOf().logBatch(runId, batch), 'INVALID_PARAMETER');
    const run = await storeOf().getRun(runId);
    expect({ ...run.metrics }).toEqual({});
    expect({ ...run.params }).toEqual({});
    expect(run.tags['good']).toBeUndefined();
  });

  it('cuts a param at 6,000 characters and a tag at 8,000, as MLflow does', async () => {
    const runId = await newRun();
    await storeOf().logBatch(runId, {
      params: { long: 'p'.repeat(6_001) },
      tags: { long: 't'.repeat(8_001) },
    });
    const run = await storeOf().getRun(runId);
    expect(run.params['long']).toBe('p'.repeat(6_000));
    expect(run.tags['long']).toBe('t'.repeat(8_000));
  });

  it('overwrites and deletes tags', async () => {
    const runId = await newRun();
    await storeOf().logBatch(runId, { tags: { a: '1', b: '2' } });
    await storeOf().logBatch(runId, { tags: { a: '3' } });
    await storeOf().deleteTag(runId, 'b');
    const { tags } = await storeOf().getRun(runId);
    expect(tags['a']).toBe('3');
    expect(tags['b']).toBeUndefined();
    const error = await expectCode(storeOf().deleteTag(runId, 'b'), 'NOT_FOUND');
    expect(error.message).toContain('b');
  });

  it('keeps data sets with digest, schema, profile and tags, each once', async () => {
    const runId = await newRun();
    const full = {
      name: 'week6',
      digest: 'd0f3a1b2',
      sourceType: 'local',
      source: '{"uri": "week6.csv"}',
      schema: '{"mlflow_colspec": []}',
      profile: '{"num_rows": 220}',
      tags: { 'mlflow.data.context': 'training', fold: '0' },
    };
    const bare = { name: 'held-out', digest: 'ff', sourceType: 'code', source: '{}', tags: {} };
    await storeOf().logInputs(runId, [full, bare]);
    await storeOf().logInputs(runId, [full]);
    const { datasets } = await storeOf().getRun(runId);
    const byName = [...datasets].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName.map((d) => ({ ...d, tags: { ...d.tags } }))).toEqual([bare, full]);
    const { items } = await storeOf().searchRuns({
      experimentIds: [(await storeOf().getRun(runId)).info.experimentId],
    });
    expect(items[0]?.datasets).toHaveLength(2);
  });

  it('takes no data set with too long a name or for a run that does not exist', async () => {
    const bare = { name: 'd', digest: 'ff', sourceType: 'code', source: '{}', tags: {} };
    const long = 'n'.repeat(501);
    await expectCode(storeOf().logInputs('f'.repeat(32), [bare]), 'NOT_FOUND');
    await expectCode(storeOf().logInputs(await newRun(), [{ ...bare, name: long }]), 'INVALID_PARAMETER');
  });

  it('lists models of the older kind in a tag of the run', async () => {
    const runId = await newRun();
    const model = (path: string) => ({
      run_id: runId,
      artifact_path: path,
      utc_time_created: '2026-11-23 13:02:58.247000',
      flavors: { phantomnet: { data: 'é.bin', config: { a: 1 } } },
    });
    await storeOf().recordLoggedModel(runId, JSON.stringify(model('first')));
    await storeOf().recordLoggedModel(runId, JSON.stringify(model('second')));
    await expectCode(storeOf().recordLoggedModel(runId, '{}'), 'INVALID_PARAMETER');
    await expectCode(storeOf().recordLoggedModel(runId, 'no json'), 'INVALID_PARAMETER');
    const text = (await storeOf().getRun(runId)).tags['mlflow.log-model.history'] ?? '';
    expect(text).toContain('"model_uuid": null, "flavors": {"phantomnet": {"data": "\\u00e9.bin"}}}');
    const listed = JSON.parse(text) as { artifact_path: string }[];
    expect(listed.map((one) => one.artifact_path)).toEqual(['first', 'second']);
  });
}
