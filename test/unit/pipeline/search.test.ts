import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  loadDetector,
  runExperiment,
  runSearch,
  SAMPLE_PATH,
  SEARCH_FILE,
  type SearchExperimentInput,
  type SearchResult,
  type StageProgress,
  silent,
} from '#src/pipeline/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { searchFigures } from '../../support/search-figures.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();

const shared = {
  data: { path: SAMPLE_PATH },
  estimator: { name: 'decision-tree' },
  features: { names: ['payload_length', 'payload_entropy', 'port'] },
  crossValidation: { folds: 3 },
  baselines: [],
  latency: { repeat: 1 },
} satisfies SearchExperimentInput;

const search = (
  config: Partial<SearchExperimentInput>,
  context: { readonly progress?: StageProgress; readonly resume?: string } = {},
): Promise<SearchResult> =>
  runSearch({ ...shared, ...config } as SearchExperimentInput, { workspace, progress: silent, ...context });

describe('a search', () => {
  const space = { maxDepth: [1, 3, 6], minSamplesLeaf: [1, 20] };

  it('makes each trial a child run, and logs the winner as train logs a run', async () => {
    const result = await search({ search: { strategy: 'grid', space } });
    const { trials, winner, inner, outer, nCombinations } = result.search;
    expect([trials.length, nCombinations, inner.bestOf]).toEqual([6, 6, 6]);
    expect(winner.mean).toBe(Math.max(...trials.map((trial) => trial.mean!)));
    expect(outer.value).toBe(result.metrics['f1Macro']);
    expect(outer.interval!.low).toBeLessThan(outer.value!);
    expect(result.warnings[0]).toBe(
      `the cross-validated f1Macro of ${inner.mean.toFixed(4)} is the best of 6, and such a best is often too good: go by the test rows, which no trial saw (${outer.value!.toFixed(4)})`,
    );
    for (const trial of trials) {
      const run = await workspace.tracking.getRun(trial.runId);
      expect(run.info).toMatchObject({ status: 'FINISHED', runName: `trial-${trial.trial}` });
      expect(run.tags).toMatchObject({
        'mlflow.parentRunId': result.runId,
        'phantomnet.role': 'trial',
        'phantomnet.trial': String(trial.trial),
        'phantomnet.rung': '0',
        'phantomnet.trialStatus': 'finished',
      });
      expect(run.params).toMatchObject({
        estimator: 'decision-tree',
        maxDepth: String(trial.params['maxDepth']),
        minSamplesLeaf: String(trial.params['minSamplesLeaf']),
        criterion: 'gini',
        features: 'payload_length,payload_entropy,port',
      });
      expect(run.metrics['cvMean/f1Macro']!.value).toBe(trial.mean);
      expect(run.metrics['cvStd/f1Macro']!.value).toBe(trial.std);
      const folds = await workspace.tracking.getMetricHistory(trial.runId, 'cv/f1Macro');
      expect(folds.map(({ step }) => step)).toEqual([0, 1, 2]);
      expect(folds.reduce((sum, { value }) => sum + value, 0) / 3).toBeCloseTo(trial.mean!, 12);
    }
    const parent = await workspace.tracking.getRun(result.runId);
    const stored = await workspace.tracking.artifacts(parent.info.artifactUri).get(SEARCH_FILE);
    expect(JSON.parse(new TextDecoder().decode(stored))).toEqual(result.search);
    expect(parent.params).toMatchObject({
      'search.strategy': 'grid',
      'search.metric': 'f1Macro',
      maxDepth: String(winner.params['maxDepth']),
    });
    expect(parent.metrics['cvMean/f1Macro']!.value).toBe(winner.mean);
    // No folds to compare with those of other runs: the winner was chosen on them.
    const files = await workspace.tracking.artifacts(parent.info.artifactUri).list();
    expect(files.map((file) => file.path)).not.toContain('cross-validation.json');
    const { detector } = await loadDetector(workspace, result.model.address);
    expect(detector.classes).toEqual([0, 1]);
  });

  it('finds for params what train finds: inner score by its folds, outer score and the very model', async () => {
    const result = await search({ search: { strategy: 'random', space, maxTrials: 3, metric: 'accuracy' } });
    const { winner, trials } = result.search;
    for (const trial of trials) {
      const trained = await runExperiment(
        { ...shared, estimator: { name: 'decision-tree', params: { ...trial.params } } },
        { workspace, progress: silent },
      );
      expect(trained.crossValidation!.mean['accuracy']).toBe(trial.mean);
      expect(trained.crossValidation!.std['accuracy']).toBe(trial.std);
      if (trial.trial !== winner.trial) continue;
      expect(result.model.modelDigest).toBe(trained.model.modelDigest);
      expect(result.metrics).toEqual(trained.metrics);
      expect(result.crossValidation).toEqual(trained.crossValidation);
    }
  });

  it('never shows a trial a test row: other test rows change the outer score alone', async () => {
    const [head, ...lines] = readFileSync(SAMPLE_PATH, 'utf8').trimEnd().split('\n');
    const kept = [...lines.slice(0, 4001), ...lines.slice(4001).filter((_, i) => i % 2 === 0)];
    const path = join(folder, 'other-test-rows.csv');
    writeFileSync(path, `${[head, ...kept].join('\n')}\n`);
    const halving = { strategy: 'halving', space, maxTrials: 6, factor: 2 } as const;
    const one = await search({ split: { method: 'time', testSize: 1000 }, search: halving });
    const other = await search({
      data: { path },
      split: { method: 'time', testSize: 500 },
      search: halving,
    });
    expect([one.split.nTrain, other.split.nTrain]).toEqual([4001, 4001]);
    expect([one.split.nTest, other.split.nTest]).toEqual([1000, 500]);
    expect(searchFigures({ ...other.search, outer: one.search.outer })).toEqual(searchFigures(one.search));
    expect(other.model.modelDigest).toBe(one.model.modelDigest);
    expect(other.metrics['f1Macro']).not.toBe(one.metrics['f1Macro']);
  });

  it('scores by the folds that the config asks for', async () => {
    const byGroup = { crossValidation: { folds: 3, method: 'group' as const } };
    const { search: report, crossValidation } = await search({
      ...byGroup,
      search: { space: { maxDepth: [3] } },
    });
    const trained = await runExperiment(
      { ...shared, ...byGroup, estimator: { name: 'decision-tree', params: { maxDepth: 3 } } },
      { workspace, progress: silent },
    );
    expect(report.inner.mean).toBe(trained.crossValidation!.mean['f1Macro']);
    expect(crossValidation).toEqual(trained.crossValidation);
    const error = await expectCode(
      search({ split: { gap: '1h', method: 'stratified' }, search: { space: { maxDepth: [3] } } }),
      'INVALID_PARAMETER',
    );
    expect(error.message).toBe('a gap in time is for a split or folds by time, and neither is');
  });

  it('takes the least of a loss, the first among equals, and no warning where there was nothing to choose', async () => {
    const byLoss = (await search({ search: { strategy: 'grid', space, metric: 'logLoss' } })).search;
    expect(byLoss.winner.mean).toBe(Math.min(...byLoss.trials.map((trial) => trial.mean!)));
    const equal = await search({
      search: { strategy: 'grid', space: { randomState: [3, 1, 2], maxDepth: [1] } },
    });
    expect(new Set(equal.search.trials.map((trial) => trial.mean)).size).toBe(1);
    expect(equal.search.winner).toMatchObject({ trial: 0, params: { randomState: 3 } });
    const only = await search({ search: { space: { maxDepth: [3] } } });
    expect(only.warnings.filter((warning) => warning.includes('too good'))).toEqual([]);
  });

  it('tries estimators and features too', async () => {
    const { search: report, ...result } = await search({
      search: {
        strategy: 'grid',
        space: { estimator: ['majority', 'decision-tree'], features: [['port'], ['payload_length', 'port']] },
      },
    });
    expect(report.winner).toMatchObject({ estimator: 'decision-tree', features: ['payload_length', 'port'] });
    expect([result.estimator, result.features]).toEqual(['decision-tree', ['payload_length', 'port']]);
  });

  it('searches rows of any columns, whose features are told from the rows', async () => {
    const path = join(folder, 'rows.csv');
    // The class is told by a and b together, by neither alone.
    const digits = (i: number) => [i % 10, Math.floor(i / 10) % 10] as const;
    const row = (i: number) => [...digits(i), digits(i)[0] < 5 === digits(i)[1] < 5 ? 'same' : 'other'];
    const lines = Array.from({ length: 200 }, (_, i) => row(i).join(','));
    writeFileSync(path, ['a,b,kind', ...lines].join('\n'));
    const searchOf = (features: unknown[]) =>
      search({
        experiment: 'rows',
        data: { path, format: 'table' },
        label: { target: 'kind' },
        features: {},
        split: { method: 'stratified' },
        search: { strategy: 'grid', space: { features, maxDepth: [1, 4] } },
      });
    const { search: report } = await searchOf([['a'], 'all']);
    expect(report.winner).toMatchObject({ features: 'all', params: { maxDepth: 4 } });
    expect(report.winner.mean).toBeGreaterThan(0.85);
    const error = await expectCode(searchOf([['a'], ['c']]), 'INVALID_PARAMETER');
    expect(error.message).toContain('"c"');
    const { experimentId } = (await workspace.tracking.getExperimentByName('rows'))!;
    // The refused one has left no run.
    const { items } = await workspace.tracking.searchRuns({ experimentIds: [experimentId] });
    expect(items).toHaveLength(1 + 4);
  });

  it('halves: the best go on with more, and the best of the last rung wins', async () => {
    const { search: report } = await search({ search: { strategy: 'halving', space, maxTrials: 6 } });
    expect(report.rungs).toEqual([
      { nCandidates: 6, nResources: 1333 },
      { nCandidates: 2, nResources: 3999 },
    ]);
    const [first, second] = [0, 1].map((rung) => report.trials.filter((trial) => trial.rung === rung));
    const byScore = [...first!].sort((a, b) => b.mean! - a.mean! || a.trial - b.trial);
    expect(second!.map(({ trial }) => trial)).toEqual(byScore.slice(0, 2).map(({ trial }) => trial));
    expect(second!.map(({ nResources }) => nResources)).toEqual([3999, 3999]);
    expect(report.winner).toMatchObject({ rung: 1, mean: Math.max(...second!.map(({ mean }) => mean!)) });
  });

  it('rations trees, and trains the winner with those of its last rung', async () => {
    const result = await search({
      estimator: { name: 'random-forest', params: { nEstimators: 9 } },
      search: { strategy: 'halving', resource: 'nEstimators', space: { maxDepth: [1, 2, 4] }, maxTrials: 3 },
    });
    expect(result.search.rungs.map(({ nResources }) => nResources)).toEqual([3, 9]);
    expect(result.search.trials.map(({ params }) => params['nEstimators'])).toEqual([3, 3, 3, 9]);
    expect(result.params).toMatchObject({ nEstimators: 9, maxDepth: 4 });
  });
});

