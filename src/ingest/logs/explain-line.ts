import { Readable } from 'node:stream';
import { given, invalidParameter, PhantomNetError, show } from '../../core/index.js';
import { EVENT_FIELDS, type EventValue } from '../../data/index.js';
import { openBytes } from '../open-bytes.js';
import { readWholeTable } from '../read-table.js';
import { recogniseTable } from '../recognise-table.js';
import { isSecretKey } from '../secrets.js';
import { parseRecord } from '../sensors/json-source.js';
import type { FieldTrace, JsonRecord } from '../sensors/source.js';
import type { DeclaredTableFormat } from '../table-sources.js';
import { type LineChunk, lineChunks } from './line-chunks.js';
import { type OpenLog, openLog } from './open-log.js';
import { type LineFault, parseLines } from './parse-lines.js';
import { lineParser, type ReadLogEventsOptions } from './read-log.js';
import { readLogOptions } from './read-log-options.js';

/** One field of an event, and where it came from. */
export interface ExplainedField {
  readonly field: string;
  readonly value: EventValue;
  /** Where it was in the line, as `alert.signature` or `kexAlgs, encCS`; null where the source says it, or it was made of the line. */
  readonly from: string | null;
  readonly description: string;
}

/** How one line of a log was read. */
export interface ExplainedLine {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  /** The events of the line, each field by field, or the row of a labelled table; none for a blank line or one that was rejected. */
  readonly events: readonly (readonly ExplainedField[])[];
  /** Why the line gave no event; null where it was read. */
  readonly fault: LineFault | null;
  /** Fields of a JSON line that no field of an event was made of; their values are not told. */
  readonly unread: readonly string[];
  /** Fields of a JSON line that hold a secret: of a password its statistics are kept. */
  readonly secrets: readonly string[];
}

const DESCRIPTIONS = new Map<string, string>(
  EVENT_FIELDS.map(({ name, description }) => [name, description]),
);

/**
 * Returns how one line of a log or table is read, field by field. `line` is one-based.
 * Throws NOT_FOUND where the file has fewer lines, and as `readLogEvents` does.
 */
export async function explainLine(
  file: string,
  line: number,
  options: ReadLogEventsOptions = {},
): Promise<ExplainedLine> {
  if (!Number.isSafeInteger(line) || line < 1) invalidParameter('line', 'a whole number from 1', line);
  const reading = readLogOptions(options);
  const labelled = file === '-' ? undefined : await recogniseTable(file);
  if (labelled !== undefined) return explainRow(file, line, labelled);
  const log = await openLog(file, options.source);
  const parser = await lineParser(log, reading);
  const place = { file, line, source: log.source.name };
  // Sources that need the lines before have read them.
  const pass = (chunk: LineChunk) => parseLines(chunk, parser, () => undefined);
  const chunk = await chunkOf(log, line, { maxLineBytes: reading.maxRecordBytes, pass });
  if ('fault' in chunk) return { ...place, events: [], fault: chunk.fault, unread: [], secrets: [] };
  return { ...place, ...explainIn(chunk, line, parser) };
}

/**
 * Returns the chunk that a line stands in, or why it cannot be read, and hands on the chunks before. Ends the reading.
 * Throws NOT_FOUND where there are fewer lines.
 */
async function chunkOf(
  { file, window, whyBroken }: Pick<OpenLog, 'file' | 'window'> & Partial<Pick<OpenLog, 'whyBroken'>>,
  line: number,
  { maxLineBytes, pass }: { readonly maxLineBytes: number; readonly pass?: (chunk: LineChunk) => void },
): Promise<LineChunk | { readonly fault: LineFault }> {
  let last = 0;
  try {
    for await (const chunk of lineChunks(window, { chunkBytes: 2 ** 18, maxLineBytes }, whyBroken)) {
      const fault = chunk.lost.find((lost) => lost.line === line);
      if (fault !== undefined) return { fault };
      last = chunk.firstLine + chunk.nLines - 1;
      if (line <= last) return chunk;
      pass?.(chunk);
    }
  } finally {
    await window.close();
  }
  throw new PhantomNetError('NOT_FOUND', `${show(file)} has no line ${line}: it has ${last}`, {
    hint: 'lines are counted from 1, blank ones too',
    details: { file, line, lines: last },
  });
}

