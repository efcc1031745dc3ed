import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseThreshold } from '#src/evaluate/index.js';
import { applyCalibration } from '#src/model/index.js';
import { settleRecipe } from '#src/pipeline/fit-features.js';
import {
  type ExperimentConfigInput,
  experimentConfigSchema,
  loadDetector,
  parseConfig,
  predictFile,
  runExperiment,
  runSearch,
  silent,
} from '#src/pipeline/index.js';
import { readLabelledData } from '#src/pipeline/labelled-data.js';
import { OutOfFold } from '#src/pipeline/out-of-fold.js';
import { recipeOf } from '#src/pipeline/recipe.js';
import { settleFolds } from '#src/pipeline/settle-folds.js';
import { fitCalibration } from '#src/train/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { dice } from '../../support/onnx-models.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();

/** Rows of two numbers and a label that they tell with some error; `flip` says whose label is turned round. */
function writeTable(
  name: string,
  { nRows = 400, seed = 1, flip = (_row: number): boolean => false } = {},
): string {
  const roll = dice(seed);
  const lines = Array.from({ length: nRows }, (_, row) => {
    const [a, b, noise] = [roll(), roll(), roll() - 0.5];
    const label = a + b / 2 + noise > 0.75;
    return [a.toFixed(6), b.toFixed(6), label === flip(row) ? 'benign' : 'attack'].join();
  });
  const path = join(folder, name);
  writeFileSync(path, `a,b,kind\n${lines.join('\n')}\n`);
  return path;
}

const shared = {
  label: { target: 'kind' },
  split: { method: 'random', testSize: 0.25 },
  estimator: { name: 'random-forest', params: { nEstimators: 10, maxDepth: 4 } },
  crossValidation: { folds: 4 },
  baselines: [],
  gates: { minAccuracy: 0 },
  latency: { repeat: 1 },
} satisfies ExperimentConfigInput;

function configOf(path: string, more: ExperimentConfigInput = {}): ExperimentConfigInput {
  return { ...shared, data: { path, format: 'table' }, ...more };
}

/** What `predictFile` reads. */
const tableAt = (path: string) => ({ path, format: 'table', maxRejects: 0, keepSecrets: false }) as const;

async function train(path: string, more: ExperimentConfigInput = {}) {
  const result = await runExperiment(configOf(path, more), { workspace, progress: silent });
  const { detector } = await loadDetector(workspace, result.model.address);
  const run = await workspace.tracking.getRun(result.runId);
  return { result, run, decision: detector.decision!, detector };
}

/** The out-of-fold scores of the training rows, fitted apart from any run. */
async function outOfFoldOf(input: ExperimentConfigInput) {
  const parsed = parseConfig(experimentConfigSchema, input, 'config');
  const asked = recipeOf(parsed);
  const data = await readLabelledData(parsed, asked);
  const { config } = settleFolds(parsed, data);
  const outOfFold = new OutOfFold(data.train);
  expect(outOfFold.scored()).toBeUndefined();
  return outOfFold.fit(config, settleRecipe(asked, data.source), {});
}

