import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '#src/core/index.js';
import type { FeatureMatrix } from '#src/data/index.js';
import { type Decision, exportOnnx, type Model } from '#src/model/index.js';
import { getEstimator } from '#src/train/index.js';
import { scratch } from '../support/cli.js';
import { findPython, reasonToSkipMlflow } from '../support/mlflow-server.js';
import { compareWithModel, matrixOf, scoreInNode } from '../support/onnx-matrix.js';
import { DECIDED, onnxCase, RECIPES } from '../support/onnx-models.js';
import { readNslKdd, reasonToSkipNslKdd } from '../support/onnx-nsl-kdd.js';
import { reasonToSkipOnnx } from '../support/onnx-peer.js';

const ALL = [...RECIPES, ...DECIDED];
const SCRIPT = fileURLToPath(new URL('./onnx-matrix.py', import.meta.url));
const reason = reasonToSkipMlflow();
const because = (why: string | undefined) => (why === undefined ? '' : ` (skipped: ${why})`);

interface Case {
  readonly name: string;
  readonly model: Model;
  readonly decision?: Decision | undefined;
  readonly rows: FeatureMatrix;
}

/** What the Python script says of a case. */
interface Seen {
  readonly labels: (number | string)[];
  readonly shape: number[];
  readonly types: string[];
  readonly alone: number;
  readonly metadata: Record<string, string>;
  readonly operators: string[];
  readonly opsets: Record<string, number>;
  readonly probabilities: Float64Array;
}

function askPython(cwd: string, cases: readonly Case[]): Map<string, Seen> {
  const folders = cases.map(({ name, model, decision, rows }) => {
    const folder = join(cwd, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.onnx'), exportOnnx(model, { form: 'matrix', decision }));
    writeFileSync(join(folder, 'rows.f32'), rows.values);
    return folder;
  });
  const options = { input: JSON.stringify(folders), maxBuffer: 256 * 2 ** 20 };
  const { stdout, stderr, status } = spawnSync(findPython()!, [SCRIPT], options);
  if (status !== 0) throw new Error(String(stderr).slice(-3000));
  const answers = JSON.parse(String(stdout)) as Omit<Seen, 'probabilities'>[];
  return new Map(
    answers.map((answer, i) => {
      const bytes = new Uint8Array(readFileSync(join(folders[i]!, 'probabilities.f64')));
      return [cases[i]!.name, { ...answer, probabilities: new Float64Array(bytes.buffer) }];
    }),
  );
}

function expectAgreement({ model, decision, rows }: Case, seen: Seen): void {
  const { nRows, worst, mislabelled } = compareWithModel(model, rows, seen, decision);
  expect([nRows, mislabelled]).toEqual([rows.nSamples, 0]);
  expect(worst).toBeLessThan(1e-6);
  expect(seen.alone).toBeLessThan(1e-6);
  expect(seen.shape).toEqual([rows.nSamples, model.classes.length]);
}

describe.skipIf(reason !== undefined)(`graphs of one matrix in Python${because(reason)}`, () => {
  const { folder: cwd, remove } = scratch();
  const cases = new Map<string, Case>();
  let seen: Map<string, Seen>;
  beforeAll(async () => {
    for (const recipe of ALL) {
      const made = await onnxCase(recipe, 1000);
      const { model, decision } = made;
      cases.set(recipe.name, { name: recipe.name, model, decision, rows: matrixOf(made) });
    }
    seen = askPython(cwd, [...cases.values()]);
  }, 180_000);
  afterAll(remove);

  it.each(ALL.map(({ name }) => name))('%s gives our scores within 1e-6, and our labels', (name) => {
    const made = cases.get(name)!;
    expectAgreement(made, seen.get(name)!);
  });

  it.each(RECIPES.map(({ name }) => name))('%s says in its metadata what it takes and gives', (name) => {
    const { model } = cases.get(name)!;
    const { metadata, types } = seen.get(name)!;
    expect(metadata['phantomnet.version']).toBe(VERSION);
    expect(metadata['phantomnet.kind']).toBe(model.kind);
    expect(JSON.parse(metadata['phantomnet.features']!)).toEqual(model.features);
    expect(JSON.parse(metadata['phantomnet.classes']!)).toEqual(model.classes);
    expect(types[1]).toBe('float32');
  });

  it('asks for new operators only where sets of categories need them', () => {
    expect(seen.get('forest-one')).toMatchObject({
      operators: ['TreeEnsembleClassifier'],
      opsets: { '': 17, 'ai.onnx.ml': 3 },
    });
    expect(seen.get('forest-sets')).toMatchObject({
      operators: ['TreeEnsemble'],
      opsets: { 'ai.onnx.ml': 5 },
    });
    expect(seen.get('forest-sets-classes')!.operators).toEqual(['TreeEnsemble']);
  });
});

const FORMS = [
  { native: false, three: false },
  { native: true, three: false },
  { native: false, three: true },
  { native: true, three: true },
].map((form) => ({
  ...form,
  name: `${form.native ? 'categories' : 'codes'}-${form.three ? 'three' : 'two'}`,
}));

const noData = reason ?? reasonToSkipOnnx ?? reasonToSkipNslKdd;
describe.skipIf(noData !== undefined)(`forests on NSL-KDD's test set${because(noData)}`, () => {
  const { folder: cwd, remove } = scratch();
  const cases: Case[] = [];
  let seen: Map<string, Seen>;
  beforeAll(async () => {
    for (const { name, native, three } of FORMS) {
      const { train, labels, test } = readNslKdd({ native, three, everyNth: 10 });
      const params = { nEstimators: 30, maxDepth: 12, randomState: 4 };
      const model = await getEstimator('random-forest').fit(params, train, labels, {});
      cases.push({ name, model, rows: test });
    }
    seen = askPython(cwd, cases);
  }, 180_000);
  afterAll(remove);

  it.each(FORMS.map(({ name }) => name))('%s: Python agrees', (name) => {
    const made = cases.find((c) => c.name === name)!;
    expectAgreement(made, seen.get(name)!);
    expect(made.rows.nSamples).toBe(22_544);
  });

  it.each(FORMS.map(({ name }) => name))('%s: Node agrees', async (name) => {
    const { model, rows } = cases.find((c) => c.name === name)!;
    const answer = await scoreInNode(exportOnnx(model, { form: 'matrix' }), rows);
    const { worst, mislabelled } = compareWithModel(model, rows, answer);
    expect(mislabelled).toBe(0);
    expect(worst).toBeLessThan(1e-6);
  });
});
