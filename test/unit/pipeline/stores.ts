import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '#src/core/index.js';
import { formatMlModel } from '#src/mlflow/index.js';
import { openWorkspace, type Workspace } from '#src/pipeline/index.js';

/** A store in a folder of its own, with one run, one file of it, and one model package that is version 1 of `detector`. */
export interface SmallStore {
  readonly folder: string;
  readonly place: { readonly uri: string; readonly artifactRoot: string };
  readonly runId: string;
  readonly modelId: string;
  /** The folder of the model's files. */
  readonly modelFolder: string;
  open(): Promise<Workspace>;
  remove(): Promise<void>;
}

/** Makes a store whose artifact root has a name that urls and globs could misread. */
export async function makeStore(): Promise<SmallStore> {
  const folder = await mkdtemp(join(tmpdir(), 'phantomnet-ops-'));
  const place = { uri: `sqlite:///${join(folder, 'a.db')}`, artifactRoot: join(folder, "it's 100%? 'all'") };
  const open = () => openWorkspace(place);
  const { tracking, registry, close } = await open();
  const { info } = await tracking.createRun({ experimentId: '0', runName: 'r', userId: 'u', tags: {} });
  await tracking.logBatch(info.runId, {
    metrics: [0, 1].map((step) => ({ key: 'loss', value: 0.1 + step, timestamp: 1, step })),
  });
  await tracking.artifacts(info.artifactUri).put('plots/roc.json', '{}');
  const model = await tracking.createLoggedModel({
    experimentId: '0',
    sourceRunId: info.runId,
    name: 'model',
  });
  const files = { 'model.bin': 'the model', 'example.json': '[]' };
  const mlModel = formatMlModel({
    flavors: {
      phantomnet: { files: Object.fromEntries(Object.entries(files).map(([k, v]) => [k, sha256Hex(v)])) },
    },
    timeCreated: 0,
  });
  const artifacts = tracking.artifacts(model.artifactUri);
  for (const [path, text] of Object.entries({ ...files, MLmodel: mlModel })) await artifacts.put(path, text);
  const tags = { 'phantomnet.packageDigest': sha256Hex(mlModel) };
  await tracking.setLoggedModelTags(model.modelId, tags);
  await tracking.finalizeLoggedModel(model.modelId, 'READY');
  await registry.createRegisteredModel('detector');
  await registry.createModelVersion({ name: 'detector', source: `models:/${model.modelId}`, tags });
  await close();
  return {
    folder,
    place,
    runId: info.runId,
    modelId: model.modelId,
    modelFolder: join(place.artifactRoot, '0', 'models', model.modelId, 'artifacts'),
    open,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes a file, with the folders on the way. */
export async function place(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}