describe('a threshold that is chosen', () => {
  const path = writeTable('all.csv');

  it('is the one of the rule on out-of-fold scores of the training rows, with its figures', async () => {
    const { result, run, decision } = await train(path, { threshold: { rule: 'best-f1' } });
    const scored = await outOfFoldOf(configOf(path));
    expect(scored.yTrue).toHaveLength(300);
    const { threshold, achieved, validation } = chooseThreshold(scored, { kind: 'best-f1' });
    expect(decision).toMatchObject({ threshold, rule: { kind: 'best-f1' }, calibration: null });
    expect(decision.validation['f1']).toBeCloseTo(achieved, 14);
    expect(decision.validation).toMatchObject({ rows: 300, ...validation.confusion });
    expect(result.decision).toMatchObject({ threshold, positiveClass: 'benign', calibration: null });
    expect(result.decision!.validation!.recall).toEqual(validation.recall);
    expect(run.params).toMatchObject({ threshold: 'best-f1' });
    expect(run.params).not.toHaveProperty('calibration');
    expect(run.metrics['threshold']!.value).toBe(threshold);
    expect(run.metrics['validation/recall']!.value).toBe(validation.recall!.value);
    expect(run.metrics['validation/rows']!.value).toBe(300);
  });

  it('is chosen on the rows that are tested, where folds forward in time never test the first', async () => {
    const timed = join(folder, 'timed.csv');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(timed, lines.map((line, i) => `${line},${i === 0 ? 'at' : i}\n`).join(''));
    const asked = {
      data: { path: timed, format: 'table', roles: { at: 'time' } },
      crossValidation: { folds: 4, method: 'time-series' },
    } as const;
    const { decision, result } = await train(timed, { ...asked, threshold: { rule: 'best-f1' } });
    const scored = await outOfFoldOf(configOf(timed, asked));
    expect([scored.yTrue.length, scored.scores.length]).toEqual([240, 240]);
    const { threshold } = chooseThreshold(scored, { kind: 'best-f1' });
    expect(decision).toMatchObject({ threshold, validation: { rows: 240 } });
    expect(result.crossValidation).toMatchObject({ method: 'time-series', folds: 4 });
  });

  it('is the same whether the folds of the cross-validation are at hand or made for it', async () => {
    const threshold = { rule: 'cost', costFp: 1, costFn: 5 } as const;
    const { decision } = await train(path, { threshold });
    const { decision: onAll } = await train(path, { threshold, crossValidation: { folds: 4, on: 'all' } });
    const { decision: repeated } = await train(path, {
      threshold,
      crossValidation: { folds: 4, repeats: 2 },
    });
    expect(onAll).toEqual(decision);
    expect(repeated).toEqual(decision);
  });

  it('decides on the test rows: their figures are those of the answers', async () => {
    const { result, run } = await train(path, { threshold: { rule: 'cost', costFp: 1, costFn: 20 } });
    const [[trueAttacks, missed], [alarmsLost, found]] = result.confusionMatrix as [number[], number[]];
    const { test } = result.decision!;
    expect(test!.confusion).toEqual({
      truePositives: found,
      falsePositives: missed,
      falseNegatives: alarmsLost,
      trueNegatives: trueAttacks,
    });
    expect(run.metrics['falsePositiveRate']!.value).toBe(test!.falsePositiveRate!.value);
    expect(run.metrics['recallBinary']!.value).toBe(test!.recall!.value);
    const plain = await train(path);
    expect(plain.result.decision).toBeNull();
    expect(plain.decision).toBeUndefined();
    expect(plain.run.metrics).not.toHaveProperty('threshold');
    expect(result.decision!.threshold).toBeLessThan(0.3);
    expect(test!.recall!.value).toBeGreaterThan(plain.result.metrics['recallBinary']!);
    // The scores stay what they were, so all that is told from them does.
    expect(result.metrics['rocAuc']).toBe(plain.result.metrics['rocAuc']);
  });

  it('never sees the test rows: their labels change nothing of threshold, calibrator and model', async () => {
    const asked = { threshold: { rule: 'best-f1' }, calibration: { method: 'isotonic' } } as const;
    const before = await train(path, asked);
    const test = new Set(before.result.split.testIndices);
    expect(test.size).toBe(100);
    const flipped = await train(writeTable('flipped.csv', { flip: (row) => test.has(row) }), asked);
    expect(flipped.result.split.testIndices).toEqual(before.result.split.testIndices);
    expect(flipped.decision).toEqual(before.decision);
    expect(flipped.result.model.modelDigest).toBe(before.result.model.modelDigest);
    const [right, wrong] = [before, flipped].map(({ result }) => result.metrics['accuracy']!);
    expect(wrong).toBeCloseTo(1 - right!, 12);
    // The test has teeth: a training row's label does change them.
    const row = [...Array(400).keys()].find((i) => !test.has(i))!;
    const other = await train(writeTable('other.csv', { flip: (i) => i === row }), asked);
    expect(other.decision).not.toEqual(before.decision);
  });

  it('is a number where one is given, with figures where there were folds', async () => {
    const given = await train(path, { threshold: 0.8 });
    expect(given.decision).toMatchObject({ threshold: 0.8, rule: null, calibration: null });
    expect(given.decision.validation['rows']).toBe(300);
    const without = await train(path, { threshold: 0.8, crossValidation: { folds: 0 } });
    expect(without.decision.validation).toEqual({});
    expect(without.result.decision!.validation).toBeNull();
    expect(without.result.confusionMatrix).toEqual(given.result.confusionMatrix);
  });

  it('is chosen by the folds of the config: by group too', async () => {
    const crossValidation = { folds: 3, method: 'stratified-group' } as const;
    const split = { ...shared.split, groupBy: 'a' };
    const { decision } = await train(path, { threshold: { rule: 'best-f1' }, crossValidation, split });
    const scored = await outOfFoldOf(configOf(path, { crossValidation, split }));
    expect(decision.threshold).toBe(chooseThreshold(scored, { kind: 'best-f1' }).threshold);
  });

  it('is chosen by a search for its winner', async () => {
    const { decision } = await runSearch(
      {
        ...configOf(path, { threshold: { rule: 'best-f1' }, crossValidation: { folds: 0 } }),
        search: { strategy: 'grid', space: { maxDepth: [1, 4] }, folds: 4 },
      },
      { workspace, progress: silent },
    );
    const alone = await train(path, { threshold: { rule: 'best-f1' } });
    expect(decision).toEqual(alone.result.decision);
  });
});

