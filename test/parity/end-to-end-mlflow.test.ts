import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import {
  findPython,
  type MlflowServer,
  reasonToSkipMlflow,
  startMlflowServer,
} from '../support/mlflow-server.js';

const MODEL = 'PhantomNet_Attack_Detector';
const SCRIPT = fileURLToPath(new URL('./end-to-end-mlflow.py', import.meta.url));
const reason = reasonToSkipMlflow();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

/** Returns what the Python script prints; it starts once, because every start with MLflow costs seconds. */
// biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
function askPython(request: object, cwd: string): Promise<any> {
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' };
  return new Promise((resolve, reject) => {
    const child = execFile(findPython()!, [SCRIPT], { cwd, env }, (error, stdout, stderr) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr.slice(-3000))),
    );
    child.stdin?.end(JSON.stringify(request));
  });
}

describe.skipIf(reason !== undefined)(`a quickstart as MLflow's Python client sees it${skipped}`, () => {
  const { folder: cwd, remove } = scratch();
  // biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
  let made: any, seen: any;
  beforeAll(async () => {
    made = (await phantomnet(['quickstart', '--json'], { cwd })).json();
    await phantomnet(['models', 'alias', MODEL, 'champion', '1'], { cwd });
    seen = await askPython(
      { uri: `sqlite:///${join(cwd, 'phantomnet.db')}`, model: MODEL, alias: 'champion' },
      cwd,
    );
  }, 180_000);
  afterAll(remove);

  it('finds the runs, by tag, by metric and by parent', () => {
    expect(seen.runs).toEqual({
      'forest-payload-length': { runId: made.reference.runId, status: 'FINISHED' },
      'forest-all-features': { runId: made.allFeatures.runId, status: 'FINISHED' },
    });
    expect(seen.best).toEqual(['forest-all-features']);
    expect(seen.children).toEqual(['logistic-regression', 'majority', 'stump']);
  });

  it('reads params and metrics to the bit, and a point for each fold', () => {
    expect(seen.params).toMatchObject({
      nEstimators: '200',
      features: 'payload_length',
      split: 'stratified',
      splitRandomState: '42',
    });
    for (const [key, value] of Object.entries(made.reference.metrics)) expect(seen.metrics[key]).toBe(value);
    expect(seen.metrics['cvMean/accuracy']).toBe(made.reference.crossValidation.mean.accuracy);
    const folds = seen.history['cv/accuracy'] as [number, number][];
    expect(folds.map(([step]) => step)).toEqual([0, 1, 2, 3, 4]);
    const mean = folds.reduce((sum, [, value]) => sum + value, 0) / folds.length;
    expect(mean).toBeCloseTo(made.reference.crossValidation.mean.accuracy, 12);
    expect(seen.history.accuracy).toEqual([[0, made.reference.metrics.accuracy]]);
  });

  it('reads the data set with its digest, and downloads the artifacts', () => {
    expect(seen.datasets).toMatchObject([
      {
        name: 'honeypot-events.csv',
        digest: made.reference.data.digest.slice(0, 36),
        source_type: 'local',
        context: { 'mlflow.data.context': 'training' },
      },
    ]);
    expect(JSON.parse(seen.datasets[0].source).sha256).toBe(made.reference.data.digest);
    expect(JSON.parse(seen.datasets[0].profile)).toEqual({ num_rows: made.reference.data.rows, rejected: 0 });
    expect(seen.artifacts).toEqual([
      'audit.json',
      'cross-validation.json',
      'evaluation.json',
      'latency.json',
      'predictions.json',
      'report.html',
      'report.json',
      'report.md',
      'split.json',
    ]);
    expect(seen.evaluation.confusionMatrix).toEqual(made.reference.confusionMatrix);
  });

  it('finds the version by alias and by stage, with its tags and its run', () => {
    expect(seen.byAlias).toBe('1');
    expect(seen.byStage).toMatchObject({
      version: '1',
      stage: 'Staging',
      runId: made.reference.runId,
      tags: { lifecycle: 'pre-production', validated: 'true' },
    });
    expect(seen.byStage.description).toContain('Random forest on payload_length');
    expect(seen.loggedModel).toEqual({
      id: made.reference.model.modelId,
      name: 'model',
      status: 'READY',
    });
  });

  it('loads our MLmodel: signature, input example, flavors; and the model through its ONNX graph', () => {
    expect(seen.version).toBe('3.17.2');
    expect(seen.modelFiles).toEqual(
      expect.arrayContaining(['MLmodel', 'model.phantomnet', 'input_example.json']),
    );
    expect(seen.mlModel).toMatchObject({
      runId: made.reference.runId,
      modelId: made.reference.model.modelId,
      inputs: [{ name: 'payload_length', type: 'long', required: true }],
      outputs: [
        { name: 'label', type: 'long', required: true },
        { name: 'score_0', type: 'double', required: true },
        { name: 'score_1', type: 'double', required: true },
      ],
    });
    expect(seen.mlModel.flavors.phantomnet).toMatchObject({ format: 1, input_kind: 'both', classes: [0, 1] });
    expect(seen.mlModel.example).toHaveLength(5);
    for (const row of seen.mlModel.example) expect(Object.keys(row)).toEqual(['payload_length']);
    expect(seen.pyfunc).toBe('loaded');
  });
});

