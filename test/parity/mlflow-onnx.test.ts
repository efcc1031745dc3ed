import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '#src/core/index.js';
import { packModel } from '#src/deploy/index.js';
import { phantomnet, scratch } from '../support/cli.js';
import { findPython, reasonToSkipMlflow } from '../support/mlflow-server.js';
import { DECIDED, type OnnxCase, onnxCase, RECIPES } from '../support/onnx-models.js';
import { reasonToSkipOnnx } from '../support/onnx-peer.js';

const MODEL = 'PhantomNet_Attack_Detector';
const SCRIPT = fileURLToPath(new URL('./mlflow-onnx.py', import.meta.url));
const reason = reasonToSkipMlflow();
const because = (why: string | undefined) => (why === undefined ? '' : ` (skipped: ${why})`);
const N_ROWS = 1500;
const ALL = [...RECIPES, ...DECIDED];
/** Models that give every row one label. */
const LEVEL = new Set(['forest-leaf', 'no-alert', 'one-point']);

/** Returns what the Python script answers. Every start with MLflow costs seconds. */
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
function askPython(request: object, cwd: string): Promise<any> {
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' };
  return new Promise((resolve, reject) => {
    const options = { cwd, env, maxBuffer: 64 * 2 ** 20 };
    const child = execFile(findPython()!, [SCRIPT], options, (error, stdout, stderr) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr.slice(-3000))),
    );
    child.stdin?.end(JSON.stringify(request));
  });
}

/** Writes a case's package and its rows as a folder. */
function writePackage(folder: string, { model, integers, decision, rows }: OnnxCase): void {
  mkdirSync(folder);
  const ids = { runId: 'a'.repeat(32), modelId: `m-${'b'.repeat(32)}`, createdAtMs: 0, version: VERSION };
  const { files } = packModel({
    ...ids,
    model,
    integers,
    ...(decision === undefined ? {} : { decision: { ...decision, rule: null, validation: {} } }),
    inputExample: [{}],
    expectedOutput: { rows: [], events: [] },
  });
  for (const [path, bytes] of files) writeFileSync(join(folder, path), bytes);
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows.columns));
}

describe.skipIf(reason !== undefined)(`packages of every kind of model in Python${because(reason)}`, () => {
  const { folder: cwd, remove } = scratch();
  const cases = new Map<string, OnnxCase>();
  // biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
  let seen: any;
  beforeAll(async () => {
    for (const recipe of ALL) cases.set(recipe.name, await onnxCase(recipe, N_ROWS));
    const folders = [...cases].map(([name, made]) => {
      writePackage(join(cwd, name), made);
      return join(cwd, name);
    });
    seen = await askPython({ command: 'score', folders }, cwd);
  }, 180_000);
  afterAll(remove);

  it.each(ALL.map(({ name, kind }) => [name, kind]))(
    '%s gives our labels, and our scores, row by row',
    (name, kind) => {
      const { model, decision, rows } = cases.get(name)!;
      const got = seen[name];
      expect(got.columns).toEqual(['label', ...model.classes.map((c) => `score_${c}`)]);
      expect(got.columns).toEqual(got.signature);
      expect(got.empty).toBe(0);
      expect(got.labels).toEqual(rows.labels);
      expect(new Set(got.labels).size).toBeGreaterThan(kind === 'majority' || LEVEL.has(name) ? 0 : 1);
      const off = Math.max(
        ...rows.scores.flatMap((row, i) => row.map((score, c) => Math.abs(score - got.scores[i][c]))),
      );
      // Sums run in our order; only the exponential function is another's.
      const hasExp = kind === 'logistic-regression' || decision?.calibration?.kind === 'sigmoid';
      expect(off).toBeLessThanOrEqual(hasExp ? 1e-15 : 0);
    },
  );
});