/** Explains a row of a labelled table with declared columns, of which no event is made. */
async function explainRow(file: string, line: number, format: DeclaredTableFormat): Promise<ExplainedLine> {
  const place = { file, line, source: format, unread: [], secrets: [] };
  const chunk = await chunkOf(await openBytes(file), line, { maxLineBytes: 2 ** 20 });
  if ('fault' in chunk) return { ...place, events: [], fault: chunk.fault };
  const { own } = splitAt(chunk.bytes, line - chunk.firstLine);
  if (own.toString('latin1').trim() === '') return { ...place, events: [], fault: null };
  let fault: LineFault | null = null;
  const { table } = await readWholeTable(Readable.from([own]), {
    ...{ format, maxRejects: 1 },
    onReject: ({ code, reason, column }) => {
      fault = { line, code, reason, ...given({ column }) };
    },
  });
  if (table.nRows === 0) return { ...place, events: [], fault };
  const fields = table.source.columns.map(({ name, reason }, i) => {
    const value = table.values.get(name)![0] ?? null;
    return { field: name, value, from: `column ${i + 1}`, description: reason };
  });
  return { ...place, events: [fields], fault };
}

type Parser = Awaited<ReturnType<typeof lineParser>>;

function explainIn(
  chunk: Parameters<typeof parseLines>[0],
  line: number,
  parser: Parser,
): Pick<ExplainedLine, 'events' | 'fault' | 'unread' | 'secrets'> {
  const { before, own, isLast } = splitAt(chunk.bytes, line - chunk.firstLine);
  const { firstLine } = chunk;
  parseLines({ bytes: before, firstLine, isCut: false }, parser, () => undefined);
  const steps: FieldTrace[] = [];
  parser.collector.trace = (step) => steps.push(step);
  const events: ExplainedField[][] = [];
  const { faults } = parseLines(
    { bytes: own, firstLine: line, isCut: isLast && chunk.isCut },
    parser,
    (found) => {
      for (const fields of found) {
        const origin = originOf(steps);
        events.push(
          Object.entries(fields).map(([field, value]) => ({
            field,
            value: value ?? null,
            from: origin.get(field)?.join(', ') ?? null,
            description: DESCRIPTIONS.get(field) ?? '',
          })),
        );
      }
    },
  );
  const used = new Set(steps.flatMap(({ from }) => (from === null ? [] : [from])));
  const rest = unreadFields(own.toString('utf8'), used);
  const isSecret = (path: string): boolean => path.split('.').some(isSecretKey);
  return {
    events,
    fault: faults[0] ?? null,
    unread: rest.filter((path) => !isSecret(path)),
    secrets: rest.filter(isSecret),
  };
}

/** Returns where each field came from: a field that is made of several has all their names. */
function originOf(steps: readonly FieldTrace[]): Map<string, string[]> {
  const origin = new Map<string, string[]>();
  for (const { from, to } of steps) {
    const known = origin.get(to) ?? [];
    if (from !== null && !known.includes(from)) origin.set(to, [...known, from]);
  }
  return origin;
}

function splitAt(bytes: Buffer, lines: number) {
  let from = 0;
  for (let i = 0; i < lines; i++) from = bytes.indexOf(10, from) + 1;
  const found = bytes.indexOf(10, from);
  const end = found < 0 ? bytes.length : found;
  return { before: bytes.subarray(0, from), own: bytes.subarray(from, end), isLast: found < 0 };
}

/** Returns the paths of the values of a JSON line, all but those that were read. */
function unreadFields(line: string, used: ReadonlySet<string>): string[] {
  const parsed = parseRecord(line);
  if ('fault' in parsed) return [];
  const paths = (record: JsonRecord, prefix: string, depth: number): string[] =>
    Object.entries(record).flatMap(([key, value]) => {
      const path = `${prefix}${key}`;
      if (used.has(path)) return [];
      const isInner = value !== null && typeof value === 'object' && !Array.isArray(value);
      return isInner && depth < 4 ? paths(value as JsonRecord, `${path}.`, depth + 1) : [path];
    });
  return paths(parsed.record, '', 0);
}
