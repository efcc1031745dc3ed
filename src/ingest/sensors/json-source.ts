import type { RowFault } from '../row.js';
import type { EventSink, JsonRecord, LineReader, LogSource } from './source.js';

/** A source that writes one JSON object a line. */
export interface JsonLogSource extends LogSource {
  /** Reads one record of a line; T-Pot hands the records of others to their sources. */
  readonly readRecord: (record: JsonRecord, sink: EventSink, line: string) => RowFault | undefined;
}

/** Returns a source that reads each line as a JSON object, by itself. */
export function jsonSource(source: Omit<JsonLogSource, 'open' | 'lines'>): JsonLogSource {
  const read: LineReader = (line, sink) => {
    const record = parseRecord(line);
    return 'fault' in record ? record.fault : source.readRecord(record.record, sink, line);
  };
  return { ...source, lines: 'independent', open: () => read };
}

/** Returns the JSON object of a line, or why it is none. The reason quotes nothing of the line. */
export function parseRecord(line: string): { readonly record: JsonRecord } | { readonly fault: RowFault } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { fault: notJson(line, error) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { fault: { code: 'not-an-object', reason: 'the line holds a JSON value that is not an object' } };
  return { record: value as JsonRecord };
}

function notJson(line: string, error: unknown): RowFault {
  if (line.trim() === '') return { code: 'not-an-object', reason: 'the line holds only white space' };
  if (error instanceof RangeError) return { code: 'too-deep', reason: 'the line is nested too deeply' };
  const at = /position (\d+)/.exec((error as Error).message)?.[1];
  if (at !== undefined)
    return { code: 'bad-json', reason: `the line is no JSON object: at character ${Number(at) + 1}` };
  // A short line is quoted instead of the place.
  const end = /end of JSON/.test((error as Error).message) ? ': it ends too early' : '';
  return { code: 'bad-json', reason: `the line is no JSON object${end}` };
}
