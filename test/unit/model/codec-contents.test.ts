import { expect, it } from 'vitest';
import { failure, float32, float64, forged, type Header, int32 } from './model-files.js';

type Sections = Map<string, Uint8Array>;
type Change = (header: Header, sections: Sections) => unknown;
const rf = 'random-forest';
const lr = 'logistic-regression';
const byHand = 'forest by hand';
const many = 'forest of many classes';

const header =
  (fields: object): Change =>
  (h) =>
    Object.assign(h, fields);
const feature =
  (index: number, fields: object): Change =>
  (h) =>
    Object.assign(h.features[index]!, fields);
const entry =
  (index: number, fields: object): Change =>
  (h) =>
    Object.assign(h.sections[index]!, fields);
const nodes =
  (change: (nodes: Int32Array, thresholds: Float32Array) => unknown): Change =>
  (_h, s) =>
    change(int32(s.get('nodes')!), float32(s.get('nodes')!));
const numbers =
  (section: string, ...values: number[]): Change =>
  (_h, s) =>
    float64(s.get(section)!).set(values);
/** Changes a category set of the forest by hand. */
const sets =
  (change: (words: Int32Array) => unknown): Change =>
  (_h, s) =>
    change(int32(s.get('categorySets')!));
/** The second word of a node of the forest by hand: 3 bits for the child. */
const to = (feature: number, left: number) => (feature << 3) | left;
/** Gives an i32 section these words and says so in the table. */
const words =
  (section: string, ...values: number[]): Change =>
  (h, s) => {
    h.sections.find(({ name }) => name === section)!.length = values.length;
    s.set(section, new Uint8Array(Int32Array.from(values).buffer));
  };
/** Gives the nanLeft section other contents and says so in the table. */
const nanLeft =
  (type: string, length: number): Change =>
  (h, s) => {
    Object.assign(h.sections[2]!, { type, length });
    s.set('nanLeft', new Uint8Array(8));
  };
const noSections: Change = (h, s) => {
  h.sections = [];
  s.clear();
};
const oneMoreNamed =
  (name: string): Change =>
  (h, s) => {
    h.sections.push({ name, type: 'u8', length: 1, sha256: '' });
    s.set(name, new Uint8Array(1));
  };
/** Changes one word of an i32 section. */
const nthOf =
  (section: string, index: number, value: number): Change =>
  (_h, s) =>
    int32(s.get(section)!).set([value], index);