describe.skipIf(reason !== undefined)(`the quickstart's models in Python${because(reason)}`, () => {
  const { folder: cwd, remove } = scratch();
  // biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
  let seen: any;
  beforeAll(async () => {
    expect((await phantomnet(['quickstart', '--json'], { cwd })).code).toBe(0);
    seen = await askPython(
      { command: 'staged', uri: `sqlite:///${join(cwd, 'phantomnet.db')}`, model: MODEL },
      cwd,
    );
  }, 180_000);
  afterAll(remove);

  it('answers the reference call from the store, by name and stage', async () => {
    expect(seen.reference.label).toEqual([0]);
    expect(Object.keys(seen.reference)).toEqual(['label', 'score_0', 'score_1']);
    expect(seen.dtypes).toEqual(['int64', 'float64', 'float64']);
    const input = ['--input', '[{"payload_length": 120}]', '--json'];
    const ours = (
      await phantomnet(['deploy', 'check', `models:/${MODEL}/Staging`, ...input], { cwd })
    ).json();
    expect([ours.predictions, ours.scores]).toEqual([[0], seen.reference.score_1]);
  });

  it('scores the example of the model on all features, and the same with values missing', async () => {
    const listed = (
      await phantomnet(['runs', 'list', '--experiment', 'quickstart', '--json'], { cwd })
    ).json();
    const { runId } = listed.find((r: { runName: string }) => r.runName === 'forest-all-features');
    // biome-ignore lint/suspicious/noExplicitAny: plain rows
    const check = async (rows: any[]) => {
      const args = ['deploy', 'check', `runs:/${runId}/model`, '--input', JSON.stringify(rows), '--json'];
      return (await phantomnet(args, { cwd })).json();
    };
    const example = await check(seen.rows);
    expect(seen.example).toEqual(example.predictions);
    expect(seen.exampleScores.map((row: number[]) => row[1])).toEqual(example.scores);
    const missing = await check(seen.rows.map((row: object) => ({ ...row, port: null, method: null })));
    expect(seen.missing).toEqual(missing.scores);
  });

  it('gives the graph itself, and an environment that holds what it needs', () => {
    expect(seen.graphInputs).toEqual(['payload_length']);
    expect(seen.requirements).toContain('onnxruntime>=');
  });
});

