import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { createMajorityModel, exportOnnx, inspectOnnx, labelType, scoreNames } from '#src/model/index.js';
import { ProtoWriter } from '#src/model/onnx-protobuf.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { onnxCase, RECIPES } from '../../support/onnx-models.js';

const majority = (names: readonly string[], classes: readonly (number | string)[] = [0, 1]) =>
  createMajorityModel({
    features: names.map((name) => ({ name, type: 'numeric' })),
    classes,
    priors: Float64Array.from(classes, () => 1 / classes.length),
  });
const hex = (writer: ProtoWriter) => Buffer.from(writer.finish()).toString('hex');
/** A model whose graph has one constant tensor. */
const withTensor = (tensor: ProtoWriter) =>
  new ProtoWriter().int(1, 10).message(7, new ProtoWriter().message(5, tensor)).finish();

describe('ProtoWriter', () => {
  it('writes fields as protobuf specifies them', () => {
    // 150 is the specification's own example: 08 96 01.
    expect(hex(new ProtoWriter().int(1, 150))).toBe('089601');
    expect(hex(new ProtoWriter().text(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtoWriter().message(3, new ProtoWriter().int(1, 150)))).toBe('1a03089601');
    expect(hex(new ProtoWriter().ints(4, [3, 270, 86_942]))).toBe('2206038e029ea705');
    expect(hex(new ProtoWriter().int(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new ProtoWriter().int(20, 2 ** 53 - 1))).toBe('a001ffffffffffffff0f');
    expect(hex(new ProtoWriter().float(1, 1).floats(2, [1]).doubles(3, [1]))).toBe(
      '0d0000803f12040000803f1a08000000000000f03f',
    );
    expect(hex(new ProtoWriter().ints(1, []).floats(1, []).doubles(1, []))).toBe('');
    expect(hex(new ProtoWriter().text(1, 'ü'))).toBe('0a02c3bc');
  });
});

describe('exportOnnx', () => {
  it.each(RECIPES)('gives $name the same bytes every time, which are an ONNX file', async (recipe) => {
    const { model, integers } = await onnxCase(recipe, 1);
    const bytes = exportOnnx(model, { integers });
    expect(exportOnnx(model, { integers })).toEqual(bytes);
    expect(inspectOnnx(bytes)).toEqual({ classLabels: model.classes });
    for (const { name } of model.features) expect(Buffer.from(bytes).includes(name)).toBe(true);
    expect(Buffer.from(bytes).includes(JSON.stringify(model.features))).toBe(true);
    const matrix = exportOnnx(model, { form: 'matrix' });
    expect(exportOnnx(model, { form: 'matrix', integers })).toEqual(matrix);
    expect(inspectOnnx(matrix)).toEqual({ classLabels: model.classes });
  });

  it('changes with the type of an input', async () => {
    const { model } = await onnxCase(RECIPES[0]!, 1);
    expect(exportOnnx(model)).not.toEqual(exportOnnx(model, { integers: new Set(['count']) }));
  });

  it.each(['', '/x', 'label', 'score_1', 'a\ud800'])('refuses an input named %j', (name) => {
    const error = expectThrown(() => exportOnnx(majority(['a', name])), 'UNSUPPORTED');
    expect(error.message).toMatch(/^ONNX cannot have an input named "/);
    expect(error.hint).toContain('give the feature a name');
  });

  it('refuses a kind it does not know, two inputs of one name, and more than 1000 classes', () => {
    expectThrown(() => exportOnnx({ ...majority(['a']), kind: 'oracle' }), 'UNSUPPORTED');
    expectThrown(() => exportOnnx(majority(['a', 'a'])), 'UNSUPPORTED');
    const classes = Array.from({ length: 1001 }, (_, c) => c);
    expect(expectThrown(() => exportOnnx(majority(['a'], classes)), 'UNSUPPORTED').message).toBe(
      'no ONNX form of a model of 1001 classes',
    );
    expect(exportOnnx(majority(['a'], classes.slice(1))).length).toBeGreaterThan(1000);
  });

  it('names scores by class, apart also where two classes look alike as UTF-8', () => {
    expect(scoreNames([0, 1.5, -2])).toEqual(['score_0', 'score_1.5', 'score_-2']);
    expect(scoreNames(['\ud800', '\ud801', 'ü'])).toEqual(['score_\ufffd', 'score_\ufffd_', 'score_ü']);
    expect([labelType([0, 1]), labelType([0.5, 1]), labelType(['a'])]).toEqual(['int64', 'double', 'string']);
  });
});

describe('inspectOnnx', () => {
  it('refuses a tensor whose values are in another file, wherever it stands', () => {
    const outside = new ProtoWriter().text(8, 'weights').message(13, new ProtoWriter().text(1, 'location'));
    const located = new ProtoWriter().int(14, 1);
    const attribute = (tensor: ProtoWriter) =>
      new ProtoWriter().message(5, new ProtoWriter().message(5, tensor));
    const inFunction = (tensor: ProtoWriter) =>
      new ProtoWriter().message(25, new ProtoWriter().message(7, attribute(tensor))).finish();
    const inBranch = (tensor: ProtoWriter) => {
      const graph = new ProtoWriter().message(1, attribute(tensor));
      const branch = new ProtoWriter().message(5, new ProtoWriter().message(6, graph));
      return new ProtoWriter().message(7, new ProtoWriter().message(1, branch)).finish();
    };
    for (const wrap of [withTensor, inFunction, inBranch])
      for (const tensor of [outside, located]) {
        const error = expectThrown(() => inspectOnnx(wrap(tensor)), 'INTEGRITY');
        expect(error.message).toMatch(/^the values( of tensor "weights")? are in another file/);
        expect(error.hint).toContain('save_as_external_data=False');
      }
    expect(inspectOnnx(withTensor(new ProtoWriter().int(14, 0)))).toEqual({ classLabels: undefined });
  });

  it('reads the classes a classifier names, as packed, single and negative numbers, and as text', () => {
    const model = (...attributes: ProtoWriter[]) => {
      const node = new ProtoWriter();
      for (const attribute of attributes) node.message(5, attribute);
      return new ProtoWriter().message(7, new ProtoWriter().message(1, node)).finish();
    };
    const named = (name: string) => new ProtoWriter().text(1, name);
    expect(inspectOnnx(model(named('classlabels_int64s').ints(8, [-1, 3]))).classLabels).toEqual([-1, 3]);
    expect(inspectOnnx(model(named('classlabels_ints').int(8, 0).int(8, 7))).classLabels).toEqual([0, 7]);
    expect(inspectOnnx(model(named('classlabels_strings').text(9, 'ü').text(9, 'b'))).classLabels).toEqual([
      'ü',
      'b',
    ]);
    expect(inspectOnnx(model(named('other').ints(8, [1]))).classLabels).toBeUndefined();
  });

  it('reads the classes of our metadata before those of a classifier, and no list that is none', () => {
    const file = (...entries: (readonly [string, string])[]) => {
      const labels = new ProtoWriter().text(1, 'classlabels_int64s').ints(8, [4, 5]);
      const node = new ProtoWriter().message(5, labels);
      const model = new ProtoWriter().message(7, new ProtoWriter().message(1, node));
      for (const [key, value] of entries) model.message(14, new ProtoWriter().text(1, key).text(2, value));
      return inspectOnnx(model.finish()).classLabels;
    };
    expect(file(['other', '[1]'], ['phantomnet.classes', '["ü",2]'])).toEqual(['ü', 2]);
    for (const text of ['', '[', '{}', '[]', '[null]', '[[1]]'])
      expect(file(['phantomnet.classes', text])).toEqual([4, 5]);
  });

  it('refuses what is no ONNX file, and nesting without end', () => {
    for (const bytes of ['not a graph', '\u0080'.repeat(20), ':\u00ff'])
      expect(expectThrown(() => inspectOnnx(Buffer.from(bytes, 'latin1')), 'INTEGRITY').message).toMatch(
        /^the model file is no ONNX graph: /,
      );
    let graph = new ProtoWriter();
    for (let i = 0; i < 40; i++)
      graph = new ProtoWriter().message(1, new ProtoWriter().message(5, new ProtoWriter().message(6, graph)));
    const error = expectThrown(() => inspectOnnx(new ProtoWriter().message(7, graph).finish()), 'INTEGRITY');
    expect(error.message).toContain('nests deeper than 64 levels');
  });

  it('answers any bytes with facts or a refusal, and any cut of a real file too', async () => {
    const { model } = await onnxCase(RECIPES[3]!, 1);
    const whole = exportOnnx(model);
    const judge = (bytes: Uint8Array) => {
      try {
        inspectOnnx(bytes);
        return true;
      } catch (error) {
        return error instanceof PhantomNetError && error.code === 'INTEGRITY';
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => judge(bytes)));
    fc.assert(fc.property(fc.nat({ max: whole.length }), (end) => judge(whole.subarray(0, end))));
  });
});
