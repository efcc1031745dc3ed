import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#src/core/index.js';
import { createOnnxScorer, type OnnxPackage } from '#src/deploy/index.js';
import { readWholeTable } from '#src/ingest/index.js';
import { formatMlModel } from '#src/mlflow/index.js';
import { decodeModel, exportOnnx } from '#src/model/index.js';
import { exportModel, loadDetector, openWorkspace } from '#src/pipeline/index.js';
import { tableRecords } from '#src/pipeline/matrix-records.js';
import { phantomnet, scratch } from '../support/cli.js';
import { nslKddFile } from '../support/nsl-kdd.js';
import { compareWithModel, scoreInNode } from '../support/onnx-matrix.js';
import { reasonToSkipOnnx } from '../support/onnx-peer.js';
import { jsonIn } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const place = { uri: `sqlite:///${join(cwd, 'phantomnet.db')}`, artifactRoot: join(cwd, 'artifacts') };
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
let made: any;

beforeAll(async () => {
  const kinds = ['normal', 'neptune', 'portsweep', 'guess_passwd'];
  writeFileSync(join(cwd, 'train.txt'), nslKddFile(400, kinds, 1));
  writeFileSync(join(cwd, 'test.txt'), nslKddFile(200, [...kinds, 'mailbomb'], 2));
  const small = ['--param', 'nEstimators=7', '--cv', '0', '--no-baselines', '--repeat', '2'];
  const data = ['train.txt', '--format', 'nsl-kdd', '--test', 'test.txt', '--label', 'attack_class'];
  const done = await ask('train', ...data, ...small);
  expect(done.stderr).not.toContain('error:');
  made = done.json();
  await ask('models', 'register', 'nsl', '--run', made.runId);
  await ask('models', 'alias', 'nsl', 'best', '1');
});