const noPeer = reason ?? reasonToSkipOnnx;
describe.skipIf(noPeer !== undefined)(`models logged from Python${because(noPeer)}`, () => {
  const { folder: cwd, remove } = scratch();
  // biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
  let logged: any;
  const ask = (...args: string[]) => phantomnet([...args, '--json'], { cwd });
  const register = async (key: string, name = key) =>
    (await ask('models', 'register', name, '--run', logged[key].runId)).json();
  beforeAll(async () => {
    const trained = (await ask('quickstart')).json();
    const home = join(cwd, 'artifacts');
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
    const graph = files.find((f) => f.includes(trained.reference.model.modelId) && f.endsWith('model.onnx'));
    copyFileSync(join(home, graph!), join(cwd, 'exported.onnx'));
    const uri = `sqlite:///${join(cwd, 'phantomnet.db')}`;
    logged = await askPython({ command: 'log', uri, exported: join(cwd, 'exported.onnx') }, cwd);
  }, 300_000);
  afterAll(remove);

  it('stages a classifier after every check that applies, and scores as Python does', async () => {
    expect(await register('tree')).toMatchObject({ version: '1', runId: logged.tree.runId });
    const input = '[{"payload_length": 120}, {"payload_length": 200}]';
    const staged = await ask(
      'models',
      'stage',
      'tree',
      '1',
      'Staging',
      '--input',
      input,
      '--expect',
      '[0, 1]',
    );
    expect(staged.code).toBe(0);
    const { checks, predictions, version } = staged.json();
    expect(logged.tree.says).toEqual({ label: [0, 1], score_1: [0.25, 0.875] });
    expect(version).toMatchObject({ stage: 'Staging', tags: { validated: 'true' } });
    expect(checks.map((c: { name: string; passed: boolean | null }) => [c.name, c.passed])).toEqual([
      ['resolve', true],
      ['load', true],
      ['signature', true],
      ['warm-up', true],
      ['sanity', true],
      ['replay', null],
      ['latency', true],
      ['run gates', true],
      ['accuracy', true],
    ]);
    expect(predictions).toEqual(logged.tree.says.label);
    const shown = (await ask('models', 'show', 'tree', '1')).json();
    expect(shown.model).toEqual({ flavor: 'onnx', opaque: null });
    const text = await phantomnet(['models', 'show', 'tree', '1'], { cwd });
    expect(text.stdout).toContain('as onnx');
  });

  it('scores raw events with a graph of ours that Python logged again, as with the model itself', async () => {
    await register('again');
    // {'command': 'xxx'} has 15 characters around the x.
    const events = [120, 200].map((length) => {
      const data = `{'command': '${'x'.repeat(length - 15)}'}`;
      return { honeypot_type: 'ssh', event: 'command', port: '22', level: 'INFO', data };
    });
    writeFileSync(join(cwd, 'events.jsonl'), events.map((e) => `${JSON.stringify(e)}\n`).join(''));
    const scored = async (address: string) => {
      const done = await phantomnet(['predict', address, 'events.jsonl', '--json'], { cwd });
      return done.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const again = await scored('models:/again/1');
    const ours = await scored(`models:/${MODEL}/1`);
    const facts = (list: { label: number; score: number }[]) =>
      list.map(({ label, score }) => [label, score]);
    expect(facts(again)).toEqual(facts(ours));
    const says = logged.again.says;
    expect(facts(again)).toEqual(says.label.map((label: number, i: number) => [label, says.score_1[i]]));
    expect(again[0]).toMatchObject({ model: 'again/1', threshold: null });
  });

  it('scores columns of several types and text classes, and keeps to the accuracy gate', async () => {
    await register('small');
    const input = ['--input', '[{"length": 10, "ratio": 0.5}, {"length": 90, "ratio": -2.25}]'];
    const checked = (await ask('deploy', 'check', 'models:/small/1', ...input)).json();
    expect(checked.predictions).toEqual(logged.small.says.label);
    for (const [i, score] of checked.scores.entries())
      expect(score).toBeCloseTo(logged.small.says.score_benign[i], 6);
    const gated = await ask('models', 'stage', 'small', '1', 'Staging', ...input);
    expect([gated.code, gated.json().version.stage]).toEqual([1, 'None']);
    const wrong = await ask('deploy', 'check', 'models:/small/1', '--input', '[{"length": 1.5, "ratio": 0}]');
    const sanity = wrong.json().checks.find((c: { name: string }) => c.name === 'sanity');
    expect(sanity.detail).toContain('row 0: field "length" must be a whole number, got 1.5');
    const events = await phantomnet(['predict', 'models:/small/1', '-'], { cwd, input: 'event,data\na,b\n' });
    expect(events.code).toBe(4);
  });

  it('refuses values in another file, says how to log them, and takes the same graph in one file', async () => {
    await register('external');
    const refused = (await ask('deploy', 'check', 'models:/external/1')).json();
    expect(refused.checks[1]).toMatchObject({ name: 'load', passed: false });
    expect(refused.checks[1].detail).toMatch(/tensor "p" are in another file.*save_as_external_data=False/);
    await register('inside');
    expect((await ask('deploy', 'check', 'models:/inside/1')).json().passed).toBe(true);
    const ungated = await ask('models', 'stage', 'inside', '1', 'Staging', '--min-accuracy', '0');
    expect(ungated.json().checks.at(-1)).toMatchObject({ name: 'accuracy', passed: null });
    expect(ungated.code).toBe(0);
  });

  it('registers a pickle, shows it as opaque, never loads it, and stages it only unchecked', async () => {
    await register('pickle');
    const shown = (await ask('models', 'show', 'pickle', '1')).json();
    expect(shown.model.flavor).toBeNull();
    expect(shown.model.opaque.reason).toContain('pickle, which runs code while it loads');
    expect(shown.model.opaque.hint).toMatch(/skl2onnx.*mlflow\.onnx\.log_model/);
    const predicted = await phantomnet(['predict', 'models:/pickle/1', '-'], {
      cwd,
      input: 'event,data\na,b\n',
    });
    expect([predicted.code, predicted.stderr]).toEqual([
      5,
      expect.stringMatching(/is a pickle.*\nhelp: export it/),
    ]);
    const refused = await ask('models', 'stage', 'pickle', '1', 'Staging');
    expect([refused.code, refused.json().version.stage]).toEqual([1, 'None']);
    const staged = (await ask('models', 'stage', 'pickle', '1', 'Staging', '--unchecked')).json();
    expect(staged).toMatchObject({
      passed: true,
      checks: [{ name: 'load', passed: null }],
      version: { stage: 'Staging', tags: { lifecycle: 'pre-production', validated: 'false' } },
    });
    const checkable = await ask('models', 'stage', 'tree', '1', 'Production', '--unchecked');
    expect([checkable.code, checkable.stderr]).toEqual([2, expect.stringContaining('can be checked')]);
    const moved = (await ask('models', 'stage', 'pickle', '1', 'Archived')).json();
    expect(moved.version.tags).not.toHaveProperty('validated');
  });
});
