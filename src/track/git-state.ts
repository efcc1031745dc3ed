import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The code a run was made with. */
export interface GitState {
  /** The full hash of the checked-out commit. */
  readonly commit: string;
  /** True when tracked files differ from the commit or untracked ones are there. */
  readonly isDirty: boolean;
}

/** Returns the state of the git work tree that `folder` is in, or undefined when there is none, no commit yet, or no git. */
export async function readGitState(folder: string): Promise<GitState | undefined> {
  const git = async (...args: readonly string[]) => {
    // No hooks of the folder run, and its index is not rewritten.
    const safe = ['-c', 'core.fsmonitor=false', '--no-optional-locks', '-C', folder];
    const options = { timeout: 10_000, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    return (await run('git', [...safe, ...args], options)).stdout;
  };
  try {
    const commit = (await git('rev-parse', '--verify', 'HEAD')).trim();
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
    return { commit, isDirty: (await git('status', '--porcelain')).trim() !== '' };
  } catch {
    return undefined;
  }
}
