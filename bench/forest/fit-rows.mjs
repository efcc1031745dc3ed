// The rows that time a fit.
import { GENERATED_COLUMNS, prepareGenerated } from './data.mjs';
import { startEngine } from './engine.mjs';
import { spread } from './figures.mjs';
import { aucOf, check, measureRounds, ratioCheck, summary } from './measure.mjs';

/** The peers that fit a forest. */
export const PEERS = ['xgboost', 'lightgbm', 'ydf', 'scikit-learn'];
const SLOW_HERE = 'left out by --quick: never the best here';

/**
 * Starts the engines that are there, loads `sets` and lets `warm(engine)` warm each up. The others are told as absent,
 * with the reason; ours must be there.
 */
export async function gather(context, names, sets, { leftOut = {}, warm = async () => {} } = {}) {
  const engines = [];
  const absent = [];
  for (const name of names) {
    const why = context.quick ? leftOut[name] : undefined;
    const engine = why ? null : await context.engines.get(name);
    try {
      if (!engine) throw new Error(why ?? context.engines.whyAbsent(name));
      if (name !== 'phantomnet') context.refuseWhenLate();
      for (const set of sets) await engine.load(set);
      await warm(engine);
      engines.push(engine);
    } catch (error) {
      if (name === 'phantomnet') throw error;
      absent.push({ name, reason: error.message });
      if (engine) await context.drop(name);
    }
  }
  return { engines, absent };
}

/** The task of a fit, without its data. */
export const fitTask = (context, { trees, depth, threads, seed = context.seed }) => ({
  do: 'fit',
  model: 'fitted',
  trees,
  depth,
  threads,
  seed,
  peerDefaults: context.peerDefaults,
});

async function fitRow(context, row, { train, test, trees, depth, threads, leftOut }) {
  const task = { ...fitTask(context, { trees, depth, threads }), data: train.name };
  const warm = (engine) => engine.ask({ ...task, rows: 3000, trees: 4 });
  const { engines, absent } = await gather(context, ['phantomnet', ...PEERS], [train, test], {
    leftOut,
    warm,
  });
  const contestants = engines.map((engine) => ({
    name: engine.name,
    async run(round) {
      const { seconds } = await engine.ask({ ...task, seed: context.seed + round }, context.timeoutMs());
      return { seconds, auc: await aucOf(engine, 'fitted', test) };
    },
  }));
  const options = { ...context.rounds(row), value: ({ seconds }) => seconds, sitOut: true };
  const states = await measureRounds(context, contestants, options);
  const shown = [];
  for (const [i, state] of states.entries()) {
    const { nodes = null } = state.failed ? {} : await engines[i].ask({ do: 'nodes', model: 'fitted' });
    shown.push(summary(state, 'seconds', { nodes }));
    if (!state.failed) await engines[i].unload(train.name, 'fitted');
  }
  const [ours, ...peers] = states;
  return {
    params: { trees, depth, threads },
    contestants: shown,
    absent,
    checks: [ratioCheck(row.name, ours, peers)],
  };
}

const nslFit = (name, title, { depth, threads, leftOut, quickSeconds, quickRounds = 3 }) => ({
  name,
  title,
  unit: 's',
  quickSeconds,
  quickRounds,
  rounds: 5,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const shape = {
      train: nsl.train,
      test: nsl.test,
      trees: 100,
      depth,
      threads: threads ?? context.threads,
      leftOut,
    };
    return fitRow(context, this, shape);
  },
});

const generatedFit = (name, title, { threads, quickSeconds }) => ({
  name,
  title,
  unit: 's',
  quickSeconds,
  quickRounds: 2,
  rounds: 3,
  async run(context) {
    const leftOut = { 'scikit-learn': SLOW_HERE };
    const shape = { trees: 10, depth: 12, threads: threads ?? context.threads, leftOut };
    return fitRow(context, this, { ...generated(), ...shape });
  },
});

const generated = () => ({
  train: prepareGenerated('generated', 1_000_000),
  test: prepareGenerated('generated-test', 100_000, 2),
});

/** Two threads of one fit beside two fits of one thread in two processes: what is lost inside the process. */
const scaling = {
  name: 'scaling',
  title:
    '2 threads against 1, fit of 1,000,000 × 30, 10 trees, depth 12, as a share of two processes at once',
  unit: 's',
  quickSeconds: 20,
  quickRounds: 2,
  rounds: 5,
  async run(context) {
    const { train, test } = generated();
    const pair = await Promise.all([startEngine('phantomnet'), startEngine('phantomnet')]);
    try {
      const task = (threads) => ({
        ...fitTask(context, { trees: 10, depth: 12, threads }),
        data: train.name,
      });
      for (const engine of pair) {
        await engine.load(train);
        await engine.ask({ ...task(1), rows: 20_000 });
      }
      await pair[0].load(test);
      const run = async (threads) => {
        const { seconds } = await pair[0].ask(task(threads), context.timeoutMs());
        return { seconds, auc: await aucOf(pair[0], 'fitted', test) };
      };
      const atOnce = async () => {
        const both = await Promise.all(pair.map((engine) => engine.ask(task(1), context.timeoutMs())));
        return { seconds: (both[0].seconds + both[1].seconds) / 2 };
      };
      const contestants = [
        { name: 'phantomnet, 2 threads', run: () => run(2) },
        { name: 'phantomnet, two processes of 1 thread at once', run: atOnce },
        { name: 'phantomnet, 1 thread', run: () => run(1) },
      ];
      const options = { ...context.rounds(this), value: ({ seconds }) => seconds };
      const states = await measureRounds(context, contestants, options);
      const [two, processes, one] = states.map(({ values }) => values);
      const ratios = (a, b, scale) => spread(a.map((value, i) => (scale * value) / b[i]));
      return {
        contestants: states.map((state) => summary(state, 'seconds')),
        checks: [
          check('scaling', ratios(processes, two, 0.5)),
          check('threads 2 / 1', ratios(one, two, 1)),
          check('processes 2 / 1', ratios(one, processes, 2)),
        ],
      };
    } finally {
      await Promise.all(pair.map((engine) => engine.stop()));
    }
  },
};

