import { canonicalJson, PhantomNetError, sha256Hex, VERSION } from '#src/core/index.js';
import { openPackage, PACKAGE_FILES, type PackageParts, packModel } from '#src/deploy/index.js';
import { fitFeatures } from '#src/features/index.js';
import { formatMlModel, type MlModel, parseMlModel } from '#src/mlflow/index.js';
import { createLogisticModel, type Model } from '#src/model/index.js';
import { Detector } from '#src/pipeline/detector.js';
import { eventOf, SCHEMA } from '../features/events.js';

/** The files of a package, by path. */
export type Files = Map<string, Uint8Array | string>;

/** The pipeline of the model below. */
export const PIPELINE = fitFeatures([eventOf()], { schema: SCHEMA, features: ['payload_length'] });

/** A model whose probability of class 1 is 0.5 at 100 characters and grows with the length. */
export const MODEL: Model = createLogisticModel({
  features: PIPELINE.features,
  classes: [0, 1],
  means: Float64Array.of(100),
  scales: Float64Array.of(50),
  coefficients: Float64Array.of(2),
  intercepts: Float64Array.of(0),
});

const EVENT = {
  honeypot_type: 'ssh',
  event: 'login_failed',
  port: '22',
  level: 'WARN',
  data: "{'username': 'root'}",
};
const ROWS = [{ payload_length: 20 }, { payload_length: 180 }];

/** What a package of the model is made of: it takes raw events and rows. */
export function partsOf(): PackageParts {
  const detector = new Detector(MODEL, PIPELINE);
  return {
    model: MODEL,
    features: canonicalJson(PIPELINE),
    inputExample: ROWS,
    eventExample: [EVENT],
    expectedOutput: { rows: detector.predict(ROWS), events: detector.predict([EVENT]) },
    version: VERSION,
    runId: 'a'.repeat(32),
    modelId: `m-${'b'.repeat(32)}`,
    createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  };
}

/** Reads files of a package, as an artifact store does. */
export function readerOf(files: ReadonlyMap<string, Uint8Array | string>) {
  return async (path: string): Promise<Uint8Array> => {
    const content = files.get(path);
    if (content === undefined) throw new PhantomNetError('NOT_FOUND', `no ${path}`);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
}

/** Returns the error that opening the files ends with. */
export async function refusal(
  files: ReadonlyMap<string, Uint8Array | string>,
  packageDigest?: string,
): Promise<PhantomNetError> {
  const error: unknown = await openPackage(readerOf(files), { packageDigest }).then(
    () => new Error('the package was opened'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PhantomNetError) return error;
  throw error;
}

/** Returns a package whose MLmodel was edited, with no other file touched. */
export function editMlModel(edit: (model: MlModel) => MlModel): Files {
  const files: Files = new Map(packModel(partsOf()).files);
  files.set(PACKAGE_FILES.mlmodel, formatMlModel(edit(parseMlModel(String(files.get('MLmodel'))))));
  return files;
}

/** Returns a package whose phantomnet flavor was edited. */
export function editFlavor(edit: (flavor: Record<string, unknown>) => Record<string, unknown>): Files {
  return editMlModel((model) => ({
    ...model,
    flavors: { phantomnet: edit({ ...model.flavors['phantomnet'] }) },
  }));
}

/** Returns a package with another text for one file and MLmodel's digest made to fit, as a careful forger would. */
export function forge(path: string, text: string): Files {
  const files = editFlavor((flavor) => ({
    ...flavor,
    files: { ...(flavor['files'] as object), [path]: sha256Hex(text) },
  }));
  return files.set(path, text);
}
