import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '#src/data/index.js';
import { createLogisticModel, predict, rowFromRecord } from '#src/model/index.js';

const features: FeatureSpec[] = [
  { name: 'payload_length', type: 'numeric' },
  { name: 'protocol', type: 'categorical', categories: ['ssh', 'ftp'] },
];
const refused = (record: unknown) => {
  try {
    rowFromRecord(features, record as Record<string, unknown>);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('rowFromRecord', () => {
  it('gives numbers as float32, categories as codes, null and unseen as NaN', () => {
    const row = rowFromRecord(features, { protocol: 'ftp', payload_length: 0.1 });
    expect([...row]).toEqual([Math.fround(0.1), 1]);
    expect([...rowFromRecord(features, { protocol: 'smtp', payload_length: null })]).toEqual([NaN, NaN]);
    expect([...rowFromRecord(features, { protocol: null, payload_length: true })]).toEqual([1, NaN]);
  });

  it('names missing and unknown fields, with the nearest name', () => {
    expect(refused({ payload_lenght: 1, protocol: 'ssh' })).toMatchObject({
      code: 'BAD_DATA',
      message: 'the row lacks "payload_length" and has unknown "payload_lenght"',
      hint: "did you mean 'payload_length'?",
      details: { missing: ['payload_length'], unknown: ['payload_lenght'] },
    });
    expect(refused({ payload_length: 1 })).toMatchObject({
      message: 'the row lacks "protocol"',
      hint: 'give exactly these fields: "payload_length", "protocol"; null where a value is missing',
    });
    const many = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`zzzzzzzzzzzzzzzzzzzz${i}`, 1]));
    expect(refused({ payload_length: 1, protocol: 'ssh', ...many })).toMatchObject({
      message: expect.stringMatching(/^the row has unknown .* and 2 more$/),
    });
    expect(refused(JSON.parse('{"payload_length":1,"protocol":"ssh","__proto__":{}}'))).toMatchObject({
      message: 'the row has unknown "__proto__"',
    });
  });

  it('names a field of the wrong type, and what is no record', () => {
    expect(refused({ payload_length: '120', protocol: 'ssh' })).toMatchObject({
      code: 'BAD_DATA',
      message: 'field "payload_length" must be a number within float32 or null, got string "120"',
    });
    expect(refused({ payload_length: 1e39, protocol: 'ssh' })).toMatchObject({
      message: expect.stringContaining('got number 1e+39'),
    });
    expect(refused({ payload_length: 1, protocol: 3 })).toMatchObject({
      message: 'field "protocol" must be text or null, got number 3',
    });
    for (const record of [null, [1], 'x'])
      expect(refused(record)).toMatchObject({
        message: expect.stringContaining('a row must be an object of named values'),
      });
  });
});

describe('predict', () => {
  it('takes the highest score, the lowest index among equals', () => {
    const codes = predict({ classes: [0, 1, 2] }, Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0, 0.5, 0.5));
    expect([...codes]).toEqual([1, 0, 1]);
  });

  it('refuses scores that are no whole number of rows', () => {
    expect(() => predict({ classes: [0, 1] }, new Float64Array(3))).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: '3 scores are no whole number of rows of 2 classes',
      }),
    );
  });
});

describe('a logistic model', () => {
  const model = createLogisticModel({
    features,
    classes: [0, 1],
    means: Float64Array.of(10, 0.5, 0.5),
    scales: Float64Array.of(2, 0.5, 0.5),
    coefficients: Float64Array.of(1, -1, 1),
    intercepts: Float64Array.of(0.5),
  });
  const second = (...row: number[]) => {
    const out = new Float64Array(2);
    model.predictScores(Float32Array.from(row), out);
    expect(out[0]! + out[1]!).toBe(1);
    return out[1]!;
  };
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

  it('adds standardised columns; a missing value adds nothing', () => {
    expect(second(14, 1)).toBeCloseTo(sigmoid(0.5 + 2 + 2), 14);
    expect(second(14, 0)).toBeCloseTo(sigmoid(0.5 + 2 - 2), 14);
    expect(second(Number.NaN, Number.NaN)).toBeCloseTo(sigmoid(0.5), 14);
  });

  it('gives probabilities for infinite values too', () => {
    expect(second(Number.POSITIVE_INFINITY, 1)).toBe(1);
    expect(second(Number.NEGATIVE_INFINITY, 1)).toBe(0);
  });
});
