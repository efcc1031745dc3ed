import { PhantomNetError } from '../core/index.js';
import { listExperiments } from './find-runs.js';
import { listModels } from './resolve-model.js';
import { missingDatabase } from './verify.js';
import type { WorkspaceOptions } from './workspace.js';
import { openWorkspace } from './workspace.js';

/** One thing the program needs, and whether it is there. */
export interface Diagnosis {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** What `doctor` found. */
export interface DoctorReport {
  readonly passed: boolean;
  readonly checks: readonly Diagnosis[];
}

/** Checks Node, the store and the Parquet reader; opens the store where there is one. */
export async function diagnose(options: WorkspaceOptions): Promise<DoctorReport> {
  const checks: Diagnosis[] = [
    await probe('node', () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      if (major < 20 || (major === 20 && minor < 19))
        throw new PhantomNetError('UNSUPPORTED', `Node ${process.versions.node}; 20.19 or newer is needed`);
      return `Node ${process.versions.node}`;
    }),
    await probe('store', async () => {
      const missing = missingDatabase(options);
      if (missing !== undefined)
        return `no database at ${missing} yet: the first command that writes makes one`;
      const workspace = await openWorkspace(options);
      try {
        const experiments = await listExperiments(workspace);
        return `${workspace.tracking.uri}: ${experiments.length} experiments`;
      } finally {
        await workspace.close();
      }
    }),
    await probe('registry', async () => {
      if (missingDatabase(options) !== undefined) return '0 registered models';
      const workspace = await openWorkspace(options);
      try {
        return `${(await listModels(workspace)).length} registered models`;
      } finally {
        await workspace.close();
      }
    }),
    await probe('parquet reader', async () => {
      const { version } = await import('@duckdb/node-api');
      return `DuckDB ${version()}`;
    }),
  ];
  return { passed: checks.every((c) => c.passed), checks };
}

async function probe(name: string, body: () => string | Promise<string>): Promise<Diagnosis> {
  try {
    return { name, passed: true, detail: await body() };
  } catch (error) {
    const detail =
      error instanceof PhantomNetError && error.hint ? `${error.message}; ${error.hint}` : String(error);
    return { name, passed: false, detail };
  }
}