describe('a calibration', () => {
  const path = writeTable('calibrated.csv');

  it.each(['isotonic', 'sigmoid'] as const)(
    '%s is fitted on out-of-fold scores, and the threshold chosen on what it makes of them',
    async (method) => {
      const { decision, run } = await train(path, {
        threshold: { rule: 'false-positive-rate', rate: 0.2 },
        calibration: { method },
      });
      const scored = await outOfFoldOf(configOf(path));
      const calibration = fitCalibration(scored, method);
      expect(decision.calibration).toEqual(calibration);
      const scores = applyCalibration(calibration, scored.scores);
      const chosen = chooseThreshold({ ...scored, scores }, { kind: 'false-positive-rate', rate: 0.2 });
      expect(decision.threshold).toBe(chosen.threshold);
      expect(run.params).toMatchObject({ threshold: 'fpr=0.2', calibration: method });
    },
  );

  it('alone keeps 0.5, and its scores are those that are told', async () => {
    const { result, detector, decision } = await train(path, { calibration: { method: 'sigmoid' } });
    expect(decision).toMatchObject({ threshold: 0.5, rule: null, calibration: { kind: 'sigmoid' } });
    const plain = await train(path);
    const row = [{ a: 0.9, b: 0.9 }];
    const [raw] = plain.detector.predict(row);
    const [told] = detector.predict(row);
    expect(told!.score).toBe(applyCalibration(decision.calibration!, [raw!.score])[0]);
    expect(told!.scores).toEqual([1 - told!.score, told!.score]);
    expect(result.metrics['rocAuc']).toBeCloseTo(plain.result.metrics['rocAuc']!, 12);
    expect(result.metrics['logLoss']).not.toBe(plain.result.metrics['logLoss']);
  });

  it('is applied however many threads score', async () => {
    const { result, detector } = await train(path, {
      threshold: { rule: 'best-f1' },
      calibration: { method: 'isotonic' },
    });
    const rows = async (nJobs: number) => {
      const seen = [];
      const options = { data: tableAt(path), nJobs };
      for await (const batch of predictFile(workspace, result.model.address, options)) seen.push(...batch);
      return seen;
    };
    const alone = await rows(1);
    expect(await rows(2)).toEqual(alone);
    expect(alone).toHaveLength(400);
    for (const { label, score, threshold } of alone) {
      expect(threshold).toBe(detector.threshold);
      expect(label).toBe(score > detector.threshold! ? 'benign' : 'attack');
    }
  });
});

