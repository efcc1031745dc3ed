import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#src/core/index.js';
import { createOnnxScorer, type OnnxPackage, openAnyPackage, packModel } from '#src/deploy/index.js';
import { inputColumns } from '#src/deploy/onnx-inputs.js';
import { classesOf, planOutputs, readOutput, toPredictions } from '#src/deploy/onnx-outputs.js';
import { loadRuntime } from '#src/deploy/onnx-runtime.js';
import { formatMlModel, type MlModel, parseMlModel } from '#src/mlflow/index.js';
import { exportOnnx } from '#src/model/index.js';
import { ProtoWriter } from '#src/model/onnx-protobuf.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { onnxCase, RECIPES } from '../../support/onnx-models.js';
import { reasonToSkipOnnx } from '../../support/onnx-peer.js';
import { type Files, MODEL, partsOf, readerOf } from './package-of.js';

const GRAPH = exportOnnx(MODEL);
const column = (name: string, type: 'long' | 'double' | 'string' = 'double') =>
  ({ kind: 'column', name, type, required: true }) as const;

/** The files of a model as Python's MLflow logs one. */
function logged(
  graph: Uint8Array = GRAPH,
  parts: Partial<MlModel> & { readonly data?: unknown } = {},
): Files {
  const { data = 'model.onnx', ...rest } = parts;
  const flavors = { onnx: { data }, python_function: { loader_module: 'mlflow.onnx', data } };
  const files: Files = new Map([['model.onnx', graph]]);
  return files.set('MLmodel', formatMlModel({ flavors, timeCreated: 0, ...rest }));
}

async function opened(files: Files): Promise<OnnxPackage> {
  const pkg = await openAnyPackage(readerOf(files));
  if (pkg.flavor !== 'onnx') throw new Error('taken for one of ours');
  return pkg;
}

describe('openAnyPackage', () => {
  it('opens an ONNX graph with its digest, and one of ours as ours', async () => {
    expect(await opened(logged())).toMatchObject({
      graph: GRAPH,
      classLabels: MODEL.classes,
      inputExample: [],
      modelDigest: sha256Hex(GRAPH),
    });
    const own = await openAnyPackage(readerOf(packModel(partsOf()).files));
    expect(own.flavor).toBe('phantomnet');
  });

  it('reads an example as a list, or as pandas splits it, and takes a broken one for none', async () => {
    const inputExample = { artifactPath: 'input_example.json', type: 'dataframe' };
    const example = async (text: string) =>
      (await opened(logged(GRAPH, { inputExample }).set('input_example.json', text))).inputExample;
    expect(await example('[{"a": 1}, 7]')).toEqual([{ a: 1 }]);
    expect(await example('{"columns": ["a", "b"], "data": [[1, null], 5]}')).toEqual([{ a: 1, b: null }]);
    for (const broken of ['{', '7', '{"columns": 1}', `[${'1,'.repeat(600_000)}1]`])
      expect(await example(broken)).toEqual([]);
    expect((await opened(logged(GRAPH, { inputExample }))).inputExample).toEqual([]);
  });

  it.each(['../model.onnx', '/etc/passwd', 'a\\b', '%2e%2e/x', 'model.onnx\u0000', '', 7, null])(
    'refuses a graph at %j, and reads nothing of it',
    async (data) => {
      const asked: string[] = [];
      const read = readerOf(logged(GRAPH, { data }));
      const refused = openAnyPackage((path) => {
        asked.push(path);
        return read(path);
      });
      await expect(refused).rejects.toMatchObject({
        code: 'INTEGRITY',
        message: expect.stringContaining('names no file of the package'),
      });
      expect(asked).toEqual(['MLmodel']);
    },
  );

  it('refuses a graph that is missing, too large, cut off, or with values elsewhere', async () => {
    const tensor = new ProtoWriter().message(
      13,
      new ProtoWriter().text(1, 'location').text(2, '/etc/passwd'),
    );
    const outside = new ProtoWriter().message(7, new ProtoWriter().message(5, tensor)).finish();
    const absent = logged();
    absent.delete('model.onnx');
    const cases: [Files, RegExp][] = [
      [absent, /has no file "model.onnx"/],
      [logged(GRAPH.subarray(0, GRAPH.length - 5)), /is no ONNX graph: it ends within a field/],
      [logged(outside), /in another file, which is never opened/],
    ];
    for (const [files, message] of cases)
      await expect(opened(files)).rejects.toMatchObject({
        code: 'INTEGRITY',
        message: expect.stringMatching(message),
      });
    const asked: string[] = [];
    const large = openAnyPackage(
      (path) => {
        asked.push(path);
        return readerOf(logged())(path);
      },
      { sizeOf: async () => 2 ** 30 },
    );
    await expect(large).rejects.toMatchObject({ code: 'INTEGRITY', details: { sizeBytes: 2 ** 30 } });
    expect(asked).toEqual(['MLmodel']);
  });
});