describe.skipIf(reason !== undefined)(`the program against a real mlflow server${skipped}`, () => {
  const { folder: cwd, remove } = scratch();
  let server: MlflowServer;
  const ask = (...args: string[]) => phantomnet([...args, '--store', server.uri, '--json'], { cwd });
  beforeAll(async () => {
    server = await startMlflowServer();
  });
  afterAll(async () => {
    await server?.stop();
    remove();
  });

  it('trains, registers, stages, checks, compares and predicts as on its own store', async () => {
    const flags = [
      '--split',
      'stratified',
      '--param',
      'nEstimators=20',
      '--cv',
      '3',
      '--experiment',
      'week6',
    ];
    const trained = await ask('train', SAMPLE, '--features', 'payload_length', ...flags);
    expect(trained.stderr).not.toContain('error:');
    const { runId, model, metrics } = trained.json();
    const listed = (await ask('runs', 'list', '--children', '--experiment', 'week6')).json();
    expect(listed).toHaveLength(4);
    expect(listed.find((r: { runId: string }) => r.runId === runId)).toMatchObject({
      status: 'FINISHED',
      metrics: { accuracy: metrics.accuracy },
    });
    const registered = await ask('models', 'register', MODEL, '--experiment', 'week6');
    expect(registered.json()).toMatchObject({ name: MODEL, version: '1', runId });
    const refused = await ask('models', 'stage', MODEL, 'latest', 'Staging', '--min-accuracy', '0.99');
    expect([refused.code, refused.json().version.stage]).toEqual([1, 'None']);
    const staged = await ask('models', 'stage', MODEL, 'latest', 'Staging');
    expect(staged.json()).toMatchObject({
      passed: true,
      version: { stage: 'Staging', tags: { lifecycle: 'pre-production', validated: 'true' } },
    });
    const sanity = ['--input', '[{"payload_length": 120}]', '--expect', '[0]'];
    const checked = await ask('deploy', 'check', `models:/${MODEL}/Staging`, ...sanity);
    expect(checked.json()).toMatchObject({ passed: true, predictions: [0], version: '1', runId });
    const shown = (await ask('models', 'show', MODEL, 'Staging')).json();
    expect(shown.lineage).toMatchObject({ runId, params: { nEstimators: '20' }, metrics });
    const compared = (await ask('compare', '--experiment', 'week6')).json();
    expect(compared.against.id).toBe(runId);
    expect(compared.rows).toHaveLength(4);
    const input = "honeypot_type,event,port,level,data\nssh,,22,INFO,\"{'username': 'root'}\"\n";
    const predicted = await phantomnet(
      ['predict', `models:/${MODEL}/Staging`, '-', '--store', server.uri, '--json'],
      { cwd, input },
    );
    expect(JSON.parse(predicted.stdout)).toMatchObject({ line: 2, label: 1, model: `${MODEL}/1` });
    const own = await phantomnet(
      ['train', SAMPLE, '--features', 'payload_length', ...flags, '--no-baselines', '--json'],
      { cwd },
    );
    expect(own.json().model.modelDigest).toBe(model.modelDigest);
  }, 180_000);

  it('does what MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME say, and names the server when it refuses', async () => {
    const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: 'week6' };
    const listed = await phantomnet(['compare', '--json'], { cwd, env });
    expect(listed.json().rows).toHaveLength(4);
    const none = await phantomnet(['compare', '--experiment', 'week7'], { cwd, env });
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("did you mean 'week6'?")]);
    const gone = await phantomnet(['deploy', 'check', `models:/${MODEL}/Production`], { cwd, env });
    expect([gone.code, gone.stderr]).toEqual([
      3,
      expect.stringContaining('has no version in stage Production'),
    ]);
  });
});
