import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyCalibration,
  type Calibration,
  decide,
  exportOnnx,
  inspectOnnx,
  thresholdText,
} from '#src/model/index.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { DECIDED, onnxCase } from '../../support/onnx-models.js';

/** Scores of the second class as a model of two classes gives them. */
const raw = (...second: number[]) => Float64Array.from(second.flatMap((score) => [1 - score, score]));

describe('decide', () => {
  it('names the second class above the threshold, not at it', () => {
    const { scores, codes } = decide(raw(0.2, 0.3, 0.31), { threshold: 0.3, calibration: null });
    expect([...codes]).toEqual([0, 0, 1]);
    expect(scores).toEqual(raw(0.2, 0.3, 0.31));
  });

  it('calibrates first, and gives both classes the calibrated scores', () => {
    const calibration: Calibration = { kind: 'isotonic', x: [0.25, 0.75], y: [0, 0.5] };
    const { scores, codes } = decide(raw(0.1, 0.5, 0.9), { threshold: 0.25, calibration });
    expect([...scores]).toEqual([1, 0, 0.75, 0.25, 0.5, 0.5]);
    expect([...codes]).toEqual([0, 0, 1]);
  });

  it('alerts on nothing above Infinity, and on everything above -Infinity', () => {
    const scores = raw(0, 0.5, 1);
    expect([...decide(scores, { threshold: Infinity, calibration: null }).codes]).toEqual([0, 0, 0]);
    expect([...decide(scores, { threshold: -Infinity, calibration: null }).codes]).toEqual([1, 1, 1]);
  });

  it('names the same rows at a threshold on scores as at the calibrated one, where the map rises', () => {
    const calibration: Calibration = { kind: 'sigmoid', a: -3, b: 1 };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 1000 }),
        (thousandths, cut) => {
          const scores = raw(...thousandths.map((n) => n / 1000));
          const [threshold] = applyCalibration(calibration, [cut / 1000 + 0.0005]);
          const { codes } = decide(scores, { threshold: threshold!, calibration });
          expect([...codes]).toEqual(thousandths.map((n) => (n > cut ? 1 : 0)));
        },
      ),
    );
  });
});

describe('thresholdText', () => {
  it('has a word for infinity', () => {
    expect([0.5, Infinity, -Infinity].map(thresholdText)).toEqual([0.5, 'Infinity', '-Infinity']);
  });
});

describe('exportOnnx of a decision', () => {
  it.each(DECIDED)('gives $name the same bytes every time, other than without', async (recipe) => {
    const { model, integers, decision } = await onnxCase(recipe, 1);
    for (const form of ['columns', 'matrix'] as const) {
      const bytes = exportOnnx(model, { form, integers, decision });
      expect(exportOnnx(model, { form, integers, decision })).toEqual(bytes);
      expect(bytes).not.toEqual(exportOnnx(model, { form, integers }));
      expect(inspectOnnx(bytes)).toEqual({ classLabels: model.classes });
    }
  });

  it('refuses a calibration whose points would fill the memory', async () => {
    const { model } = await onnxCase(DECIDED[0]!, 1);
    const points = Array.from({ length: 5001 }, (_, i) => i / 5000);
    const decision = { threshold: 0.5, calibration: { kind: 'isotonic', x: points, y: points } } as const;
    const error = expectThrown(() => exportOnnx(model, { decision }), 'UNSUPPORTED');
    expect(error.message).toBe('no ONNX form of a calibration of 5001 points');
    expect(error.hint).toBe('at most 5000 points; a sigmoid calibration has none');
  });
});
