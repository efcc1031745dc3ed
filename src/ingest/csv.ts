import { COMMA, type CsvScan, type CsvSeparator, cellText, scanHeader, scanRecord } from './csv-record.js';
import { badHeader, checkHeader, type HeaderPlace } from './header.js';
import { type RecordFormat, type RecordStep, textFault } from './record-reader.js';
import type { RowFault } from './row.js';

/**
 * Returns the CSV format: the first record is the header, every other one a row; where `columns` names the columns, there
 * is no header. Cells are separated as those of the header are. Throws BAD_DATA where the header is unusable.
 */
export function csvFormat(at: HeaderPlace, columns?: readonly string[]): RecordFormat {
  let header = columns;
  let separator: CsvSeparator = COMMA;
  return {
    hasHeader: () => columns === undefined && header !== undefined,
    read(view, { line, atEnd, isFull }): RecordStep {
      const place = { start: 0, atEnd: atEnd ? 'at-end' : 'more-follows' } as const;
      if (header === undefined) {
        const first = scanHeader(view, place);
        if (first.scan.kind === 'incomplete') {
          if (isFull) badHeader({ ...at, line }, 'the header cannot be read: it is longer than a row may be');
          return first.scan;
        }
        header = readHeader(view, first.scan, { ...at, line });
        separator = first.separator;
        const next = first.scan.kind === 'record' ? first.scan.next : view.length;
        return { kind: 'record', next, content: undefined };
      }
      const scan = scanRecord(view, { ...place, separator });
      if (scan.kind === 'incomplete') return scan;
      if (scan.kind === 'fault') return { kind: 'fault', fault: quoteFault(view, scan, header, atEnd) };
      const isLast = atEnd && scan.next === view.length && scan.next === scan.end;
      const expected = { header, from: columns === undefined ? 'header' : 'format', isLast } as const;
      const fault = cellFault(view, scan, header) ?? widthFault(scan.cells.length, expected);
      const content = fault ?? header.map((name, i) => [name, cellText(view, scan.cells[i]!)] as const);
      return { kind: 'record', next: scan.next, content };
    },
  };
}

const QUOTE_REASONS = {
  'stray-quote': 'a quote stands inside an unquoted cell, or text follows a closing quote',
  'stray-cr': 'a carriage return stands outside quotes without a line feed',
  'unclosed-quote': 'a quote opened on this line is never closed',
};

function quoteFault(
  view: Buffer,
  scan: CsvScan & { kind: 'fault' },
  header: readonly string[],
  atEnd: boolean,
): RowFault {
  const name = header[scan.cell];
  const column = name === undefined ? {} : { column: name };
  if (atEnd && scan.code !== 'stray-quote' && !view.includes(10))
    return { code: 'cut', reason: 'the file ends inside the row', ...column };
  return { code: scan.code, reason: QUOTE_REASONS[scan.code], ...column };
}

/** Returns what keeps a record from being text, with the column of the cell it is in; a cell beyond the header has none. */
function cellFault(
  view: Buffer,
  scan: CsvScan & { kind: 'record' },
  header: readonly string[],
): RowFault | undefined {
  const fault = textFault(view.subarray(0, scan.end));
  if (fault === undefined) return undefined;
  const cell = scan.cells.findIndex(
    ({ start, end }) => textFault(view.subarray(start, end))?.code === fault.code,
  );
  const name = header[cell];
  return name === undefined ? fault : { ...fault, column: name };
}

function widthFault(
  width: number,
  {
    header,
    from,
    isLast,
  }: { readonly header: readonly string[]; readonly from: 'header' | 'format'; readonly isLast: boolean },
): RowFault | undefined {
  if (width === header.length) return undefined;
  const counts = `${width} of ${header.length} columns`;
  if (width > header.length)
    return { code: 'too-many-columns', reason: `the row has ${width} columns, the ${from} ${header.length}` };
  if (isLast) return { code: 'cut', reason: `the file ends inside the row, after ${counts}` };
  return {
    code: 'too-few-columns',
    reason: `the row has ${width} columns, the ${from} ${header.length}`,
    column: header[width]!,
  };
}

function readHeader(
  view: Buffer,
  scan: CsvScan & { kind: 'record' | 'fault' },
  place: HeaderPlace,
): string[] {
  if (scan.kind === 'fault') badHeader(place, `the header cannot be read: ${QUOTE_REASONS[scan.code]}`);
  const fault = textFault(view.subarray(0, scan.end));
  if (fault !== undefined) badHeader(place, `the header cannot be read: ${fault.reason}`);
  const names = scan.cells.map((cell) => cellText(view, cell) ?? '');
  checkHeader(names, place);
  return names;
}
