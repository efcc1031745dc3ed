import { PhantomNetError } from '../core/index.js';
import {
  type AcceptedInput,
  EVENT_FIELDS,
  fieldSpellings,
  type HoneypotEvent,
  isEventForm,
} from '../data/index.js';
import type { EncodedMatrix, FeaturePipeline } from '../features/index.js';
import { eventsFromRecords, type IngestReport } from '../ingest/index.js';
import { columnNames, nearColumn } from './column-names.js';
import { isTable, type Samples } from './samples.js';

/** The side of a detector that takes raw events: none where there is no pipeline, and the model takes rows only. */
export class EventInput {
  readonly pipeline: FeaturePipeline | undefined;

  constructor(pipeline: FeaturePipeline | undefined) {
    this.pipeline = pipeline;
  }

  /** Which inputs it takes: its signature's `inputKind`. */
  get inputKind(): AcceptedInput {
    return this.pipeline === undefined ? 'rows' : 'both';
  }

  /** The event columns its features are read from; none for a model that takes rows only. */
  get columns(): readonly string[] {
    return this.pipeline?.signature.columns ?? [];
  }

  /**
   * Returns records as events. A missing value is written as null; a field that is not there at all is more likely a
   * misspelt name: BAD_DATA.
   */
  protected readEvents(records: readonly unknown[]): HoneypotEvent[] {
    (records as readonly Readonly<Record<string, unknown>>[]).forEach((record, row) => {
      const has = (column: string): boolean =>
        fieldSpellings(column).some((name) => Object.hasOwn(record, name));
      const absent = this.columns.find((column) => !has(column));
      if (absent === undefined) return;
      throw new PhantomNetError(
        'BAD_DATA',
        `row ${row}: field ${columnNames(absent)} is missing, and a feature is made from it`,
        {
          hint:
            nearColumn(absent, Object.keys(record)) ??
            `give every event ${this.columns.map(columnNames).join(', ')}; null where there is no value`,
          details: { row, field: absent },
        },
      );
    });
    return eventsFromRecords(records, { requiredColumns: [] });
  }

  /** Throws BAD_DATA where `requireColumns` does, for the columns its features are read from. A table has its own check. */
  requireColumns(samples: Samples, format: IngestReport['format']): void {
    if (!isTable(samples)) requireColumns(this.columns, samples, format);
  }

  /** Returns the features of events. Throws BAD_DATA when the model takes rows only. */
  transform(events: readonly HoneypotEvent[]): EncodedMatrix {
    return this.requirePipeline().transform(events);
  }

  /** Returns the feature pipeline. Throws BAD_DATA when the model takes rows only. */
  protected requirePipeline(): FeaturePipeline {
    if (this.pipeline === undefined)
      throw new PhantomNetError('BAD_DATA', 'this model takes rows of its features, not raw events', {
        hint: `give rows with the columns its signature names`,
      });
    return this.pipeline;
  }
}

/**
 * Throws BAD_DATA when no event of a file has a column that a feature is made from. JSON lines and files in event form leave
 * out what has no value, so there it is an error only where a key looks misspelt or none of the columns is there.
 */
export function requireColumns(
  columns: readonly string[],
  events: readonly HoneypotEvent[],
  format: IngestReport['format'],
): void {
  const [first] = events;
  const has = (column: string): boolean => events.some((event) => Object.hasOwn(event.fields, column));
  const absent = columns.filter((column) => !has(column));
  if (first === undefined || absent.length === 0) return;
  const unknown = Object.keys(first.fields).filter((key) => !EVENT_FIELDS.some(({ name }) => name === key));
  const misspelt = absent.find((column) => nearColumn(column, unknown) !== undefined);
  const column = misspelt ?? absent[0]!;
  const mayLeaveOut = format === 'jsonl' || isEventForm(first.fields);
  if (mayLeaveOut && misspelt === undefined && absent.length < columns.length) return;
  throw new PhantomNetError(
    'BAD_DATA',
    `${first.file}: no column ${columnNames(column)}, and a feature of the model is made from it`,
    {
      hint: nearColumn(column, unknown) ?? `the columns are ${Object.keys(first.fields).join(', ')}`,
      details: { file: first.file, column },
    },
  );
}