describe('what a threshold is warned of', () => {
  const path = writeTable('warned.csv');

  it('tells how many negatives a false-positive rate needs', async () => {
    const { result } = await train(path, { threshold: { rule: 'false-positive-rate', rate: 0.001 } });
    const { negatives } = (await train(path, { threshold: 0.5 })).decision.validation;
    expect(result.warnings).toContain(
      `threshold: a false-positive rate of 0.001 is not estimable: needs 10000 negatives, there are ${negatives} in the training rows`,
    );
  });

  it('tells of a budget of a few rows, and of a threshold that nothing exceeds', async () => {
    const threshold = { rule: 'alert-budget', alertsADay: 0.1, eventsADay: 1000 } as const;
    const { result, decision, run, detector } = await train(path, { threshold });
    expect(result.warnings).toEqual(
      expect.arrayContaining([
        'threshold: the budget lets 0 of 300 training rows alert; 100000 are needed to tell it well',
        'threshold: Infinity, so nothing alerts: the highest score alone (1 of 300 training rows) brings 3.34 alerts a day, and the budget is 0.1; allow at least 3.34, or give more training rows',
      ]),
    );
    expect(decision.threshold).toBe(Infinity);
    // However right it is, as most rows may be of the first class.
    expect(result.gates).toContainEqual({ name: 'alerts', passed: false, value: 0, limit: 1 });
    expect(result.passed).toBe(false);
    expect((await train(path, { threshold: 0.5 })).result.gates.map(({ name }) => name)).not.toContain(
      'alerts',
    );
    expect(JSON.parse(JSON.stringify(result.decision))).toMatchObject({ threshold: 'Infinity' });
    expect(detector.predict([{ a: 1, b: 1 }])[0]!.label).toBe('attack');
    expect(run.metrics['threshold']!.value).toBe(Number.MAX_VALUE);
    for await (const [first] of predictFile(workspace, result.model.address, {
      data: tableAt(path),
    }))
      expect(first!.threshold).toBe('Infinity');
  });

  it('tells that isotonic wants more rows', async () => {
    const { result } = await train(path, { calibration: { method: 'isotonic' } });
    expect(result.warnings).toContain(
      'calibration: isotonic wants about 1000 rows, there are 300; sigmoid fits few',
    );
    const { result: fits } = await train(path, { calibration: { method: 'sigmoid' } });
    expect(fits.warnings.filter((warning) => warning.startsWith('calibration'))).toEqual([]);
  });
});

describe('a threshold that cannot be', () => {
  const run = (config: ExperimentConfigInput) => runExperiment(config, { workspace, progress: silent });

  it.each([
    ['threshold', { threshold: { rule: 'best-f1' } }],
    ['calibration', { calibration: { method: 'sigmoid' }, threshold: 0.4 }],
  ] as const)('%s without folds is refused before anything is read', async (parameter, asked) => {
    const config = configOf(join(folder, 'none.csv'), { ...asked, crossValidation: { folds: 0 } });
    const error = await expectCode(run(config), 'INVALID_PARAMETER');
    expect(error.message).toBe(
      `${parameter}: it is chosen on out-of-fold scores of the training rows, and there are no folds`,
    );
    expect(error.hint).toBe('ask for folds with --cv 5, or give the threshold as a number');
    expect(error.details).toEqual({ parameter });
  });

  it.each([
    ['threshold', { threshold: 0.4 }],
    ['calibration', { calibration: { method: 'sigmoid' } }],
  ] as const)('%s of three classes is refused before there is a run', async (parameter, asked) => {
    const path = join(folder, 'three.csv');
    const rows = Array.from({ length: 90 }, (_, i) => `${i % 7},${'xyz'[i % 3]}`);
    writeFileSync(path, `a,kind\n${rows.join('\n')}\n`);
    const error = await expectCode(
      run({ ...configOf(path, asked), experiment: 'three' }),
      'INVALID_PARAMETER',
    );
    expect(error.message).toBe(`${parameter}: it is for two classes, and label "kind" has 3`);
    expect(error.hint).toBe('leave --threshold and --calibrate out, or train on a label of two classes');
    expect(error.details).toEqual({ parameter, classes: ['x', 'y', 'z'] });
    expect(await workspace.tracking.getExperimentByName('three')).toBeUndefined();
  });
});
