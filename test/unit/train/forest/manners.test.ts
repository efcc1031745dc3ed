import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '#src/model/index.js';
import { endRestingThreads } from '#src/train/forest/threads.js';
import type { Progress } from '#src/train/index.js';
import { getEstimator } from '#src/train/index.js';
import { makeData, withKernels } from '../../../support/forest-cases.js';

const data = makeData({
  seed: 2,
  nSamples: 4000,
  nClasses: 2,
  columns: ['continuous', 'often missing', 'few values', 'huge and tiny'],
  weights: 'none',
});
const small = { nEstimators: 200, maxDepth: 6, maxFeatures: 4 };
/** Threads start at 4 million samples × features drawn × trees. */
const large = { ...small, nEstimators: 400 };

const ways: [string, 'js' | 'wasm', object, number][] = [
  ['in this thread', 'wasm', small, 0],
  ['in this thread, JavaScript', 'js', small, 0],
  ['in a thread of its own', 'wasm', { ...large, nJobs: 1 }, 1],
  ['in two threads', 'wasm', { ...large, nJobs: 2 }, 2],
  ['in two threads, JavaScript', 'js', { ...large, nJobs: 2 }, 2],
];

/** Runs a fit and returns what it rejected with; counts the threads it started, and waits for none of them. */
async function watch(
  kernels: 'js' | 'wasm',
  params: object,
  options: { signal?: AbortSignal; onProgress?: (progress: Progress) => void },
  onWorker = (_: Worker) => {},
) {
  await endRestingThreads();
  let started = 0;
  let alive = 0;
  const listener = (worker: Worker) => {
    started++;
    alive++;
    worker.once('exit', () => alive--);
    onWorker(worker);
  };
  process.on('worker', listener);
  try {
    const error: unknown = await withKernels(kernels, () =>
      getEstimator('random-forest')
        .fit(params, data.x, data.y, options)
        .then(
          () => null,
          (reason: unknown) => reason,
        ),
    );
    return { error, started, alive };
  } finally {
    process.off('worker', listener);
  }
}

const enough = new Error('enough');
const cancelled = { code: 'CANCELLED', message: 'the fit was cancelled', cause: enough };

describe.each(ways)('a fit %s', (_name, kernels, params, nThreads) => {
  it('tells how far it is, tree by tree', async () => {
    const seen: Progress[] = [];
    const { error, started, alive } = await watch(kernels, params, { onProgress: (p) => seen.push(p) });
    expect(error).toBeNull();
    expect(started).toBe(nThreads);
    expect(alive).toBe(nThreads);
    const { nEstimators: total } = params as typeof small;
    expect(seen.map((p) => p.done)).toEqual(Array.from({ length: total }, (_, t) => t + 1));
    for (const p of seen) {
      expect(p.total).toBe(total);
      expect(Number.isFinite(p.secondsLeft) && p.secondsLeft! >= 0).toBe(true);
    }
    expect(seen.at(-1)!.secondsLeft).toBe(0);
  });

  it('does not begin where its signal was aborted before', async () => {
    const seen: Progress[] = [];
    const signal = AbortSignal.abort(enough);
    const { error, alive } = await watch(kernels, params, { signal, onProgress: (p) => seen.push(p) });
    expect(error).toMatchObject(cancelled);
    expect(alive).toBe(0);
    expect(seen).toEqual([]);
  });

  it('stops while it is binning', async () => {
    const controller = new AbortController();
    const seen: Progress[] = [];
    const running = watch(kernels, params, { signal: controller.signal, onProgress: (p) => seen.push(p) });
    await setImmediate();
    controller.abort(enough);
    const { error, alive } = await running;
    expect(error).toMatchObject(cancelled);
    expect(alive).toBe(0);
    expect(seen).toEqual([]);
  });

  it('stops while it is growing, and gives no tree after that', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: Progress) => {
      seen.push(done);
      if (done === 5) controller.abort(enough);
    };
    const { error, started, alive } = await watch(kernels, params, {
      signal: controller.signal,
      onProgress,
    });
    expect(error).toMatchObject(cancelled);
    expect(started).toBe(nThreads);
    expect(alive).toBe(0);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener, signal.removeEventListener];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove.apply(signal, args);
    };
    expect((await watch(kernels, params, { signal })).error).toBeNull();
    expect(listeners).toBe(0);
  });
});

