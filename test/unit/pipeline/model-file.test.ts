import { describe, expect, it } from 'vitest';
import { type OnnxPackage, openPackage, PACKAGE_FILES, packModel } from '#src/deploy/index.js';
import { encodeModel, exportOnnx } from '#src/model/index.js';
import { renderModelFile } from '#src/pipeline/model-file.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { MODEL, partsOf, readerOf } from '../deploy/package-of.js';

const { files } = packModel({ ...partsOf(), integers: new Set(['payload_length']) });
const own = await openPackage(readerOf(files));
const foreign = {
  flavor: 'onnx',
  graph: exportOnnx(MODEL),
  classLabels: [0, 1],
  mlModel: { flavors: {}, timeCreated: 0 },
} as unknown as OnnxPackage;

describe('renderModelFile', () => {
  it('takes one matrix and gives another by default', () => {
    const file = renderModelFile(own, 'onnx', undefined);
    expect(file).toEqual({
      bytes: exportOnnx(MODEL, { form: 'matrix' }),
      form: 'matrix',
      classes: [0, 1],
      inputs: [{ name: 'x', type: 'float', width: 1 }],
      outputs: [
        { name: 'label', type: 'int64' },
        { name: 'probabilities', type: 'float', width: 2 },
      ],
    });
    expect(renderModelFile(own, 'onnx', 'matrix')).toEqual(file);
  });

  it('has the graph of the package as the form columns', () => {
    expect(renderModelFile(own, 'onnx', 'columns')).toEqual({
      bytes: files.get(PACKAGE_FILES.onnx),
      form: 'columns',
      classes: [0, 1],
      inputs: [{ name: 'payload_length', type: 'int64' }],
      outputs: [
        { name: 'label', type: 'int64' },
        { name: 'score_0', type: 'double' },
        { name: 'score_1', type: 'double' },
      ],
    });
  });

  it('has no form of a native file', () => {
    expect(renderModelFile(own, 'native', undefined)).toMatchObject({
      bytes: encodeModel(MODEL),
      form: null,
    });
  });

  it('leaves the graph of another program as it is, and refuses what that has not', () => {
    const file = { bytes: foreign.graph, form: null, classes: [0, 1], inputs: [], outputs: [] };
    expect(renderModelFile(foreign, 'onnx', undefined)).toEqual(file);
    for (const form of ['matrix', 'columns'] as const)
      expect(expectThrown(() => renderModelFile(foreign, 'onnx', form), 'UNSUPPORTED').details).toEqual({
        form,
      });
    expectThrown(() => renderModelFile(foreign, 'native', undefined), 'UNSUPPORTED');
  });
});
