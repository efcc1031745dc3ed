import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOpaque, formatMlModel, parseMlModel } from '#src/mlflow/index.js';
import { openRegistryStore, type RegistryStore } from '#src/register/index.js';
import { openTrackingStore, type TrackingStore, withRun } from '#src/track/index.js';
import {
  findPython,
  type MlflowServer,
  reasonToSkipMlflow,
  startMlflowServer,
} from '../support/mlflow-server.js';

const skip = reasonToSkipMlflow();

describe.skipIf(skip !== undefined)(
  `MLflow's Python client and ours on one server${skip ? ` (skipped: ${skip})` : ''}`,
  () => {
    let server: MlflowServer;
    let tracking: TrackingStore;
    let registry: RegistryStore;
    beforeAll(async () => {
      server = await startMlflowServer();
      tracking = await openTrackingStore({ uri: server.uri, env: {} });
      registry = await openRegistryStore({ uri: server.uri, env: {} });
    });
    afterAll(async () => {
      await server?.stop();
    });
    const python = async (mode: string, ids: object = {}) => {
      const args = ['test/parity/mlflow-rest.py', mode, server.uri, JSON.stringify(ids)];
      const env = { ...process.env, GIT_PYTHON_REFRESH: 'quiet', MLFLOW_DISABLE_TELEMETRY: 'true' };
      const { stdout } = await promisify(execFile)(findPython() ?? '', args, { env, timeout: 110_000 });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    };

    it('reads what a Python training script wrote', { timeout: 120_000 }, async () => {
      const ids = (await python('write')) as { runId: string; modelId: string; version: string };
      const run = await tracking.getRun(ids.runId);
      expect(run.info).toMatchObject({ runName: 'logistic', status: 'FINISHED' });
      expect({ ...run.params }).toEqual({ C: '0.5', note: 'it\'s "quoted"' });
      expect(run.metrics['loss']).toMatchObject({ value: 1 / 3, step: 2 });
      expect(run.metrics['undefined']?.value).toBeNaN();
      expect(run.tags['team']).toBe('blue');
      expect(run.datasets).toMatchObject([{ name: 'rows', tags: { 'mlflow.data.context': 'training' } }]);
      expect(run.modelOutputs).toEqual([{ modelId: ids.modelId, step: 0 }]);
      expect((await tracking.getMetricHistory(ids.runId, 'loss')).map((m) => m.value)).toEqual([
        1,
        1 / 2,
        1 / 3,
      ]);
      const report = await tracking.artifacts(run.info.artifactUri).get('reports/deep er/report.json');
      expect(JSON.parse(new TextDecoder().decode(report))).toEqual({ a: 1 });

      const version = await registry.getVersionByAlias('python detector', 'champion');
      expect(version).toMatchObject({
        version: ids.version,
        stage: 'Staging',
        modelId: ids.modelId,
        runId: ids.runId,
      });
      expect({ ...version.tags }).toEqual({ validated: 'true' });
      const uri = await registry.getDownloadUri('python detector', ids.version);
      const mlModel = parseMlModel(new TextDecoder().decode(await tracking.artifacts(uri).get('MLmodel')));
      expect(mlModel).toMatchObject({ modelId: ids.modelId, runId: ids.runId });
      expect(mlModel.timeCreated).toBeGreaterThan(Date.UTC(2024, 0));
      expect(mlModel.signature?.inputs).toEqual([
        { kind: 'column', name: 'payload_length', type: 'double', required: true },
      ]);
      expect(explainOpaque(mlModel)?.reason).toMatch(/sklearn flavor/);
    });

    it('writes what Python reads', { timeout: 120_000 }, async () => {
      const name = 'PhantomNet_Attack_Detector';
      const ids = await withRun(
        tracking,
        { runName: 'ours', tags: { team: 'blue' }, env: {} },
        async ({ run }) => {
          const { runId, experimentId, artifactUri } = run.info;
          const metrics = [0, 1, 2].map((step) => ({
            key: 'loss',
            value: 0.1 * step,
            timestamp: 1_000 + step,
            step,
          }));
          await tracking.logBatch(runId, { params: { nEstimators: '200' }, metrics });
          await tracking.logInputs(runId, [
            {
              name: 'week6',
              digest: 'ab',
              sourceType: 'local',
              source: '{}',
              tags: { 'mlflow.data.context': 'training' },
            },
          ]);
          await tracking.artifacts(artifactUri).put('reports/report.json', '{"ü": 1}');
          const model = await tracking.createLoggedModel({
            experimentId,
            name: 'detector',
            sourceRunId: runId,
          });
          const mlModel = formatMlModel({
            flavors: { phantomnet: { data: 'forest.bin', yes: 'no', version: '1.10' } },
            artifactPath: model.artifactUri,
            modelId: model.modelId,
            runId,
            signature: {
              inputs: [
                { kind: 'column', name: 'payload_length', type: 'double', required: true },
                { kind: 'column', name: 'path', type: 'string', required: false },
              ],
              outputs: [{ kind: 'column', name: 'label', type: 'long', required: true }],
            },
            timeCreated: Date.UTC(2026, 10, 23, 13, 2, 58, 247),
          });
          await tracking.artifacts(model.artifactUri).put('MLmodel', mlModel);
          await tracking.finalizeLoggedModel(model.modelId, 'READY');
          return { name, runId, modelId: model.modelId };
        },
      );
      await registry.createRegisteredModel(name);
      const { version } = await registry.createModelVersion({ name, source: `models:/${ids.modelId}` });
      await registry.transitionStage(name, version, 'Staging', { archiveExisting: true });
      await registry.setAlias(name, 'champion', version);
      await registry.setModelVersionTags(name, version, { lifecycle: 'pre-production' });

      expect(await python('read', ids)).toEqual({
        status: 'FINISHED',
        endTime: (await tracking.getRun(ids.runId)).info.endTime,
        params: { nEstimators: '200' },
        metrics: { loss: 0.2 },
        tag: 'blue',
        steps: [0, 1, 2],
        datasets: ['week6'],
        context: 'training',
        artifacts: ['reports'],
        report: '{"ü": 1}',
        outputs: [ids.modelId],
        modelStatus: 'READY',
        version: '1',
        stage: 'Staging',
        versionTags: { lifecycle: 'pre-production' },
        flavors: { phantomnet: { data: 'forest.bin', yes: 'no', version: '1.10' } },
        inputs: [
          { type: 'double', name: 'payload_length', required: true },
          { type: 'string', name: 'path', required: false },
        ],
        outputsSchema: [{ type: 'long', name: 'label', required: true }],
        created: '2026-11-23 13:02:58.247000',
        mlModelId: ids.modelId,
      });
    });
  },
);
