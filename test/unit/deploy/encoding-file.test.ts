import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from '#src/core/index.js';
import { openPackage, packModel } from '#src/deploy/index.js';
import { fitEncoding, fitFeatures, storedEncoding } from '#src/features/index.js';
import { formatMlModel, parseMlModel } from '#src/mlflow/index.js';
import { createLogisticModel, encodeModel } from '#src/model/index.js';
import { Detector, detectorOf } from '#src/pipeline/detector.js';
import { renderModelFile } from '#src/pipeline/model-file.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { trainingOf } from '../features/encoding/columns-of.js';
import { eventOf, SCHEMA } from '../features/events.js';
import { partsOf, readerOf, refusal } from './package-of.js';

const FILE = 'encoding.json';
const PIPELINE = fitFeatures([eventOf()], {
  schema: SCHEMA,
  features: ['payload_length', 'protocol'],
}).withoutCategories();
const ROWS = [
  { payload_length: 20, protocol: 'ssh' },
  { payload_length: 180, protocol: 'gopher' },
];
const COLUMNS = {
  nSamples: 3,
  columns: [
    { name: 'payload_length', type: 'numeric', values: Float32Array.of(0, 100, 200) },
    { name: 'protocol', type: 'categorical', values: ['ssh', 'http', 'ssh'] },
  ],
  invalid: {},
} as const;
const { encoding } = fitEncoding(
  COLUMNS,
  { encoding: { categorical: 'one-hot' }, scale: 'standard' },
  trainingOf([0, 1, 0]),
);
const MODEL = createLogisticModel({
  features: encoding.features,
  classes: [0, 1],
  means: Float64Array.of(0, 0, 0),
  scales: Float64Array.of(1, 1, 1),
  coefficients: Float64Array.of(2, 1, -1),
  intercepts: Float64Array.of(0),
});
const detector = new Detector(MODEL, PIPELINE, { encoding });
const stored = () => JSON.parse(canonicalJson(storedEncoding(encoding, ROWS)));

/** A package of the model with this text as its encoding. */
function packed(text = canonicalJson(stored())) {
  const { eventExample } = partsOf();
  return packModel({
    ...partsOf(),
    model: MODEL,
    features: canonicalJson(PIPELINE),
    encoding: text,
    inputExample: ROWS,
    expectedOutput: { rows: detector.predict(ROWS), events: detector.predict(eventExample!) },
  });
}

/** The same with another text, and MLmodel's digest made to fit. */
function forged(text: string) {
  const files = new Map(packed().files).set(FILE, text);
  const mlModel = parseMlModel(String(files.get('MLmodel')));
  const flavor = mlModel.flavors['phantomnet']!;
  const digests = { ...(flavor['files'] as object), [FILE]: sha256Hex(text) };
  return files.set(
    'MLmodel',
    formatMlModel({ ...mlModel, flavors: { phantomnet: { ...flavor, files: digests } } }),
  );
}
const opened = (text?: string) => openPackage(readerOf(packed(text).files));

describe('a package with an encoding', () => {
  it('takes the columns of the data, whatever its model takes, and is for PhantomNet alone', async () => {
    const pkg = await opened();
    expect(pkg.mlModel.signature).toEqual({
      inputs: [
        { kind: 'column', name: 'payload_length', type: 'double', required: true },
        { kind: 'column', name: 'protocol', type: 'string', required: true },
      ],
      outputs: [
        { kind: 'column', name: 'label', type: 'long', required: true },
        { kind: 'column', name: 'score', type: 'double', required: true },
      ],
    });
    expect([...packed().files.keys()]).toContain(FILE);
    expect([...packed().files.keys()]).not.toContain('model.onnx');
    const loaded = detectorOf(pkg);
    expect(loaded.predict(ROWS)).toEqual(pkg.expectedOutput.rows);
    expect(loaded.predict(pkg.eventExample)).toEqual(pkg.expectedOutput.events);
    // (20 − 100) / √(20000 / 3), and ssh: 2 × −0.9798 − 1.
    expect(loaded.predict(ROWS)[0]!.score).toBeCloseTo(1 / (1 + Math.exp(2 * 0.979796 + 1)), 5);
  });

  it('has its threshold too', async () => {
    const decision = { threshold: 0.01, rule: null, calibration: null, validation: {} };
    const own = new Detector(MODEL, PIPELINE, { encoding, decision });
    const { eventExample } = partsOf();
    const { files } = packModel({
      ...partsOf(),
      ...{ model: MODEL, features: canonicalJson(PIPELINE), encoding: canonicalJson(stored()), decision },
      inputExample: ROWS,
      expectedOutput: { rows: own.predict(ROWS), events: own.predict(eventExample!) },
    });
    const loaded = detectorOf(await openPackage(readerOf(files)));
    expect(loaded.predict(ROWS).map(({ label }) => label)).toEqual([1, 1]);
    expect(detector.predict(ROWS).map(({ label }) => label)).toEqual([0, 1]);
  });

  it('is refused where a byte of it changed', async () => {
    const files = new Map(packed().files).set(FILE, canonicalJson(stored()).replace('ssh', 'ftp'));
    expect(await refusal(files)).toMatchObject({
      code: 'INTEGRITY',
      message: `"${FILE}" is not what was logged: its SHA-256 differs`,
    });
  });

  it('is refused where its columns are not those of the signature', async () => {
    const other = stored();
    other.columns[0].name = 'port';
    expect((await refusal(forged(canonicalJson(other)))).message).toBe(
      'the signature in MLmodel is not the signature of the model file',
    );
  });

  it.each(['{', 'null', '[]', '{}', '{"columns":[]}', '{"columns":[null]}', '{"columns":[{"name":1}]}'])(
    'is refused where it holds %s',
    async (text) => {
      expect((await refusal(forged(text))).message).toBe(`${FILE} must hold a list of columns`);
    },
  );

  it('is refused at load where it encodes its example otherwise, or gives other features than the model takes', async () => {
    const shifted = stored();
    shifted.columns[0].center += 1e-3;
    const moved = await opened(canonicalJson(shifted));
    expect(expectThrown(() => detectorOf(moved), 'INTEGRITY').message).toBe(
      'encoding.json: the input example is encoded otherwise than when it was stored',
    );
    const { encoding: wider } = fitEncoding(
      COLUMNS,
      { encoding: { categorical: 'hashing' } },
      trainingOf([0, 1, 0]),
    );
    const other = await opened(canonicalJson(storedEncoding(wider, ROWS)));
    expect(expectThrown(() => detectorOf(other), 'INTEGRITY').message).toBe(
      'the stored features are not the features of the model file',
    );
    const pipeline = fitFeatures([eventOf()], { schema: SCHEMA, features: ['payload_length', 'method'] });
    const strange = { ...(await opened()), features: canonicalJson(pipeline) };
    expectThrown(() => detectorOf(strange), 'INTEGRITY');
  });

  it('is exported as the model alone, and as no graph', async () => {
    const pkg = await opened();
    expect(renderModelFile(pkg, 'native', undefined)).toMatchObject({
      bytes: encodeModel(MODEL),
      inputs: encoding.features.map(({ name }) => ({ name, type: 'double' })),
    });
    for (const form of [undefined, 'matrix', 'columns'] as const)
      expect(expectThrown(() => renderModelFile(pkg, 'onnx', form), 'UNSUPPORTED').message).toBe(
        'the features of this model are encoded, and no graph does that',
      );
  });
});
