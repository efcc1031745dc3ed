import { describe, expect, it } from 'vitest';
import {
  explainOpaque,
  formatMlModel,
  loadableFlavor,
  type MlModel,
  parseMlModel,
  parseSignature,
} from '#src/mlflow/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

const modelId = 'm-0123456789abcdef0123456789abcdef';
const ours: MlModel = {
  flavors: {
    phantomnet: { data: 'forest.bin', input_kind: 'rows', sha256: { 'forest.bin': 'ab' }, yes: 'no' },
  },
  artifactPath: 'artifacts/1/models',
  mlflowVersion: '3.17.2',
  modelId,
  runId: '0123456789abcdef0123456789abcdef',
  signature: {
    inputs: [
      { kind: 'column', name: 'payload_length', type: 'double', required: true },
      { kind: 'column', name: 'path', type: 'string', required: false },
    ],
    outputs: [{ kind: 'column', name: 'label', type: 'long', required: true }],
  },
  inputExample: {
    artifactPath: 'input_example.json',
    type: 'dataframe',
    pandasOrient: 'split',
    servingInputPath: 'serving_input_example.json',
  },
  modelSizeBytes: 64_432,
  timeCreated: Date.UTC(2026, 10, 23, 13, 2, 58, 247),
  metadata: { 'note: with colon': 'line\nbreak' },
};

/** What MLflow 3.17 writes for a random forest of scikit-learn, shortened. */
const fromPython = `artifact_path: /srv/mlruns/0/models/${modelId}/artifacts
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.skops
    predict_fn: predict
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.skops
    serialization_format: skops
    sklearn_version: 1.9.1
is_signature_from_type_hint: false
mlflow_version: 3.17.2
model_id: ${modelId}
model_size_bytes: 64432
model_uuid: ${modelId}
prompts: null
run_id: 12d6e20887ee4799ba1e699861eff0e5
signature:
  inputs: '[{"type": "double", "name": "payload_length", "required": true}, {"type":
    "long", "name": "n", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
type_hint_from_example: false
utc_time_created: '2026-11-23 13:02:58.247867'
`;