describe('a search with trials that fail', () => {
  it('logs them as FAILED with the reason, and goes on', async () => {
    const result = await search({
      estimator: { name: 'random-forest', params: { nEstimators: 2 }, maxMemoryBytes: 40_000_000 },
      search: {
        strategy: 'grid',
        space: { nEstimators: [100_000, 2], bootstrap: [false, true], oobScore: [true] },
      },
    });
    const { trials } = result.search;
    expect(trials.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'finished']);
    expect(trials[0]).toMatchObject({ mean: null, std: null });
    expect(trials[0]!.reason).toMatch(/^oobScore must be false where bootstrap is false/);
    expect(trials[2]!.reason).toMatch(/^the fit can take .* more than the limit of 38\.1 MiB$/);
    const run = await workspace.tracking.getRun(trials[2]!.runId);
    expect(run.info.status).toBe('FAILED');
    expect(run.tags).toMatchObject({
      'phantomnet.trialStatus': 'failed',
      'phantomnet.statusReason': trials[2]!.reason,
    });
    expect(run.params).toMatchObject({ nEstimators: '100000', oobScore: 'true' });
    expect(result.warnings).toContain('3 of 4 trials failed; their runs say why');
  });

  it('is an error when all of them do, and the run is FAILED', async () => {
    const failing = { label: { target: 'honeypot_type' }, features: { names: ['payload_length'] } };
    const error = await expectCode(
      search({
        ...failing,
        experiment: 'all failing',
        split: { method: 'stratified' },
        search: { strategy: 'grid', space: { maxDepth: [1, 2] }, metric: 'f1Binary' },
      }),
      'BAD_DATA',
    );
    expect(error.message).toBe('all 2 trials failed, the first with: f1Binary is undefined in 3 of 3 folds');
    expect(error.hint).toMatch(/search|metric/);
    const { experimentId } = (await workspace.tracking.getExperimentByName('all failing'))!;
    const { items } = await workspace.tracking.searchRuns({ experimentIds: [experimentId] });
    expect(items.map(({ info }) => info.status)).toEqual(['FAILED', 'FAILED', 'FAILED']);
  });
});

