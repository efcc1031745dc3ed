import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import type { FeatureMatrix } from '#src/data/index.js';
import { type ColumnMatrix, predictScoresParallel, type TreesModel } from '#src/model/index.js';
import { models } from './model-files.js';

const { features } = models['random-forest']!;
const forest = models['random-forest'] as TreesModel;

function matrix(nSamples: number): FeatureMatrix {
  const generator = new Xoshiro128(4);
  const values = Float32Array.from({ length: nSamples * 3 }, (_, i) =>
    i % 3 === 2 ? generator.nextBelow(3) : generator.nextDouble() * 6,
  );
  return { nSamples, features, values };
}

function columns({ nSamples, values }: FeatureMatrix): ColumnMatrix {
  const turned = Float32Array.from(values, (_, i) => values[(i % nSamples) * 3 + Math.floor(i / nSamples)]!);
  return { nSamples, features, columns: turned };
}

/** Runs `act` and returns the number of workers it started. */
async function started(act: () => Promise<unknown>, onWorker = (_: { terminate(): unknown }) => {}) {
  let workers = 0;
  const listener = (worker: { terminate(): unknown }) => {
    workers++;
    onWorker(worker);
  };
  process.on('worker', listener);
  try {
    await act();
  } finally {
    process.off('worker', listener);
  }
  return workers;
}

// Three trees: two workers' worth of walks.
const large = matrix(2_700_000);

describe('scoring by several threads', () => {
  it('gives the scores of one thread, to the bit, of rows and of columns', async () => {
    const expected = Buffer.from(forest.predictScoresBatch(large).buffer);
    for (const nJobs of [1, 2, 3]) {
      const workers = await started(async () => {
        const scores = await predictScoresParallel(forest, large, { nJobs });
        expect(Buffer.compare(Buffer.from(scores.buffer), expected)).toBe(0);
      });
      expect(workers).toBe(nJobs - 1);
    }
    const scores = await predictScoresParallel(forest, columns(large), { nJobs: 2 });
    expect(Buffer.compare(Buffer.from(scores.buffer), expected)).toBe(0);
  });

  it('starts no worker for a small batch, or for a model without trees', async () => {
    for (const model of Object.values(models)) {
      const small = { ...matrix(500), features: model.features };
      const x = model.features.length === 3 ? small : { ...small, values: new Float32Array(1000) };
      const workers = await started(async () => {
        expect(await predictScoresParallel(model, x, { nJobs: 4 })).toEqual(model.predictScoresBatch(x));
      });
      expect(workers).toBe(0);
    }
  });

  it('stops with CANCELLED when it is told to, and before it begins', async () => {
    for (const nJobs of [1, 2]) {
      const controller = new AbortController();
      const running = predictScoresParallel(forest, large, { nJobs, signal: controller.signal });
      setImmediate(() => controller.abort(new Error('enough')));
      await expect(running).rejects.toMatchObject({
        code: 'CANCELLED',
        message: 'scoring was cancelled',
        cause: { message: 'enough' },
      });
      await expect(predictScoresParallel(forest, large, { signal: controller.signal })).rejects.toMatchObject(
        { code: 'CANCELLED' },
      );
    }
  });

  it('says so when a worker dies', async () => {
    const act = () => predictScoresParallel(forest, large, { nJobs: 2 });
    await expect(started(act, (worker) => worker.terminate())).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'a worker that scored rows died before its work was done',
    });
  });

  it('refuses no threads, and features of another model', async () => {
    await expect(predictScoresParallel(forest, matrix(1), { nJobs: 0 })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
    });
    const other = { ...matrix(1), features: features.slice(1), values: new Float32Array(2) };
    await expect(predictScoresParallel(forest, other)).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});
