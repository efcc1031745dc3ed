import { afterAll, beforeAll, describe } from 'vitest';
import { collectPages } from '#src/mlflow/index.js';
import type { ModelVersion, RegistryStore } from '#src/register/index.js';
import type { TrackingStore } from '#src/track/index.js';
import { uniqueName } from './expect-code.js';
import { registeredModelCases } from './registry-models.contract.js';
import { modelVersionCases } from './registry-versions.contract.js';

/** A registry with the tracking store its versions come from; `close` also ends what `open` started. */
export interface RegistryFixture {
  readonly registry: RegistryStore;
  readonly tracking: TrackingStore;
  close(): Promise<void>;
}

/** What the cases get: the stores, and a maker of models to register. */
export interface RegistryBench {
  readonly registry: () => RegistryStore;
  readonly tracking: () => TrackingStore;
  /** Creates a registered model with a new name and returns the name. */
  newName(): Promise<string>;
  /** Logs a READY model with one file, whose text is returned by its address. */
  newLoggedModel(text?: string): Promise<{ modelId: string; runId: string; artifactUri: string }>;
  /** Creates a version of `name` from a new logged model and returns its number. */
  newVersion(name: string): Promise<string>;
  /** Returns all versions of `name`, newest first. */
  listVersions(name: string): Promise<ModelVersion[]>;
}

/** All that the registry port promises, run by every registry. A real `mlflow server` passes it. */
export function registryStoreContract(name: string, open: () => Promise<RegistryFixture>): void {
  describe(`registry store contract: ${name}`, () => {
    let fixture: RegistryFixture | undefined;
    const opened = () => {
      if (fixture === undefined) throw new Error('the registry did not open');
      return fixture;
    };
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(async () => {
      await fixture?.close();
    });
    const bench = benchOf(opened);
    describe('registered models', () => registeredModelCases(bench));
    describe('model versions', () => modelVersionCases(bench));
  });
}

function benchOf(opened: () => RegistryFixture): RegistryBench {
  const newLoggedModel = async (text = 'bytes') => {
    const { tracking } = opened();
    const { experimentId } = await tracking.createExperiment(uniqueName('registry'));
    const { info } = await tracking.createRun({ experimentId });
    const model = await tracking.createLoggedModel({
      experimentId,
      name: 'detector',
      sourceRunId: info.runId,
    });
    await tracking.artifacts(model.artifactUri).put('model.bin', text);
    await tracking.finalizeLoggedModel(model.modelId, 'READY');
    return { modelId: model.modelId, runId: info.runId, artifactUri: model.artifactUri };
  };
  return {
    registry: () => opened().registry,
    tracking: () => opened().tracking,
    newName: async () => (await opened().registry.createRegisteredModel(uniqueName('detector'))).name,
    newLoggedModel,
    listVersions: (name) =>
      collectPages((page) =>
        opened().registry.searchModelVersions({
          filter: `name = '${name}'`,
          orderBy: ['version_number DESC'],
          ...page,
        }),
      ),
    newVersion: async (name) => {
      const { modelId, runId } = await newLoggedModel();
      const source = `models:/${modelId}`;
      return (await opened().registry.createModelVersion({ name, source, runId, modelId })).version;
    },
  };
}
