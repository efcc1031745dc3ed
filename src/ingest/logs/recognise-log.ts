import { openLog } from './open-log.js';

/**
 * Returns the name of the source that a file is a log of, as `cowrie`; undefined for a file that is none, or that cannot be
 * read. Reads its first lines only.
 */
export async function recogniseLog(path: string): Promise<string | undefined> {
  try {
    const { window, source } = await openLog(path, undefined);
    await window.close();
    return source.name;
  } catch {
    // Whoever reads the file next says what is wrong with it.
    return undefined;
  }
}
