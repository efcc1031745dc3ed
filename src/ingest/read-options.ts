import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import type { EventRules } from './build-event.js';
import type { IngestReport, Reject } from './rejects.js';
import type { RawRow, RowFault } from './row.js';
import type { EventFormat } from './source.js';

/** How events are read. */
export interface ReadOptions {
  /** The input's format; found out from its first bytes, else its extension, when left out. */
  readonly format?: EventFormat;
  /** Leave passwords and other secrets in the events and put the raw text of rejected rows into the rejects. */
  readonly keepSecrets?: boolean;
  /** Largest share of rows that may be rejected, 0 to 1; 0.001 by default. */
  readonly maxRejects?: number;
  /** Called for each rejected row, in order. */
  readonly onReject?: (reject: Reject) => void;
  /** Columns the input must have, with a value in every row (`data` may have none); by either spelling; those of WEEK6_REQUIRED_COLUMNS by default, `@timestamp` and `event.dataset` for an input in event form. Without `event` for predictions. */
  readonly requiredColumns?: readonly string[];
  /** Largest row in bytes; 1,048,576 by default. */
  readonly maxRecordBytes?: number;
  /** Rows in one batch at most; 1,000 by default. */
  readonly batchRows?: number;
}

/** Returns the options that bound a reading, with defaults. Throws INVALID_PARAMETER naming one that is out of range. */
export function checkOptions(options: Pick<ReadOptions, 'maxRejects' | 'maxRecordBytes' | 'batchRows'>) {
  const { maxRejects = 0.001, maxRecordBytes = 1_048_576, batchRows = 1000 } = options;
  if (!(maxRejects >= 0 && maxRejects <= 1))
    invalidParameter('maxRejects', 'a share from 0 to 1', maxRejects);
  for (const [name, value] of Object.entries({ maxRecordBytes, batchRows }))
    if (!Number.isSafeInteger(value) || value < 1) invalidParameter(name, 'an integer from 1', value);
  return { maxRejects, maxRecordBytes, batchRows };
}

/** Returns the reject that a row is, for the reason given; its text is there only where secrets are kept. */
export function toReject(
  row: RawRow,
  fault: RowFault,
  at: { readonly position: number; readonly rules: Pick<EventRules, 'file' | 'keepSecrets'> },
): Reject {
  return {
    file: at.rules.file,
    line: row.line,
    lastLine: row.lastLine,
    ...(fault.column === undefined ? {} : { column: fault.column }),
    position: at.position,
    code: fault.code,
    reason: fault.reason,
    ...(at.rules.keepSecrets ? { text: row.text() } : {}),
  };
}

/** Throws BAD_DATA for an input in which there was no row. */
export function noRows({ file, format, blankLines }: IngestReport, head: 'header' | 'no-header'): never {
  const bare = blankLines > 0 ? 'holds only blank lines' : 'is empty';
  const what = head === 'header' ? 'has a header and no rows' : format === 'parquet' ? 'has no rows' : bare;
  throw new PhantomNetError('BAD_DATA', `${show(file)} ${what}`, {
    hint: 'give a file with at least one event',
    details: { file },
  });
}
