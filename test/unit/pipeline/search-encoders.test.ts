import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  loadDetector,
  runExperiment,
  runSearch,
  type SearchExperimentInput,
  type SearchResult,
  type StageProgress,
  silent,
} from '#src/pipeline/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { rowsOf, writeRows } from '../../support/encoded-rows.js';
import { searchFigures } from '../../support/search-figures.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();
const path = writeRows(join(folder, 'rows.csv'), rowsOf(300, 20));

const shared = {
  data: { path, format: 'table' },
  label: { target: 'bad' },
  features: { impute: {} },
  split: { method: 'stratified' },
  estimator: { name: 'decision-tree' },
  crossValidation: { folds: 2 },
  baselines: [],
  latency: { repeat: 1 },
} satisfies SearchExperimentInput;

const search = (
  config: Partial<SearchExperimentInput>,
  context: { readonly progress?: StageProgress; readonly resume?: string } = {},
): Promise<SearchResult> =>
  runSearch({ ...shared, ...config } as SearchExperimentInput, { workspace, progress: silent, ...context });

const space = {
  'features.encoding.categorical': ['one-hot', 'target'],
  'features.scale': [null, 'robust'],
  maxDepth: [2, 4],
};

async function runsOf(experiment: string) {
  const { experimentId } = (await workspace.tracking.getExperimentByName(experiment))!;
  return (await workspace.tracking.searchRuns({ experimentIds: [experimentId] })).items;
}

