// The rows that time scoring, of one thread each.
import { prepareReference } from './data.mjs';
import { quantile, spread } from './figures.mjs';
import { fitTask, gather } from './fit-rows.mjs';
import { aucOf, measureRounds, ratioCheck, summary } from './measure.mjs';
import { compiledForest, onnxForest, ownForest } from './scoring-models.mjs';

const CALLS = 20_000;

/** Makes the forests of a row and warms them up; those that are not there are told as absent, with the reason. */
async function contestantsOf(context, wanted) {
  const contestants = [];
  const absent = [];
  for (const { label, name = label, make, run } of wanted) {
    let forest = null;
    let reason;
    try {
      if (name !== 'phantomnet') context.refuseWhenLate();
      forest = await make();
      reason = forest?.absent;
      // One run that is not counted.
      if (forest && !reason) await run(forest);
    } catch (error) {
      if (name === 'phantomnet') throw error;
      forest = null;
      reason = error.message;
      await context.drop(name);
    }
    if (forest && !forest.absent)
      contestants.push({ name: label, engine: name, forest, run: () => run(forest) });
    else
      absent.push({
        name: label,
        reason: reason ?? context.engines.whyAbsent(name) ?? context.engines.whyAbsent('scikit-learn'),
      });
  }
  return { contestants, absent };
}

function show(states, contestants, key, more = () => ({})) {
  return states.map((state, i) => {
    const { nodes, auc, versions } = contestants[i].forest;
    return { ...summary(state, key, { nodes, auc, ...more(state) }), ...(versions && { versions }) };
  });
}

const own = (context, name, run, label = name) => ({
  label,
  name,
  make: () => ownForest(context, name),
  run,
});
const onnx = (context, name, run) => ({ label: name, make: () => onnxForest(context, name), run });

const oneRow = {
  name: 'one-row',
  title: 'one row, 100 trees, depth 12, another row of KDDTest+ each call',
  unit: 'µs, mean',
  quickSeconds: 15,
  quickRounds: 3,
  rounds: 7,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const ask = ({ engine }) =>
      engine.ask({ do: 'one', model: 'scoring', data: nsl.test.name, calls: CALLS });
    const compiled = ({ measure }) => measure(nsl.test, nsl.test.rows, 'one');
    const { contestants, absent } = await contestantsOf(context, [
      own(context, 'phantomnet', ask),
      own(context, 'ydf', ask, 'ydf, C++ engine'),
      { label: 'tl2cgen, from C', name: 'tl2cgen', make: () => compiledForest(context), run: compiled },
      onnx(context, 'onnxruntime-node', ask),
    ]);
    const options = { ...context.rounds(this), value: ({ meanUs }) => meanUs };
    const states = await measureRounds(context, contestants, options);
    const [ours, ...peers] = states;
    const node = peers.filter(({ name }) => name === 'onnxruntime-node');
    const at = (state, key) => ({ ...state, values: state.samples.map((sample) => sample?.[key] ?? null) });
    return {
      contestants: show(states, contestants, 'meanUs', (state) => ({
        p50Us: spread(at(state, 'p50Us').values)?.median ?? null,
        p99Us: spread(at(state, 'p99Us').values)?.median ?? null,
      })),
      absent,
      checks: [
        ratioCheck(
          'one-row',
          ours,
          peers.filter((peer) => !node.includes(peer)),
        ),
        ratioCheck(
          'one-row-onnx',
          at(ours, 'p50Us'),
          node.map((state) => at(state, 'p50Us')),
        ),
      ],
    };
  },
};

const rows44 = {
  name: 'rows-44',
  title: '44 rows a call, 100 trees, depth 12',
  unit: 'µs, median',
  quickSeconds: 8,
  quickRounds: 3,
  rounds: 7,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const ask = ({ engine }) =>
      engine.ask({ do: 'some', model: 'scoring', data: nsl.test.name, rows: 44, calls: CALLS / 20 });
    const { contestants, absent } = await contestantsOf(context, [
      own(context, 'phantomnet', ask),
      onnx(context, 'onnxruntime-node', ask),
    ]);
    const options = { ...context.rounds(this), value: ({ p50Us }) => p50Us };
    const states = await measureRounds(context, contestants, options);
    const [ours, ...peers] = states;
    return {
      contestants: show(states, contestants, 'p50Us'),
      absent,
      checks: [ratioCheck('rows-44', ours, peers)],
    };
  },
};

const rows100k = {
  name: 'rows-100k',
  title: '100,000 rows of NSL-KDD in one call, 100 trees, depth 12, 1 thread',
  unit: 's',
  quickSeconds: 15,
  quickRounds: 3,
  rounds: 7,
  async run(context) {
    const nsl = context.nsl();
    if (nsl.absent) return { absentData: nsl.absent };
    const task = {
      do: 'batch',
      model: 'scoring',
      data: nsl.train.name,
      rows: Math.min(100_000, nsl.train.rows),
    };
    const ask = ({ engine }) => engine.ask(task);
    const { contestants, absent } = await contestantsOf(context, [
      own(context, 'phantomnet', ask),
      own(context, 'xgboost', ask),
      own(
        context,
        'ydf',
        ({ engine }) => engine.ask({ ...task, engine: true }),
        'ydf, the faster of predict and C++',
      ),
      own(context, 'scikit-learn', ask),
      {
        label: 'tl2cgen, from C',
        name: 'tl2cgen',
        make: () => compiledForest(context),
        run: ({ measure }) => measure(nsl.train, task.rows, 'batch'),
      },
      onnx(context, 'onnxruntime', ask),
      onnx(context, 'onnxruntime-node', ask),
      own(context, 'lightgbm', ask),
    ]);
    const options = { ...context.rounds(this), value: ({ seconds }) => seconds, sitOut: true };
    const states = await measureRounds(context, contestants, options);
    const [ours, ...peers] = states;
    return {
      contestants: show(states, contestants, 'seconds'),
      absent,
      checks: [ratioCheck('rows-100k', ours, peers)],
    };
  },
};

const reference = {
  name: 'reference',
  title: 'the reference’s benchmark: labels of 220 rows, 1 feature, 50 trees',
  unit: 'µs, median',
  quickSeconds: 8,
  quickRounds: 5,
  rounds: 30,
  async run(context) {
    const set = prepareReference(context.week6);
    const task = { ...fitTask(context, { trees: 50, depth: 12, threads: 1 }), data: set.name, minSplit: 5 };
    const ask = (engine, calls) => engine.ask({ do: 'labels', model: 'reference', data: set.name, calls });
    const warm = async (engine) => {
      await engine.ask({ ...task, model: 'reference' });
      await ask(engine, engine.name === 'phantomnet' ? 400 : 20);
    };
    const { engines, absent } = await gather(context, ['phantomnet', 'scikit-learn'], [set], { warm });
    const contestants = engines.map((engine) => ({
      name: engine.name,
      async run() {
        const p50Us = quantile((await ask(engine, 20)).us, 0.5);
        return { p50Us, auc: await aucOf(engine, 'reference', set) };
      },
    }));
    const options = { ...context.rounds(this), value: ({ p50Us }) => p50Us };
    const states = await measureRounds(context, contestants, options);
    const [ours, ...peers] = states;
    return {
      data: set.source,
      contestants: states.map((state) => summary(state, 'p50Us')),
      absent,
      checks: [ratioCheck('reference', ours, peers)],
    };
  },
};

export const scoreRows = [oneRow, rows44, rows100k, reference];
