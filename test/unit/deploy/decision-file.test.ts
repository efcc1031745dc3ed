import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#src/core/index.js';
import { formatDecision, parseDecision } from '#src/deploy/decision-file.js';
import { openPackage, packModel, type StoredDecision } from '#src/deploy/index.js';
import { createMajorityModel } from '#src/model/index.js';
import { Detector, detectorOf } from '#src/pipeline/detector.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { forge, MODEL, PIPELINE, partsOf, readerOf, refusal } from './package-of.js';

const DECISION: StoredDecision = {
  threshold: 0.2,
  rule: { kind: 'cost', costFp: 1, costFn: 10, baseRate: 0.01 },
  calibration: { kind: 'isotonic', x: [0.25, 0.75], y: [0, 0.5] },
  validation: { rows: 200, recall: 0.875 },
};
const RULES: readonly StoredDecision['rule'][] = [
  null,
  { kind: 'alert-budget', alertsADay: 20, eventsADay: 50_000 },
  { kind: 'false-positive-rate', rate: 0.001 },
  { kind: 'cost', costFp: 0, costFn: 1 },
  { kind: 'best-f1' },
];
const FILE = 'decision.json';

/** A package of the model of `package-of`, with the decision. */
function packed(decision: StoredDecision = DECISION) {
  const detector = new Detector(MODEL, PIPELINE, { decision });
  const parts = partsOf();
  const rows = detector.predict(parts.inputExample);
  const events = detector.predict(parts.eventExample!);
  return packModel({ ...parts, decision, expectedOutput: { rows, events } });
}

describe('a decision file', () => {
  it.each(RULES)('comes back as it was written, of rule %j', (rule) => {
    for (const threshold of [0.5, 1 / 3, Infinity, -Infinity])
      for (const calibration of [null, DECISION.calibration, { kind: 'sigmoid', a: -2, b: 1 } as const]) {
        const decision = { ...DECISION, threshold, rule, calibration };
        expect(parseDecision(formatDecision(decision), FILE)).toEqual(decision);
      }
  });

  it.each([
    ['the whole', '[]'],
    ['the whole', formatDecision(DECISION).replace('"version"', '"code": "rm -rf", "version"')],
    ['version', JSON.stringify({ ...JSON.parse(formatDecision(DECISION)), version: 2 })],
    ['threshold', formatDecision(DECISION).replace('0.2', 'null')],
    ['threshold', formatDecision(DECISION).replace('0.2', '"NaN"')],
    ['threshold', formatDecision(DECISION).replace('0.2', '1e999')],
    ['rule', formatDecision(DECISION).replace('"cost"', '"eval"')],
    ['rule.costFn', formatDecision(DECISION).replace('10', '-1')],
    ['validation', formatDecision({ ...DECISION, validation: many(65) })],
    ['validation.a b', formatDecision(DECISION).replace('"rows"', '"a b"')],
    ['validation.rows', formatDecision(DECISION).replace('200', '"200"')],
  ])('refuses what does not fit at %s', (key, text) => {
    const error = expectThrown(() => parseDecision(text, FILE), 'INTEGRITY');
    expect(error.message).toMatch(new RegExp(`^${FILE} is no decision: ${key}`));
  });

  it('refuses a calibration that falls, and what is no JSON', () => {
    const falling = formatDecision(DECISION).replace(/0,\s+0\.5/, '1, 0.5');
    expect(expectThrown(() => parseDecision(falling, FILE), 'INTEGRITY').message).toMatch(
      /^calibration: y\[1\]/,
    );
    const error = expectThrown(() => parseDecision('{', FILE), 'INTEGRITY');
    expect(error.message).toBe('decision.json is not JSON');
  });
});

function many(n: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`figure${i}`, i]));
}

describe('a package with a decision', () => {
  it('comes back with it, and predicts by it', async () => {
    const { files, packageDigest } = packed();
    const opened = await openPackage(readerOf(files), { packageDigest });
    expect(opened.decision).toEqual(DECISION);
    const { files: listed } = opened.mlModel.flavors['phantomnet'] as { files: Record<string, string> };
    expect(listed[FILE]).toBe(sha256Hex(String(files.get(FILE))));
    const detector = detectorOf(opened);
    expect(detector.threshold).toBe(0.2);
    // The model says .5 of 100 characters and 1 / (1 + exp(-2 × 180/50 + 4)) of 180; the calibration halves and shifts.
    const [short, middle, long] = detector.predict([20, 100, 180].map((n) => ({ payload_length: n })));
    expect([short!.label, middle!.label, long!.label]).toEqual([0, 1, 1]);
    expect([short!.score, middle!.score, long!.score]).toEqual([0, 0.25, 0.5]);
    expect(middle!.scores).toEqual([0.75, 0.25]);
  });

  it('has another digest for another threshold, with the same model', () => {
    const other = packed({ ...DECISION, threshold: Infinity });
    expect(other.modelDigest).toBe(packed().modelDigest);
    expect(other.packageDigest).not.toBe(packed().packageDigest);
    expect(other.files.get('model.onnx')).not.toEqual(packed().files.get('model.onnx'));
  });

  it('refuses a decision that was changed, and one that was forged with its digest', async () => {
    const { files, packageDigest } = packed();
    const changed = new Map(files).set(FILE, formatDecision({ ...DECISION, threshold: 0.9 }));
    expect(await refusal(changed, packageDigest)).toMatchObject({ code: 'INTEGRITY' });
    const hostile = await refusal(forge(FILE, '{"version":1,"threshold":"Infinity","run":"x"}'));
    expect(hostile).toMatchObject({ code: 'INTEGRITY' });
    expect(hostile.message).toMatch(/^decision\.json is no decision/);
  });

  it('refuses a decision of a model of three classes', async () => {
    const model = createMajorityModel({
      features: [{ name: 'n', type: 'numeric' }],
      classes: [0, 1, 2],
      priors: Float64Array.of(0.5, 0.25, 0.25),
    });
    const error = expectThrown(
      () => new Detector(model, undefined, { decision: DECISION }),
      'INVALID_PARAMETER',
    );
    expect(error.message).toBe('a decision is for two classes, the model has 3');
    const expectedOutput = { rows: new Detector(model, undefined).predict([{ n: 1 }]), events: [] };
    const ids = { version: '0.1.0', runId: 'a'.repeat(32), modelId: `m-${'b'.repeat(32)}`, createdAtMs: 0 };
    const parts = { ...ids, model, inputExample: [{ n: 1 }], expectedOutput };
    expect(packModel(parts).files.has(FILE)).toBe(false);
    const refused = await refusal(packModel({ ...parts, decision: DECISION }).files);
    expect(refused.code).toBe('INTEGRITY');
    expect(refused.message).toBe('decision.json is for two classes, the model has 3');
  });
});
