import type { FeatureSpec } from '../data/index.js';
import type { MlModel } from '../mlflow/index.js';
import { labelType, type Model, scoreNames } from '../model/index.js';

/** The files of a model package, beside `MLmodel`. Specified in docs/formats/model-package-v1.md. */
export const PACKAGE_FILES = {
  mlmodel: 'MLmodel',
  model: 'model.phantomnet',
  features: 'features.json',
  encoding: 'encoding.json',
  samples: 'samples.json',
  inputExample: 'input_example.json',
  eventExample: 'event_example.json',
  expectedOutput: 'expected_output.json',
  decision: 'decision.json',
  requirements: 'package.json',
  onnx: 'model.onnx',
  conda: 'conda.yaml',
  pythonEnv: 'python_env.yaml',
  pythonRequirements: 'requirements.txt',
} as const;

type Signature = NonNullable<MlModel['signature']>;
type Column = Extract<Signature['inputs'][number], { kind: 'column' }>;

/** What a signature depends on besides the model. */
export interface SignatureOptions {
  /** The features that a caller gives, where they are encoded. Default: those of the model. */
  readonly inputs?: readonly Pick<FeatureSpec, 'name' | 'type'>[] | undefined;
  /** Names of the numeric features whose values are whole and never missing. Default: none. */
  readonly integers?: ReadonlySet<string> | undefined;
  /** Whether the package has an ONNX graph. Default false. */
  readonly hasOnnx?: boolean;
}

/**
 * Returns the MLflow signature of a model. In: one column a feature that a caller gives, `long` where it is one of `integers`, else `double`
 * or `string`. Out, for a package with an ONNX graph, what that gives: `label` and `score_<class>` a class; for one
 * without, `label` and `score`.
 */
export function signatureOf(
  model: Model,
  { inputs = model.features, integers = new Set(), hasOnnx = false }: SignatureOptions = {},
): Signature {
  const column = (name: string, type: Column['type']): Column => ({
    kind: 'column',
    name,
    type,
    required: true,
  });
  const number = (name: string) => column(name, integers.has(name) ? 'long' : 'double');
  const scores = hasOnnx ? scoreNames(model.classes) : ['score'];
  return {
    inputs: inputs.map(({ name, type }) => (type === 'numeric' ? number(name) : column(name, 'string'))),
    outputs: [
      column('label', LABEL_COLUMNS[labelType(model.classes)]),
      ...scores.map((name) => column(name, 'double')),
    ],
  };
}

const LABEL_COLUMNS = { int64: 'long', double: 'double', string: 'string' } as const;
