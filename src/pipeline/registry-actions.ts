import { PhantomNetError, show } from '../core/index.js';
import type { DeployCheckOptions } from '../deploy/index.js';
import type { ModelVersion, RegisteredModel, Stage } from '../register/index.js';
import type { DatasetInput, Run } from '../track/index.js';
import { checkDeployment, type DeploymentReport } from './check-deployment.js';
import { ROLE_TAG } from './log-experiment.js';
import { findVersion, PACKAGE_DIGEST_TAG, parseStage, resolveModel } from './resolve-model.js';
import { experimentNamed } from './runs.js';
import type { Workspace } from './workspace.js';

/** Registers a run's model as a new version (the name is made when it is new) with its lineage in tags. Throws NOT_FOUND. */
export async function registerRun(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly experiment?: string | undefined;
    readonly runId?: string | undefined;
    readonly description?: string | undefined;
  },
): Promise<ModelVersion> {
  const { name, description } = options;
  const run =
    options.runId === undefined
      ? await latestFinishedRun(workspace, options.experiment)
      : await workspace.tracking.getRun(options.runId);
  if (run.info.status !== 'FINISHED')
    throw new PhantomNetError('CONFLICT', `run ${run.info.runId} is ${run.info.status}, not FINISHED`, {
      hint: 'register a run that ended well; see phantomnet runs list',
    });
  const resolved = await resolveModel(workspace, `runs:/${run.info.runId}/model`);
  await ensureRegisteredModel(workspace, name);
  const modelId = run.modelOutputs.at(-1);
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
  const [run] = await workspace.tracking.listRuns({
    experimentIds: [experiment.experimentId],
    status: 'FINISHED',
    tags: { [ROLE_TAG]: 'experiment' },
    limit: 1,
  });
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

/** What staging did: the checks first, then the version as it now is. */
export interface StagingResult {
  readonly passed: boolean;
  readonly version: ModelVersion;
  readonly checks: DeploymentReport['checks'];
  readonly predictions: DeploymentReport['predictions'];
}

/** Tags a version gets in Staging, once the checks passed. */
export const STAGING_TAGS = { lifecycle: 'pre-production', validated: 'true' } as const;

/**
 * Moves a version to a stage. For Staging and Production the deployment checks and the acceptance gates (accuracy of
 * the run, latency) must pass first: else nothing is changed and `passed` is false. Staging also sets STAGING_TAGS;
 * a stage of None or Archived takes `validated` away.
 */
export async function stageVersion(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly version: string;
    readonly stage: string;
    readonly archiveExisting: boolean;
    readonly minAccuracy: number;
    readonly maxLatencyMs: number;
  } & Pick<DeployCheckOptions, 'sanityInput' | 'expect'>,
): Promise<StagingResult> {
  const { name, archiveExisting } = options;
  const stage: Stage = parseStage(options.stage);
  const found = await findVersion(workspace, name, options.version);
  const active = stage === 'Staging' || stage === 'Production';
  const report = active
    ? await checkVersion(workspace, found, options)
    : { passed: true, checks: [], predictions: [] };
  if (!report.passed) return { ...report, version: found };
  await workspace.registry.transitionStage(name, found.version, stage, { archiveExisting });
  if (stage === 'Staging') await workspace.registry.setModelVersionTags(name, found.version, STAGING_TAGS);
  if (!active && found.tags['validated'] !== undefined)
    await workspace.registry.deleteModelVersionTag(name, found.version, 'validated');
  return { ...report, version: await workspace.registry.getModelVersion(name, found.version) };
}

async function checkVersion(
  workspace: Workspace,
  version: ModelVersion,
  options: { readonly minAccuracy: number; readonly maxLatencyMs: number } & Pick<
    DeployCheckOptions,
    'sanityInput' | 'expect'
  >,
): Promise<Pick<StagingResult, 'passed' | 'checks' | 'predictions'>> {
  const { sanityInput, expect } = options;
  const report = await checkDeployment(workspace, `models:/${version.name}/${version.version}`, {
    latencyLimitMs: options.maxLatencyMs,
    ...(sanityInput === undefined ? {} : { sanityInput }),
    ...(expect === undefined ? {} : { expect }),
  });
  const gate = await accuracyGate(workspace, version, options.minAccuracy);
  return {
    passed: report.passed && gate.passed,
    checks: [...report.checks, gate],
    predictions: report.predictions,
  };
}