describe('a search that is stopped', () => {
  const space = { maxDepth: { low: 1, high: 12, integer: true }, minSamplesLeaf: [1, 5, 20] };

  it('by the time, still trains and reports the best so far', async () => {
    const { search: report, ...result } = await search({ search: { space, maxTrials: 5, maxSeconds: 1e-9 } });
    expect([report.trials.length, report.stopped, report.inner.bestOf]).toEqual([1, 'maxSeconds', 1]);
    expect(result.status).toBe('FINISHED');
    expect(result.params['maxDepth']).toBe(report.winner.params['maxDepth']);
    expect(result.warnings).toContain('the time was up: 1 of 5 combinations were tried');
  });

  /** Progress that breaks off when the trial begins. */
  const breakingAt = (nth: number): StageProgress => ({
    ...silent,
    stage(name) {
      if (name.includes(` (${nth} of `)) throw new Error('the power failed');
    },
  });

  const cases = [
    ['random', { strategy: 'random', space, maxTrials: 5 }, 3, 2],
    ['halving in its first rung', { strategy: 'halving', space, maxTrials: 6, factor: 2 }, 2, 1],
    ['halving in its second rung', { strategy: 'halving', space, maxTrials: 6, factor: 2 }, 9, 8],
  ] as const;

  it.each(cases)('ends, resumed, as if it had not been: %s', async (name, config, nth, nReused) => {
    const whole = await search({ search: config });
    const given = { experiment: `stopped ${name}`, search: config };
    await expect(search(given, { progress: breakingAt(nth) })).rejects.toThrow('the power failed');
    const { experimentId } = (await workspace.tracking.getExperimentByName(`stopped ${name}`))!;
    const runs = await workspace.tracking.searchRuns({ experimentIds: [experimentId] });
    const parent = runs.items.find((run) => run.tags['mlflow.parentRunId'] === undefined)!;
    expect(parent.info.status).toBe('FAILED');
    const lines: string[] = [];
    const progress = { ...silent, done: (fact = '') => lines.push(fact) };
    const resumed = await search(given, { resume: parent.info.runId, progress });
    expect(resumed.runId).toBe(parent.info.runId);
    expect(searchFigures(resumed.search)).toEqual(searchFigures(whole.search));
    expect([resumed.metrics, resumed.intervals]).toEqual([whole.metrics, whole.intervals]);
    expect(resumed.model.modelDigest).toBe(whole.model.modelDigest);
    expect([whole.search.nReused, resumed.search.nReused]).toEqual([0, nReused]);
    expect(lines.filter((line) => line.includes(' from the store'))).toHaveLength(nReused);
    const run = await workspace.tracking.getRun(resumed.runId);
    expect([run.info.status, run.tags['phantomnet.statusReason']]).toEqual(['FINISHED', undefined]);
  });

  it('is not resumed where it is another, or has ended', async () => {
    const config = { experiment: 'refused', search: { space, maxTrials: 3 } };
    await expect(search(config, { progress: breakingAt(2) })).rejects.toThrow('the power failed');
    const { experimentId } = (await workspace.tracking.getExperimentByName('refused'))!;
    const runs = (await workspace.tracking.searchRuns({ experimentIds: [experimentId] })).items;
    const id = (isParent: boolean) =>
      runs.find((run) => (run.tags['mlflow.parentRunId'] === undefined) === isParent)!.info.runId;
    const refusal = async (resume: string, other: Partial<SearchExperimentInput> = {}) =>
      (await expectCode(search({ ...config, ...other }, { resume }), 'CONFLICT')).message;
    const parent = id(true);
    expect(await refusal(parent, { search: { space, maxTrials: 4 } })).toBe(
      `run ${parent} searched by another config, or with another version of PhantomNet`,
    );
    const path = join(folder, 'less.csv');
    writeFileSync(path, readFileSync(SAMPLE_PATH, 'utf8').split('\n').slice(0, 4000).join('\n'));
    expect(await refusal(parent, { data: { path } })).toBe(`run ${parent} searched other data`);
    expect(await refusal(id(false))).toBe(`run ${id(false)} is no search`);
    await workspace.tracking.updateRun(parent, { status: 'RUNNING' });
    expect(await refusal(parent)).toBe(`run ${parent} is a search that is still running`);
    await workspace.tracking.updateRun(parent, { status: 'KILLED' });
    await workspace.tracking.deleteRun(parent);
    expect(await refusal(parent)).toBe(`run ${parent} is deleted`);
    await workspace.tracking.restoreRun(parent);
    const leftOver = await workspace.tracking.createRun({
      experimentId,
      tags: {
        'mlflow.parentRunId': parent,
        'phantomnet.role': 'trial',
        'phantomnet.trial': '1',
        'phantomnet.rung': '0',
      },
    });
    expect((await search(config, { resume: parent })).search.nReused).toBe(1);
    const { info, tags } = await workspace.tracking.getRun(leftOver.info.runId);
    expect([info.status, tags['phantomnet.statusReason']]).toEqual([
      'KILLED',
      'the search was resumed without it',
    ]);
    expect(await refusal(parent)).toBe(`run ${parent} is a search that has finished`);
    await expectCode(search(config, { resume: 'f'.repeat(32) }), 'NOT_FOUND');
  });

  it('tells each trial with the best so far and the seconds left', async () => {
    const lines: string[] = [];
    const progress: StageProgress = {
      ...silent,
      heading: (text) => lines.push(text),
      stage: (name) => lines.push(name),
      done: (fact = '') => lines.push(fact),
    };
    const { runId, search: report } = await search({ search: { space, maxTrials: 2 } }, { progress });
    // What is read and audited comes first.
    const [heading, first, told] = lines.slice(4);
    expect(heading).toBe(`search ${runId} by f1Macro; when it is stopped, --resume ${runId} goes on`);
    expect(first).toBe('trial 0 (1 of 2)');
    const score = report.trials[0]!.mean!.toFixed(4).replace('0.', '\\.');
    expect(told).toMatch(new RegExp(`^${score}, best ${score} \\(trial 0\\), \\d+ s left$`));
  });
});
