import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openWorkspace, type Workspace } from '#src/pipeline/index.js';

/** Opens a workspace on an embedded store in a new folder; both are gone after the tests of the file that asks for it. */
export async function temporaryWorkspace(): Promise<{
  readonly folder: string;
  readonly workspace: Workspace;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'phantomnet-workspace-'));
  const workspace = await openWorkspace({ uri: `sqlite:///${join(folder, 'phantomnet.db')}` });
  afterAll(async () => {
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, workspace };
}
