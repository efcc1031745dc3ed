import { PhantomNetError, show } from '../../core/index.js';
import { ByteWindow } from '../byte-window.js';
import { firstCells } from '../csv-record.js';
import { whatIsBroken } from '../gunzip.js';
import { isNslKddRow } from '../nsl-kdd.js';
import { type EventSource, type OpenBytes, openBytes } from '../open-bytes.js';
import { dionaeaLines } from '../sensors/dionaea-sqlite.js';
import { isKnownColumn } from '../sensors/event-columns.js';
import { EVENT_NEEDS, EVENTS } from '../sensors/events.js';
import { LOG_SOURCES, logHead, logSource, recogniseSource } from '../sensors/log-sources.js';
import type { LogSource } from '../sensors/source.js';
import { csvLines, lostRow, parquetLines, tableColumns } from './table-lines.js';

/** A log whose source is known. */
export interface OpenLog {
  readonly file: string;
  readonly window: ByteWindow;
  readonly source: LogSource;
  /** Its lines are the rows of a table, as `csvLines` and `parquetLines` write them. */
  readonly isTable: boolean;
  /** Asked at the end of the window: why the file could not be expanded further, undefined where it is all there. */
  readonly whyBroken: () => string | undefined;
  /** Columns of a table that no field is made of, the first of them; absent where there are none. */
  readonly unreadColumns?: readonly string[];
}

/** A file that is no text, whose rows become lines. */
interface Container {
  readonly start: string;
  readonly what: string;
  readonly isTable: boolean;
  readonly lines: (file: string) => AsyncGenerator<Buffer, void>;
}

const HEAD_BYTES = 2 ** 20;
/** Longest line from which the source is told. */
const MAX_LINE_BYTES = 2 ** 20;
/** Where the first lines are blank or too long, the source is told from later ones, up to here. */
const MAX_LOOK_BYTES = 2 ** 23;
const MAX_HEAD_LINES = 200;
const LF = 10;
/** Most columns that are told of a table. */
const MAX_COLUMNS = 20;
const CONTAINERS: readonly Container[] = [
  { start: 'SQLite format 3\0', what: 'an SQLite database', isTable: false, lines: dionaeaLines },
  { start: 'PAR1', what: 'Parquet', isTable: true, lines: parquetLines },
];

/**
 * Opens a log, expands it, and finds out its source from its first lines unless one is named. The rows of a table, and of a
 * database of Dionaea's, are its lines. A compressed file that is damaged, cut or beyond a limit ends there (`whyBroken`). Throws
 * BAD_DATA for a file that is empty or of no known source, UNSUPPORTED for NSL-KDD, and as `openBytes` does.
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
  const opened = await openBytes(input, { whenBroken: 'end' });
  const { file } = opened;
  let { window } = opened;
  try {
    await window.fill(HEAD_BYTES);
    const container = containerOf(opened);
    if (container !== undefined) {
      await window.close();
      window = await filled(container.lines(file));
    }
    if (startOf(window, 3) === '\xef\xbb\xbf') window.take(3);
    let source = asked ?? recogniseSource(await headLines(window, container?.isTable));
    const mayBeCsv = container === undefined && (asked !== undefined || source === undefined);
    const header = mayBeCsv ? headerOf(window, file) : undefined;
    if (header !== undefined) {
      window = await filled(csvLines(window, file));
      source = asked ?? recogniseSource(await headLines(window, true));
    }
    const isTable = header !== undefined || container?.isTable === true;
    const broken = opened.brokenBy();
    // What would tell the source may be beyond.
    if (source === undefined && broken !== undefined) throw broken;
    const whyBroken = (): string | undefined => whatIsBroken(opened.brokenBy());
    return await settled({ file, window, source, isTable, whyBroken }, header);
  } catch (error) {
    await window.close();
    throw error;
  }
}

/** Returns what a file is that is no text; undefined for text. Throws BAD_DATA where it cannot be read as it lies. */
function containerOf({ file, window, compression }: OpenBytes): Container | undefined {
  const container = CONTAINERS.find(({ start }) => startOf(window, start.length) === start);
  if (container === undefined || (file !== '-' && compression === null)) return container;
  throw unreadable(file, `is ${container.what}`, 'name the file itself, expanded');
}

/** Returns the columns where a text is a table. Throws UNSUPPORTED for NSL-KDD. */
function headerOf({ bytes }: ByteWindow, file: string): readonly string[] | undefined {
  if (isNslKddRow(firstCells(bytes))) throw nslKdd(file);
  return tableColumns(bytes);
}

