import { type DeployCheckOptions, type DeployReport, runDeployChecks } from '../deploy/index.js';
import { detectorOf } from './detector.js';
import { openResolved, type ResolvedModel, resolveModel } from './resolve-model.js';
import type { Workspace } from './workspace.js';

/** What `deploy check` found, with what it looked at. */
export interface DeploymentReport extends DeployReport {
  readonly address: string;
  /** The registered version, where the address names one. */
  readonly version: string | null;
  readonly runId: string;
}

/**
 * Returns pass or fail of everything a detector must fulfil: resolve, checksums, safe load, signature, warm-up, sanity
 * input, replay of the stored examples, latency. Throws NOT_FOUND when the address leads nowhere.
 */
export async function checkDeployment(
  workspace: Workspace,
  address: string,
  options: DeployCheckOptions = {},
): Promise<DeploymentReport> {
  let resolved: ResolvedModel | undefined;
  const report = await runDeployChecks(
    {
      resolve: async () => {
        resolved = await resolveModel(workspace, address);
        const { version, runId } = resolved;
        return version === undefined
          ? `model of run ${runId}`
          : `${version.name} version ${version.version}, run ${runId}`;
      },
      open: () => openResolved(resolved!),
      scorer: (pkg) => {
        const detector = detectorOf(pkg);
        return (records) => detector.predict(records);
      },
    },
    options,
  );
  return {
    address,
    version: resolved?.version?.version ?? null,
    runId: resolved?.runId ?? '',
    ...report,
  };
}
