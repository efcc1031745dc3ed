import type { MlModel } from './ml-model.js';

/** The flavor of PhantomNet's own models: data only, loaded without running anything of the artifact. */
export const PHANTOMNET_FLAVOR = 'phantomnet';

/** Why a model cannot be loaded here, and what to do about it. */
export interface OpaqueModel {
  readonly reason: string;
  readonly hint: string;
}

const EXPORT_HINT = 'train the model with phantomnet train; its packages are data only';

/**
 * Returns why a model is never loaded, or undefined when it has PhantomNet's flavor. Formats that rebuild Python objects
 * can run any code while they load, so the answer for them is final; others are formats this version does not read.
 */
export function explainOpaque(model: MlModel): OpaqueModel | undefined {
  const { flavors } = model;
  // The flavor's own name says more than python_function, which stands beside every one.
  const names = Object.keys(flavors).sort(
    (a, b) => Number(a === 'python_function') - Number(b === 'python_function'),
  );
  if (names.includes(PHANTOMNET_FLAVOR)) return undefined;
  const pickled = names.find((name) => holdsPickle(name, flavors[name] ?? {}));
  if (pickled !== undefined) {
    return { reason: `its ${pickled} flavor is a pickle, which runs code while it loads`, hint: EXPORT_HINT };
  }
  if (names.includes('onnx')) {
    return {
      reason: 'its onnx flavor is data, which this version does not read yet',
      hint: 'serve it with MLflow, or train a model with PhantomNet',
    };
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
