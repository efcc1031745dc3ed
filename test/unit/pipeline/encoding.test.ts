import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/core/index.js';
import {
  type ExperimentConfigInput,
  loadDetector,
  runExperiment,
  SAMPLE_PATH,
  silent,
} from '#src/pipeline/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { type Row, rowsOf, writeRows } from '../../support/encoded-rows.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();

const write = (name: string, rows: readonly Row[]): string => writeRows(join(folder, name), rows);

const train = (path: string, config: Partial<ExperimentConfigInput>) =>
  runExperiment(
    {
      data: { path, format: 'table' },
      label: { target: 'bad' },
      split: { method: 'stratified' },
      estimator: { name: 'logistic-regression' },
      crossValidation: { folds: 0 },
      baselines: [],
      latency: { repeat: 1 },
      ...config,
    },
    { workspace, progress: silent },
  );

const ENCODED = {
  encoding: { columns: { agent: 'target', proto: 'one-hot' } },
  impute: { strategy: 'median', addIndicator: true },
  scale: 'standard',
} satisfies ExperimentConfigInput['features'];

describe('an experiment with encoded features', () => {
  it('takes the columns of the data, gives its model others, and loads as it was', async () => {
    const rows = rowsOf(200, 20).map((row, i) => (i % 50 === 7 ? { ...row, proto: `new ${i}` } : row));
    const made = await train(write('encoded.csv', rows), { features: ENCODED });
    expect(made.features).toEqual(['agent', 'proto', 'size', 'drift']);
    const { detector, pkg } = await loadDetector(workspace, made.model.address);
    expect(detector.model.features.map(({ name }) => name).filter((name) => !name.includes('new'))).toEqual([
      ...['agent', 'proto_ftp', 'proto_http', 'proto_ssh', 'proto_missing'],
      ...['size', 'missingindicator_size', 'drift'],
    ]);
    expect(pkg.mlModel.signature!.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['agent', 'string'],
      ['proto', 'string'],
      ['size', 'double'],
      ['drift', 'long'],
    ]);
    expect(Object.keys(pkg.mlModel.flavors)).toEqual(['phantomnet']);
    expect(detector.predict(pkg.inputExample)).toEqual(pkg.expectedOutput.rows);
    const [known, missing] = detector.predict([
      { agent: 'agent 3', proto: 'ssh', size: 120, drift: 5 },
      { agent: null, proto: 'gopher', size: null, drift: 5 },
    ]);
    expect(known!.score).not.toBe(missing!.score);
  });

  it('counts the unseen categories of its test rows in warnings, metrics and an artifact', async () => {
    const rows = rowsOf(200, 20);
    const { split } = await train(write('all.csv', rows), { features: ENCODED });
    const [a, b, c] = split.testIndices;
    const changed = rows.map((row, i) => {
      if (i === a || i === b) return { ...row, proto: 'gopher' };
      return i === c ? { ...row, agent: 'sqlmap' } : row;
    });
    const made = await train(write('unseen.csv', changed), { features: ENCODED });
    expect(made.warnings).toContain(
      'unseen categories in the 40 test rows: proto 2 (5.0 %, read as none of the categories), agent 1 (2.5 %, read as the mean of all training rows)',
    );
    const run = await workspace.tracking.getRun(made.runId);
    expect(run.metrics['unseenCategories']!.value).toBe(3);
    expect(JSON.parse(run.params['encoding']!)).toMatchObject({ columns: { agent: 'target' } });
    expect(run.params['scale']).toBe('standard');
    const file = await workspace.tracking.artifacts(run.info.artifactUri).get('unseen-categories.json');
    expect(JSON.parse(new TextDecoder().decode(file))).toEqual({ agent: 1, proto: 2 });
    const native = await train(join(folder, 'unseen.csv'), {});
    expect(native.warnings).toContain(
      'unseen categories in the 40 test rows: proto 2 (5.0 %, read as missing), agent 1 (2.5 %, read as missing)',
    );
  });

  it('is the same, encoder and model, whatever the test rows hold', async () => {
    const rows = rowsOf(300, 30);
    const clean = await train(write('clean.csv', rows), { features: ENCODED });
    const tested = new Set(clean.split.testIndices);
    const poisoned = rows.map((row, i) =>
      tested.has(i)
        ? { ...row, agent: `poison ${row.bad}`, proto: 'poison', size: '999999', drift: '-7' }
        : row,
    );
    const other = await train(write('poisoned.csv', poisoned), { features: ENCODED });
    expect(other.split.testIndices).toEqual(clean.split.testIndices);
    expect(other.model.modelDigest).toBe(clean.model.modelDigest);
    const [mine, theirs] = await Promise.all(
      [clean, other].map(async ({ model }) => (await loadDetector(workspace, model.address)).detector),
    );
    expect(canonicalJson(mine!.encoding)).toBe(canonicalJson(theirs!.encoding));
    expect(other.metrics).not.toEqual(clean.metrics);
  });

  it('learns nothing of a column of noise by target encoding; means of all rows, made once, seem to know all', async () => {
    const rows = rowsOf(1200, 400);
    const noise = write('noise.csv', rows);
    const folds = { crossValidation: { folds: 5, on: 'all' } } as const;
    const features = {
      names: ['agent'],
      encoding: { categorical: 'target' },
    } satisfies ExperimentConfigInput['features'];
    const honest = await train(noise, { ...folds, features });
    expect(Math.abs(honest.crossValidation!.mean['rocAuc']! - 0.5)).toBeLessThan(0.06);

    const sums = new Map<string, [sum: number, count: number]>();
    for (const { agent, bad } of rows) {
      const [sum, count] = sums.get(agent) ?? [0, 0];
      sums.set(agent, [sum + bad, count + 1]);
    }
    const naive = rows.map((row) => {
      const [sum, count] = sums.get(row.agent)!;
      return { ...row, drift: String(sum / count) };
    });
    const leaky = await train(write('naive.csv', naive), {
      ...folds,
      features: { names: ['drift'] },
    });
    expect(leaky.crossValidation!.mean['rocAuc']!).toBeGreaterThan(0.8);
  });

  it('leaves a model as it was where every feature is native', async () => {
    const path = write('native.csv', rowsOf(200, 20));
    const plain = await train(path, {});
    const native = await train(path, { features: { encoding: { columns: { proto: 'native' } } } });
    expect(native.model.modelDigest).toBe(plain.model.modelDigest);
    expect((await loadDetector(workspace, native.model.address)).pkg.encoding).toBeUndefined();
  });

  it('encodes raw events, and rows of their features, the same way', async () => {
    const made = await runExperiment(
      {
        data: { path: SAMPLE_PATH },
        features: {
          names: ['payload_length', 'protocol', 'port'],
          encoding: { categorical: 'hashing' },
          scale: 'robust',
        },
        estimator: { name: 'random-forest', params: { nEstimators: 5 } },
        crossValidation: { folds: 2 },
        baselines: ['logistic-regression'],
        latency: { repeat: 1 },
      },
      { workspace, progress: silent },
    );
    const { detector, pkg } = await loadDetector(workspace, made.model.address);
    expect(detector.inputKind).toBe('both');
    expect(detector.features.map(({ name }) => name)).toEqual(['payload_length', 'protocol', 'port']);
    expect(detector.model.features).toHaveLength(18);
    const byEvent = detector.predict(pkg.eventExample);
    expect(byEvent).toEqual(detector.predict(pkg.inputExample));
    expect(byEvent).toEqual(pkg.expectedOutput.events);
    expect(pkg.features).not.toContain('ssh');
  });
});

