import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { STATUS_REASON_TAG, type TrackingStore, withRun } from '#src/track/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { withTemporaryStore } from '../../support/temporary-store.js';

const listeners = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

describe('withRun', () => {
  it('finishes a run that returns, and gives what it returned', () =>
    withTemporaryStore(async (store) => {
      const before = listeners();
      let runId = '';
      const value = await withRun(
        store,
        { runName: 'forest', env: {}, user: 'ann' },
        async ({ run, signal }) => {
          runId = run.info.runId;
          expect((await store.getRun(runId)).info.status).toBe('RUNNING');
          expect(signal.aborted).toBe(false);
          expect(listeners()).toBe(before + 2);
          return 42;
        },
      );
      expect(value).toBe(42);
      expect(listeners()).toBe(before);
      const { info, tags } = await store.getRun(runId);
      expect(info).toMatchObject({ status: 'FINISHED', runName: 'forest', userId: 'ann', experimentId: '0' });
      expect(info.endTime).toBeGreaterThanOrEqual(info.startTime);
      expect(tags[STATUS_REASON_TAG]).toBeUndefined();
    }));

  it('writes who, what and from which code', () =>
    withTemporaryStore(async (store) => {
      const git = { commit: 'a'.repeat(40), isDirty: true };
      const options = {
        env: {},
        user: 'ann',
        source: { name: 'phantomnet train' },
        git,
        tags: { extra: '1' },
      };
      const tags = await withRun(store, options, async ({ run }) => run.tags);
      expect(tags).toMatchObject({
        'mlflow.user': 'ann',
        'mlflow.source.name': 'phantomnet train',
        'mlflow.source.type': 'LOCAL',
        'mlflow.source.git.commit': 'a'.repeat(40),
        'phantomnet.git.dirty': 'true',
        extra: '1',
      });
    }));

  it.each<[string, () => Promise<never>]>([
    ['later', async () => Promise.reject(new TypeError('no column payload_length\nsecond line'))],
    [
      'at once',
      () => {
        throw new TypeError('no column payload_length\nsecond line');
      },
    ],
  ])('fails a run whose body throws %s, with the first line as the reason', (_, body) =>
    withTemporaryStore(async (store) => {
      const before = listeners();
      let runId = '';
      const call = withRun(store, { env: {} }, ({ run }) => {
        runId = run.info.runId;
        return body();
      });
      await expect(call).rejects.toThrow(TypeError);
      const { info, tags } = await store.getRun(runId);
      expect(info.status).toBe('FAILED');
      expect(info.endTime).not.toBeNull();
      expect(tags[STATUS_REASON_TAG]).toBe('no column payload_length');
      expect(listeners()).toBe(before);
    }),
  );

  it('says something about a thrown thing that is no error, and keeps the thing', () =>
    withTemporaryStore(async (store) => {
      let runId = '';
      const call = withRun(store, { env: {} }, async ({ run }) => {
        runId = run.info.runId;
        throw { password: 'hunter2' };
      });
      await expect(call).rejects.toEqual({ password: 'hunter2' });
      expect((await store.getRun(runId)).tags[STATUS_REASON_TAG]).toBe(
        'something that is not an error was thrown',
      );
    }));

  it('kills a run whose body was cancelled', () =>
    withTemporaryStore(async (store) => {
      let runId = '';
      const call = withRun(store, { env: {} }, async ({ run }) => {
        runId = run.info.runId;
        throw new PhantomNetError('CANCELLED', 'the caller gave up');
      });
      await expectCode(call, 'CANCELLED');
      expect((await store.getRun(runId)).info.status).toBe('KILLED');
    }));

  it('nests', () =>
    withTemporaryStore(async (store) => {
      const [outer, inner] = await withRun(store, { env: {} }, async ({ run }) => {
        const parentRunId = run.info.runId;
        const child = await withRun(store, { env: {}, parentRunId }, async (nested) => nested.run);
        return [parentRunId, child] as const;
      });
      expect(inner.tags['mlflow.parentRunId']).toBe(outer);
      expect((await store.getRun(inner.info.runId)).info.status).toBe('FINISHED');
    }));

  it('resumes the run of MLFLOW_RUN_ID, once', () =>
    withTemporaryStore(async (store) => {
      const { info } = await store.createRun({ experimentId: '0', runName: 'first' });
      await store.updateRun(info.runId, { status: 'FAILED', endTime: 5 });
      const env: Record<string, string | undefined> = { MLFLOW_RUN_ID: info.runId };
      const resumed = await withRun(store, { env, tags: { again: 'yes' } }, async ({ run }) => run);
      expect(resumed.info).toMatchObject({ runId: info.runId, runName: 'first', status: 'RUNNING' });
      expect((await store.getRun(info.runId)).tags['again']).toBe('yes');
      expect((await store.getRun(info.runId)).info.status).toBe('FINISHED');
      expect(env['MLFLOW_RUN_ID']).toBeUndefined();
      const next = await withRun(store, { env }, async ({ run }) => run.info.runId);
      expect(next).not.toBe(info.runId);
    }));

  it('fails a finished run that is resumed by a body that throws, and keeps what it had logged', () =>
    withTemporaryStore(async (store) => {
      const { experimentId } = await store.createExperiment('week6');
      const { info } = await store.createRun({ experimentId });
      await store.logBatch(info.runId, { params: { depth: '3' } });
      await store.updateRun(info.runId, { status: 'FINISHED', endTime: 5 });
      const env = { MLFLOW_RUN_ID: info.runId };
      const call = withRun(store, { env }, async () =>
        store.logBatch(info.runId, { params: { depth: '4', width: '1' } }),
      );
      expect((await expectCode(call, 'CONFLICT')).message).toContain('"depth"');
      const after = await store.getRun(info.runId);
      expect(after.info).toMatchObject({ experimentId, status: 'FAILED' });
      expect(after.params).toEqual({ depth: '3' });
    }));

  it('resumes no deleted run, none of another experiment, and none that does not exist', () =>
    withTemporaryStore(async (store) => {
      const { info } = await store.createRun({ experimentId: '0' });
      const resume = (runId: string, options: object = {}) =>
        withRun(store, { env: { MLFLOW_RUN_ID: runId }, ...options }, async () => 1);
      const other = await expectCode(resume(info.runId, { experimentId: '7' }), 'CONFLICT');
      expect(other.message).toContain('of experiment 0, not of 7');
      await store.deleteRun(info.runId);
      const deleted = await expectCode(resume(info.runId), 'CONFLICT');
      expect(deleted.hint).toContain(`phantomnet runs restore ${info.runId}`);
      await expectCode(resume('f'.repeat(32)), 'NOT_FOUND');
    }));

  it('keeps the error of the body when the run cannot be closed', () =>
    withTemporaryStore(async (store) => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => warnings.push(warning);
      process.on('warning', listen);
      const broken: TrackingStore = Object.create(store, {
        updateRun: { value: async () => Promise.reject(new PhantomNetError('UNAVAILABLE', 'disk full')) },
        createRun: { value: store.createRun.bind(store) },
        getExperiment: { value: store.getExperiment.bind(store) },
        uri: { value: store.uri },
      });
      const failing = withRun(broken, { env: {} }, async () => Promise.reject(new Error('the first error')));
      await expect(failing).rejects.toThrow('the first error');
      await new Promise((done) => setImmediate(done));
      process.off('warning', listen);
      expect(warnings.map((w) => w.message)).toEqual([
        expect.stringMatching(/could not be closed.*disk full/),
      ]);
      const finishing = withRun(broken, { env: {} }, async () => 1);
      await expectCode(finishing, 'UNAVAILABLE');
    }));

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'marks its runs, nested ones too, when the process gets %s',
    (signal) =>
      withTemporaryStore(async (store, folder) => {
        const child = spawn(
          process.execPath,
          ['test/unit/track/lifecycle-child.mjs', join(folder, 'phantomnet.db')],
          {
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        );
        const [ready] = (await once(child.stdout, 'data')) as [Buffer];
        const runIds = ready.toString().trim().split(' ');
        child.kill(signal);
        const [code] = (await once(child, 'exit')) as [number | null];
        expect(code).toBe(130);
        expect(runIds).toHaveLength(2);
        for (const runId of runIds) {
          const { info, tags } = await store.getRun(runId);
          expect(info.status).toBe('KILLED');
          expect(info.endTime).not.toBeNull();
          expect(tags[STATUS_REASON_TAG]).toBe(`interrupted by ${signal}`);
        }
      }),
  );
});
