import { describe, expect, it } from 'vitest';
import { bufferOf, createTreeGrower, type Tree, type TreeJob, WasmGrower } from '#src/kernels/index.js';
import { startCrew } from '#src/train/forest/crew.js';
import { type DataPlan, makeData } from '../../../support/forest-cases.js';
import { type Guard, guardedJob, type JobRules, poison, written } from '../../../support/grow-jobs.js';

const plan = (more: Partial<DataPlan>): DataPlan => ({
  seed: 1,
  nSamples: 1003,
  nClasses: 2,
  columns: ['continuous', 'often missing', 'few values', 'mostly one value', 7],
  weights: 'none',
  ...more,
});

const cases: [string, DataPlan, JobRules][] = [
  ['two classes', plan({}), {}],
  ['one row short of a multiple of 64', plan({ nSamples: 1023 }), { params: { bootstrap: false } }],
  ['a multiple of 64', plan({ nSamples: 1024 }), { params: { bootstrap: false, maxFeatures: 'all' } }],
  [
    'weights of five classes',
    plan({ nClasses: 5, weights: 'fractional' }),
    { params: { criterion: 'entropy' } },
  ],
  ['classes weighed anew', plan({ nClasses: 3 }), { params: { classWeight: 'balanced_subsample' } }],
  // Labels that nothing explains: every node may be split, and takes its place among the open ones.
  ['best first', plan({ columns: ['huge and tiny', 'huge and tiny'] }), { params: { maxLeafNodes: 8 } }],
  ['best first, as many leaves as there can be', plan({ nSamples: 301 }), { params: { maxLeafNodes: 1000 } }],
  ['leaves of several samples', plan({}), { params: { minSamplesLeaf: 3, maxFeatures: 'all' } }],
  ['blocks of rows', plan({ nSamples: 5003 }), { withRows: true, params: { maxFeatures: 'all' } }],
  [
    'blocks of 33 features',
    plan({ nSamples: 4096, columns: new Array(33).fill('continuous') }),
    { withRows: true },
  ],
  [
    'many features',
    plan({ nSamples: 100, columns: new Array(131).fill('continuous') }),
    { params: { maxFeatures: 'all' } },
  ],
  ['255 categories', plan({ columns: [255, 200, 2], nClasses: 3 }), { params: { maxFeatures: 'all' } }],
  ['256 classes', plan({ nClasses: 256, columns: ['continuous', 40] }), {}],
  ['drawn splits', plan({ nClasses: 3 }), { rules: { randomSplits: true } }],
  ['two rows', plan({ nSamples: 2, seed: 4 }), { params: { bootstrap: false } }],
];

/** Grows the trees of a job in one region. */
async function grownIn({ job }: { job: TreeJob }, worker: number): Promise<Tree[]> {
  const grow = await createTreeGrower(job, worker);
  return Array.from({ length: job.nTrees }, (_, t) => {
    const growing = grow(t);
    for (;;) {
      const { done, value } = growing.next();
      if (done) return value;
    }
  });
}

/** The trees of the readable grower on the same bins. */
async function readable(job: TreeJob): Promise<Tree[]> {
  const grow = await createTreeGrower({ ...job, kernels: 'js' }, 0);
  return Array.from({ length: job.nTrees }, (_, t) => {
    const growing = grow(t);
    for (;;) {
      const { done, value } = growing.next();
      if (done) return value;
    }
  });
}

/** What the threads share, but for the words they tell each other something with. */
const sharedBytes = ({ set }: TreeJob) => {
  const { control, end } = set.shared;
  return Buffer.from(new Uint8Array(bufferOf(set), control + 64, end - control - 64)).toString('latin1');
};

/** The region of a worker, and what lies behind the last one. */
const region = ({ set }: TreeJob, w: number): Guard => [
  w === 0 ? set.shared.end : set.workers[w - 1]!.end,
  set.workers[w]?.end ?? bufferOf(set).byteLength,
];

describe('no part of a fit writes outside its bytes', () => {
  it.each(cases)('%s', async (_name, of, more) => {
    const guarded = await guardedJob(makeData(of), { ...more, nWorkers: 3 });
    const { job, guards } = guarded;
    const { set } = job;
    // Binning has written its own parts only.
    expect(written(set, [...guards.shared, ...guards.binning])).toEqual([]);
    const shared = sharedBytes(job);

    // A grower empties its counts when it is made, and the guards in between with them.
    const growers = [0, 2].map((worker) => new WasmGrower(set, job.rules, worker));
    const others = [region(job, 1), region(job, 3)];
    const own = [...guards.workers[0]!, ...guards.workers[2]!];
    poison(set, [...others, ...own]);
    let splits = 0;
    for (const grower of growers)
      for (let t = 0; t < job.nTrees; t++) {
        const growing = grower.grow(t);
        let result = growing.next();
        while (!result.done) result = growing.next();
        splits += result.value.nSplits;
      }
    expect(splits).toBeGreaterThan(0);
    expect(written(set, own)).toEqual([]);
    expect(written(set, others)).toEqual([]);
    expect(sharedBytes(job) === shared).toBe(true);
    expect(await grownIn(guarded, 1)).toEqual(await readable(job));
  });

  it('three threads at once leave the region of a fourth, and what they share, as it was', async () => {
    const data = makeData(
      plan({ nSamples: 5003, columns: ['continuous', 'often missing', 200, 'few values'] }),
    );
    const { job, guards } = await guardedJob(data, { nWorkers: 4, withRows: true, nTrees: 60 });
    const { set } = job;
    const shared = sharedBytes(job);
    const own = [0, 1, 2].flatMap((w) => {
      const { histograms, order } = set.workers[w]!;
      return guards.workers[w]!.filter(([start]) => start < histograms || start >= order);
    });
    const others = [region(job, 3), region(job, 4)];
    poison(set, [...own, ...others, ...guards.shared]);
    const trees: Tree[] = [];
    const crew = startCrew(job, 3);
    try {
      await crew.grow((t, tree) => {
        trees[t] = tree;
      });
    } finally {
      await crew.close();
    }
    expect(written(set, [...own, ...guards.shared])).toEqual([]);
    expect(written(set, others)).toEqual([]);
    expect(sharedBytes(job) === shared).toBe(true);
    expect(trees).toEqual(await readable(job));
  });
});