describe('encoders that cannot be', () => {
  const path = write('refused.csv', rowsOf(60, 6));
  const refusal = async (
    features: ExperimentConfigInput['features'],
    rest: Partial<ExperimentConfigInput> = {},
  ) => {
    const error = await expectCode(train(path, { features, ...rest }), 'INVALID_PARAMETER');
    return [error.message, error.hint];
  };

  it('are refused before a run is started', async () => {
    expect(await refusal({ encoding: { columns: { prot: 'ordinal' } } })).toEqual([
      'features.encoding.columns.prot: no feature "prot"',
      "did you mean 'proto'?",
    ]);
    expect(await refusal({ encoding: { columns: { size: 'target' } } })).toEqual([
      'features.encoding.columns.size: "size" is a feature of numbers, and target is for text',
      'leave it out: features.impute and features.scale are for numbers',
    ]);
  });

  it('are refused where a forest goes on from another', async () => {
    const forest = (nEstimators: number, from?: string): Partial<ExperimentConfigInput> => ({
      estimator: { name: 'random-forest', params: { nEstimators }, ...(from === undefined ? {} : { from }) },
    });
    const first = await train(path, { features: ENCODED, ...forest(2) });
    const { address } = first.model;
    const message = 'encodes its features, and a forest goes on only from features as they are given';
    expect((await refusal({}, forest(4, address)))[0]).toBe(`${address} ${message}`);
    const plain = await train(path, forest(2));
    expect((await refusal({ scale: 'robust' }, forest(4, plain.model.address)))[0]).toBe(
      `this run ${message}`,
    );
  });
});
