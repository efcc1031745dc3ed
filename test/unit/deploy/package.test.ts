import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sha256Hex } from '#src/core/index.js';
import { openPackage, PACKAGE_FILES, packModel, signatureOf } from '#src/deploy/index.js';
import { parseMlModel } from '#src/mlflow/index.js';
import { createMajorityModel, encodeModel, exportOnnx } from '#src/model/index.js';
import { editFlavor, editMlModel, forge, MODEL, partsOf, readerOf, refusal } from './package-of.js';

const packed = packModel(partsOf());
const COUNTS = new Set(['payload_length']);

describe('a package', () => {
  it('comes back as it was packed, with its digests', async () => {
    const opened = await openPackage(readerOf(packed.files), { packageDigest: packed.packageDigest });
    const { features, inputExample, eventExample, expectedOutput } = partsOf();
    expect(opened).toMatchObject({ features, inputExample, eventExample, expectedOutput, inputKind: 'both' });
    expect(encodeModel(opened.model)).toEqual(encodeModel(MODEL));
    expect(opened.modelDigest).toBe(sha256Hex(encodeModel(MODEL)));
    expect(opened.packageDigest).toBe(packed.packageDigest);
    expect(opened.mlModel).toMatchObject({ runId: 'a'.repeat(32), modelId: `m-${'b'.repeat(32)}` });
    const { decision: _decision, encoding: _encoding, samples: _samples, ...always } = PACKAGE_FILES;
    expect([...packed.files.keys()].sort()).toEqual(Object.values(always).sort());
  });

  it('says rows in its inputKind when the model has no feature pipeline, and holds no event', async () => {
    const { features: _features, eventExample: _events, ...rows } = partsOf();
    const { files } = packModel({ ...rows, expectedOutput: { ...rows.expectedOutput, events: [] } });
    expect([...files.keys()]).not.toContain(PACKAGE_FILES.features);
    const opened = await openPackage(readerOf(files));
    expect(opened.inputKind).toBe('rows');
    expect(opened.features).toBeUndefined();
    expect(opened.eventExample).toEqual([]);
    expect(opened.mlModel.flavors['phantomnet']).toMatchObject({ input_kind: 'rows' });
  });

  it('has the same bytes for the same parts, and the same model digest whatever run made it', () => {
    expect(packModel(partsOf())).toEqual(packed);
    const other = packModel({ ...partsOf(), runId: 'c'.repeat(32), createdAtMs: 1 });
    expect(other.modelDigest).toBe(packed.modelDigest);
    expect(other.packageDigest).not.toBe(packed.packageDigest);
  });

  it('says in its signature what the model takes and gives', () => {
    expect(signatureOf(MODEL)).toEqual({
      inputs: [{ kind: 'column', name: 'payload_length', type: 'double', required: true }],
      outputs: [
        { kind: 'column', name: 'label', type: 'long', required: true },
        { kind: 'column', name: 'score', type: 'double', required: true },
      ],
    });
    expect(signatureOf({ ...MODEL, classes: ['ftp', 'ssh'] }).outputs?.[0]).toMatchObject({ type: 'string' });
    expect(signatureOf({ ...MODEL, classes: [0.5, 2] }).outputs?.[0]).toMatchObject({ type: 'double' });
  });

  it('says in its signature what its graph gives, and which columns are whole numbers', async () => {
    const opened = await openPackage(readerOf(packModel({ ...partsOf(), integers: COUNTS }).files));
    const column = (name: string, type: string) => ({ kind: 'column', name, type, required: true });
    expect(opened.mlModel.signature).toEqual({
      inputs: [column('payload_length', 'long')],
      outputs: [column('label', 'long'), column('score_0', 'double'), column('score_1', 'double')],
    });
    const plain = await openPackage(readerOf(packed.files));
    expect(plain.mlModel.signature?.inputs).toEqual([column('payload_length', 'double')]);
  });

  it('carries the graph and the environment files that MLflow loads it with', () => {
    const { flavors } = parseMlModel(String(packed.files.get('MLmodel')));
    expect(flavors['python_function']).toEqual({
      data: 'model.onnx',
      env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
      loader_module: 'mlflow.onnx',
      python_version: '3.11',
    });
    expect(flavors['onnx']).toMatchObject({ data: 'model.onnx', providers: ['CPUExecutionProvider'] });
    expect(packed.files.get('model.onnx')).toEqual(exportOnnx(MODEL));
    const files = (flavors['phantomnet'] as { files: Record<string, string> }).files;
    for (const path of ['model.onnx', 'conda.yaml', 'python_env.yaml', 'requirements.txt'])
      expect(files[path]).toBe(sha256Hex(packed.files.get(path)!));
    const requirements = String(packed.files.get('requirements.txt')).trim().split('\n');
    expect(requirements.map((line) => line.split(/[<>=]/, 1)[0])).toEqual(['mlflow', 'onnx', 'onnxruntime']);
    expect(parse(String(packed.files.get('conda.yaml'))).dependencies.at(-1)).toEqual({ pip: requirements });
    expect(parse(String(packed.files.get('python_env.yaml')))).toMatchObject({
      python: '3.11',
      dependencies: ['-r requirements.txt'],
    });
  });

  it('is for PhantomNet alone where its model has no ONNX form, and opens all the same', async () => {
    const features = [{ name: 'label', type: 'numeric' as const }];
    const model = createMajorityModel({ features, classes: [0, 1], priors: Float64Array.of(0.25, 0.75) });
    const { features: _features, eventExample: _events, ...parts } = partsOf();
    const expectedOutput = { rows: parts.expectedOutput.rows, events: [] };
    const { files } = packModel({ ...parts, model, expectedOutput });
    expect([...files.keys()]).not.toContain('model.onnx');
    const opened = await openPackage(readerOf(files));
    expect(Object.keys(opened.mlModel.flavors)).toEqual(['phantomnet']);
    expect(opened.mlModel.signature?.outputs.map((c) => c.name)).toEqual(['label', 'score']);
  });
});

