import { PhantomNetError, show } from '../core/index.js';
import type { Prediction } from '../data/index.js';
import { PHANTOMNET_FLAVOR } from '../mlflow/index.js';
import { describeDecision } from './decision-file.js';
import type { OnnxPackage } from './onnx-package.js';
import type { VerifiedPackage } from './open-package.js';

/** One check of a deployment and what came of it. */
export interface Check {
  readonly name: string;
  /** Null where the check does not apply to this model; `detail` says why. */
  readonly passed: boolean | null;
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

/** Scores raw events or rows. */
export type ScoreRecords = (
  records: readonly unknown[],
) => readonly Prediction[] | Promise<readonly Prediction[]>;

/** Scores raw events or rows in the same tick. */
export type ScoreAtOnce = (records: readonly unknown[]) => readonly Prediction[];

/** An ONNX graph that is ready to score. */
export interface ReadyGraph {
  readonly score: ScoreRecords;
  /** What it takes, in words. */
  readonly takes: string;
  /** A row to score where no example was logged. */
  readonly emptyRow: unknown;
}

/** What the checks need of the composer: how to find and open the package, and how to score with it. */
export interface DeployTarget<P extends VerifiedPackage | OnnxPackage = VerifiedPackage> {
  /** Returns what the address stands for, in words. Throws NOT_FOUND. */
  readonly resolve: () => Promise<string>;
  /** Downloads and opens the package in safe mode. */
  readonly open: () => Promise<P>;
  /** Returns the scorer of an opened package: raw events or rows in, predictions out. */
  readonly scorer: (pkg: P) => P extends OnnxPackage ? Promise<ReadyGraph> : ScoreAtOnce;
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
 * input, replay of the stored examples, latency. A check after a failed one it depends on is failed as not reached; one
 * that a model logged by another program has nothing for does not apply.
 * Other errors (NOT_FOUND, UNAVAILABLE, a bad address) are thrown: then there is nothing to judge.
 */
export async function runDeployChecks<P extends VerifiedPackage | OnnxPackage>(
  target: DeployTarget<P>,
  options: DeployCheckOptions = {},
): Promise<DeployReport> {
  const checks: Check[] = [];
  let predictions: readonly Prediction[] = [];
  let latencyMs: number | null = null;
  const check = async (name: string, body: () => Promise<Verdict> | Verdict): Promise<void> => {
    if (checks.some((c) => c.passed === false && BLOCKING.has(c.name))) {
      checks.push({ name, passed: false, detail: 'not reached: a check before it failed' });
      return;
    }
    try {
      const verdict = await body();
      if (typeof verdict === 'string') checks.push({ name, passed: true, detail: verdict });
      else checks.push({ name, passed: null, detail: `not applicable: ${verdict.notApplicable}` });
    } catch (error) {
      if (!(error instanceof PhantomNetError && JUDGED.has(error.code))) throw error;
      checks.push({ name, passed: false, detail: [error.message, error.hint].filter(Boolean).join('; ') });
    }
  };

  let pkg!: P;
  let ready!: Ready;
  await check('resolve', target.resolve);
  await check('load', async () => {
    pkg = await target.open();
    return describeLoad(pkg);
  });
  await check('signature', async () => {
    ready = await prepare(target, pkg);
    return `takes ${ready.takes}`;
  });
  await check('warm-up', async () => {
    await ready.score(ready.example);
    return `${ready.example.length} ${pkg.inputExample.length > 0 ? 'rows of the input example' : 'row of zeros'} scored`;
  });
  await check('sanity', async () => {
    const input = options.sanityInput ?? pkg.inputExample.slice(0, 1);
    if (input.length === 0 && options.sanityInput === undefined)
      return { notApplicable: 'no input was given and no example was logged' };
    predictions = await ready.score(input);
    return judgeSanity(predictions, pkg, options.expect);
  });
  await check('replay', () =>
    isOwn(pkg)
      ? judgeReplay(pkg, ready.score)
      : { notApplicable: 'the program that logged the model stored no outputs to compare with' },
  );
  await check('latency', async () => {
    // An input the model refused says nothing of its speed.
    const row = (predictions.length > 0 ? (options.sanityInput ?? ready.example) : ready.example).slice(0, 1);
    latencyMs = await meanMs(() => ready.score(row), options.repeat ?? 100);
    const limit = options.latencyLimitMs ?? 100;
    const said = `mean ${latencyMs.toFixed(3)} ms a call, limit ${limit} ms`;
    if (!(latencyMs < limit)) throw new PhantomNetError('CHECK_FAILED', said);
    return said;
  });
  return {
    passed: checks.every((c) => c.passed !== false),
    checks,
    predictions: predictions.map((p) => p.label),
    scores: predictions.map((p) => p.score),
    latencyMs,
  };
}

/** What a check that passed says, or why it does not apply. */
type Verdict = string | { readonly notApplicable: string };

/** A model with the rows it is warmed up with. */
type Ready = Omit<ReadyGraph, 'emptyRow'> & { readonly example: readonly unknown[] };

function isOwn(pkg: VerifiedPackage | OnnxPackage): pkg is VerifiedPackage {
  return pkg.flavor === PHANTOMNET_FLAVOR;
}

function describeLoad(pkg: VerifiedPackage | OnnxPackage): string {
  const digest = `SHA-256 ${pkg.modelDigest.slice(0, 12)}…`;
  return isOwn(pkg)
    ? `safe mode: every digest agrees, no code was run (${[pkg.model.kind, ...decisionOf(pkg), digest].join(', ')})`
    : `an ONNX graph in one file of ${pkg.graph.length} bytes, logged by another program without a digest (${digest})`;
}

function decisionOf({ decision, model }: VerifiedPackage): string[] {
  return decision === undefined ? [] : [describeDecision(decision, model.classes)];
}

async function prepare<P extends VerifiedPackage | OnnxPackage>(
  target: DeployTarget<P>,
  pkg: P,
): Promise<Ready> {
  const scorer: ScoreAtOnce | ReadyGraph = await target.scorer(pkg);
  if (typeof scorer !== 'function')
    return { ...scorer, example: pkg.inputExample.length > 0 ? pkg.inputExample : [scorer.emptyRow] };
  const takes = isOwn(pkg)
    ? `${pkg.inputKind === 'both' ? 'raw events or rows' : 'rows'} of ${names((pkg.mlModel.signature?.inputs ?? []).map(({ name = '' }) => name))}`
    : 'rows';
  return { score: scorer, takes, example: pkg.inputExample };
}

/** Errors that say something of the model; all others mean that there is nothing to judge. */
const JUDGED = new Set<string>(['INTEGRITY', 'BAD_DATA', 'CHECK_FAILED']);
const BLOCKING = new Set(['resolve', 'load', 'signature', 'warm-up']);

/** Returns names as a list, a long one cut. */
export function names(list: readonly string[]): string {
  return list.length <= 5 ? list.join(', ') : `${list.slice(0, 4).join(', ')} and ${list.length - 4} more`;
}

function judgeSanity(
  predictions: readonly Prediction[],
  pkg: VerifiedPackage | OnnxPackage,
  expect: readonly (number | string)[] | undefined,
): string {
  for (const p of predictions) {
    const sum = p.scores.reduce((a, b) => a + b, 0);
    const isClass = !isOwn(pkg) || pkg.model.classes.includes(p.label);
    if (!isClass || !(Math.abs(sum - 1) < (isOwn(pkg) ? 1e-6 : 1e-4)))
      throw new PhantomNetError('CHECK_FAILED', `the output ${show(p)} does not fit the signature`);
  }
  const labels = predictions.map((p) => p.label);
  if (expect !== undefined && JSON.stringify(labels) !== JSON.stringify(expect))
    throw new PhantomNetError('CHECK_FAILED', `predicted ${show(labels)}, expected ${show(expect)}`);
  return `predicted ${show(labels)}${expect === undefined ? '' : ', as expected'}`;
}

async function judgeReplay(pkg: VerifiedPackage, score: ScoreRecords): Promise<string> {
  const pairs: [string, readonly Prediction[], readonly Prediction[]][] = [
    ['row', await score(pkg.inputExample), pkg.expectedOutput.rows],
    ['event', pkg.eventExample.length === 0 ? [] : await score(pkg.eventExample), pkg.expectedOutput.events],
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

async function meanMs(call: () => ReturnType<ScoreRecords>, repeat: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < repeat; i++) await call();
  return (performance.now() - started) / repeat;
}
