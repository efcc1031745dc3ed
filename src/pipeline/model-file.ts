import { PhantomNetError } from '../core/index.js';
import { type OnnxPackage, signatureOf, type VerifiedPackage } from '../deploy/index.js';
import type { MlModel } from '../mlflow/index.js';
import { type Decision, encodeModel, exportOnnx, labelType, type Model } from '../model/index.js';

/** What a model is written as: an ONNX graph, or the file that PhantomNet itself loads. */
export type ExportFormat = 'onnx' | 'native';

/** What an ONNX graph takes: one matrix, or an input a feature by name, as MLflow feeds it. */
export type ExportForm = 'matrix' | 'columns';

/** One input or output of an exported model, with the type of its tensor. */
export interface ExportedColumn {
  readonly name: string;
  /** ONNX's word: int64, double, float, string, … */
  readonly type: string;
  /** How many values a row has, where the tensor is a matrix of the form `matrix`. */
  readonly width?: number;
}

/** The bytes of a model's file, and what it takes and gives. */
interface ModelFile {
  readonly bytes: Uint8Array;
  /** Null for a native file, and for an ONNX graph of another program. */
  readonly form: ExportForm | null;
  readonly classes: readonly (number | string)[] | null;
  readonly inputs: readonly ExportedColumn[];
  readonly outputs: readonly ExportedColumn[];
}

/**
 * Returns a package's model as one file; the graph of another program as it is. Throws UNSUPPORTED for a model that has no
 * such format or form.
 */
export function renderModelFile(
  pkg: VerifiedPackage | OnnxPackage,
  format: ExportFormat,
  form: ExportForm | undefined,
): ModelFile {
  if (pkg.flavor === 'onnx') return foreignGraph(pkg, format, form);
  const { model, mlModel, decision } = pkg;
  const { classes } = model;
  if (format === 'native')
    return {
      bytes: encodeModel(model),
      form: null,
      classes,
      // The bytes are the model alone: it takes what an encoding makes of the columns of the signature.
      ...columnsOf(pkg.encoding === undefined ? mlModel.signature : signatureOf(model)),
    };
  if (pkg.encoding !== undefined)
    throw new PhantomNetError(
      'UNSUPPORTED',
      'the features of this model are encoded, and no graph does that',
      {
        hint: 'score it with PhantomNet, or train a model without features.encoding, impute and scale',
        details: { format },
      },
    );
  return form === 'columns'
    ? columnsGraph(model, { logged: mlModel.signature, decision })
    : matrixGraph(model, decision);
}

function foreignGraph(
  { graph, classLabels, mlModel }: OnnxPackage,
  format: ExportFormat,
  form: ExportForm | undefined,
): ModelFile {
  if (format !== 'onnx')
    throw new PhantomNetError('UNSUPPORTED', 'this model is an ONNX graph of another program', {
      hint: 'export it with --format onnx: it has no other form',
    });
  if (form !== undefined)
    throw new PhantomNetError(
      'UNSUPPORTED',
      `this model is an ONNX graph of another program, which has no form ${form}`,
      { hint: 'leave out --form: it is written as it was logged', details: { form } },
    );
  return { bytes: graph, form: null, classes: classLabels ?? null, ...columnsOf(mlModel.signature) };
}

function matrixGraph(model: Model, decision: Decision | undefined): ModelFile {
  const { classes, features } = model;
  return {
    bytes: exportOnnx(model, { form: 'matrix', decision }),
    form: 'matrix',
    classes,
    inputs: [{ name: 'x', type: 'float', width: features.length }],
    outputs: [
      { name: 'label', type: labelType(classes) },
      { name: 'probabilities', type: 'float', width: classes.length },
    ],
  };
}

/** The graph of the package: its inputs are of the types that training had them in. */
function columnsGraph(
  model: Model,
  { logged, decision }: { readonly logged: MlModel['signature']; readonly decision: Decision | undefined },
): ModelFile {
  const integers = new Set(
    logged?.inputs.flatMap((c) => (c.type === 'long' && c.name !== undefined ? [c.name] : [])),
  );
  return {
    bytes: exportOnnx(model, { form: 'columns', integers, decision }),
    form: 'columns',
    classes: model.classes,
    ...columnsOf(signatureOf(model, { integers, hasOnnx: true })),
  };
}

/** ONNX's word for MLflow's types of columns, where it is another one. */
const TENSOR_TYPES: Readonly<Record<string, string>> = { long: 'int64', integer: 'int32', boolean: 'bool' };

function columnsOf(signature: MlModel['signature']): Pick<ModelFile, 'inputs' | 'outputs'> {
  const side = (columns: NonNullable<MlModel['signature']>['inputs'] = []): ExportedColumn[] =>
    columns.map(({ name = '', type }) => ({ name, type: TENSOR_TYPES[type] ?? type }));
  return { inputs: side(signature?.inputs), outputs: side(signature?.outputs) };
}
