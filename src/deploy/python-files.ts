import type { Flavors } from '../mlflow/index.js';
import { PACKAGE_FILES } from './package-format.js';

/** The Python that MLflow sets up where it makes an environment for a model; any other that has the packages does too. */
const PYTHON = '3.11';
/** From these versions on the operators of our graphs are there. */
const REQUIREMENTS = ['mlflow>=3,<4', 'onnx>=1.17,<2', 'onnxruntime>=1.23,<2'];

const lines = (...text: readonly string[]): string => text.map((line) => `${line}\n`).join('');

/** The environment files that MLflow reads beside a model, by path. */
export const PYTHON_FILES: ReadonlyMap<string, string> = new Map([
  [
    PACKAGE_FILES.conda,
    lines(
      'channels:',
      '- conda-forge',
      'dependencies:',
      `- python=${PYTHON}`,
      '- pip',
      '- pip:',
      ...REQUIREMENTS.map((requirement) => `  - ${requirement}`),
      'name: mlflow-env',
    ),
  ],
  [
    PACKAGE_FILES.pythonEnv,
    lines(
      `python: '${PYTHON}'`,
      'build_dependencies:',
      '- pip',
      '- setuptools',
      '- wheel',
      'dependencies:',
      `- -r ${PACKAGE_FILES.pythonRequirements}`,
    ),
  ],
  [PACKAGE_FILES.pythonRequirements, lines(...REQUIREMENTS)],
]);

/** The flavors through which Python loads a package: the ONNX graph, by itself and as a python_function. */
export const PYTHON_FLAVORS: Flavors = {
  onnx: {
    code: null,
    data: PACKAGE_FILES.onnx,
    onnx_session_options: null,
    onnx_version: '1.17.0',
    providers: ['CPUExecutionProvider'],
  },
  python_function: {
    data: PACKAGE_FILES.onnx,
    env: { conda: PACKAGE_FILES.conda, virtualenv: PACKAGE_FILES.pythonEnv },
    loader_module: 'mlflow.onnx',
    python_version: PYTHON,
  },
};
