import { describe, expect, it } from 'vitest';
import { type Experiment, selectExperiment, type TrackingStore } from '#src/track/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { withTemporaryStore } from '../../support/temporary-store.js';

describe('selectExperiment', () => {
  it('takes Default when nothing is named', () =>
    withTemporaryStore(async (store) => {
      expect((await selectExperiment(store, { env: {} })).name).toBe('Default');
      const empty = { MLFLOW_EXPERIMENT_NAME: '', MLFLOW_EXPERIMENT_ID: '' };
      expect((await selectExperiment(store, { env: empty })).name).toBe('Default');
    }));

  it('creates what is named and finds it the next time', () =>
    withTemporaryStore(async (store) => {
      const made = await selectExperiment(store, { name: 'week6', env: {} });
      expect(made.name).toBe('week6');
      expect(await selectExperiment(store, { env: { MLFLOW_EXPERIMENT_NAME: 'week6' } })).toEqual(made);
      expect(await selectExperiment(store, { env: { MLFLOW_EXPERIMENT_ID: made.experimentId } })).toEqual(
        made,
      );
    }));

  it('prefers the name in code to the environment', () =>
    withTemporaryStore(async (store) => {
      const env = { MLFLOW_EXPERIMENT_NAME: 'other', MLFLOW_EXPERIMENT_ID: '77' };
      expect((await selectExperiment(store, { name: 'week6', env })).name).toBe('week6');
      expect(await store.getExperimentByName('other')).toBeUndefined();
    }));

  it('refuses a name and an id that do not belong together', () =>
    withTemporaryStore(async (store) => {
      const env = { MLFLOW_EXPERIMENT_NAME: 'week6', MLFLOW_EXPERIMENT_ID: '0' };
      const error = await expectCode(selectExperiment(store, { env }), 'INVALID_PARAMETER');
      expect(error.message).toMatch(/MLFLOW_EXPERIMENT_ID must be \d+, the id of "week6", got "0"/);
    }));

  it('says that an id does not exist', () =>
    withTemporaryStore(async (store) => {
      const env = { MLFLOW_EXPERIMENT_ID: '77' };
      const error = await expectCode(selectExperiment(store, { env }), 'NOT_FOUND');
      expect(error.message).toBe('there is no experiment with id "77"');
      expect(error.hint).toContain('MLFLOW_EXPERIMENT_ID');
    }));

  it('takes the experiment of the run that MLFLOW_RUN_ID names when nothing names one', () =>
    withTemporaryStore(async (store) => {
      const { experimentId } = await store.createExperiment('week6');
      const { info } = await store.createRun({ experimentId });
      const resuming = { MLFLOW_RUN_ID: info.runId };
      expect((await selectExperiment(store, { env: resuming })).name).toBe('week6');
      expect(resuming.MLFLOW_RUN_ID).toBe(info.runId);
      const byName = await selectExperiment(store, { name: 'other', env: resuming });
      expect(byName.name).toBe('other');
      const byVariable = { ...resuming, MLFLOW_EXPERIMENT_NAME: 'other' };
      expect((await selectExperiment(store, { env: byVariable })).name).toBe('other');
      expect((await selectExperiment(store, { env: { ...resuming, MLFLOW_EXPERIMENT_ID: '0' } })).name).toBe(
        'Default',
      );
      expect((await selectExperiment(store, { env: { MLFLOW_RUN_ID: '' } })).name).toBe('Default');
    }));

  it('says that the run of MLFLOW_RUN_ID does not exist', () =>
    withTemporaryStore(async (store) => {
      const runId = 'f'.repeat(32);
      const error = await expectCode(selectExperiment(store, { env: { MLFLOW_RUN_ID: runId } }), 'NOT_FOUND');
      expect(error.message).toBe(`MLFLOW_RUN_ID names run "${runId}", which does not exist`);
      expect(error.hint).toBe('correct or unset MLFLOW_RUN_ID; see phantomnet runs list');
    }));

  it('names the command that restores a deleted one', () =>
    withTemporaryStore(async (store) => {
      const { experimentId } = await store.createExperiment('week6');
      await store.deleteExperiment(experimentId);
      const error = await expectCode(selectExperiment(store, { name: 'week6', env: {} }), 'CONFLICT');
      expect(error.message).toBe(`experiment "week6" (id ${experimentId}) is deleted`);
      expect(error.hint).toContain(`phantomnet runs restore --experiment ${experimentId}`);
    }));

  it('takes the experiment that another process made in between', () =>
    withTemporaryStore(async (store) => {
      let looks = 0;
      const racing: TrackingStore = Object.create(store, {
        getExperimentByName: {
          value: async (name: string): Promise<Experiment | undefined> => {
            looks += 1;
            if (looks > 1) return store.getExperimentByName(name);
            await store.createExperiment(name);
            return undefined;
          },
        },
        createExperiment: { value: store.createExperiment.bind(store) },
      });
      expect((await selectExperiment(racing, { name: 'week6', env: {} })).name).toBe('week6');
      expect(looks).toBe(2);
    }));
});
