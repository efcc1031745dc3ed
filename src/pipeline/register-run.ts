import { PhantomNetError, show } from '../core/index.js';
import { quoteFilterKey } from '../mlflow/index.js';
import type { ModelVersion } from '../register/index.js';
import type { Run } from '../track/index.js';
import { experimentNamed, findRun, findRuns } from './find-runs.js';
import { ROLE_TAG } from './log-experiment.js';
import { PACKAGE_DIGEST_TAG, resolveModel } from './resolve-model.js';
import type { Workspace } from './workspace.js';

/** Registers a run's model as a new version (the name is made when it is new) with its lineage in tags. Throws NOT_FOUND; CONFLICT for a run that did not end well, and for the name of several. */
export async function registerRun(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly experiment?: string | undefined;
    /** Id of the run, the beginning of it, or its name; default: the newest finished run of the experiment. */
    readonly runId?: string | undefined;
    readonly description?: string | undefined;
  },
): Promise<ModelVersion> {
  const { name, description } = options;
  const run =
    options.runId === undefined
      ? await latestFinishedRun(workspace, options.experiment)
      : await findRun(workspace, options.runId, { experiment: options.experiment });
  if (run.info.status !== 'FINISHED')
    throw new PhantomNetError('CONFLICT', `run ${run.info.runId} is ${run.info.status}, not FINISHED`, {
      hint: 'register a run that ended well; see phantomnet runs list',
    });
  const modelId = run.modelOutputs.at(-1)?.modelId;
  // A model logged from Python has a name of its own choice.
  const address = modelId === undefined ? `runs:/${run.info.runId}/model` : `models:/${modelId}`;
  const resolved = await resolveModel(workspace, address);
  await ensureRegisteredModel(workspace, name);
  return workspace.registry.createModelVersion({
    name,
    source: modelId === undefined ? `${run.info.artifactUri}/model` : `models:/${modelId}`,
    runId: run.info.runId,
    ...(modelId === undefined ? {} : { modelId }),
    ...(description === undefined ? {} : { description }),
    tags: lineageTags(run, resolved.packageDigest),
  });
}

async function latestFinishedRun(workspace: Workspace, experimentName: string | undefined): Promise<Run> {
  const experiment = await experimentNamed(workspace, experimentName);
  const [run] = await findRuns(
    workspace,
    {
      experimentIds: [experiment.experimentId],
      filter: `status = 'FINISHED' AND tags.${quoteFilterKey(ROLE_TAG)} = 'experiment'`,
    },
    1,
  );
  if (run !== undefined) return run;
  throw new PhantomNetError(
    'NOT_FOUND',
    `experiment ${show(experiment.name)} has no finished run with a model`,
    {
      hint: `train one: phantomnet train <file> --experiment ${experiment.name}`,
      details: { experiment: experiment.name },
    },
  );
}

async function ensureRegisteredModel({ registry }: Workspace, name: string): Promise<void> {
  try {
    await registry.createRegisteredModel(name);
  } catch (error) {
    if (!(error instanceof PhantomNetError && error.code === 'ALREADY_EXISTS')) throw error;
  }
}

const LINEAGE = [
  'phantomnet.dataDigest',
  'phantomnet.modelDigest',
  'mlflow.source.git.commit',
  'phantomnet.git.dirty',
];

function lineageTags(run: Run, packageDigest: string | undefined): Record<string, string> {
  const tags = LINEAGE.flatMap((key) => (run.tags[key] === undefined ? [] : [[key, run.tags[key]] as const]));
  return Object.fromEntries(
    packageDigest === undefined ? tags : [...tags, [PACKAGE_DIGEST_TAG, packageDigest]],
  );
}
