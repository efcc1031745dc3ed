import {
  type DeployCheckOptions,
  type DeployReport,
  names,
  type OnnxPackage,
  type ReadyGraph,
  runDeployChecks,
  type VerifiedPackage,
} from '../deploy/index.js';
import { detectorOf } from './detector.js';
import { onnxDetectorOf } from './onnx-detector.js';
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
  const report = await runDeployChecks<VerifiedPackage | OnnxPackage>(
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
        if (pkg.flavor === 'onnx') return readyGraph(pkg);
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

async function readyGraph(pkg: OnnxPackage): Promise<ReadyGraph> {
  const detector = await onnxDetectorOf(pkg);
  const { columns, emptyRow } = detector.scorer;
  const kinds = detector.inputKind === 'both' ? 'raw events or rows' : 'rows';
  return {
    score: (records) => detector.predict(records),
    takes: `${kinds} of ${names(columns.map(({ name }) => name))}, gives classes ${names(detector.classes.map(String))}`,
    emptyRow,
  };
}
