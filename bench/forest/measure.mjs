// Rounds: everyone is measured once a round, one after the other, so that a busy moment of the machine hits all alike.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readLabels, SCRATCH } from './data.mjs';
import { auc, fastest, pairedRatio, spread, verdict } from './figures.mjs';
import { LIMITS } from './limits.mjs';

/** A peer whose best round is this many times slower than the fastest peer's is not measured again: it is not the best. */
const SITS_OUT_ABOVE = 3;
/** Rounds before that is judged, as a busy moment of the machine may have hit one. */
const JUDGED_AFTER = 2;

/**
 * Measures `contestants` ({ name, run(round) → figures }, ours first) in rounds and returns them with `samples`, one
 * a round: null where one was not measured. `value(figures)` is what is compared. Ends early when `budgetMs` would be
 * passed; a peer that fails is left out from then on, with the reason; our own failure rejects.
 */
export async function measureRounds(context, contestants, { rounds, budgetMs, value, sitOut = false }) {
  const start = performance.now();
  const states = contestants.map(({ name }) => ({ name, samples: [], values: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries())
      await measureOne(context, contestant, states[i], { round, value, isOurs: i === 0 });
    if (sitOut && round + 1 >= (context.quick ? 1 : JUDGED_AFTER)) sendOut(states);
    const spent = performance.now() - start;
    if (spent + spent / (round + 1) > budgetMs) break;
  }
  return states;
}

async function measureOne(context, contestant, state, { round, value, isOurs }) {
  let figures = null;
  if (!isOurs && !state.failed && context.isLate()) state.note = 'the five minutes of --quick are over';
  else if (!state.failed && !state.satOut) {
    try {
      figures = await contestant.run(round);
    } catch (error) {
      if (isOurs) throw error;
      state.failed = error.message;
      context.say(`${contestant.name} failed: ${error.message}`);
      await context.drop(contestant.engine ?? contestant.name);
    }
  }
  if (figures) context.say(`  round ${round + 1}: ${contestant.name} ${formatFigures(figures)}`);
  state.samples.push(figures);
  state.values.push(figures && value(figures));
}

const formatFigures = (figures) =>
  Object.entries(figures)
    .filter(([, figure]) => typeof figure === 'number')
    .map(([key, figure]) => `${key} ${Number(figure.toPrecision(4))}`)
    .join(', ');

function sendOut([, ...peers]) {
  const best = Math.min(...peers.map(quickest));
  for (const peer of peers)
    if (!peer.satOut && !peer.failed && quickest(peer) > SITS_OUT_ABOVE * best) {
      peer.satOut = true;
      peer.note = `not measured again: more than ${SITS_OUT_ABOVE} × the best peer`;
    }
}

const quickest = ({ values }) => Math.min(...values.filter((value) => value !== null));

/** Returns the check of our times against those of the fastest of `peers`, round by round, beside its limits. */
export function ratioCheck(name, ours, peers) {
  const best = fastest(peers);
  const ratio = best ? pairedRatio(ours.values, best.values) : null;
  return check(name, ratio, {
    ours: spread(ours.values)?.median ?? null,
    bestPeer: best?.name ?? null,
    theirs: best ? spread(best.values).median : null,
  });
}

/** Returns a check: { name, value, min, max, rounds, target, floor, verdict }; without limits where there are none. */
export function check(name, figures, more = {}) {
  const limits = LIMITS[name];
  const { median = null, min = null, max = null, n = 0 } = figures ?? {};
  return {
    name,
    ...more,
    value: median,
    min,
    max,
    rounds: n,
    ...(limits && { ...limits, verdict: verdict(median, limits) }),
  };
}

/** Returns the AUC of a model on a data set, by the scores that its engine gives. */
export async function aucOf(engine, model, test) {
  const path = join(SCRATCH, `scores-${process.pid}.f64`);
  await engine.ask({ do: 'scores', model, data: test.name, path });
  return aucOfFile(path, test);
}

/** Returns the AUC of float64 scores in a file, and removes it. */
export function aucOfFile(path, test) {
  const bytes = readFileSync(path);
  rmSync(path);
  return auc(new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8), readLabels(test));
}

/** Returns what a contestant's row of the table shows. */
export function summary(state, key, more = {}) {
  const { name, samples, values, note, failed, satOut } = state;
  const aucs = samples.map((sample) => sample?.auc ?? null);
  return {
    name,
    [key]: spread(values),
    ...(spread(aucs) && {
      auc: aucs.filter((v) => v !== null).reduce((a, b, _, all) => a + b / all.length, 0),
    }),
    ...more,
    ...(note && (!satOut || values.includes(null)) && { note }),
    ...(failed && { failed }),
    samples,
  };
}
