import { describe, expect, it } from 'vitest';
import {
  createTreesModel,
  decodeModel,
  encodeModel,
  exportOnnx,
  inspectOnnx,
  type Model,
  type TreesModel,
} from '#src/model/index.js';
import { randomForest } from '#src/train/index.js';
import { compareWithModel, matrixOf, scoreInNode } from '../../support/onnx-matrix.js';
import { dice, onnxCase, RECIPES } from '../../support/onnx-models.js';
import { reasonToSkipOnnx } from '../../support/onnx-peer.js';

const has = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);
/** An operator's name stands in its node behind the field's tag and its length. */
const asks = (bytes: Uint8Array, op: string) => has(bytes, `\u0022${String.fromCharCode(op.length)}${op}`);

/** A forest on features of which each is a category of `nLevels`, with classes that depend on sets of them. */
async function forestOfSets(nLevels: number, nClasses: number, more: object = {}): Promise<TreesModel> {
  const roll = dice(nLevels + nClasses);
  const categories = Array.from({ length: nLevels }, (_, c) => `c${c}`);
  const features = ['a', 'b'].map((name) => ({ name, type: 'categorical' as const, categories }));
  const nSamples = 1000;
  const values = Float32Array.from({ length: nSamples * 2 }, () =>
    roll() < 0.1 ? Number.NaN : Math.floor(roll() * nLevels),
  );
  const codes = Uint16Array.from({ length: nSamples }, (_, i) =>
    i < nClasses ? i : ((values[i * 2]! * 7 + values[i * 2 + 1]!) | 0) % nClasses,
  );
  const classes = Array.from({ length: nClasses }, (_, c) => c * 2 - 1);
  const params = { nEstimators: 10, randomState: 1, ...more };
  const fitted = await randomForest.fit(params, { nSamples, features, values }, { classes, codes }, {});
  return fitted as TreesModel;
}

describe('exportOnnx, form matrix', () => {
  it('takes hostile names of features and classes, as it has no input or output of these names', async () => {
    const { model } = await onnxCase({ ...RECIPES[2]!, classes: ['a\ud800', 'label'] }, 1);
    const names = ['', '/x', 'label', 'x\ud800'];
    const features = model.features.map((feature, f) => ({ ...feature, name: names[f]! }));
    const bytes = exportOnnx({ ...model, features } as Model, { form: 'matrix' });
    expect(inspectOnnx(bytes).classLabels).toEqual(['a\ud800', 'label']);
    expect(has(bytes, JSON.stringify(features))).toBe(true);
  });

  it('uses the classifier where all splits are numeric, and sets where they are not', async () => {
    const one = (name: string) => onnxCase(RECIPES.find((r) => r.name === name)!, 1);
    for (const form of ['columns', 'matrix'] as const) {
      const numeric = exportOnnx((await one('forest-one')).model, { form });
      expect(asks(numeric, 'TreeEnsembleClassifier')).toBe(form === 'matrix');
      const sets = exportOnnx((await one('forest-sets')).model, { form });
      expect(asks(sets, 'TreeEnsembleClassifier')).toBe(false);
      expect([asks(sets, 'TreeEnsemble'), has(sets, 'membership_values')]).toEqual([true, true]);
    }
  });

  it('writes the same bytes for a model that was saved and loaded', async () => {
    const model = await forestOfSets(40, 2);
    const again = decodeModel(encodeModel(model));
    expect(exportOnnx(again, { form: 'matrix' })).toEqual(exportOnnx(model, { form: 'matrix' }));
  });
});

