import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureSpec } from '#src/data/index.js';
import { joinTrees } from '#src/kernels/index.js';
import {
  createLogisticModel,
  createMajorityModel,
  createTreesModel,
  decodeModel,
  encodeModel,
  featureLevels,
  type Model,
} from '#src/model/index.js';
import { randomForest, stump } from '#src/train/index.js';
import { easySet } from '../../contract/estimator.contract.js';
import { flatten, type PlainNode, randomTree } from '../kernels/random-trees.js';

const features: FeatureSpec[] = [
  { name: 'size', type: 'numeric' },
  { name: 'protocol', type: 'categorical', categories: ['ssh', '"\u0000\ud83d'] },
];
const set = easySet(60, 2);
export const forest = await randomForest.fit(
  randomForest.params({ nEstimators: 3, oobScore: true }),
  set.x,
  set.y,
);

/** A forest of these trees on the features of `easySet`. */
function forestOf(trees: (shape: { nClasses: number; levels: Int32Array }) => PlainNode[], nClasses: number) {
  const shape = { nClasses, levels: featureLevels(set.x.features) };
  return createTreesModel({
    kind: 'random-forest',
    features: set.x.features,
    classes: [...Array(nClasses).keys()],
    forest: joinTrees(
      trees(shape).map((tree) => flatten(tree, shape)),
      shape,
    ),
    importances: Float64Array.of(0.5, 0, 0.5),
    oobScore: null,
  });
}
const leaf = (p: number): PlainNode => ({ leaf: [p, 1 - p] });
/** Nodes: 0 splits by number, 1 by set {0, 2}, 2 to 4 are leaves 0 to 2; 5 is the second tree, leaf 3. */
const byHand: PlainNode = {
  leaf: [],
  split: {
    feature: 0,
    by: 1,
    nanLeft: true,
    left: {
      leaf: [],
      split: { feature: 2, by: new Set([0, 2]), nanLeft: false, left: leaf(1), right: leaf(0.5) },
    },
    right: leaf(0.25),
  },
};
/** Small models, at least one of each kind. */
export const models: Record<string, Model> = {
  'random-forest': forest,
  stump: await stump.fit(stump.params(), set.x, set.y),
  'forest by hand': forestOf(() => [byHand, leaf(0.75)], 2),
  'forest of many classes': forestOf((shape) => {
    const generator = new Xoshiro128(3);
    return [4, 0, 9].map((splits) => randomTree(generator, splits, shape));
  }, 300),
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

/** Returns what decoding throws; code 'none' when it throws nothing. */
export const failure = (bytes: Uint8Array) => {
  try {
    decodeModel(bytes);
  } catch (error) {
    return error as { code: string; message: string; details: { section?: string } };
  }
  return { code: 'none', message: '', details: {} };
};

export type Section = { name: string; type: string; length: number; sha256: string };
export type Header = {
  kind: string;
  features: FeatureSpec[];
  classes: unknown[];
  nodeBits?: number;
  sections: Section[];
};
const sizes: Record<string, number> = { u8: 1, i32: 4, f64: 8 };
export const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
export const align = (n: number) => Math.ceil(n / 8) * 8;

/** Takes a model file apart by the letter of its specification, not by the code under test. */
export function takeApart(bytes: Uint8Array): { header: Header; sections: Map<string, Uint8Array> } {
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
export function putTogether(json: string, sections: Iterable<Uint8Array>): Uint8Array {
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
export function forged(
  name: string,
  change: (header: Header, sections: Map<string, Uint8Array>) => unknown,
): Uint8Array {
  const { header, sections } = takeApart(encodeModel(models[name]!));
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

export const int32 = (data: Uint8Array) => new Int32Array(data.buffer, data.byteOffset, data.length / 4);
export const float32 = (data: Uint8Array) => new Float32Array(data.buffer, data.byteOffset, data.length / 4);
export const float64 = (data: Uint8Array) => new Float64Array(data.buffer, data.byteOffset, data.length / 8);