describe.each(ways.filter(([, , , nThreads]) => nThreads > 0))('a thread that dies, %s', (...way) => {
  const [, kernels, params] = way;
  const died = {
    code: 'INTERNAL',
    message: 'a worker that grew trees died before its work was done',
    hint: expect.stringContaining('nJobs 1'),
  };

  it('while it starts', async () => {
    const { error, alive } = await watch(kernels, params, {}, (worker) => void worker.terminate());
    expect(error).toMatchObject(died);
    expect(alive).toBe(0);
  });

  it('while it grows trees', async () => {
    const workers: Worker[] = [];
    const onProgress = ({ done }: Progress) => {
      if (done === 5) void workers.at(-1)!.terminate();
    };
    const { error, alive } = await watch(kernels, params, { onProgress }, (worker) => workers.push(worker));
    expect(error).toMatchObject(died);
    expect(alive).toBe(0);
  });
});

it('leaves its memory behind to be collected', async () => {
  const script = `
    import { randomForest } from '#src/train/index.js';
    const nSamples = 100_000;
    const features = Array.from({ length: 100 }, (_, f) => ({ name: 'f' + f, type: 'numeric' }));
    const values = Float32Array.from({ length: nSamples * 100 }, (_, i) => (i * 7919) % 200);
    const codes = Uint16Array.from({ length: nSamples }, (_, i) => i % 2);
    const params = { nEstimators: 1, maxDepth: 2, nJobs: 1 };
    const peaks = [];
    for (let k = 0; k < 40; k++) {
      await randomForest.fit(params, { nSamples, features, values }, { classes: [0, 1], codes });
      peaks.push(process.memoryUsage.rss() / 2 ** 20);
    }
    process.stdout.write(JSON.stringify([Math.max(...peaks.slice(0, 10)), peaks.at(-1)]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const [first, last] = JSON.parse(stdout) as [number, number];
  // A training set is 13 MB here, and binning takes 40 more: thirty fits left 400 MB behind before they were counted.
  expect(last).toBeLessThan(first + 150);
});

describe('threads', () => {
  const params = { ...large, nJobs: 2 };
  /** Runs a fit and returns the threads it started. */
  const fit = async (options: { signal?: AbortSignal } = {}) => {
    const started: Worker[] = [];
    const listener = (worker: Worker) => void started.push(worker);
    process.on('worker', listener);
    const error: unknown = await getEstimator('random-forest')
      .fit(params, data.x, data.y, options)
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    process.off('worker', listener);
    return { started, error };
  };
  const ended = (worker: Worker) => worker.threadId === -1;

  it('serve the next fit, also one of other data', async () => {
    await endRestingThreads();
    const first = await fit();
    expect(first.started.length).toBe(2);
    expect((await fit()).started).toEqual([]);
    const other = makeData({
      seed: 3,
      nSamples: 5000,
      nClasses: 3,
      columns: ['few values'],
      weights: 'none',
    });
    const model = () =>
      getEstimator('random-forest').fit({ ...params, nEstimators: 900 }, other.x, other.y, {});
    const again = await model();
    expect(first.started.some(ended)).toBe(false);
    await endRestingThreads();
    expect(first.started.every(ended)).toBe(true);
    expect(encodeModel(await model())).toEqual(encodeModel(again));
  });

  it('end ten seconds after the last', async () => {
    await endRestingThreads();
    const { started } = await fit();
    await Promise.all(started.map((worker) => once(worker, 'exit')));
    expect(started.every(ended)).toBe(true);
    expect((await fit()).started.length).toBe(2);
  });

  it('serve no more once a fit has failed', async () => {
    await endRestingThreads();
    const { started } = await fit();
    const controller = new AbortController();
    const running = fit({ signal: controller.signal });
    await setImmediate();
    controller.abort(enough);
    expect((await running).error).toMatchObject(cancelled);
    expect(started.every(ended)).toBe(true);
    expect((await fit()).started.length).toBe(2);
  });

  it('that die at rest are not missed', async () => {
    await endRestingThreads();
    const { started } = await fit();
    await started[0]!.terminate();
    const again = await fit();
    expect(again.error).toBeNull();
    expect(again.started.length).toBe(1);
  });
});