async function accuracyGate({ tracking }: Workspace, version: ModelVersion, minAccuracy: number) {
  const run = version.runId === '' ? undefined : await tracking.getRun(version.runId);
  const accuracy = run?.metrics['accuracy']?.value;
  if (accuracy === undefined)
    return {
      name: 'accuracy',
      passed: false,
      detail: `the version's run has no metric accuracy; the gate is ${minAccuracy}`,
    };
  return {
    name: 'accuracy',
    passed: accuracy >= minAccuracy,
    detail: `${accuracy.toFixed(4)} on the run's test rows, gate ${minAccuracy}`,
  };
}

/** A version with where it came from. */
export interface ModelDetails extends RegisteredModel {
  readonly versions: readonly ModelVersion[];
}

/** One version's origin: run, data, code, params and metrics. */
export interface VersionDetails {
  readonly version: ModelVersion;
  readonly lineage: {
    readonly runId: string;
    readonly runName: string;
    readonly datasets: readonly DatasetInput[];
    readonly dataDigest: string | null;
    readonly gitCommit: string | null;
    readonly gitDirty: boolean | null;
    readonly params: Run['params'];
    readonly metrics: Readonly<Record<string, number>>;
  } | null;
}

/** Returns a registered model with all its versions, or one version with its lineage. Throws NOT_FOUND. */
export async function showModel(
  workspace: Workspace,
  name: string,
  reference?: string,
): Promise<ModelDetails | VersionDetails> {
  if (reference === undefined) {
    const model = await workspace.registry.getRegisteredModel(name);
    return { ...model, versions: await workspace.registry.listModelVersions(name) };
  }
  const version = await findVersion(workspace, name, reference);
  if (version.runId === '') return { version, lineage: null };
  const run = await workspace.tracking.getRun(version.runId);
  const dirty = run.tags['phantomnet.git.dirty'];
  return {
    version,
    lineage: {
      runId: run.info.runId,
      runName: run.info.runName,
      datasets: run.datasets,
      dataDigest: run.tags['phantomnet.dataDigest'] ?? null,
      gitCommit: run.tags['mlflow.source.git.commit'] ?? null,
      gitDirty: dirty === undefined ? null : dirty === 'true',
      params: run.params,
      metrics: Object.fromEntries(Object.values(run.metrics).map((m) => [m.key, m.value])),
    },
  };
}

/** Points an alias at a version, or removes it. */
export async function setModelAlias(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly alias: string;
    readonly version: string | undefined;
    readonly remove: boolean;
  },
): Promise<{ readonly name: string; readonly alias: string; readonly version: string | null }> {
  const { name, alias } = options;
  if (options.remove) {
    await workspace.registry.deleteAlias(name, alias);
    return { name, alias, version: null };
  }
  if (options.version === undefined)
    throw new PhantomNetError('INVALID_PARAMETER', 'no version was named for the alias', {
      hint: `phantomnet models alias ${name} ${alias} <version>, or --delete to remove it`,
    });
  const { version } = await findVersion(workspace, name, options.version);
  await workspace.registry.setAlias(name, alias, version);
  return { name, alias, version };
}

/** Sets and removes tags of a version and returns it. */
export async function tagVersion(
  workspace: Workspace,
  options: {
    readonly name: string;
    readonly version: string;
    readonly set?: Readonly<Record<string, unknown>> | undefined;
    readonly unset?: string | undefined;
  },
): Promise<ModelVersion> {
  const { name, set = {}, unset } = options;
  const { version } = await findVersion(workspace, name, options.version);
  const tags = Object.fromEntries(
    Object.entries(set).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  await workspace.registry.setModelVersionTags(name, version, tags);
  if (unset !== undefined) await workspace.registry.deleteModelVersionTag(name, version, unset);
  return workspace.registry.getModelVersion(name, version);
}

/** Removes one version. Throws CONFLICT while it is staged or has an alias. */
export async function deleteVersion(workspace: Workspace, name: string, version: string): Promise<void> {
  const found = await workspace.registry.getModelVersion(name, version);
  const held = [
    ...(['Staging', 'Production'].includes(found.stage) ? [`in stage ${found.stage}`] : []),
    ...found.aliases.map((a) => `aliased @${a}`),
  ];
  if (held.length > 0)
    throw new PhantomNetError('CONFLICT', `${name} version ${version} is ${held.join(' and ')}`, {
      hint: `move it first: phantomnet models stage ${name} ${version} Archived, or models alias … --delete`,
      details: { name, version, held },
    });
  await workspace.registry.deleteModelVersion(name, version);
}