const fit10m = {
  name: 'fit-10m',
  title: '10,000,000 × 30, 10 trees, depth 12, against 1,000,000 × 30: time and memory',
  unit: 's',
  rounds: 2,
  notInQuick: true,
  async run(context) {
    const { train, test } = generated();
    const large = prepareGenerated('generated', 10_000_000);
    const engine = await startEngine('phantomnet');
    try {
      for (const set of [train, large, test]) await engine.load(set);
      const task = fitTask(context, { trees: 10, depth: 12, threads: context.threads });
      await engine.ask({ ...task, data: train.name, rows: 20_000 });
      const fit = (set) => async () => {
        const { seconds } = await engine.ask({ ...task, data: set.name });
        const { peakBytes } = await engine.ask({ do: 'memory' });
        return { seconds, auc: await aucOf(engine, 'fitted', test), peakMB: peakBytes / 1e6 };
      };
      const contestants = [
        { name: 'phantomnet, 10M rows', run: fit(large) },
        { name: 'phantomnet, 1M rows', run: fit(train) },
      ];
      const options = { ...context.rounds(this), value: ({ seconds }) => seconds };
      const states = await measureRounds(context, contestants, options);
      const [all, tenth] = states.map(({ values }) => values);
      const inputMB =
        (large.rows * (GENERATED_COLUMNS * 4 + 3) + train.rows * (GENERATED_COLUMNS * 4 + 3)) / 1e6;
      const note = `peak memory of the process, ${Math.round(inputMB)} MB of it the input`;
      return {
        contestants: [
          {
            ...summary(states[0], 'seconds'),
            peakMB: Math.max(...states[0].samples.map(({ peakMB }) => peakMB)),
            note,
          },
          summary(states[1], 'seconds'),
        ],
        checks: [check('fit-10m', spread(all.map((value, i) => value / tenth[i])))],
      };
    } finally {
      await engine.stop();
    }
  },
};

/** The forest of npm, on as few rows as it can take. */
const npm = {
  name: 'fit-npm',
  title: "NSL-KDD's first 1,000 rows, 10 trees, depth 12, 1 thread",
  unit: 's',
  quickSeconds: 8,
  quickRounds: 3,
  rounds: 5,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const task = { ...fitTask(context, { trees: 10, depth: 12, threads: 1 }), data: nsl.train.name };
    const warm = (engine) => engine.ask({ ...task, rows: 200 });
    const sets = [nsl.train, nsl.test];
    const { engines, absent } = await gather(context, ['phantomnet', 'ml-random-forest'], sets, { warm });
    const contestants = engines.map((engine) => ({
      name: engine.name,
      async run(round) {
        const { seconds } = await engine.ask({ ...task, rows: 1000, seed: context.seed + round });
        return { seconds, ...(round === 0 && { auc: await aucOf(engine, 'fitted', nsl.test) }) };
      },
    }));
    const options = { ...context.rounds(this), value: ({ seconds }) => seconds };
    const states = await measureRounds(context, contestants, options);
    const [ours, ...peers] = states;
    return {
      contestants: states.map((state) => summary(state, 'seconds')),
      absent,
      checks: [ratioCheck('fit-npm', ours, peers)],
    };
  },
};

const NSL = 'NSL-KDD (125,973 × 41), 100 trees';
export const fitRows = [
  nslFit('fit-nsl-kdd', `${NSL}, depth 12`, { depth: 12, quickSeconds: 35 }),
  nslFit('fit-nsl-kdd-1', `${NSL}, depth 12, 1 thread`, {
    depth: 12,
    threads: 1,
    leftOut: { 'scikit-learn': SLOW_HERE },
    quickSeconds: 25,
    quickRounds: 2,
  }),
  nslFit('fit-nsl-kdd-deep', `${NSL}, unlimited depth`, {
    depth: null,
    leftOut: { lightgbm: `${SLOW_HERE}, and 8 GB`, 'scikit-learn': SLOW_HERE },
    quickSeconds: 25,
  }),
  generatedFit('fit-1m', '1,000,000 × 30, 10 trees, depth 12', { quickSeconds: 35 }),
  generatedFit('fit-1m-1', '1,000,000 × 30, 10 trees, depth 12, 1 thread', { threads: 1, quickSeconds: 35 }),
  scaling,
  fit10m,
  npm,
];