describe('the peer', () => {
  it('is asked for by name where it is missing', async () => {
    await expect(loadRuntime('onnxruntime-nowhere')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: 'an ONNX model is scored by onnxruntime-node, which is not installed',
      hint: 'npm install onnxruntime-node',
    });
  });
});

describe('what a graph takes', () => {
  const input = (name: string, type: string, shape: (number | string)[]) => ({
    name,
    isTensor: true,
    type,
    shape,
  });
  const signature = (...inputs: ReturnType<typeof column>[]) => ({ inputs, outputs: [] });

  it('is what the signature says, or its own inputs where there is none', () => {
    expect(
      inputColumns(signature(column('a'), column('b', 'long')), [input('x', 'float32', ['N', 2])]),
    ).toEqual([
      { name: 'a', type: 'double' },
      { name: 'b', type: 'long' },
    ]);
    const own = [input('a', 'int64', ['N']), input('b', 'string', ['N', 1])];
    expect(inputColumns(undefined, own)).toEqual([
      { name: 'a', type: 'long' },
      { name: 'b', type: 'string' },
    ]);
  });

  it.each([
    [signature(column('a')), [input('x', 'float32', ['N', 2])], /takes 2 values a row, the signature has 1/],
    [
      signature(column('a'), column('b')),
      [input('x', 'float32', ['N'])],
      /takes 1 values a row, the signature has 2/,
    ],
    [
      signature(column('a')),
      [input('a', 'float32', ['N']), input('b', 'float32', ['N'])],
      /"b" is no column/,
    ],
    [undefined, [input('x', 'float32', ['N', 4])], /no signature, so its columns have no names/],
    [signature(column('a')), [input('a', 'uint16', ['N'])], /"a" is of type "uint16"/],
    [{ inputs: [{ kind: 'other', type: 'tensor', definition: {} }], outputs: [] }, [], /of type "tensor"/],
  ] as const)('is refused where the two do not fit: %#', (given, inputs, message) => {
    const error = expectThrown(() => inputColumns(given, inputs), 'INTEGRITY');
    expect(error.message).toMatch(message);
    expect(error.hint).toContain('infer_signature(DataFrame');
  });
});

