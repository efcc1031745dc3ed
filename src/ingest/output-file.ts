import { type BigIntStats, fstatSync } from 'node:fs';
import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Returns nothing. Throws INVALID_PARAMETER where a file to write is one of those to read, under whatever name: it would be lost. */
export async function refuseInputs(output: string, inputs: readonly string[]): Promise<void> {
  const facts = await factsOf(output);
  if (facts?.isFile() !== true) return;
  const all = await Promise.all(inputs.map(factsOf));
  const same = all.findIndex((own) => own?.ino === facts.ino && own.dev === facts.dev);
  if (same < 0) return;
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `${show(output)} is to be written, and is read as ${show(inputs[same])}`,
    { hint: 'name another file to write, outside of what is read', details: { file: output } },
  );
}

/**
 * Returns where a file is to be written: where a link leads to, not the link itself. Throws INVALID_PARAMETER where what is
 * there is no file that another may take the place of, such as a device, or the one in which the results are printed, and
 * where its folder takes no file: before hours of reading, not after them.
 */
export async function replaceable(output: string): Promise<string> {
  const facts = await factsOf(output);
  const target = facts === undefined ? output : await realpath(output);
  const why =
    facts?.isFile() === false
      ? 'is there and no regular file'
      : facts !== undefined && isPrintedTo(facts)
        ? 'is what is printed to'
        : undefined;
  if (why !== undefined)
    throw new PhantomNetError('INVALID_PARAMETER', `${show(output)} ${why}`, {
      hint: 'name a file to write',
      details: { file: output },
    });
  await access(dirname(target), constants.W_OK).catch((cause) => {
    throw new PhantomNetError('INVALID_PARAMETER', `${show(output)} cannot be written`, {
      cause,
      hint: 'name a file in a folder that exists and may be written',
      details: { file: output },
    });
  });
  return target;
}

/** Whether a file is standard output or error: one that takes its place would lose what is printed. */
function isPrintedTo({ ino, dev }: BigIntStats): boolean {
  return [1, 2].some((descriptor) => {
    try {
      const own = fstatSync(descriptor, { bigint: true });
      return own.ino === ino && own.dev === dev;
    } catch {
      return false;
    }
  });
}

/**
 * Returns what must be written before lines of JSON are added to a file: the end of a line that was cut off.
 * Throws INVALID_PARAMETER for a file that holds something else, which added lines would spoil.
 */
export async function beforeAddedLines(output: string): Promise<'' | '\n'> {
  const facts = await factsOf(output);
  if (facts?.isFile() !== true || facts.size === 0n) return '';
  const handle = await open(output).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const byteAt = async (position: number) =>
      (await handle.read(Buffer.alloc(1), 0, 1, position)).buffer.toString('latin1');
    if ((await byteAt(0)) !== '{')
      throw new PhantomNetError(
        'INVALID_PARAMETER',
        `${show(output)} is there and holds no lines of JSON to add to`,
        {
          hint: 'name a new file, or one that this command wrote',
          details: { file: output },
        },
      );
    return (await byteAt(Number(facts.size) - 1)) === '\n' ? '' : '\n';
  } finally {
    await handle.close();
  }
}

/** Inode numbers may be larger than a double tells apart. */
function factsOf(file: string) {
  return stat(file, { bigint: true }).catch(() => undefined);
}

/** Returns what a failed write is told as: UNAVAILABLE where there is no room, any other as it is. */
export function writeFailure(cause: unknown, what: string, hint: string): unknown {
  if (cause instanceof PhantomNetError || !(cause instanceof Error)) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  // DuckDB tells it in words.
  if (!FULL.has(code) && !/No space left on device|File too large/.test(message)) return cause;
  return new PhantomNetError('UNAVAILABLE', `${what} cannot be written: there is no room left`, {
    cause,
    hint,
  });
}