describe.each([...packed.files.keys()])('%s changed after it was logged', (path) => {
  const original = packed.files.get(path)!;
  const bytes = typeof original === 'string' ? new TextEncoder().encode(original) : original;
  const withContent = (content: Uint8Array) => new Map(packed.files).set(path, content);
  const differs = { code: 'INTEGRITY', message: `"${path}" is not what was logged: its SHA-256 differs` };

  it('is refused by name, whichever byte changed', async () => {
    // Every byte of a short file, and about 200 places spread over a long one.
    const step = Math.max(1, Math.floor(bytes.length / 200));
    for (let at = 0; at < bytes.length; at += step) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      const error = await refusal(withContent(changed), packed.packageDigest);
      expect(error, `byte ${at}`).toMatchObject(differs);
      expect(error.details).toMatchObject({ file: path, expected: sha256Hex(bytes) });
      expect(error.hint).toContain('do not use this model');
    }
  });

  it('is refused by name when cut, empty, longer or missing', async () => {
    const cuts = [bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 0), Uint8Array.of(...bytes, 10)];
    for (const cut of cuts)
      expect(await refusal(withContent(cut), packed.packageDigest)).toMatchObject(differs);
    const missing = new Map(packed.files);
    missing.delete(path);
    expect(await refusal(missing, packed.packageDigest)).toMatchObject({
      code: 'INTEGRITY',
      message: `the model package has no file "${path}"`,
      hint: expect.stringContaining('train or register it again'),
      details: { file: path },
    });
  });
});