const because = reasonToSkipOnnx === undefined ? '' : ` (skipped: ${reasonToSkipOnnx})`;
describe.skipIf(reasonToSkipOnnx !== undefined)(`the form matrix in onnxruntime-node${because}`, () => {
  it.each(RECIPES)('scores $name within 1e-6', async (recipe) => {
    const made = await onnxCase(recipe, 1500);
    const matrix = matrixOf(made);
    const answer = await scoreInNode(exportOnnx(made.model, { form: 'matrix' }), matrix);
    const { nRows, worst, mislabelled } = compareWithModel(made.model, matrix, answer);
    expect([nRows, mislabelled]).toEqual([1500, 0]);
    expect(worst).toBeLessThan(1e-6);
  });

  it.each([
    [2, 2],
    [31, 2],
    [32, 2],
    [33, 3],
    [64, 2],
    [65, 3],
    [255, 2],
    [255, 3],
    [256, 2],
  ])('scores every code of %i categories, and none, of %i classes', async (nLevels, nClasses) => {
    const model = await forestOfSets(nLevels, nClasses);
    const cells = [...Array(nLevels).keys(), -1, nLevels, 0.5, 1e9, Number.NaN, -0, -(2 ** 31)];
    const values = Float32Array.from(cells.flatMap((a, i) => [a, cells[(i * 13) % cells.length]!]));
    const matrix = { nSamples: cells.length, features: model.features, values };
    const answer = await scoreInNode(exportOnnx(model, { form: 'matrix' }), matrix);
    const { worst, mislabelled } = compareWithModel(model, matrix, answer);
    expect(mislabelled).toBe(0);
    expect(worst).toBeLessThan(1e-6);
  });

  it('scores sets that no training gives: empty ones and whole ones', async () => {
    const model = await forestOfSets(5, 2);
    for (const fill of [0, 31]) {
      const categorySets = model.forest.categorySets.map((_, i) => (i % 8 === 0 ? fill : 0));
      const other = createTreesModel({ ...model, forest: { ...model.forest, categorySets } });
      const values = Float32Array.from([0, 4, 2, 2, Number.NaN, 7]);
      const matrix = { nSamples: 3, features: model.features, values };
      const answer = await scoreInNode(exportOnnx(other, { form: 'matrix' }), matrix);
      expect(compareWithModel(other, matrix, answer)).toMatchObject({ nRows: 3, mislabelled: 0 });
    }
  });

  it('scores trees of one leaf among others, and a model of one class', async () => {
    const mixed = await forestOfSets(40, 2, { nEstimators: 60, maxSamples: 4 });
    const { trees } = mixed.forest;
    const sizes = Array.from(trees.subarray(1), (end, t) => end - trees[t]!);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(2);
    expect(sizes.filter((size) => size > 1).length).toBeGreaterThan(2);
    const only = createTreesModel({
      ...mixed,
      classes: ['all'],
      forest: {
        ...mixed.forest,
        ...{ nClasses: 1, nodeBits: 0, nodeWords: 2, trees: Int32Array.of(0, 1), nodes: Int32Array.of(0, 2) },
        ...{ nanLeft: Uint8Array.of(0), categorySets: new Int32Array(0), leaves: Float64Array.of(1) },
      },
    });
    for (const model of [mixed, only]) {
      const values = Float32Array.from({ length: 80 }, (_, i) => (i % 9 === 0 ? Number.NaN : i % 40));
      const matrix = { nSamples: 40, features: model.features, values };
      const answer = await scoreInNode(exportOnnx(model, { form: 'matrix' }), matrix);
      const { worst, mislabelled } = compareWithModel(model, matrix, answer);
      expect(mislabelled).toBe(0);
      expect(worst).toBeLessThan(1e-6);
    }
  });

  it('scores no rows, one row, and 600 classes', async () => {
    const roll = dice(3);
    const nSamples = 1200;
    const features = [{ name: 'a', type: 'numeric' as const }];
    const values = Float32Array.from({ length: nSamples }, () => roll() * 100);
    const codes = Uint16Array.from({ length: nSamples }, (_, i) =>
      i < 600 ? i : Math.floor(values[i]! * 6),
    );
    const classes = Array.from({ length: 600 }, (_, c) => `class ${c}`);
    const params = { nEstimators: 5 };
    const model = await randomForest.fit(params, { nSamples, features, values }, { classes, codes }, {});
    const graph = exportOnnx(model, { form: 'matrix' });
    for (const n of [0, 1, nSamples]) {
      const matrix = { nSamples: n, features, values: values.subarray(0, n) };
      const difference = compareWithModel(model, matrix, await scoreInNode(graph, matrix));
      expect(difference).toMatchObject({ nRows: n, mislabelled: 0 });
      expect(difference.worst).toBeLessThan(1e-6);
    }
  });
});