describe('what a graph gives', () => {
  const output = (name: string, type?: string) =>
    type === undefined ? { name, isTensor: false } : { name, isTensor: true, type };
  const tensor = (data: Float32Array | BigInt64Array | string[]) => ({ type: '', data, dims: [] });

  it('is label and score_<class>, with the classes in the names', () => {
    const plan = planOutputs([
      output('label', 'int64'),
      output('score_0', 'float64'),
      output('score_10', 'float64'),
    ]);
    expect(plan).toMatchObject({ label: 'label', scores: ['score_0', 'score_10'], namedClasses: [0, 10] });
    const texts = planOutputs([output('score_1', 'float32'), output('score_b', 'float32')]);
    expect(texts).toMatchObject({ label: undefined, namedClasses: ['1', 'b'] });
    const named = planOutputs([
      output('label', 'string'),
      output('score_0', 'float32'),
      output('score_1', 'float32'),
    ]);
    expect(named.namedClasses).toEqual(['0', '1']);
  });

  it('is label and a matrix, with the classes the classifier names, else 0, 1, …', () => {
    const plan = planOutputs([output('probabilities', 'float32'), output('output_label', 'int64')]);
    expect(plan).toMatchObject({ label: 'output_label', scores: ['probabilities'], namedClasses: undefined });
    expect(classesOf(plan, [3, 5, 9], 3)).toEqual([3, 5, 9]);
    expect(classesOf(plan, undefined, 3)).toEqual([0, 1, 2]);
    expect(classesOf(plan, undefined, 1)).toEqual([0, 1]);
    const results = {
      output_label: tensor(BigInt64Array.of(1n, 0n)),
      probabilities: tensor(Float32Array.of(0.25, 0.75, 0.5, 0.5)),
    };
    expect(toPredictions(readOutput(plan, results, 2), [0, 1])).toEqual([
      { label: 1, score: 0.75, scores: [0.25, 0.75] },
      { label: 0, score: 0.5, scores: [0.5, 0.5] },
    ]);
    expect(() => readOutput(plan, results, 3)).toThrow('4 values for 3 rows');
  });

  it('may be one score, of the second class, or a label alone', () => {
    const one = planOutputs([output('p', 'float32')]);
    const raw = readOutput(one, { p: tensor(Float32Array.of(0.25, 0.75)) }, 2);
    expect(toPredictions(raw, [0, 1]).map((p) => [p.label, p.score])).toEqual([
      [0, 0.25],
      [1, 0.75],
    ]);
    const alone = planOutputs([output('y', 'string')]);
    const said = readOutput(alone, { y: tensor(['b', 'a']) }, 2);
    expect(toPredictions(said, classesOf(alone, ['a', 'b', 'c'], 0))).toEqual([
      { label: 'b', score: 1, scores: [0, 1, 0] },
      { label: 'a', score: 1, scores: [1, 0, 0] },
    ]);
    expect(() => toPredictions(said, ['a', 'x', 'y'])).toThrow('row 0: the graph names class "b"');
  });

  it('is refused as maps, as nothing, and as text whose classes nobody names', () => {
    const maps = expectThrown(
      () => planOutputs([output('label', 'int64'), output('probabilities')]),
      'INTEGRITY',
    );
    expect(maps.hint).toContain('zipmap');
    expectThrown(() => planOutputs([output('x', 'uint8')]), 'INTEGRITY');
    expectThrown(() => classesOf(planOutputs([output('label', 'string')]), undefined, 0), 'INTEGRITY');
  });
});

const because = reasonToSkipOnnx === undefined ? '' : ` (skipped: ${reasonToSkipOnnx})`;
describe.skipIf(reasonToSkipOnnx !== undefined)(`createOnnxScorer${because}`, () => {
  it.each(RECIPES)('scores the graph of $name as the model itself', async (recipe) => {
    const { model, integers, rows } = await onnxCase(recipe, 300);
    const files = packModel({ ...partsOf(), features: '', model, integers }).files;
    const signature = parseMlModel(String(files.get('MLmodel'))).signature!;
    const scorer = await createOnnxScorer(
      await opened(logged(exportOnnx(model, { integers }), { signature })),
    );
    const records = rows.labels.map((_, i) =>
      Object.fromEntries(model.features.map(({ name }, f) => [name, rows.columns[f]![i]!])),
    );
    const predictions = await scorer.predict(records);
    expect(scorer.classes).toEqual(model.classes);
    expect(predictions.map((p) => p.label)).toEqual(rows.labels);
    predictions.forEach((p, i) => {
      p.scores.forEach((score, c) => {
        expect(Math.abs(score - rows.scores[i]![c]!)).toBeLessThanOrEqual(1e-15);
      });
    });
    expect(await scorer.predict([])).toEqual([]);
  });

  it('names row and field of what does not fit', async () => {
    const signature = { inputs: [column('payload_length')], outputs: [] };
    const scorer = await createOnnxScorer(await opened(logged(GRAPH, { signature })));
    const cases: [unknown, string][] = [
      [{}, 'row 1: field "payload_length" is missing'],
      [{ payload_length: 1, x: 2 }, 'row 1: unknown field "x"'],
      [{ payload_length: '1' }, 'row 1: field "payload_length" must be a number or null, got "1"'],
      [JSON.parse('{"__proto__": 1}'), 'row 1: unknown field "__proto__"'],
      [7, 'row 1: expected an object, got 7'],
    ];
    for (const [row, message] of cases)
      await expect(scorer.predict([{ payload_length: null }, row])).rejects.toMatchObject({
        code: 'BAD_DATA',
        message,
      });
  });

  it('refuses a file that the runtime cannot load', async () => {
    const empty = new ProtoWriter().int(1, 10).finish();
    await expect(createOnnxScorer(await opened(logged(empty)))).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/^onnxruntime cannot load the graph: /),
    });
  });
});
