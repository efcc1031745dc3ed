import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { sha256Hex } from '../core/index.js';

/** The tag that says which process runs a run, so that a later start can tell whether it is still there. */
export const PROCESS_TAG = 'phantomnet.process';

/** A process: its number, when it started (null where the system does not say), and a hash of the host it is on. */
interface ProcessMark {
  readonly pid: number;
  readonly startedAt: string | null;
  readonly host: string;
}

/** Returns the mark of this process as the JSON that the tag holds. */
export function thisProcess(): string {
  const mark: ProcessMark = {
    pid: process.pid,
    startedAt: processState(process.pid)?.startedAt ?? null,
    host: hostMark(),
  };
  return JSON.stringify(mark);
}

/**
 * Returns why the process of a tag is known to be gone, or undefined when it runs, is of another host, or the tag cannot
 * be read. A process number that another process has since got is told apart by its start.
 */
export function whyGone(tag: string): string | undefined {
  const mark = parseMark(tag);
  if (mark === undefined || mark.host !== hostMark()) return undefined;
  if (!isThere(mark.pid)) return `process ${mark.pid} ended without closing the run`;
  const state = processState(mark.pid);
  if (state === undefined) return undefined;
  if (state.isZombie) return `process ${mark.pid} ended without closing the run`;
  if (mark.startedAt === null || mark.startedAt === state.startedAt) return undefined;
  return `process ${mark.pid} ended without closing the run; its number belongs to another process now`;
}

/**
 * A hash of what tells process numbers apart: the machine and, on Linux, its process namespace, because two containers
 * can share a name and a file but not their process numbers.
 */
function hostMark(): string {
  const machine = readText('/etc/machine-id') ?? '';
  return sha256Hex(`${machine}\n${hostname()}\n${processNamespace()}`).slice(0, 16);
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM says that it is there and belongs to someone else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The start of a process in clock ticks since a boot that is named too, from /proc; undefined where there is none. */
function processState(pid: number): { startedAt: string; isZombie: boolean } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, which may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readText('/proc/sys/kernel/random/boot_id') ?? '';
  return { startedAt: `${boot.slice(0, 8)}:${fields[19]}`, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
}

function parseMark(tag: string): ProcessMark | undefined {
  try {
    const mark = JSON.parse(tag) as Partial<ProcessMark> | null;
    const { pid, startedAt = null, host } = mark ?? {};
    const isWhole = Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === 'string';
    if (!isWhole || (startedAt !== null && typeof startedAt !== 'string')) return undefined;
    return { pid: Number(pid), startedAt, host: String(host) };
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
