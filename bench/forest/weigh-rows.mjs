// The rows that weigh a fit: its memory, and the quality of its model.
import { startEngine } from './engine.mjs';
import { spread } from './figures.mjs';
import { fitTask, gather, PEERS } from './fit-rows.mjs';
import { aucOf, check, measureRounds, summary } from './measure.mjs';

/** Every fit in a process of its own, which reads the matrix, fits once, and ends. */
const rss = {
  name: 'rss',
  title: 'peak memory of a process that fits NSL-KDD, 100 trees, depth 12, from a float32 matrix',
  unit: 'MB',
  quickSeconds: 8,
  quickRounds: 1,
  rounds: 3,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const names = ['phantomnet', ...PEERS];
    const leftOut = Object.fromEntries(
      PEERS.map((name) => [name, 'left out by --quick: the limit is on us alone']),
    );
    const { engines, absent } = await gather(context, names, [], { leftOut });
    const task = {
      ...fitTask(context, { trees: 100, depth: 12, threads: context.threads }),
      data: nsl.train.name,
    };
    const contestants = engines.map(({ name }) => ({
      name,
      async run() {
        const engine = await startEngine(name);
        try {
          await engine.load(nsl.train);
          const { seconds } = await engine.ask(task);
          const { peakBytes } = await engine.ask({ do: 'memory' });
          await engine.load(nsl.test);
          return { peakMB: peakBytes / 1e6, seconds, auc: await aucOf(engine, 'fitted', nsl.test) };
        } finally {
          await engine.stop();
        }
      },
    }));
    const options = { ...context.rounds(this), value: ({ peakMB }) => peakMB };
    const states = await measureRounds(context, contestants, options);
    return {
      params: { trees: 100, depth: 12, threads: context.threads },
      contestants: states.map((state) => summary(state, 'peakMB')),
      absent,
      checks: [check('rss', spread(states[0].values))],
    };
  },
};

/** Both sides fit with the same seeds; the AUC of each is a mean over them. */
const quality = {
  name: 'quality',
  title: 'mean AUC over seeds, 100 trees, depth 12, against scikit-learn: NSL-KDD 80 to 20, and KDDTest+',
  unit: 'AUC',
  quickSeconds: 30,
  quickRounds: 2,
  rounds: 5,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const sets = [nsl.train, nsl.test, nsl.train80, nsl.test20];
    const { engines, absent } = await gather(context, ['phantomnet', 'scikit-learn'], sets);
    const task = fitTask(context, { trees: 100, depth: 12, threads: context.threads });
    const contestants = engines.map((engine) => ({
      name: engine.name,
      async run(round) {
        const aucAfter = async (train, test) => {
          await engine.ask({ ...task, data: train.name, seed: context.seed + round }, context.timeoutMs());
          return aucOf(engine, 'fitted', test);
        };
        return { auc20: await aucAfter(nsl.train80, nsl.test20), auc: await aucAfter(nsl.train, nsl.test) };
      },
    }));
    const options = { ...context.rounds(this), value: ({ auc }) => auc };
    const states = await measureRounds(context, contestants, options);
    const [ours, theirs] = states.map(({ samples }) => samples);
    const difference = (key) => {
      const pairs = ours.map((sample, i) => (theirs?.[i] ? sample[key] - theirs[i][key] : null));
      const range = spread(pairs);
      return range && { ...range, median: pairs.reduce((a, b) => a + b, 0) / pairs.length };
    };
    const [test, split] = [difference('auc'), difference('auc20')];
    const worse = test && split.median < test.median ? split : test;
    return {
      contestants: states.map((state) =>
        summary(state, 'auc', { auc20: spread(state.samples.map((sample) => sample?.auc20 ?? null)) }),
      ),
      absent,
      checks: [check('quality', worse, { difference: { KDDTest: test, holdout: split } })],
    };
  },
};

export const weighRows = [rss, quality];
