import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '#src/data/index.js';
import {
  createLogisticModel,
  createMajorityModel,
  decodeModel,
  encodeModel,
  type Model,
  modelDigest,
} from '#src/model/index.js';
import { randomForest, stump } from '#src/train/index.js';
import { easySet } from '../../contract/estimator.contract.js';

const features: FeatureSpec[] = [
  { name: 'size', type: 'numeric' },
  { name: 'protocol', type: 'categorical', categories: ['ssh', '"\u0000\ud83d'] },
];
const set = easySet(60, 2);
const forest = await randomForest.fit(randomForest.params({ nEstimators: 3, oobScore: true }), set.x, set.y);
const models: Record<string, Model> = {
  'random-forest': forest,
  stump: await stump.fit(stump.params(), set.x, set.y),
  majority: createMajorityModel({
    features,
    classes: ['a', 'b', 'c'],
    priors: Float64Array.of(0.5, 0.25, 0.25),
  }),
  'logistic-regression': createLogisticModel({
    features,
    classes: [0, 1],
    means: Float64Array.of(1, 0.5, 0.5),
    scales: Float64Array.of(2, 0.5, 0.5),
    coefficients: Float64Array.of(0.1, -3, 4),
    intercepts: Float64Array.of(0.25),
  }),
};

const failure = (bytes: Uint8Array) => {
  try {
    decodeModel(bytes);
  } catch (error) {
    return error as { code: string; message: string; details: { section?: string } };
  }
  return { code: 'none', message: '', details: {} };
};

type Section = { name: string; type: string; length: number; sha256: string };
type Header = { kind: string; features: FeatureSpec[]; classes: unknown[]; sections: Section[] };
const sizes: Record<string, number> = { u8: 1, i32: 4, f64: 8 };
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
const align = (n: number) => Math.ceil(n / 8) * 8;

/** Takes a model file apart by the letter of its specification, not by the code under test. */
function takeApart(bytes: Uint8Array): { header: Header; sections: Map<string, Uint8Array> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(12, true);
  const header: Header = JSON.parse(Buffer.from(bytes.subarray(48, 48 + length)).toString('utf8'));
  const sections = new Map<string, Uint8Array>();
  let offset = 48 + length;
  for (const { name, type, length: n } of header.sections) {
    const start = align(offset);
    offset = start + n * sizes[type]!;
    sections.set(name, bytes.slice(start, offset));
  }
  expect(offset).toBe(bytes.length);
  return { header, sections };
}

/** Puts a file together with right checksums, so that only what it says can be wrong. */
function putTogether(json: string, sections: Iterable<Uint8Array>): Uint8Array {
  const header = Buffer.from(json, 'utf8');
  const preamble = Buffer.alloc(16);
  preamble.set([0x89, 0x50, 0x4e, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a]);
  preamble.writeUInt32LE(1, 8);
  preamble.writeUInt32LE(header.length, 12);
  let file = Buffer.concat([preamble, sha256(Buffer.concat([preamble, header])), header]);
  for (const section of sections)
    file = Buffer.concat([file, Buffer.alloc(align(file.length) - file.length), section]);
  return new Uint8Array(file);
}

/** Returns the file of a model after a change to its parts, checksums made right again. */
function forged(
  kind: string,
  change: (header: Header, sections: Map<string, Uint8Array>) => void,
): Uint8Array {
  const { header, sections } = takeApart(encodeModel(models[kind]!));
  change(header, sections);
  for (const entry of header.sections) {
    const data = sections.get(entry.name);
    if (data) entry.sha256 = sha256(data).toString('hex');
  }
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .sort()
              .map(([k, v]) => [k, sorted(v)]),
          )
        : value;
  return putTogether(JSON.stringify(sorted(header)), sections.values());
}

const int32 = (data: Uint8Array) => new Int32Array(data.buffer, data.byteOffset, data.length / 4);
const float32 = (data: Uint8Array) => new Float32Array(data.buffer, data.byteOffset, data.length / 4);
const float64 = (data: Uint8Array) => new Float64Array(data.buffer, data.byteOffset, data.length / 8);