describe('a search over encoders', () => {
  it('tries each with each param, and tells them in the runs of the trials by their paths', async () => {
    const found = await search({ search: { strategy: 'grid', space } });
    const runs = found.search.trials.map(({ runId }) => workspace.tracking.getRun(runId));
    const told = (await Promise.all(runs)).map(({ params }) => [
      params['features.encoding.categorical'],
      params['features.scale'],
      params['maxDepth'],
    ]);
    const expected = ['one-hot', 'target'].flatMap((encoder) =>
      ['null', 'robust'].flatMap((scale) => ['2', '4'].map((depth) => [encoder, scale, depth])),
    );
    expect(told).toEqual(expected);
    expect(found.search.trials[7]).toMatchObject({
      params: { maxDepth: 4 },
      settings: { 'features.encoding.categorical': 'target', 'features.scale': 'robust' },
    });
  });

  it('scores each as a training with it does, in whose folds encoders are fitted anew', async () => {
    const found = await search({ search: { strategy: 'grid', space } });
    for (const { settings, params, mean } of found.search.trials) {
      const { crossValidation } = await runExperiment(
        {
          ...shared,
          features: {
            impute: {},
            encoding: { categorical: settings['features.encoding.categorical'] as 'target' },
            ...(settings['features.scale'] === null ? {} : { scale: 'robust' }),
          },
          estimator: { name: 'decision-tree', params: { ...params } },
        },
        { workspace, progress: silent },
      );
      expect(mean).toBe(crossValidation!.mean['f1Macro']);
    }
    expect(new Set(found.search.trials.map(({ mean }) => mean)).size).toBeGreaterThan(1);
  });

  it('stores the encoding of the winner, and tells it as train does', async () => {
    const found = await search({
      features: { scale: 'min-max' },
      search: {
        space: {
          'features.encoding.categorical': ['hashing'],
          'features.encoding.hashing.bits': { low: 3, high: 3, integer: true },
          'features.encoding.columns.agent': ['target'],
          'features.impute': [{ strategy: 'mean' }],
          'features.scale': [null],
        },
      },
    });
    const { pkg } = await loadDetector(workspace, found.model.address);
    const stored = JSON.parse(pkg.encoding!) as { readonly columns: Record<string, unknown>[] };
    const sizes = stored.columns.find(({ name }) => name === 'size')!;
    expect(stored.columns.map(({ name, encoder }) => [name, encoder])).toEqual([
      ['agent', 'target'],
      ['proto', 'hashing'],
      ['size', 'numeric'],
      ['drift', 'numeric'],
    ]);
    expect(stored.columns[1]).toMatchObject({ bits: 3 });
    expect(sizes).toMatchObject({ center: 0, scale: 1 });
    expect(sizes['fillValue']).toBeGreaterThan(100);
    const { params } = await workspace.tracking.getRun(found.runId);
    expect(JSON.parse(params['encoding']!)).toMatchObject({
      categorical: 'hashing',
      columns: { agent: 'target' },
    });
    expect([JSON.parse(params['impute']!).strategy, params['scale']]).toEqual(['mean', undefined]);
  });

  it('never shows an encoder a test row: other test rows change the outer score alone', async () => {
    const config = { search: { strategy: 'halving', space, factor: 2 } } as const;
    const clean = await search(config);
    const tested = new Set(clean.split.testIndices);
    const poisoned = rowsOf(300, 20).map((row, i) =>
      tested.has(i) ? { ...row, agent: `poison ${row.bad}`, proto: 'poison', size: '999999' } : row,
    );
    const other = await search({
      ...config,
      data: { path: writeRows(join(folder, 'poisoned.csv'), poisoned), format: 'table' },
    });
    expect(other.split.testIndices).toEqual(clean.split.testIndices);
    expect(searchFigures({ ...other.search, outer: clean.search.outer })).toEqual(
      searchFigures(clean.search),
    );
    expect(other.model.modelDigest).toBe(clean.model.modelDigest);
    expect(other.metrics).not.toEqual(clean.metrics);
  });

  it('finds nothing in a column of noise by target encoding, as no row of a fold sees its own label', async () => {
    const noise = writeRows(join(folder, 'noise.csv'), rowsOf(1200, 400));
    const found = await search({
      data: { path: noise, format: 'table' },
      features: { names: ['agent'] },
      estimator: { name: 'logistic-regression' },
      crossValidation: { folds: 5 },
      search: {
        strategy: 'grid',
        metric: 'rocAuc',
        space: { 'features.encoding.categorical': ['target'], C: [0.1, 10] },
      },
    });
    for (const { mean } of found.search.trials) expect(Math.abs(mean! - 0.5)).toBeLessThan(0.06);
  });

  it('ends, resumed, as if it had not been stopped, and is not resumed with another encoder', async () => {
    const config = { search: { strategy: 'random', space, maxTrials: 6 } } as const;
    const whole = await search(config);
    const given = { ...config, experiment: 'stopped' };
    const progress: StageProgress = {
      ...silent,
      stage(name) {
        if (name === 'trial 3 (4 of 6)') throw new Error('the power failed');
      },
    };
    await expect(search(given, { progress })).rejects.toThrow('the power failed');
    const stopped = (await runsOf('stopped')).find((run) => run.tags['mlflow.parentRunId'] === undefined)!;
    const { runId } = stopped.info;
    const other = { ...space, 'features.encoding.categorical': ['one-hot', 'ordinal'] };
    const refused = await expectCode(
      search({ ...given, search: { ...config.search, space: other } }, { resume: runId }),
      'CONFLICT',
    );
    expect(refused.message).toBe(
      `run ${runId} searched by another config, or with another version of PhantomNet`,
    );
    const resumed = await search(given, { resume: runId });
    expect(searchFigures(resumed.search)).toEqual(searchFigures(whole.search));
    expect(resumed.model.modelDigest).toBe(whole.model.modelDigest);
    expect([whole.search.nReused, resumed.search.nReused]).toEqual([0, 3]);
  });

  it('is refused before a run is begun where the table has no such columns, all of them at once', async () => {
    const refused = await expectCode(
      search({
        experiment: 'refused',
        search: {
          strategy: 'grid',
          space: {
            'features.encoding.columns.prot': ['target', null],
            'features.encoding.columns.size': [null, 'one-hot'],
            features: ['all', ['agnet']],
          },
        },
      }),
      'INVALID_CONFIG',
    );
    expect(refused.message).toBe(
      '3 things of the search cannot be: features.encoding.columns.prot: no feature "prot" (did you mean \'proto\'?); features.encoding.columns.size: "size" is a feature of numbers, and one-hot is for text (leave it out: features.impute and features.scale are for numbers); features: no feature "agnet" (did you mean \'agent\'?)',
    );
    expect(await workspace.tracking.getExperimentByName('refused')).toBeUndefined();
  });
});
