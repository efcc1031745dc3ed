import { readdirSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * Returns the ids of the other processes that have a file open, as far as this user may see them; none where the system
 * has no /proc. Cost: one look at every open file of the machine.
 */
export function processesHolding(path: string): number[] {
  const real = realpathSync(path);
  return listing('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => listing(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === real))
    .map(Number);
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Another user's process, or one that has just ended.
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
