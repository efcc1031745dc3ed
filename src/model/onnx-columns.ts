import { PhantomNetError, show } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { type ElementType, ML_DOMAIN, type OnnxGraph, wellFormed } from './onnx-graph.js';

/**
 * Adds one input a feature, named as it is, and returns the name of all of them joined, [N, features] in single
 * precision. Throws UNSUPPORTED for a name that ONNX cannot have or that is in `taken`.
 */
export function addColumns(
  graph: OnnxGraph,
  features: readonly FeatureSpec[],
  { integers, taken }: { readonly integers: ReadonlySet<string>; readonly taken: readonly string[] },
): string {
  checkNames(features, taken);
  const isOnly = features.length === 1;
  const columns = features.map((feature, f) =>
    addInput(graph, feature, { f, type: inputType(feature, integers), isOnly }),
  );
  return graph.node({ op: 'Concat', inputs: columns, output: '/x', attributes: { axis: 1 } });
}

function inputType(feature: FeatureSpec, integers: ReadonlySet<string>): ElementType {
  if (feature.type === 'categorical') return 'string';
  return integers.has(feature.name) ? 'int64' : 'double';
}

/** Names inside the graph start with a slash. */
function checkNames(features: readonly FeatureSpec[], outputs: readonly string[]): void {
  const taken = new Set(outputs);
  for (const { name } of features) {
    const isFree = name !== '' && !name.startsWith('/') && wellFormed(name) === name && !taken.has(name);
    if (!isFree)
      throw new PhantomNetError('UNSUPPORTED', `ONNX cannot have an input named ${show(name)}`, {
        hint: 'give the feature a name that is not empty, does not start with / and is not label or score_…',
        details: { feature: name },
      });
    taken.add(name);
  }
}

/** Adds a feature's input and returns the name of its column, [N, 1] in single precision. */
function addInput(
  graph: OnnxGraph,
  feature: FeatureSpec,
  { f, type, isOnly }: { readonly f: number; readonly type: ElementType; readonly isOnly: boolean },
): string {
  const at = `/input${f}`;
  const cast = (input: string, to: 1 | 11, output: string) =>
    graph.node({ op: 'Cast', inputs: [input], output, attributes: { to } });
  graph.input(feature.name, type, isOnly ? ['N', 1] : ['N']);
  let column = feature.name;
  if (type === 'string') column = addCodes(graph, feature, at);
  else {
    // By way of double, because the values we train on came that way: it matters beyond 2^53.
    if (type === 'int64') column = cast(column, 11, `${at}/double`);
    column = cast(column, 1, `${at}/float`);
  }
  if (isOnly) return column;
  const axes = graph.constant(`${at}/axes`, { type: 'int64', shape: [1], values: [1] });
  return graph.node({ op: 'Unsqueeze', inputs: [column, axes], output: `${at}/column` });
}

/** Adds the look-up of a category's code; what is no category is missing. */
function addCodes(graph: OnnxGraph, { name, categories = [] }: FeatureSpec, at: string): string {
  const codes = categories.flatMap((text, code) =>
    wellFormed(text) === text ? [[text, code] as const] : [],
  );
  const known = codes.length > 0 ? codes : [['', Number.NaN] as const];
  return graph.node({
    op: 'LabelEncoder',
    domain: ML_DOMAIN,
    inputs: [name],
    output: `${at}/code`,
    attributes: {
      keys_strings: { strings: known.map(([text]) => text) },
      values_floats: { floats: known.map(([, code]) => code) },
      default_float: { float: Number.NaN },
    },
  });
}
