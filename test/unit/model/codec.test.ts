import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeModel, encodeModel, modelDigest } from '#src/model/index.js';
import { failure, forest, models, sha256, takeApart } from './model-files.js';

describe.each(Object.keys(models))('the file of a model: %s', (name) => {
  const model = models[name]!;
  const bytes = encodeModel(model);

  it('holds what the model is, and gives it back', () => {
    const { header } = takeApart(bytes);
    expect(header).toMatchObject({ kind: model.kind, features: model.features, classes: model.classes });
    const loaded = decodeModel(bytes);
    expect(loaded.kind).toBe(model.kind);
    expect(loaded.features).toEqual(model.features);
    expect(loaded.classes).toEqual(model.classes);
    expect(encodeModel(loaded)).toEqual(bytes);
    expect(modelDigest(bytes)).toBe(sha256(bytes).toString('hex'));
    for (const row of [
      [1, 1, 0],
      [3.5, Number.NaN, 1],
      [Number.NaN, 50, Number.NaN],
    ]) {
      const a = new Float64Array(model.classes.length);
      const b = new Float64Array(model.classes.length);
      model.predictScores(Float32Array.from(row), a);
      loaded.predictScores(Float32Array.from(row), b);
      expect(b).toEqual(a);
    }
  });

  it('loads from the middle of a larger buffer and does not keep it', () => {
    const large = new Uint8Array(bytes.length + 16).fill(7);
    large.set(bytes, 5);
    const loaded = decodeModel(large.subarray(5, 5 + bytes.length));
    large.fill(0);
    expect(encodeModel(loaded)).toEqual(bytes);
  });

  it('is refused at every truncation, and with anything behind it', () => {
    for (let length = 0; length < bytes.length; length++) {
      const error = failure(bytes.subarray(0, length));
      expect(error.code).toBe('INTEGRITY');
      expect(error.details.section).toMatch(/./);
    }
    expect(failure(new Uint8Array([...bytes, 0]))).toMatchObject({
      code: 'INTEGRITY',
      message: "model file is damaged in section 'end': 1 bytes follow the last section, expected none",
    });
  });

  it('is refused with any bit flipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const error = failure(flipped);
        expect(error.code).toBe('INTEGRITY');
        expect(error.message).toContain(`section '${error.details.section}'`);
      }),
      { numRuns: 500 },
    );
  });
});

it('a kind of model the format does not know cannot be encoded', () => {
  expect(() => encodeModel({ ...forest, kind: 'boosting' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED', message: 'the model format has no kind "boosting"' }),
  );
});
