import { EVENTS } from '../sensors/events.js';
import { openLog } from './open-log.js';

/**
 * Returns the name of the sensor that a file is a log of, as `cowrie`; undefined for a file that is none, such as a table of
 * events, or that cannot be read. Reads its first lines only.
 */
export async function recogniseLog(path: string): Promise<string | undefined> {
  try {
    const { window, source, isTable } = await openLog(path, undefined);
    await window.close();
    return isTable || source.name === EVENTS.name ? undefined : source.name;
  } catch {
    // Whoever reads the file next says what is wrong with it.
    return undefined;
  }
}
