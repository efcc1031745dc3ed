import { PhantomNetError, show } from '../core/index.js';
import type { Prediction } from '../data/index.js';
import type { VerifiedPackage } from './open-package.js';

/** One check of a deployment and what came of it. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** What `deploy check` found. */
export interface DeployReport {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Labels of the sanity input, in its order; empty when it was not reached. */
  readonly predictions: readonly (number | string)[];
  /** Scores of the sanity input. */
  readonly scores: readonly number[];
  readonly latencyMs: number | null;
}

/** What the checks need of the composer: how to find and open the package, and how to score with it. */
export interface DeployTarget {
  /** Returns what the address stands for, in words. Throws NOT_FOUND. */
  readonly resolve: () => Promise<string>;
  /** Downloads and opens the package in safe mode. */
  readonly open: () => Promise<VerifiedPackage>;
  /** Returns the scorer of an opened package: raw events or rows in, predictions out. */
  readonly scorer: (pkg: VerifiedPackage) => (records: readonly unknown[]) => readonly Prediction[];
}

/** What to ask of the model. */
export interface DeployCheckOptions {
  /** Rows or raw events to predict; the stored input example's first row when absent. */
  readonly sanityInput?: readonly unknown[];
  /** Labels the sanity input must get. */
  readonly expect?: readonly (number | string)[];
  /** Upper limit of the mean latency of one call on one row, in milliseconds. Default 100. */
  readonly latencyLimitMs?: number;
  /** Timed calls. Default 100. */
  readonly repeat?: number;
}

/**
 * Returns pass or fail of every check, in order: resolve, download and checksums, safe load, signature, warm-up, sanity
 * input, replay of the stored examples, latency. A check after a failed one it depends on is failed as not reached.
 * Other errors (NOT_FOUND, UNAVAILABLE, a bad address) are thrown: then there is nothing to judge.
 */
export async function runDeployChecks(
  target: DeployTarget,
  options: DeployCheckOptions = {},
): Promise<DeployReport> {
  const checks: Check[] = [];
  let predictions: readonly Prediction[] = [];
  let latencyMs: number | null = null;
  const check = async (name: string, body: () => Promise<string> | string): Promise<void> => {
    if (checks.some((c) => !c.passed && BLOCKING.has(c.name))) {
      checks.push({ name, passed: false, detail: 'not reached: a check before it failed' });
      return;
    }
    try {
      checks.push({ name, passed: true, detail: await body() });
    } catch (error) {
      if (!(error instanceof PhantomNetError && JUDGED.has(error.code))) throw error;
      checks.push({ name, passed: false, detail: error.message });
    }
  };

  let pkg!: VerifiedPackage;
  let score!: (records: readonly unknown[]) => readonly Prediction[];
  await check('resolve', target.resolve);
  await check('load', async () => {
    pkg = await target.open();
    return `safe mode: every digest agrees, no code was run (${pkg.model.kind}, SHA-256 ${pkg.modelDigest.slice(0, 12)}…)`;
  });
  await check('signature', () => {
    score = target.scorer(pkg);
    return `takes ${pkg.inputKind === 'both' ? 'raw events or rows' : 'rows'} of ${names(pkg.model.features.map((f) => f.name))}`;
  });
  await check('warm-up', () => {
    score(pkg.inputExample);
    return `${pkg.inputExample.length} rows of the input example scored`;
  });
  await check('sanity', () => {
    const input = options.sanityInput ?? pkg.inputExample.slice(0, 1);
    predictions = score(input);
    return judgeSanity(predictions, pkg, options.expect);
  });
  await check('replay', () => judgeReplay(pkg, score));
  await check('latency', () => {
    const row = (options.sanityInput ?? pkg.inputExample).slice(0, 1);
    latencyMs = meanMs(() => score(row), options.repeat ?? 100);
    const limit = options.latencyLimitMs ?? 100;
    const said = `mean ${latencyMs.toFixed(3)} ms a call, limit ${limit} ms`;
    if (!(latencyMs < limit)) throw new PhantomNetError('CHECK_FAILED', said);
    return said;
  });
  return {
    passed: checks.every((c) => c.passed),
    checks,
    predictions: predictions.map((p) => p.label),
    scores: predictions.map((p) => p.score),
    latencyMs,
  };
}

/** Errors that say something of the model; all others mean that there is nothing to judge. */
const JUDGED = new Set<string>(['INTEGRITY', 'BAD_DATA', 'CHECK_FAILED']);
const BLOCKING = new Set(['resolve', 'load', 'signature', 'warm-up']);

function names(list: readonly string[]): string {
  return list.length <= 5 ? list.join(', ') : `${list.slice(0, 4).join(', ')} and ${list.length - 4} more`;
}

function judgeSanity(
  predictions: readonly Prediction[],
  pkg: VerifiedPackage,
  expect: readonly (number | string)[] | undefined,
): string {
  for (const p of predictions) {
    const sum = p.scores.reduce((a, b) => a + b, 0);
    if (!pkg.model.classes.includes(p.label) || !(Math.abs(sum - 1) < 1e-6))
      throw new PhantomNetError('CHECK_FAILED', `the output ${show(p)} does not fit the signature`);
  }
  const labels = predictions.map((p) => p.label);
  if (expect !== undefined && JSON.stringify(labels) !== JSON.stringify(expect))
    throw new PhantomNetError('CHECK_FAILED', `predicted ${show(labels)}, expected ${show(expect)}`);
  return `predicted ${show(labels)}${expect === undefined ? '' : ', as expected'}`;
}

function judgeReplay(
  pkg: VerifiedPackage,
  score: (records: readonly unknown[]) => readonly Prediction[],
): string {
  const pairs: [string, readonly Prediction[], readonly Prediction[]][] = [
    ['row', score(pkg.inputExample), pkg.expectedOutput.rows],
    ['event', pkg.eventExample.length === 0 ? [] : score(pkg.eventExample), pkg.expectedOutput.events],
  ];
  for (const [what, now, then] of pairs) {
    if (JSON.stringify(now) !== JSON.stringify(then)) {
      const at = now.findIndex((p, i) => JSON.stringify(p) !== JSON.stringify(then[i]));
      throw new PhantomNetError(
        'CHECK_FAILED',
        `${what} ${at} of the stored example now gives ${show(now[at])}, at training time ${show(then[at])}`,
      );
    }
  }
  return `${pairs[0]![1].length} rows and ${pairs[1]![1].length} events give the outputs of training time to the bit`;
}

function meanMs(call: () => unknown, repeat: number): number {
  const started = performance.now();
  for (let i = 0; i < repeat; i++) call();
  return (performance.now() - started) / repeat;
}
