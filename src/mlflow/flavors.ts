import type { MlModel } from './ml-model.js';

/** The flavor of PhantomNet's own models: data only, loaded without running anything of the artifact. */
export const PHANTOMNET_FLAVOR = 'phantomnet';

/** The flavor of ONNX graphs: data that a runtime scores. */
export const ONNX_FLAVOR = 'onnx';

/** Why a model cannot be loaded here, and what to do about it. */
export interface OpaqueModel {
  readonly reason: string;
  readonly hint: string;
}

const EXPORT_HINT =
  'export it to ONNX in Python (scikit-learn: skl2onnx.to_onnx(model, X[:1], options={"zipmap": False})) and log that ' +
  'with mlflow.onnx.log_model(…, save_as_external_data=False), or train it with phantomnet ' +
  'train; models stage --unchecked moves it as it is';

/** Returns the flavor through which a model is loaded here: PhantomNet's own where it has it, else ONNX; undefined for an opaque one. */
export function loadableFlavor(model: MlModel): typeof PHANTOMNET_FLAVOR | typeof ONNX_FLAVOR | undefined {
  return ([PHANTOMNET_FLAVOR, ONNX_FLAVOR] as const).find((name) => Object.hasOwn(model.flavors, name));
}

/**
 * Returns why a model is never loaded, or undefined when it has PhantomNet's flavor or is an ONNX graph. Formats that rebuild Python objects
 * can run any code while they load, so the answer for them is final; others are formats this version does not read.
 */
export function explainOpaque(model: MlModel): OpaqueModel | undefined {
  const { flavors } = model;
  // The flavor's own name says more than python_function, which stands beside every one.
  const names = Object.keys(flavors).sort(
    (a, b) => Number(a === 'python_function') - Number(b === 'python_function'),
  );
  if (loadableFlavor(model) !== undefined) return undefined;
  const pickled = names.find((name) => holdsPickle(name, flavors[name] ?? {}));
  if (pickled !== undefined) {
    return { reason: `its ${pickled} flavor is a pickle, which runs code while it loads`, hint: EXPORT_HINT };
  }
  const [first] = names.filter((name) => name !== 'python_function');
  if (first !== undefined) {
    return { reason: `its ${first} flavor needs Python code to load`, hint: EXPORT_HINT };
  }
  const loader = flavors['python_function']?.['loader_module'];
  const by = typeof loader === 'string' ? ` (loader ${loader.slice(0, 100)})` : '';
  if (names.length > 0)
    return { reason: `its python_function flavor runs Python code${by}`, hint: EXPORT_HINT };
  return { reason: 'it has no flavor at all', hint: 'log the model again' };
}

function holdsPickle(name: string, flavor: Readonly<Record<string, unknown>>): boolean {
  const format = flavor['serialization_format'];
  if (format === 'pickle' || format === 'cloudpickle') return true;
  // Only scikit-learn's flavor names its file so; before it named a format, it was always a pickle.
  if (name === 'sklearn' && format === undefined) return true;
  const files = ['pickled_model', 'model_path', 'data', 'python_model', 'model_data'].map(
    (key) => flavor[key],
  );
  return files.some((file) => typeof file === 'string' && /\.(pkl|pickle|joblib|pth?)$/i.test(file));
}
