import type { RegistryStore } from '#src/register/index.js';
import type { TrackingStore } from '#src/track/index.js';

/** What a filled store holds, by the numbers the searches use. */
export interface Filled {
  readonly experiments: readonly string[];
  readonly runs: readonly string[];
  readonly models: readonly string[];
}

const NAMES = ['Alpha', 'alpha', 'beta_1', 'a%b', "it's", 'x"y', 'ünï', '[a]*?', ''];
const METRICS = ['loss', 'acc', 'a b', 'a.b', 'in'];
const VALUES = [
  0,
  1,
  -1,
  0.5,
  1e5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.1 + 0.2,
];

/** Fills both stores of one database with a little of everything that searches tell apart; always the same. */
export async function fillStores(tracking: TrackingStore, registry: RegistryStore): Promise<Filled> {
  const experiments = ['0'];
  for (const [i, name] of ['Search one', 'search TWO', "three's", 'gone'].entries()) {
    const tags: Record<string, string> = i % 2 === 0 ? { team: 'blue', 'a b': NAMES[i]! } : { team: 'Red' };
    experiments.push((await tracking.createExperiment(name, tags)).experimentId);
  }
  const runs: string[] = [];
  for (let i = 0; i < 40; i++) runs.push(await fillRun(tracking, experiments[1 + (i % 2)]!, i));
  const models: string[] = [];
  for (let i = 0; i < 8; i++) {
    const { modelId } = await tracking.createLoggedModel({
      experimentId: experiments[1 + (i % 2)]!,
      name: `model-${NAMES[i % 3]}`.replace('%', ''),
      sourceRunId: runs[i]!,
      params: i % 2 === 0 ? { depth: String(i) } : {},
      tags: i % 3 === 0 ? { team: 'blue' } : { team: NAMES[i % 4]! },
    });
    if (i % 2 === 0) await tracking.finalizeLoggedModel(modelId, 'READY');
    models.push(modelId);
  }
  await tracking.deleteExperiment(experiments[4]!);
  await fillRegistry(registry, runs);
  return { experiments, runs, models };
}

async function fillRun(tracking: TrackingStore, experimentId: string, i: number): Promise<string> {
  const { info } = await tracking.createRun({
    experimentId,
    runName: NAMES[i % (NAMES.length - 1)] || 'plain',
    // Some start at one time, so that ids have to break ties.
    startTime: 1_700_000_000_000 + (i % 7),
    userId: i % 3 === 0 ? 'ada' : 'Bob',
    tags: {
      ...(i % 4 === 0 ? { team: 'blue' } : {}),
      ...(i % 5 === 0 ? { 'a b': NAMES[i % NAMES.length]! } : {}),
      ...(i % 6 === 0 ? { 'a.b': 'dotted' } : {}),
    },
  });
  const metrics = METRICS.flatMap((key, k) =>
    (i + k) % 3 === 0 ? [] : [{ key, value: VALUES[(i * 2 + k) % VALUES.length]!, timestamp: i, step: 0 }],
  );
  const params: Record<string, string> = {};
  if (i % 2 === 0) params['lr'] = ['0.1', '0.01', '1e-3', '10', '9'][i % 5]!;
  if (i % 3 === 0) params['name'] = NAMES[i % (NAMES.length - 1)]!;
  await tracking.logBatch(info.runId, { metrics, params });
  if (i % 4 === 1) {
    const context: Record<string, string> =
      i % 8 === 1 ? { 'mlflow.data.context': i % 16 === 1 ? 'training' : 'Eval' } : {};
    const dataset = { digest: `d${i % 3}`, sourceType: 'local', source: '{}', tags: context };
    await tracking.logInputs(info.runId, [{ name: i % 8 === 1 ? 'ssh' : 'FTP logs', ...dataset }]);
  }
  if (i % 3 === 1)
    await tracking.updateRun(info.runId, {
      status: i % 2 === 0 ? 'FINISHED' : 'FAILED',
      endTime: 1_700_000_001_000 + (i % 5),
    });
  if (i % 10 === 9) await tracking.deleteRun(info.runId);
  return info.runId;
}

async function fillRegistry(registry: RegistryStore, runs: readonly string[]): Promise<void> {
  for (const [i, name] of ['Alpha', 'alpha', 'beta_1', 'a%b', "it's", 'prompt', 'mixed'].entries()) {
    const isPrompt: Record<string, string> = name === 'prompt' ? { 'mlflow.prompt.is_prompt': 'true' } : {};
    await registry.createRegisteredModel(name, {
      tags: { ...(i % 2 === 0 ? { team: 'blue' } : {}), ...isPrompt },
    });
    for (let v = 0; v < 1 + (i % 3); v++) {
      await registry.createModelVersion({
        name,
        source: `file:///artifacts/${name.length}/${v}`,
        runId: runs[(i + v) % 5]!,
        tags: { ...(v === 1 ? { team: 'Blue', ok: 'yes' } : {}), ...isPrompt },
      });
    }
  }
  await registry.deleteModelVersion('beta_1', '1');
}