describe('models export', () => {
  it('writes one graph from any kind of address, and says what it takes and gives', async () => {
    const addresses = ['models:/nsl/1', 'models:/nsl@best', 'models:/nsl/latest', made.model.address];
    const reports = [];
    for (const [i, address] of addresses.entries()) {
      const done = await ask('models', 'export', address, '--format', 'onnx', '--out', `${i}.onnx`);
      expect(done.code).toBe(0);
      reports.push(done.json());
    }
    const [first] = reports;
    const bytes = readFileSync(join(cwd, '0.onnx'));
    expect(first).toMatchObject({
      address: 'models:/nsl/1',
      model: 'nsl/1',
      format: 'onnx',
      form: 'matrix',
      file: join(cwd, '0.onnx'),
      sizeBytes: bytes.length,
      sha256: sha256Hex(bytes),
      classes: ['dos', 'normal', 'probe', 'r2l'],
      inputs: [{ name: 'x', type: 'float', width: 41 }],
      outputs: [
        { name: 'label', type: 'string' },
        { name: 'probabilities', type: 'float', width: 4 },
      ],
    });
    expect(new Set(reports.map((report) => report.sha256)).size).toBe(1);
  });

  it('writes the graph of the package, an input a feature, where it is asked to', async () => {
    const args = ['models', 'export', 'models:/nsl/1', '--form', 'columns', '--out', 'columns.onnx'];
    const first = (await ask(...args)).json();
    expect(first.form).toBe('columns');
    expect(first.inputs).toHaveLength(41);
    expect(first.inputs.slice(0, 2)).toEqual([
      { name: 'duration', type: 'int64' },
      { name: 'protocol_type', type: 'string' },
    ]);
    expect(first.outputs[0]).toEqual({ name: 'label', type: 'string' });
    const stored = readdirSync(join(cwd, 'artifacts'), { recursive: true, encoding: 'utf8' });
    const graph = stored.find((path) => path.endsWith('model.onnx'))!;
    expect(sha256Hex(readFileSync(join(cwd, 'artifacts', graph)))).toBe(first.sha256);
  });

  it('says the same as text', async () => {
    const done = await phantomnet(['models', 'export', 'models:/nsl/1', '--out', 'text.onnx'], { cwd });
    const sum = sha256Hex(readFileSync(join(cwd, 'text.onnx')));
    expect(done.stdout).toMatch(/^model +nsl\/1 as onnx, form matrix\nfile +.*text\.onnx\nsize +\d+ bytes\n/);
    expect(done.stdout).toContain(
      `SHA-256  ${sum}\ninputs   x float [N, 41]\noutputs  label string, probabilities float [N, 4]\n`,
    );
    const columns = ['models', 'export', 'models:/nsl/1', '--form', 'columns', '--out', 'columns-text.onnx'];
    expect((await phantomnet(columns, { cwd })).stdout).toContain(
      '\ninputs   duration int64, protocol_type string, ',
    );
  });

  it('writes the native model file, which loads as it is', async () => {
    const report = (
      await ask('models', 'export', 'models:/nsl/1', '--format', 'native', '--out', 'a.model')
    ).json();
    const model = decodeModel(readFileSync(join(cwd, 'a.model')));
    expect(report).toMatchObject({ format: 'native', form: null, sha256: made.model.modelDigest });
    expect(model.classes).toEqual(made.classes);
  });

  it('never replaces a file that is there, but with --force', async () => {
    writeFileSync(join(cwd, 'mine.onnx'), 'mine');
    const refused = await phantomnet(['models', 'export', 'models:/nsl/1', '--out', 'mine.onnx'], { cwd });
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('mine.onnx is there already'),
    ]);
    expect(readFileSync(join(cwd, 'mine.onnx'), 'utf8')).toBe('mine');
    const forced = await ask('models', 'export', 'models:/nsl/1', '--out', 'mine.onnx', '--force');
    expect(sha256Hex(readFileSync(join(cwd, 'mine.onnx')))).toBe(forced.json().sha256);
    expect(readdirSync(cwd).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it.each([
    [['models:/nls/1', '--out', 'x.onnx'], 3, 'no registered model "nls"'],
    [['models:/nsl/9', '--out', 'x.onnx'], 3, '9'],
    [['nsl', '--out', 'x.onnx'], 2, 'nsl'],
    [['models:/nsl/1', '--out', 'no/x.onnx'], 3, 'it or its folder is not there'],
    [['models:/nsl/1', '--out', '.'], 2, 'is a folder'],
    [['models:/nsl/1'], 2, "required option '--out <file>' not specified"],
    [['models:/nsl/1', '--format', 'pmml', '--out', 'x'], 2, 'Allowed choices are onnx, native'],
    [['models:/nsl/1', '--form', 'rows', '--out', 'x'], 2, 'Allowed choices are matrix, columns'],
    [
      ['models:/nsl/1', '--format', 'native', '--form', 'matrix', '--out', 'x'],
      2,
      'a native file has no form matrix',
    ],
  ])('%j is refused', async (args, code, message) => {
    const done = await phantomnet(['models', 'export', ...args], { cwd });
    expect([done.code, done.stdout, done.stderr]).toEqual([code, '', expect.stringContaining(message)]);
  });

  it('writes a graph of another program as it was logged, and refuses a form of it', async () => {
    const { tracking, close } = await openWorkspace(place);
    const { info } = await tracking.createRun({ experimentId: '0', runName: 'r', userId: 'u', tags: {} });
    const artifacts = tracking.artifacts(`${info.artifactUri}/theirs`);
    const graph = exportOnnx(decodeModel(readFileSync(join(cwd, 'a.model'))));
    await artifacts.put('model.onnx', graph);
    const flavors = { onnx: { data: 'model.onnx' } };
    await artifacts.put('MLmodel', formatMlModel({ flavors, timeCreated: 0 }));
    await close();
    const args = ['models', 'export', `runs:/${info.runId}/theirs`, '--out', 'theirs.onnx'];
    for (const form of ['matrix', 'columns']) {
      const refused = await phantomnet([...args, '--form', form], { cwd });
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain(
        `this model is an ONNX graph of another program, which has no form ${form}`,
      );
      expect(refused.stderr).toContain('leave out --form: it is written as it was logged');
    }
    const report = (await ask(...args)).json();
    expect(report).toMatchObject({ format: 'onnx', form: null, sha256: sha256Hex(graph) });
    expect(sha256Hex(readFileSync(join(cwd, 'theirs.onnx')))).toBe(report.sha256);
  });

  it('is a function of the library', async () => {
    const workspace = await openWorkspace(place);
    const out = join(cwd, 'library.onnx');
    const report = await exportModel(workspace, 'models:/nsl/1', { out });
    await expect(exportModel(workspace, 'models:/nsl/1', { out })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await expect(exportModel(workspace, 'models:/nsl/1', { out, existing: 'replace' })).resolves.toEqual(
      report,
    );
    await expect(
      exportModel(workspace, 'models:/nsl/1', {
        out,
        format: 'native',
        form: 'columns',
        existing: 'replace',
      }),
    ).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
    await workspace.close();
  });
});

const because = reasonToSkipOnnx === undefined ? '' : ` (skipped: ${reasonToSkipOnnx})`;
describe.skipIf(reasonToSkipOnnx !== undefined)(`an exported graph in onnxruntime${because}`, () => {
  async function exportedIn(form?: 'matrix' | 'columns') {
    const workspace = await openWorkspace(place);
    const { detector, pkg } = await loadDetector(workspace, 'models:/nsl/1');
    const out = join(cwd, `runtime-${form ?? 'default'}.onnx`);
    const report = await exportModel(workspace, 'models:/nsl/1', { out, form });
    await workspace.close();
    const { table } = await readWholeTable(join(cwd, 'test.txt'), { format: 'nsl-kdd' });
    const services = (table.values.get('service') as string[]).map((name, i) =>
      i % 5 === 0 ? 'never_seen' : name,
    );
    const samples = { ...table, values: new Map([...table.values, ['service', services] as const]) };
    return { detector, mlModel: pkg.mlModel, report, graph: readFileSync(report.file), samples };
  }

  it.each([undefined, 'matrix'] as const)(
    'names our classes with our scores, of services it never saw too (form %s)',
    async (form) => {
      const { detector, graph, samples } = await exportedIn(form);
      const matrix = detector.transform(samples);
      const answer = await scoreInNode(graph, matrix);
      const { nRows, worst, mislabelled } = compareWithModel(detector.model, matrix, answer);
      expect([nRows, mislabelled]).toEqual([200, 0]);
      expect(worst).toBeLessThan(1e-6);
      expect(answer.labels).toEqual(detector.predictSamples(samples).map((p) => p.label));
    },
  );

  it('does so with an input a feature, given by name (form columns)', async () => {
    const { detector, mlModel, report, graph, samples } = await exportedIn('columns');
    const scorer = await createOnnxScorer({
      graph,
      mlModel,
      classLabels: undefined,
    } as unknown as OnnxPackage);
    const names = report.inputs.map(({ name }) => name);
    const theirs = await scorer.predict(tableRecords(samples, names));
    const ours = detector.predictSamples(samples);
    expect(theirs).toHaveLength(200);
    expect(theirs.map((p) => p.label)).toEqual(ours.map((p) => p.label));
    theirs.forEach(({ scores }, i) => {
      scores.forEach((score, c) => {
        expect(Math.abs(score - ours[i]!.scores[c]!)).toBeLessThan(1e-6);
      });
    });
  });
});