async function filled(lines: AsyncGenerator<Buffer, void>): Promise<ByteWindow> {
  const window = new ByteWindow(lines);
  await window.fill(HEAD_BYTES);
  return window;
}

async function settled(
  { source, ...log }: Omit<OpenLog, 'source'> & { readonly source: LogSource | undefined },
  header: readonly string[] | undefined,
): Promise<OpenLog | undefined> {
  const { file, window, isTable } = log;
  if (window.bytes.length === 0) {
    await window.close();
    return undefined;
  }
  const columns = header ?? (isTable ? await firstKeys(window) : []);
  // The first line of a file without a header is a row, which may hold a password.
  const names = header === undefined ? columns : columns.filter(isKnownColumn);
  if (source === undefined) throw unknownSource(file, names, columns.length);
  return { ...log, source, ...unreadOf(source, columns) };
}

function startOf({ bytes }: ByteWindow, length: number): string {
  return bytes.subarray(0, length).toString('latin1');
}

/** Returns the first lines that are neither blank nor longer than is read; the last of them is whole. */
async function headLines(window: ByteWindow, isTable = false): Promise<string[]> {
  for (let wanted = HEAD_BYTES; ; wanted *= 2) {
    await window.fill(wanted);
    const lines = filledLines(window).filter((line) => !isTable || lostRow(line) === undefined);
    if (lines.length > 0 || window.atEnd || wanted >= MAX_LOOK_BYTES) return lines;
  }
}

function filledLines({ bytes, atEnd }: ByteWindow): string[] {
  const lines: string[] = [];
  let length = 0;
  for (let from = 0; from < bytes.length && lines.length < MAX_HEAD_LINES && length < HEAD_BYTES; ) {
    const found = bytes.indexOf(LF, from);
    if (found < 0 && !atEnd) break;
    const end = found < 0 ? bytes.length : found;
    const line = end - from > MAX_LINE_BYTES ? '' : bytes.toString('utf8', from, end);
    if (line.trim() !== '') lines.push(line);
    length += line.length;
    from = end + 1;
  }
  return lines;
}

/** The columns of a table are the keys of each of its rows. */
async function firstKeys(window: ByteWindow): Promise<readonly string[]> {
  return Object.keys(logHead(await headLines(window, true)).records[0] ?? {});
}

/** Which columns other sources read, they alone know. */
function unreadOf(source: LogSource, columns: readonly string[]): Pick<OpenLog, 'unreadColumns'> {
  const unread = source.name === EVENTS.name ? columns.filter((name) => !isKnownColumn(name)) : [];
  return unread.length === 0 ? {} : { unreadColumns: unread.slice(0, MAX_COLUMNS) };
}

function nslKdd(file: string): PhantomNetError {
  const train = `phantomnet train ${show(file)} --format nsl-kdd`;
  return new PhantomNetError(
    'UNSUPPORTED',
    `${show(file)} is NSL-KDD: its rows have no time, source or action, so there are no events in it`,
    { hint: `its rows are samples already: ${train}`, details: { file, format: 'nsl-kdd', isLog: false } },
  );
}

/** Returns the error for a file of no known source. Of a table it tells these columns; the first line of any other is a row. */
function unknownSource(file: string, columns: readonly string[], nColumns: number): PhantomNetError {
  const names = LOG_SOURCES.map(({ name }) => name).join(', ');
  if (nColumns === 0)
    return noLog(
      file,
      'is a log of no known source',
      `name its source with --source: ${names}; any rows will do that have ${EVENT_NEEDS}`,
    );
  const seen = columns.slice(0, MAX_COLUMNS).map(show).join(', ');
  return noLog(
    file,
    `is a log of no known source: ${columns.length < nColumns ? `of its ${nColumns} columns only these are known:` : 'its columns are'} ${seen}${columns.length > MAX_COLUMNS ? ' and others' : ''}`,
    `events need ${EVENT_NEEDS}; rows that are samples already are for phantomnet train --format table`,
  );
}

function noLog(file: string, what: string, hint: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(file)} ${what}`, { hint, details: { file, isLog: false } });
}

function unreadable(file: string, what: string, hint: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(file)} ${what}`, { hint, details: { file } });
}

/** Returns whether an error says that a file is no log at all, rather than one that cannot be read. */
export function isNoLog(error: unknown): error is PhantomNetError {
  return error instanceof PhantomNetError && error.details['isLog'] === false;
}