describe('openPackage refuses', () => {
  it('an MLmodel that was written anew with fitting digests, when the package digest is on record', async () => {
    const files = editMlModel((model) => ({ ...model, runId: 'd'.repeat(32) }));
    await expect(openPackage(readerOf(files))).resolves.toMatchObject({ modelDigest: packed.modelDigest });
    expect(await refusal(files, packed.packageDigest)).toMatchObject({
      code: 'INTEGRITY',
      message: '"MLmodel" is not what was logged: its SHA-256 differs',
    });
  });

  it('a signature that is not the signature of the model file', async () => {
    const edits = [
      editMlModel((m) => ({ ...m, signature: { ...m.signature, outputs: [] } }) as typeof m),
      editMlModel((m) => {
        const inputs = m.signature!.inputs!.map((c) => ({ ...c, name: 'payload_size' }));
        return { ...m, signature: { ...m.signature, inputs } } as typeof m;
      }),
      editMlModel(({ signature: _signature, ...rest }) => rest),
    ];
    for (const files of edits)
      expect(await refusal(files)).toMatchObject({
        code: 'INTEGRITY',
        message: 'the signature in MLmodel is not the signature of the model file',
        hint: expect.stringContaining('register a version made from a fresh run'),
      });
  });

  it.each([2, '1', undefined])('format %s, which it does not know', async (format) => {
    const files = editFlavor(({ format: _format, ...rest }) =>
      format === undefined ? rest : { ...rest, format },
    );
    expect(await refusal(files)).toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/^package format .* is not known to this version \(known: 1\)$/),
      hint: expect.stringContaining('update phantomnet'),
    });
  });

  it('an input_kind that is none', async () => {
    expect(await refusal(editFlavor((f) => ({ ...f, input_kind: 'images' })))).toMatchObject({
      code: 'INTEGRITY',
      message: 'input_kind in MLmodel must be rows or both, got "images"',
    });
  });

  it.each([
    '../../etc/passwd',
    '/etc/passwd',
    'sub/model.phantomnet',
    'model.phantomnet\u0000',
    '__proto__x',
    'extra.json',
    'MLmodel2',
    'constructor',
  ])('a file list with %j, and reads nothing of it', async (path) => {
    const files = editFlavor((f) => ({
      ...f,
      files: { ...(f['files'] as object), [path]: 'e'.repeat(64) },
    }));
    const asked: string[] = [];
    const read = readerOf(files);
    const error: unknown = await openPackage(async (name) => {
      asked.push(name);
      return read(name);
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/^MLmodel lists .* with digest "e{64}"$/),
      hint: expect.stringContaining('only the files its format names'),
    });
    expect(asked).toEqual(['MLmodel']);
  });

  it('a digest that is none, a list of no files, of too many, and a list that lacks the model', async () => {
    const list = (files: unknown) => refusal(editFlavor((f) => ({ ...f, files })));
    expect((await list({ 'model.phantomnet': 'e'.repeat(63) })).message).toContain(
      'MLmodel lists "model.phantomnet" with digest',
    );
    expect((await list({ 'model.phantomnet': 7 })).message).toContain('with digest 7');
    for (const none of [{}, null, 'model.phantomnet'])
      expect((await list(none)).message).toMatch(/MLmodel (must list 1 to 64 files, got 0|lists "0")/);
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`f${i}`, 'e'.repeat(64)]));
    expect((await list(many)).message).toBe('MLmodel must list 1 to 64 files, got 65');
    const lacking = editFlavor((f) => {
      const { 'model.phantomnet': _model, ...rest } = f['files'] as Record<string, string>;
      return { ...f, files: rest };
    });
    expect(await refusal(lacking)).toMatchObject({
      code: 'INTEGRITY',
      message: 'MLmodel lists no digest for model.phantomnet',
      details: { file: 'model.phantomnet' },
    });
  });

  it('a pickle, with the reason, without opening it', async () => {
    const files = editMlModel((m) => ({
      ...m,
      flavors: {
        python_function: { loader_module: 'mlflow.sklearn', model_path: 'model.pkl' },
        sklearn: { pickled_model: 'model.pkl', serialization_format: 'cloudpickle' },
      },
    }));
    files.set('model.pkl', 'cos\nsystem\n(S"touch /tmp/owned"\ntR.');
    const asked: string[] = [];
    const read = readerOf(files);
    const error: unknown = await openPackage(async (name) => {
      asked.push(name);
      return read(name);
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'INTEGRITY',
      message: 'safe mode refuses this model: its sklearn flavor is a pickle, which runs code while it loads',
      hint: expect.stringMatching(/^export it to ONNX in Python .*phantomnet train/),
    });
    expect(asked).toEqual(['MLmodel']);
  });

  it('files that are not what their name says, though their digests fit', async () => {
    expect(await refusal(forge('input_example.json', '[{]'))).toMatchObject({
      code: 'INTEGRITY',
      message: 'input_example.json is not JSON',
    });
    expect(await refusal(forge('model.phantomnet', 'not a model'))).toMatchObject({ code: 'INTEGRITY' });
    expect(await refusal(new Map([['MLmodel', Uint8Array.of(0xff, 0xfe)]]))).toMatchObject({
      code: 'INTEGRITY',
      message: 'MLmodel is not UTF-8',
    });
  });

  it.each([
    ['input_example.json', 'null'],
    ['input_example.json', '{"payload_length": 1}'],
    ['input_example.json', '[]'],
    ['input_example.json', '[7]'],
    ['event_example.json', '{}'],
    ['expected_output.json', 'null'],
    ['expected_output.json', '{"rows": []}'],
    ['expected_output.json', '{"rows": 1, "events": []}'],
    ['expected_output.json', '{"rows": [], "events": []}'],
  ])('%s with %s, which is JSON of another shape', async (path, text) => {
    const error = await refusal(forge(path, text));
    expect(error.code).toBe('INTEGRITY');
    expect(error.message).toContain(path);
  });
});