describe.each(Object.keys(models))('the file of a %s', (kind) => {
  const model = models[kind]!;
  const bytes = encodeModel(model);

  it('holds what the model is, and gives it back', () => {
    const { header } = takeApart(bytes);
    expect(header).toMatchObject({ kind, features: model.features, classes: model.classes });
    const loaded = decodeModel(bytes);
    expect(loaded.kind).toBe(kind);
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

describe('a file with right checksums is refused for what it says', () => {
  const rf = 'random-forest';
  const lr = 'logistic-regression';
  type Change = (header: Header, sections: Map<string, Uint8Array>) => void;
  const nodes =
    (change: (nodes: Int32Array, thresholds: Float32Array) => void): Change =>
    (_header, sections) => {
      const data = sections.get('nodes')!;
      change(int32(data), float32(data));
    };
  const leafAt = (words: Int32Array) => {
    for (let i = 0; ; i++) if (words[i * 4 + 2] === i) return i;
  };
  const cases: [string, string, string, Change][] = [
    [
      rf,
      'header',
      'unknown kind "tree"',
      (h) => {
        h.kind = 'tree';
      },
    ],
    [
      rf,
      'header',
      'kind is not text',
      (h) => {
        h.kind = 5 as never;
      },
    ],
    [
      rf,
      'header',
      'fields are not classes, features, kind, sections',
      (h) => {
        Object.assign(h, { extra: 1 });
      },
    ],
    [
      rf,
      'header',
      'features is not a list',
      (h) => {
        h.features = [];
      },
    ],
    [
      rf,
      'header',
      'feature 0 is not an object',
      (h) => {
        h.features[0] = null as never;
      },
    ],
    [
      rf,
      'header',
      'feature 1 has no name of its own',
      (h) => {
        Object.assign(h.features[1]!, { name: 'size' });
      },
    ],
    [
      rf,
      'header',
      'feature 0 has an unknown type',
      (h) => {
        Object.assign(h.features[0]!, { type: 'x' });
      },
    ],
    [
      rf,
      'header',
      'feature 0 has categories that do not fit',
      (h) => {
        Object.assign(h.features[0]!, { categories: [] });
      },
    ],
    [
      rf,
      'header',
      'feature 2 has categories that do not fit',
      (h) => {
        Object.assign(h.features[2]!, { categories: ['a', 'a'] });
      },
    ],
    [
      rf,
      'header',
      'feature 0 has an unknown field',
      (h) => {
        Object.assign(h.features[0]!, { x: 1 });
      },
    ],
    [
      rf,
      'header',
      'classes is not a list of 1 to 65535',
      (h) => {
        h.classes = [];
      },
    ],
    [
      rf,
      'header',
      'classes are not in ascending order',
      (h) => {
        h.classes = [1, 0];
      },
    ],
    [
      rf,
      'header',
      'classes are neither numbers nor distinct texts',
      (h) => {
        h.classes = ['a', 'a'];
      },
    ],
    [
      rf,
      'header',
      'entry 0 of the section table',
      (h) => {
        h.sections[0]!.length = -1;
      },
    ],
    [
      rf,
      'header',
      'entry 1 of the section table',
      (h) => {
        h.sections[1]!.name = 'trees';
      },
    ],
    [
      rf,
      'header',
      'entry 0 of the section table',
      (h) => {
        h.sections[0]!.type = 'toString';
      },
    ],
    [
      rf,
      'header',
      'it nests deeper than 6 levels',
      (h) => {
        h.classes = [[[[[[0]]]]]];
      },
    ],
    [
      rf,
      'nodes',
      'the file ends at byte',
      (h) => {
        h.sections[1]!.length = 2 ** 50;
      },
    ],
    [
      rf,
      'nanLeft',
      'its elements have the wrong type',
      (h, s) => {
        h.sections[2]!.type = 'f64';
        h.sections[2]!.length = 1;
        s.set('nanLeft', new Uint8Array(8));
      },
    ],
    [
      rf,
      'nanLeft',
      'elements, expected',
      (h, s) => {
        h.sections[2]!.length = 8;
        s.set('nanLeft', new Uint8Array(8));
      },
    ],
    [
      rf,
      'trees',
      'does not run from node 0',
      (_h, s) => {
        int32(s.get('trees')!)[0] = 1;
      },
    ],
    [
      rf,
      'trees',
      'tree 0 has no nodes',
      (_h, s) => {
        int32(s.get('trees')!)[1] = 0;
      },
    ],
    [
      rf,
      'nodes',
      'has children that are not later nodes',
      nodes((n) => {
        n[2] = 0;
      }),
    ],
    [
      rf,
      'nodes',
      'has children that are not later nodes',
      nodes((n) => {
        n[3] = 2 ** 30;
      }),
    ],
    [
      rf,
      'nodes',
      'has children that are not later nodes',
      nodes((n) => {
        n[2] = -1;
      }),
    ],
    [
      rf,
      'nodes',
      'shares a child',
      nodes((n) => {
        n[3] = n[2]!;
      }),
    ],
    [
      rf,
      'nodes',
      'has feature 3 of 3',
      nodes((n) => {
        n[0] = 3;
      }),
    ],
    [
      rf,
      'nodes',
      'has feature -1 of 3',
      nodes((n) => {
        n[0] = -1;
      }),
    ],
    [
      rf,
      'nodes',
      'node 0 has a threshold that is not finite',
      nodes((_n, t) => {
        t[1] = Number.NaN;
      }),
    ],
    [
      rf,
      'nodes',
      'does not have the next leaf',
      nodes((n) => {
        n[leafAt(n) * 4 + 1] = 9;
      }),
    ],
    [
      rf,
      'nodes',
      'is a leaf with a feature or a side',
      nodes((n) => {
        n[leafAt(n) * 4] = 1;
      }),
    ],
    [
      rf,
      'nodes',
      'has no parent',
      nodes((n) => {
        n[2] = 0;
        n[3] = 0;
        n[0] = 0;
        n[1] = 0;
      }),
    ],
    [
      rf,
      'nanLeft',
      'node 0 has neither 0 nor 1',
      (_h, s) => {
        s.get('nanLeft')![0] = 2;
      },
    ],
    [
      rf,
      'leaves',
      'element 0 is no probability',
      (_h, s) => {
        float64(s.get('leaves')!)[0] = 1.5;
      },
    ],
    [
      rf,
      'leaves',
      'the probabilities of row 0 do not sum to 1',
      (_h, s) => {
        float64(s.get('leaves')!).fill(0.25, 0, 2);
      },
    ],
    [
      rf,
      'importances',
      'element 1 is no probability',
      (_h, s) => {
        float64(s.get('importances')!)[1] = Number.NaN;
      },
    ],
    [
      rf,
      'oobScore',
      'it is not one number from 0 to 1',
      (_h, s) => {
        float64(s.get('oobScore')!)[0] = 2;
      },
    ],
    [
      'majority',
      'priors',
      'do not sum to 1',
      (_h, s) => {
        float64(s.get('priors')!)[0] = 0.75;
      },
    ],
    [
      'majority',
      'priors',
      'it has 3 elements, expected 2',
      (h) => {
        h.classes.pop();
      },
    ],
    [
      'majority',
      'priors',
      'it is missing',
      (h, s) => {
        h.sections = [];
        s.clear();
      },
    ],
    [
      lr,
      'means',
      'element 0 is not finite',
      (_h, s) => {
        float64(s.get('means')!)[0] = Number.POSITIVE_INFINITY;
      },
    ],
    [
      lr,
      'scales',
      'a scale is not above 0',
      (_h, s) => {
        float64(s.get('scales')!)[2] = 0;
      },
    ],
    [
      lr,
      'header',
      'at least two classes',
      (h) => {
        h.classes = [0];
      },
    ],
    [
      'majority',
      'more',
      'a model of this kind has no such section',
      (h, s) => {
        h.sections.push({ name: 'more', type: 'u8', length: 1, sha256: '' });
        s.set('more', new Uint8Array(1));
      },
    ],
  ];
  it.each(cases)('%s, %s: %s', (kind, section, message, change) => {
    const error = failure(forged(kind, change));
    expect(error).toMatchObject({ code: 'INTEGRITY', details: { section } });
    expect(error.message).toContain(message);
  });

  it('is accepted when nothing was changed, so that the forger forges well', () => {
    for (const kind of Object.keys(models))
      expect(forged(kind, () => {})).toEqual(encodeModel(models[kind]!));
  });

  it('headers that are no canonical JSON object, no JSON, no UTF-8, or too deep', () => {
    const { sections } = takeApart(encodeModel(models['majority']!));
    const withHeader = (json: string) => failure(putTogether(json, sections.values())).message;
    expect(withHeader('{"b":1,"a":2}')).toContain('it is not in canonical form');
    expect(withHeader('{"a":1,"a":2}')).toContain('it is not in canonical form');
    expect(withHeader('{"__proto__":{"kind":"majority"}}')).toContain('it has no section table');
    expect(withHeader('[]')).toContain('it is not a JSON object');
    expect(withHeader('{')).toContain('it is not valid JSON');
    expect(withHeader('['.repeat(100_000))).toContain('it nests deeper than 6 levels');
    expect(withHeader('{"a":"\\"[[[[[[[["}')).toContain('it has no section table');
    const bytes = putTogether('{"a":"xx"}', []);
    bytes.set([0xff, 0xfe], 54);
    bytes.set(sha256(Buffer.concat([bytes.subarray(0, 16), bytes.subarray(48)])), 16);
    expect(failure(bytes).message).toContain('it is not valid UTF-8');
  });

  it('a header that claims more than 16 MiB, padding that is not zero, other magic, a later version', () => {
    const bytes = encodeModel(models['majority']!);
    const long = bytes.slice();
    new DataView(long.buffer).setUint32(12, 2 ** 31, true);
    expect(failure(long).message).toContain('it claims 2147483648 bytes, at most 16777216 are allowed');
    expect(failure(new TextEncoder().encode(`${'x'.repeat(60)}`)).message).toContain('magic bytes');
    const padded = Object.values(models)
      .map((model) => encodeModel(model))
      .find((b) => new DataView(b.buffer).getUint32(12, true) % 8 !== 0)!;
    const end = 48 + new DataView(padded.buffer).getUint32(12, true);
    padded[end] = 1;
    expect(failure(padded).message).toContain(`the padding before it is not zero at byte ${end}`);
    const later = bytes.slice();
    new DataView(later.buffer).setUint32(8, 2, true);
    const headerEnd = 48 + new DataView(later.buffer).getUint32(12, true);
    later.set(sha256(Buffer.concat([later.subarray(0, 16), later.subarray(48, headerEnd)])), 16);
    expect(failure(later)).toMatchObject({
      code: 'UNSUPPORTED',
      message: 'model file has format version 2, this PhantomNet reads 1',
    });
  });
});

it('a kind of model the format does not know cannot be encoded', () => {
  expect(() => encodeModel({ ...forest, kind: 'boosting' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED', message: 'the model format has no kind "boosting"' }),
  );
});