describe('the MLmodel file', () => {
  it('gives back what was written', () => {
    const text = formatMlModel(ours);
    const { flavors, ...rest } = parseMlModel(text);
    expect({ ...rest, flavors: { ...flavors } }).toEqual(ours);
    expect(formatMlModel(ours)).toBe(text);
  });

  it('has the fields of MLflow in its order', () => {
    const keys = [...formatMlModel(ours).matchAll(/^(\w+):/gm)].map((match) => match[1]);
    expect(keys).toEqual([
      'artifact_path',
      'flavors',
      'is_signature_from_type_hint',
      'metadata',
      'mlflow_version',
      'model_id',
      'model_size_bytes',
      'model_uuid',
      'prompts',
      'run_id',
      'saved_input_example_info',
      'signature',
      'type_hint_from_example',
      'utc_time_created',
    ]);
    expect(formatMlModel(ours)).toMatch(/^utc_time_created: ["']?2026-11-23 13:02:58\.247000["']?$/m);
  });

  it('writes a small one', () => {
    const small: MlModel = { flavors: { phantomnet: {} }, timeCreated: 0 };
    const { flavors, ...rest } = parseMlModel(formatMlModel(small));
    expect({ ...rest, flavors: { ...flavors } }).toEqual(small);
  });

  it('reads one that Python wrote', () => {
    const model = parseMlModel(fromPython);
    expect(Object.keys(model.flavors)).toEqual(['python_function', 'sklearn']);
    expect(model).toMatchObject({ mlflowVersion: '3.17.2', modelId, modelSizeBytes: 64_432 });
    expect(model.timeCreated).toBe(Date.UTC(2026, 10, 23, 13, 2, 58, 247));
    expect(model.signature).toEqual({
      inputs: [
        { kind: 'column', name: 'payload_length', type: 'double', required: true },
        { kind: 'column', name: 'n', type: 'long', required: true },
      ],
      outputs: [
        { kind: 'other', type: 'tensor', definition: { 'tensor-spec': { dtype: 'int64', shape: [-1] } } },
      ],
    });
  });

  it.each<[string, RegExp]>([
    ['', /the whole: /],
    ['- a list', /the whole: /],
    ['flavors: 3', /flavors: /],
    ['flavors: {a: 1}', /flavors\.a: /],
    ['flavors: {}\nflavors: {}', /not plain YAML: .*unique/],
    ['flavors: !!python/object/apply:os.system ["true"]', /not plain YAML: .*[Tt]ag/],
    ['flavors: {a: !!js/function "x"}', /not plain YAML: .*[Tt]ag/],
    ['flavors: {a: [}', /not plain YAML/],
    [`flavors: ${'['.repeat(65)}`, /nested deeper than 64 levels/],
    [`flavors: ${'{a: '.repeat(100_000)}`, /nested deeper than 64 levels/],
    [`${'- '.repeat(100_000)}x`, /nested deeper than 64 levels/],
    [`a: &a [x,x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nflavors: {x: {y: *c}}`, /alias/],
    [
      'flavors: {}\nsignature: {inputs: "{", outputs: null}',
      /signature\.inputs cannot be read: it is not JSON/,
    ],
    ['flavors: {}\nsignature: {inputs: 3}', /signature\.inputs cannot be read: expected JSON in a string/],
    ['flavors: {}\nsignature: {outputs: "[3]"}', /signature\.outputs cannot be read: 0: /],
    [`flavors: {}\n# ${'x'.repeat(1024 * 1024)}`, /larger than 1048576 bytes/],
  ])('refuses file %#', (text, message) => {
    expect(expectThrown(() => parseMlModel(text), 'INTEGRITY').message).toMatch(message);
  });

  it('keeps names of the language apart from its own', () => {
    const model = parseMlModel('flavors: {__proto__: {polluted: 1}}');
    expect(model.flavors['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads the older word for a column that may be missing', () => {
    const { inputs } = parseSignature({ inputs: '[{"type": "string", "name": "path", "optional": true}]' });
    expect(inputs).toEqual([{ kind: 'column', name: 'path', type: 'string', required: false }]);
  });
});

describe('models that are never loaded', () => {
  const explain = (flavors: MlModel['flavors']) => explainOpaque({ flavors, timeCreated: 0 });

  it('has nothing against its own, nor against an ONNX graph, and takes its own first', () => {
    expect(explainOpaque(ours)).toBeUndefined();
    expect(loadableFlavor(ours)).toBe('phantomnet');
    const graph = { onnx: { data: 'model.onnx' }, python_function: { loader_module: 'mlflow.onnx' } };
    expect(explain(graph)).toBeUndefined();
    expect(loadableFlavor({ flavors: graph, timeCreated: 0 })).toBe('onnx');
    expect(loadableFlavor({ flavors: { ...graph, phantomnet: {} }, timeCreated: 0 })).toBe('phantomnet');
    expect(loadableFlavor({ flavors: { sklearn: {} }, timeCreated: 0 })).toBeUndefined();
  });

  it('says how a pickle is exported', () => {
    expect(explain({ sklearn: { pickled_model: 'model.pkl' } })?.hint).toMatch(
      /skl2onnx.*zipmap.*mlflow\.onnx\.log_model.*save_as_external_data=False/,
    );
  });

  it.each<[MlModel['flavors'], RegExp]>([
    [
      { sklearn: { serialization_format: 'cloudpickle', pickled_model: 'model.pkl' } },
      /sklearn flavor is a pickle/,
    ],
    [{ sklearn: { pickled_model: 'model.bin' } }, /sklearn flavor is a pickle/],
    [
      { python_function: { loader_module: 'x', model_path: 'model.PKL' } },
      /python_function flavor is a pickle/,
    ],
    [{ pytorch: { model_data: 'model.pth' } }, /pytorch flavor is a pickle/],
    [
      { python_function: { loader_module: 'mlflow.pyfunc.model' } },
      /runs Python code \(loader mlflow\.pyfunc\.model\)/,
    ],
    [{ xgboost: { data: 'model.xgb' }, python_function: {} }, /xgboost flavor needs Python code/],
    [parseMlModel(fromPython).flavors, /sklearn flavor needs Python code/],
    [{}, /no flavor at all/],
  ])('says why not %j', (flavors, reason) => {
    const opaque = explain(flavors);
    expect(opaque?.reason).toMatch(reason);
    expect(opaque?.hint).toBeTruthy();
  });
});
