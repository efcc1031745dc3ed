import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchResult } from '#src/pipeline/index.js';
import { cleanEnv, MAIN, phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { searchFigures } from '../support/search-figures.js';
import { jsonIn } from '../support/trained.js';

const SEED = Number(process.env['PHANTOMNET_SEED'] ?? Date.now() % 2 ** 31);

const CONFIG = `experiment: tuning
split: {method: stratified}
estimator: {params: {nEstimators: 10}}
baselines: [majority]
latency: {repeat: 5}
gates: {minAccuracy: 0.5}
search:
  strategy: halving
  space:
    maxDepth: {low: 2, high: 16, log: true, integer: true}
    maxFeatures: [sqrt, 0.5]
    bootstrap: [true, false]
    oobScore: [false, true]
    features.encoding.categorical: [native, ordinal, hashing]
  maxTrials: 8
  factor: 2
  folds: 3
`;

const REASON = 'phantomnet.statusReason';
const { folder: cwd, remove } = scratch();
afterAll(remove);
const json = jsonIn(cwd);
const args = ['search', SAMPLE, '--config', 'search.yaml'];
let whole: SearchResult;

beforeAll(async () => {
  writeFileSync(join(cwd, 'search.yaml'), CONFIG);
  whole = (await json(...args)).json();
}, 120_000);

/** A search without times and ids. */
function figures({ search, metrics, intervals, params, split, model }: SearchResult) {
  return { ...searchFigures(search), metrics, intervals, params, split, modelDigest: model.modelDigest };
}

/** Starts a search, sends it `signal` some time after the `nth` trial is told, and says how it ended. */
async function stop(nth: number, signal: NodeJS.Signals, more: readonly string[] = [], delayMs = 0) {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [MAIN, ...args, ...more, '--json'], { cwd, env: cleanEnv(), stdio });
  let stderr = '';
  let isSent = false;
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (isSent || !new RegExp(`^ {2}trial \\d+ \\(${nth} of `, 'm').test(stderr)) return;
    isSent = true;
    setTimeout(() => child.kill(signal), delayMs);
  });
  const [code, by] = await once(child, 'close');
  return { code, by, stderr, runId: /^search ([0-9a-f]{32}) by /m.exec(stderr)![1]! };
}

/** The child runs of a search that are trials. */
async function trialRuns(parent: string) {
  const runs = (await json('runs', 'list', '--children', '--experiment', 'tuning', '--limit', '1000')).json();
  return runs.filter(
    (run: { role: string; tags: Record<string, string> }) =>
      run.role === 'trial' && run.tags['mlflow.parentRunId'] === parent,
  );
}

