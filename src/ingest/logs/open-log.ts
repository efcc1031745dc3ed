import { PhantomNetError, show } from '../../core/index.js';
import { ByteWindow } from '../byte-window.js';
import { type EventSource, openBytes } from '../open-bytes.js';
import { dionaeaLines } from '../sensors/dionaea-sqlite.js';
import { LOG_SOURCES, logSource, recogniseSource } from '../sensors/log-sources.js';
import type { LogSource } from '../sensors/source.js';

/** A log whose source is known. */
interface OpenLog {
  readonly file: string;
  readonly window: ByteWindow;
  readonly source: LogSource;
}

const HEAD_BYTES = 2 ** 20;
const SQLITE = 'SQLite format 3\0';

/**
 * Opens a log, expands it, and finds out its source from its first lines unless one is named. The rows of a database of
 * Dionaea's are its lines. Throws BAD_DATA for a file
 * that is empty or of no known source, and as `openBytes` does.
 */
export async function openLog(input: EventSource, named: string | undefined): Promise<OpenLog> {
  const log = await openFilledLog(input, named);
  if (log !== undefined) return log;
  throw unreadable(typeof input === 'string' ? input : '-', 'is empty', 'give a log with at least one line');
}

/** Does what `openLog` does, but returns undefined for an empty file: a sensor that saw nothing leaves one. */
export async function openFilledLog(
  input: EventSource,
  named: string | undefined,
): Promise<OpenLog | undefined> {
  const asked = named === undefined ? undefined : logSource(named);
  const opened = await openBytes(input);
  const { file } = opened;
  let { window } = opened;
  try {
    await window.fill(HEAD_BYTES);
    if (window.bytes.subarray(0, SQLITE.length).toString('latin1') === SQLITE) {
      if (file === '-' || opened.compression !== null)
        throw unreadable(file, 'is an SQLite database', 'name the file of the database itself, expanded');
      await window.close();
      window = new ByteWindow(dionaeaLines(file));
      await window.fill(HEAD_BYTES);
    }
    if (window.bytes.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf') window.take(3);
    if (window.bytes.length === 0) {
      await window.close();
      return undefined;
    }
    const source = asked ?? recogniseSource(headLines(window));
    if (source !== undefined) return { file, window, source };
    throw unreadable(
      file,
      'is a log of no known source',
      `name its source with --source: ${LOG_SOURCES.map((known) => known.name).join(', ')}`,
    );
  } catch (error) {
    await window.close();
    throw error;
  }
}

function headLines({ bytes }: ByteWindow): string[] {
  return bytes.subarray(0, HEAD_BYTES).toString('utf8').split('\n').slice(0, 200);
}

function unreadable(file: string, what: string, hint: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(file)} ${what}`, { hint, details: { file } });
}
