import type { DeployCheckOptions } from '../deploy/index.js';
import type { ModelVersion, Stage } from '../register/index.js';
import { checkDeployment, type DeploymentReport } from './check-deployment.js';
import { findVersion, parseStage } from './resolve-model.js';
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