describe(`a search on the sample, seed ${SEED}`, () => {
  it('reports the winner as train does', async () => {
    const report = (await json('report', whole.runId)).json();
    const accuracy = report.headline.find(({ name }: { name: string }) => name === 'accuracy');
    expect(accuracy.value).toBe(whole.metrics['accuracy']);
    expect(report.crossValidation).toBeNull();
    const weak = report.weaknesses.map((words: string) => `weak: ${words}`);
    expect(weak.length).toBeGreaterThan(0);
    expect(whole.warnings).toEqual(expect.arrayContaining(weak));
  });

  it('halves eight forests, some of which fail, and evaluates the best once', async () => {
    const { search } = whole;
    expect(search.rungs.map((rung) => rung.nCandidates)).toEqual([8, 4, 2, 1]);
    const failed = search.trials.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { params, reason } of failed) {
      expect(params).toMatchObject({ bootstrap: false, oobScore: true });
      expect(reason).toMatch(/^oobScore must be false where bootstrap is false/);
    }
    expect(search.winner.rung).toBe(3);
    expect(search.outer.value).toBe(whole.metrics['f1Macro']);
    expect(await trialRuns(whole.runId)).toHaveLength(search.trials.length);
    const checked = await json('deploy', 'check', whole.model.address);
    expect(checked.json()).toMatchObject({ passed: true });
    const registered = await json('models', 'register', 'tuned', '--experiment', 'tuning');
    expect(registered.json()).toMatchObject({ name: 'tuned', runId: whole.runId });
  });

  it('ends as it would have, trial by trial, when it is killed with SIGKILL again and again', async () => {
    console.log(`search test: seed ${SEED} (repeat with PHANTOMNET_SEED=${SEED})`);
    const delay = (n: number) => ((SEED >>> (n * 5)) % 32) * 5;
    const first = await stop(3, 'SIGKILL', [], delay(0));
    expect([first.code, first.by]).toEqual([null, 'SIGKILL']);
    const { runId } = first;
    const ended = (await trialRuns(runId)).filter(
      ({ tags }: { tags: Record<string, string> }) => tags['phantomnet.trialStatus'] !== undefined,
    );
    expect(ended.length).toBeGreaterThanOrEqual(3);
    const resume = ['--resume', runId];
    const second = await stop(7, 'SIGKILL', resume, delay(1));
    expect([second.by, second.runId]).toEqual(['SIGKILL', runId]);
    expect(second.stderr).toMatch(/^ {2}trial 2 \(3 of \d+\) .* from the store, best [^,]*$/m);

    const shown = (await json('runs', 'show', runId)).json();
    expect(shown.status).toBe('KILLED');
    expect(shown.tags[REASON]).toMatch(/^process \d+ ended without closing the run/);

    const last = await json(...args, ...resume);
    expect(last.stderr).not.toContain('error');
    const resumed: SearchResult = last.json();
    expect(figures(resumed)).toEqual(figures(whole));
    expect(resumed.search.nReused).toBeGreaterThanOrEqual(7);
    // What had ended is in the result as it was, and was not made again.
    const told = new Map(resumed.search.trials.map((trial) => [trial.runId, trial]));
    for (const run of ended) expect(told.get(run.runId)).toMatchObject({ isReused: true });
    const runs = await trialRuns(runId);
    const open = runs.filter(({ status }: { status: string }) => status === 'RUNNING');
    const killed = runs.filter(({ status }: { status: string }) => status === 'KILLED');
    expect([open.length, runs.length - killed.length]).toEqual([0, resumed.search.trials.length]);
    expect((await json('runs', 'show', runId)).json().tags[REASON]).toBeUndefined();
  }, 180_000);

  it('is KILLED on SIGINT as a training is, with exit code 130, and goes on too', async () => {
    const stopped = await stop(2, 'SIGINT', ['--run-name', "it's mine"]);
    expect([stopped.code, stopped.by]).toEqual([130, null]);
    expect(stopped.stderr).toContain('"code":"CANCELLED","message":"interrupted by SIGINT"');
    const { hint, details } = JSON.parse(stopped.stderr.trimEnd().split('\n').at(-1)!).error;
    const typed = `phantomnet ${args.join(' ')} --run-name 'it'\\''s mine' --json --resume ${stopped.runId}`;
    expect([hint.replace('npx ', ''), details.runId]).toEqual([`go on with it:\n  ${typed}`, stopped.runId]);
    const shown = (await json('runs', 'show', stopped.runId)).json();
    expect([shown.status, shown.tags[REASON]]).toEqual(['KILLED', 'interrupted by SIGINT']);
    const resumed = (await json(...args, '--resume', stopped.runId)).json();
    expect(figures(resumed)).toEqual(figures(whole));
  }, 120_000);

  it('ends by the time with the best so far', async () => {
    const done = await phantomnet([...args, '--max-seconds', '0.001', '--run-name', 'short'], { cwd });
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^search +halving, 8 combinations, 1 trial, 0 failed, 1 shown$/m);
    expect(done.stdout).toContain('warning: the time was up: 1 of 8 combinations were tried');
    expect(done.stderr).toMatch(/^ {2}trial 0 \(1 of 15\) .* \.\d{4}, best \.\d{4} \(trial 0\), 0 s left$/m);
  });

  it('shows the best trials, the inner and the outer score', async () => {
    writeFileSync(
      join(cwd, 'grid.yaml'),
      'split: {method: stratified}\nestimator: {name: decision-tree}\nbaselines: []\n' +
        'search: {strategy: grid, space: {maxDepth: [1, 8], criterion: [gini]}, folds: 3}\n',
    );
    const done = await phantomnet(['search', SAMPLE, '--config', 'grid.yaml'], { cwd });
    const lines = done.stdout.split('\n');
    expect(lines[0]).toMatch(/^trial +f1Macro +params$/);
    expect(lines[1]).toMatch(/^1 +\.\d{4} ± \.\d{4} +maxDepth=8$/);
    expect(lines[2]).toMatch(/^0 +\.\d{4} ± \.\d{4} +maxDepth=1$/);
    expect(done.stdout).toMatch(/^search +grid, 2 of 2 combinations, 2 trials, 0 failed, 2 shown$/m);
    expect(done.stdout).toMatch(/^winner +trial 1, run [0-9a-f]{32}$/m);
    expect(done.stdout).toMatch(
      /^inner f1Macro +\.\d{4} ± \.\d{4} over 3 folds, the best of 2: optimistic$/m,
    );
    expect(done.stdout).toMatch(
      /^outer f1Macro +\.\d{4} \[\.\d{4}, \.\d{4}\] on the test rows, which no trial saw$/m,
    );
  });

  it('refuses a space that cannot be searched before it reads a row, with exit code 2', async () => {
    const refused = async (search: string) => {
      writeFileSync(join(cwd, 'bad.yaml'), search);
      const { code, stderr } = await phantomnet(['search', 'no-such-file.csv', '--config', 'bad.yaml'], {
        cwd,
      });
      return [code, stderr];
    };
    expect(await refused('search: {space: {maxDepth: [0]}}')).toEqual([
      2,
      expect.stringMatching(/^error: search\.space\.maxDepth: maxDepth must be .*\n(why: .*\n)?help: /),
    ]);
    expect(await refused('experiment: x')).toEqual([
      2,
      expect.stringMatching(/^error: search\.space is empty\nhelp: name a param/),
    ]);
    expect(await refused('search: {space: {maxDepth: [1]}}')).toEqual([
      3,
      expect.stringContaining('no-such-file.csv'),
    ]);
  });

  it('leaves train as it is where the config has a search', async () => {
    const trained = await json('train', SAMPLE, '--config', 'grid.yaml', '--cv', '0');
    expect(trained.json()).toMatchObject({ status: 'FINISHED', estimator: 'decision-tree' });
  });
});
