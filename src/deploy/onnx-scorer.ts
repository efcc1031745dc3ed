import { PhantomNetError } from '../core/index.js';
import type { Prediction } from '../data/index.js';
import { feedsOf, type InputColumn, inputColumns, type Row } from './onnx-inputs.js';
import {
  classesOf,
  type Label,
  planOutputs,
  type RawOutput,
  readOutput,
  toPredictions,
} from './onnx-outputs.js';
import type { OnnxPackage } from './onnx-package.js';
import { createSession, loadRuntime, messageOf } from './onnx-runtime.js';

/** An ONNX model that is ready to score rows of its columns. */
export interface OnnxScorer {
  readonly columns: readonly InputColumn[];
  readonly classes: readonly Label[];
  /** One row of zeros and empty texts: what is scored where no example was logged. */
  readonly emptyRow: Row;
  /** Returns one prediction a row. Throws BAD_DATA naming row and field for a value that does not fit. */
  predict(rows: readonly unknown[]): Promise<Prediction[]>;
}

/**
 * Returns the scorer of an ONNX package, run by onnxruntime-node on the processor. Throws UNSUPPORTED where that is not
 * installed, INTEGRITY where the graph is refused or its inputs and outputs are none of a classifier's.
 */
export async function createOnnxScorer(pkg: OnnxPackage): Promise<OnnxScorer> {
  const runtime = await loadRuntime();
  const session = await createSession(runtime, pkg.graph);
  const inputs = session.inputMetadata;
  const columns = inputColumns(pkg.mlModel.signature, inputs);
  const plan = planOutputs(session.outputMetadata);
  const fetches = [...(plan.label === undefined ? [] : [plan.label]), ...plan.scores];
  const run = async (rows: readonly unknown[]): Promise<RawOutput> => {
    const feeds = feedsOf(runtime, rows, { inputs, columns });
    const results = await session.run(feeds, fetches).catch((cause: unknown) => {
      throw new PhantomNetError('BAD_DATA', `onnxruntime cannot score these rows: ${messageOf(cause)}`, {
        cause,
      });
    });
    return readOutput(plan, results, rows.length);
  };
  const emptyRow = Object.fromEntries(columns.map(({ name, type }) => [name, emptyValue(type)]));
  const first = await run([emptyRow]);
  const classes = classesOf(plan, pkg.classLabels, first.scores[0]!.length);
  return {
    columns,
    classes,
    emptyRow,
    predict: async (rows) => (rows.length === 0 ? [] : toPredictions(await run(rows), classes)),
  };
}

function emptyValue(type: InputColumn['type']): number | string | boolean {
  if (type === 'string') return '';
  return type === 'boolean' ? false : 0;
}
