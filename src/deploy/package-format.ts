import type { MlModel } from '../mlflow/index.js';
import type { Model } from '../model/index.js';

/** The files of a model package, beside `MLmodel`. Specified in docs/formats/model-package-v1.md. */
export const PACKAGE_FILES = {
  mlmodel: 'MLmodel',
  model: 'model.phantomnet',
  features: 'features.json',
  inputExample: 'input_example.json',
  eventExample: 'event_example.json',
  expectedOutput: 'expected_output.json',
  requirements: 'package.json',
} as const;

/** Returns the MLflow signature of a model: one column a feature in, `label` and `score` out. */
export function signatureOf(model: Model): NonNullable<MlModel['signature']> {
  return {
    inputs: model.features.map((f) => ({
      kind: 'column' as const,
      name: f.name,
      type: f.type === 'numeric' ? 'double' : 'string',
      required: true,
    })),
    outputs: [
      {
        kind: 'column',
        name: 'label',
        type: typeof model.classes[0] === 'number' ? 'long' : 'string',
        required: true,
      },
      { kind: 'column', name: 'score', type: 'double', required: true },
    ],
  };
}