const cases: [kind: string, section: string, message: string, change: Change][] = [
  ['majority', 'header', 'unknown kind "tree"', header({ kind: 'tree' })],
  [rf, 'header', 'kind is not text', header({ kind: 5 })],
  [rf, 'header', 'fields are not classes, features, kind, nodeBits, sections', header({ extra: 1 })],
  [rf, 'header', 'features is not a list', header({ features: [] })],
  [rf, 'header', 'feature 0 is not an object', header({ features: [null] })],
  [rf, 'header', 'feature 1 has no name of its own', feature(1, { name: 'size' })],
  [rf, 'header', 'feature 0 has an unknown type', feature(0, { type: 'x' })],
  [rf, 'header', 'feature 0 has categories that do not fit', feature(0, { categories: [] })],
  [rf, 'header', 'feature 2 has categories that do not fit', feature(2, { categories: ['a', 'a'] })],
  [rf, 'header', 'feature 0 has an unknown field', feature(0, { x: 1 })],
  [rf, 'header', 'classes is not a list of 1 to 65535', header({ classes: [] })],
  [rf, 'header', 'classes are not in ascending order', header({ classes: [1, 0] })],
  [rf, 'header', 'classes are neither numbers nor distinct texts', header({ classes: ['a', 'a'] })],
  [rf, 'header', 'it nests deeper than 6 levels', header({ classes: [[[[[[0]]]]]] })],
  [rf, 'header', 'entry 0 of the section table', entry(0, { length: -1 })],
  [rf, 'header', 'entry 1 of the section table', entry(1, { name: 'trees' })],
  [rf, 'header', 'entry 0 of the section table', entry(0, { type: 'toString' })],
  [rf, 'nodes', 'the file ends at byte', entry(1, { length: 2 ** 50 })],
  [rf, 'nanLeft', 'its elements have the wrong type', nanLeft('f64', 1)],
  [rf, 'nanLeft', 'it has 8 elements, expected', nanLeft('u8', 8)],
  [rf, 'header', 'fields are not classes, features, kind, nodeBits', (h) => delete h.nodeBits],
  [rf, 'header', 'nodeBits is 31, but the largest tree needs', header({ nodeBits: 31 })],
  [rf, 'header', 'nodeBits is undefined', header({ nodeBits: '3' })],
  [rf, 'trees', 'does not run from node 0', (_h, s) => int32(s.get('trees')!).set([1])],
  [rf, 'trees', 'tree 0 has no nodes', (_h, s) => int32(s.get('trees')!).set([0, 0])],
  [byHand, 'nodes', 'it has 12 words, expected 2 a node', words('trees', 0, 5, 5 + 2)],
  [byHand, 'nodes', 'it has 11 words', words('nodes', ...Array<number>(11).fill(0))],
  [byHand, 'nodes', 'node 0 has children that are not later nodes', nodes((n) => n.set([to(0, 0)], 1))],
  [byHand, 'nodes', 'node 1 has no parent', nodes((n) => n.set([to(0, 3)], 1))],
  [byHand, 'nodes', 'node 1 has children that are not later nodes', nodes((n) => n.set([to(2, 1)], 3))],
  [byHand, 'nodes', 'node 4 has children that are not later nodes', nodes((n) => n.set([0, to(1, 5)], 8))],
  [byHand, 'nodes', 'node 3 has no parent', nodes((n) => n.set([0, to(3, 1), 1], 2))],
  [byHand, 'nodes', 'node 0 has feature 4 of 3', nodes((n) => n.set([to(4, 1)], 1))],
  [byHand, 'nodes', 'node 0 has feature 536870911 of 3', nodes((n) => n.set([-7], 1))],
  [byHand, 'nodes', 'node 0 has a threshold that is not finite', nodes((_n, t) => t.set([Number.NaN]))],
  [byHand, 'nodes', 'node 1 does not have the next category set', nodes((n) => n.set([1], 2))],
  [byHand, 'nodes', 'node 0 does not have the next category set', nodes((n) => n.set([7, to(2, 1)], 0))],
  [byHand, 'nodes', 'node 2 does not have the next leaf', nodes((n) => n.set([9], 4))],
  [byHand, 'nodes', 'node 2 is a leaf that leads elsewhere', nodes((n) => n.set([to(3, 1)], 5))],
  [byHand, 'nodes', 'node 2 is a leaf with a side', (_h, s) => s.get('nanLeft')!.set([1], 2)],
  [byHand, 'categorySets', 'set 0 has a category at or above 3', sets((w) => w.set([8]))],
  [byHand, 'categorySets', 'set 0 has a category at or above 3', sets((w) => w.set([1], 7))],
  [byHand, 'categorySets', 'it has 7 words, expected 8 a set', words('categorySets', 5, 0, 0, 0, 0, 0, 0)],
  [
    byHand,
    'categorySets',
    'it has 2 sets, the nodes use 1',
    words('categorySets', ...Array<number>(16).fill(0)),
  ],
  [byHand, 'leafStarts', 'a model of this kind has no such section', oneMoreNamed('leafStarts')],
  [many, 'leafStarts', 'does not run from 0', nthOf('leafStarts', 0, 1)],
  [many, 'leafStarts', 'leaf 0 has no probabilities', nthOf('leafStarts', 1, 0)],
  [many, 'leafStarts', 'leaf 0 has no probabilities', nthOf('leafStarts', 1, 2 ** 30)],
  [many, 'leafClasses', 'element 0 is not a later class', nthOf('leafClasses', 0, -1)],
  [many, 'leafClasses', 'element 1 is not a later class', nthOf('leafClasses', 1, 0)],
  [many, 'leafClasses', 'element 0 is not a later class', nthOf('leafClasses', 0, 300)],
  [many, 'leaves', 'element 0 is no probability above 0', numbers('leaves', 0)],
  [many, 'leaves', 'the probabilities of leaf 0 do not sum to 1', numbers('leaves', 1)],
  [rf, 'nanLeft', 'node 0 has neither 0 nor 1', (_h, s) => s.get('nanLeft')!.set([2])],
  [rf, 'leaves', 'element 0 is no probability', numbers('leaves', 1.5)],
  [rf, 'leaves', 'the probabilities of row 0 do not sum to 1', numbers('leaves', 0.25, 0.25)],
  [rf, 'importances', 'element 0 is no probability', numbers('importances', Number.NaN)],
  [rf, 'oobScore', 'it is not one number from 0 to 1', numbers('oobScore', 2)],
  ['majority', 'priors', 'the probabilities of row 0 do not sum to 1', numbers('priors', 0.75)],
  ['majority', 'priors', 'it has 3 elements, expected 2', header({ classes: ['a', 'b'] })],
  ['majority', 'priors', 'it is missing', noSections],
  ['majority', 'more', 'a model of this kind has no such section', oneMoreNamed('more')],
  [lr, 'means', 'element 0 is not finite', numbers('means', Number.POSITIVE_INFINITY)],
  [lr, 'scales', 'a scale is not above 0', numbers('scales', 0)],
  [lr, 'header', 'at least two classes', header({ classes: [0] })],
];

it.each(cases)('a %s whose checksums are right is refused: %s: %s', (kind, section, message, change) => {
  const error = failure(forged(kind, change));
  expect(error).toMatchObject({ code: 'INTEGRITY', details: { section } });
  expect(error.message).toContain(message);
});
