import { PhantomNetError } from '../core/index.js';
import type { Check, DeployCheckOptions } from '../deploy/index.js';
import { explainOpaque } from '../mlflow/index.js';
import type { ModelVersion, Stage } from '../register/index.js';
import { checkDeployment, type DeploymentReport } from './check-deployment.js';
import { findVersion, parseStage, readResolved, resolveModel, versionsOf } from './resolve-model.js';
import type { Workspace } from './workspace.js';

/** What staging did: the checks first, then the version as it now is. */
export interface StagingResult {
  readonly passed: boolean;
  readonly version: ModelVersion;
  readonly checks: DeploymentReport['checks'];
  readonly predictions: DeploymentReport['predictions'];
}

/** Tags a version gets in Staging, once the checks passed. */
export const STAGING_TAGS = { lifecycle: 'pre-production', validated: 'true' } as const;
/** Tags a version gets in Production, once the checks passed. */
export const PRODUCTION_TAGS = { lifecycle: 'production', validated: 'true' } as const;

/**
 * Moves a version to a stage. For Staging and Production the deployment checks and the acceptance gates (those of the
 * run, accuracy, latency) must pass first: else nothing is changed and `passed` is false. Then the version gets
 * STAGING_TAGS or PRODUCTION_TAGS; versions that go to None or Archived, also on the way, lose them. An opaque model,
 * such as a pickle, cannot be checked: with `unchecked` it is moved and tagged `validated=false`. Throws CONFLICT for
 * `unchecked` on a model that can be checked.
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
    readonly unchecked?: boolean;
  } & Pick<DeployCheckOptions, 'sanityInput' | 'expect'>,
): Promise<StagingResult> {
  const { registry } = workspace;
  const { name, archiveExisting } = options;
  const stage: Stage = parseStage(options.stage);
  const found = await findVersion(workspace, name, options.version);
  const active = stage === 'Staging' || stage === 'Production';
  const report = active
    ? await (options.unchecked === true
        ? passOpaque(workspace, found)
        : checkVersion(workspace, found, options))
    : { passed: true, checks: [], predictions: [] };
  if (!report.passed) return { ...report, version: found };
  const before = archiveExisting ? await versionsOf(workspace, name) : [];
  const archived = before.filter((v) => v.stage === stage && v.version !== found.version);
  await registry.transitionStage(name, found.version, stage, { archiveExisting });
  for (const version of active ? archived : [found]) await removeStageTags(workspace, version);
  if (active)
    await registry.setModelVersionTags(name, found.version, {
      ...(stage === 'Staging' ? STAGING_TAGS : PRODUCTION_TAGS),
      ...(options.unchecked === true ? { validated: 'false' } : {}),
    });
  return { ...report, version: await registry.getModelVersion(name, found.version) };
}

async function removeStageTags(
  { registry }: Workspace,
  { name, version, tags }: ModelVersion,
): Promise<void> {
  for (const key of Object.keys(STAGING_TAGS))
    if (tags[key] !== undefined) await registry.deleteModelVersionTag(name, version, key);
}

/** Nothing of an opaque model is opened but `MLmodel`, so there is nothing to judge. */
async function passOpaque(
  workspace: Workspace,
  { name, version }: ModelVersion,
): Promise<Pick<StagingResult, 'passed' | 'checks' | 'predictions'>> {
  const { mlModel } = await readResolved(await resolveModel(workspace, `models:/${name}/${version}`));
  const opaque = explainOpaque(mlModel);
  if (opaque === undefined)
    throw new PhantomNetError(
      'CONFLICT',
      `${name} version ${version} can be checked, so it is not staged unchecked`,
      {
        hint: 'leave the option out; a lower gate is said with --min-accuracy',
        details: { name, version },
      },
    );
  const detail = `not applicable: staged unchecked, ${opaque.reason}`;
  return { passed: true, checks: [{ name: 'load', passed: null, detail }], predictions: [] };
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
  const gates = await runGates(workspace, version, options.minAccuracy);
  return {
    passed: report.passed && gates.every((gate) => gate.passed !== false),
    checks: [...report.checks, ...gates],
    predictions: report.predictions,
  };
}

/** The gates the run was trained under, and the accuracy it reached against the gate of this staging. */
async function runGates(
  { tracking }: Workspace,
  version: ModelVersion,
  minAccuracy: number,
): Promise<Check[]> {
  const run = version.runId === '' ? undefined : await tracking.getRun(version.runId);
  const own = run?.tags['phantomnet.gates'];
  const accuracy = run?.metrics['accuracy']?.value;
  return [
    {
      name: 'run gates',
      passed: own !== 'failed',
      detail: own === undefined ? 'the run recorded none' : `${own} when it was trained`,
    },
    {
      name: 'accuracy',
      passed: accuracy === undefined ? (minAccuracy <= 0 ? null : false) : accuracy >= minAccuracy,
      detail:
        accuracy === undefined
          ? `the version's run has no metric accuracy; the gate is ${minAccuracy}`
          : `${accuracy.toFixed(4)} on the run's test rows, gate ${minAccuracy}`,
    },
  ];
}
