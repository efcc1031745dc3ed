import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { LabelInWindow } from '../audit/index.js';
import { abortWhenInterrupted, given, PhantomNetError, show } from '../core/index.js';
import type { EventFieldName, EventFields } from '../data/index.js';
import {
  type BuiltSamples,
  createLabelSource,
  createSampleBuilder,
  type LabelSource,
  type SampleBuilder,
  type SampleSpec,
  type SampleState,
  samplingOf,
} from '../features/index.js';
import { type EventsUse, type IngestReport, ingestLogs, readEventFile } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import { type DataConfig, dataPath, type SampleData, type SampleStream } from './read-data.js';
import type { Samples } from './samples.js';

/** What samples are made of events, and what their label is; without a label there is none. */
interface SampleDataOptions {
  readonly sample: SampleSpec;
  readonly label?: ExperimentConfig['label'] | undefined;
  /** What the files before left; without it nothing came before this one. */
  readonly state?: SampleState | undefined;
  /** Called now and then with how many lines of logs are read, then with how many events are used. */
  readonly onRead?: OnRead | undefined;
}

/** Told how much is read so far. */
export type OnRead = (count: number) => void;

/** Samples that were made of events. */
export interface EventSampleData extends SampleData, Pick<BuiltSamples, 'late' | 'continued' | 'state'> {
  /** What was left out or is doubtful, in words. */
  readonly notes: readonly string[];
  /** The logs that the events come from. */
  readonly datasets: readonly string[];
  /** How many samples know of the event that gave their label. */
  readonly labelInWindow: LabelInWindow;
}

/** Returns whether a label is made of events by a rule. */
export function hasLabelRule({ when, field, join, taxonomy }: ExperimentConfig['label']): boolean {
  return when !== undefined || field !== undefined || join !== undefined || taxonomy !== undefined;
}

/**
 * Returns the samples that are made of a file of events, or of logs, which are ingested first (what was read before comes
 * from the cache). Throws BAD_DATA for a file that is not in the order of time, and as `ingestLogs` does; INVALID_CONFIG for
 * a label without a rule.
 */
export async function readSampleData(data: DataConfig, options: SampleDataOptions): Promise<EventSampleData> {
  const path = dataPath(data);
  const label = options.label === undefined ? undefined : labelOf(options.label);
  const builder = createSampleBuilder(options.sample, label, options.state);
  const fields = [...new Set<EventFieldName>(['@timestamp', 'event.dataset', ...builder.fields])];
  const shown = new EventsShown(builder, path);
  const learn = (events: readonly EventFields[]) => {
    for (const event of events) builder.learn(event);
  };
  const show = (events: readonly EventFields[]) => {
    shown.take(events);
    options.onRead?.(shown.events);
  };
  const needsPass = label?.labeller.needsPass === true;
  const use = { fields, take: needsPass ? learn : show, onRead: options.onRead };
  const { report, digest } = await withEvents(path, data, use, async (file) => {
    if (needsPass) for await (const events of readEventFile(file, fields)) show(events);
    return digestOf(file);
  });
  const { first, datasets, events } = shown;
  const built = builder.finish(path);
  const { nRows } = built.table;
  const logs = [...datasets].sort();
  if (nRows === 0 && built.unlabelled > 0) throw noLabel(path, options.sample, built);
  if (nRows === 0 && label !== undefined) throw noSample(path, options.sample, events);
  return {
    path,
    samples: withRoles(built.table, data.roles),
    report: { ...report, rowsRead: nRows, accepted: nRows },
    digest,
    notes: [...brokenNotes(report), ...notesOf(built, options.sample)],
    datasets: logs,
    labelInWindow: { unit: options.sample.unit, samples: built.labelInWindow, of: nRows },
    sampling: samplingOf(options.sample, first, logs),
    ...{ late: built.late, continued: built.continued, state: built.state },
    made: { unit: options.sample.unit, events },
  };
}

/** All samples of a file of events in one batch; `read` is what else is known of them once that has come. */
export type EventSampleStream = SampleStream & { read?: EventSampleData };

/** Returns the samples that are made of events, all in one batch: what a session is, is known at its end. */
export function streamEventSamples(data: DataConfig, options: SampleDataOptions): EventSampleStream {
  const report = eventReport(dataPath(data)) as { -readonly [Key in keyof IngestReport]: IngestReport[Key] };
  async function* batches(): AsyncGenerator<Samples, void> {
    const read = await readSampleData(data, options);
    Object.assign(report, read.report);
    stream.read = read;
    yield read.samples;
  }
  const stream: EventSampleStream = Object.assign(batches(), { report });
  return stream;
}

function labelOf(label: ExperimentConfig['label']): LabelSource {
  return createLabelSource(
    label.target,
    given({
      ...{ when: label.when, field: label.field, join: label.join },
      ...{ taxonomy: label.taxonomy, classes: label.classes },
    }),
  );
}

/** Events that a model keeps, to see when it is loaded that they still give the same features. */
const EXAMPLE_EVENTS = 40;

/** Shows a builder the events of a file; notes the first of them, how many there are, and which logs they come from. */
class EventsShown {
  readonly first: EventFields[] = [];
  readonly datasets = new Set<string>();
  events = 0;
  readonly #builder: SampleBuilder;
  readonly #path: string;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(builder: SampleBuilder, path: string) {
    this.#builder = builder;
    this.#path = path;
  }

  take(events: readonly EventFields[]): void {
    for (const event of events) {
      const timeMs = event['@timestamp'] as number;
      if (timeMs < this.#lastMs) throw notInOrder(this.#path);
      this.#lastMs = timeMs;
      if (this.first.length < EXAMPLE_EVENTS) this.first.push(event);
      this.datasets.add(String(event['event.dataset']));
      this.#builder.see(event);
      this.events++;
    }
  }
}

function noLabel(path: string, { unit }: SampleSpec, { unlabelled }: BuiltSamples): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `none of the ${unlabelled} ${unit}s of ${show(path)} has a label`, {
    hint: 'check the label rule against the actions and fields that the events have: phantomnet ingest <logs>',
    details: { file: path, unlabelled },
  });
}

function noSample(path: string, { unit, where }: SampleSpec, events: number): PhantomNetError {
  const by = where === undefined ? '' : ', of those that sample.where takes';
  return new PhantomNetError('BAD_DATA', `none of the ${events} events of ${show(path)} makes a sample`, {
    hint: `check that there are ${unit}s${by}: phantomnet ingest <logs> lists what the events are`,
    details: { file: path, events },
  });
}

function notInOrder(path: string): PhantomNetError {
  return new PhantomNetError('BAD_DATA', `${show(path)} is not in the order of time`, {
    hint: 'make it of your logs with: phantomnet ingest <logs> --out events.parquet',
    details: { file: path },
  });
}

/**
 * Uses the events of the file that a path is, or of the logs it names, then does with the file what else is to be done; that
 * returns its digest. The file that is made of logs may be gone then: a log may be standard input, or grow meanwhile, and is
 * in no cache.
 */
async function withEvents(
  path: string,
  { maxRejects, keepSecrets }: DataConfig,
  { onRead, ...use }: EventsUse & Pick<SampleDataOptions, 'onRead'>,
  body: (file: string) => Promise<string>,
): Promise<{ readonly report: IngestReport; readonly digest: string }> {
  if (await isParquet(path)) {
    for await (const events of readEventFile(path, use.fields)) use.take(events);
    return { report: eventReport(path), digest: await body(path) };
  }
  let digest = '';
  const takeFile = async (file: string): Promise<void> => {
    digest = await body(file);
  };
  // The rows of logs may be gigabytes in the temporary folder: whoever interrupts has them removed.
  const { signal, stop } = abortWhenInterrupted('start it again when you are ready: nothing is left of it');
  try {
    // The share of rejects that a table may have is far below what a log that attackers write must have.
    const { rejected, blankLines, rejectsByReason } = await ingestLogs([path], {
      ...{ use: { ...use, takeFile }, keepSecrets, maxRejects: Math.max(maxRejects, 0.5), signal },
      onProgress: ({ lines }) => onRead?.(lines),
    });
    return { report: { ...eventReport(path), rejected, blankLines, rejectsByReason }, digest };
  } finally {
    stop();
  }
}

function eventReport(file: string): IngestReport {
  return {
    file,
    format: 'parquet',
    rowsRead: 0,
    accepted: 0,
    rejected: 0,
    blankLines: 0,
    rejectsByReason: {},
  };
}

async function isParquet(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    // A folder of logs can be opened, but not read.
    if ((await handle.stat()).isDirectory()) return false;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'PAR1';
  } finally {
    await handle.close();
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Returns the table with the roles that somebody declared. */
function withRoles(table: BuiltSamples['table'], roles: DataConfig['roles']): BuiltSamples['table'] {
  if (roles === undefined) return table;
  const columns = table.source.columns.map((column) => {
    const role = Object.hasOwn(roles, column.name) ? roles[column.name] : undefined;
    return role === undefined ? column : { ...column, role, reason: 'declared in the config' };
  });
  return { ...table, source: { ...table.source, columns } };
}

/** Shares of the sessions of a class that sample.until ends, above and below which two classes have windows of their own. */
const MOST = 0.9;
const FEW = 0.1;

/** Returns a warning where sample.until ends the windows of one class and leaves those of another open to their ends. */
function windowNotes({ ended }: BuiltSamples, { maxSeconds }: SampleSpec): string[] {
  const shares = ended.map(({ label, sessions, of }) => ({ label, share: sessions / of }));
  const most = shares.find(({ share }) => share >= MOST);
  const few = shares.find(({ share }) => share <= FEW);
  if (most === undefined || few === undefined || maxSeconds !== undefined) return [];
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    `sample.until ends ${percent(most.share)} of the sessions of class ${show(most.label)} and ${percent(few.share)} of class ${show(few.label)}, so a model can tell them by how they ended: name in it what ends the others as well (docs/how-to/label-events.md)`,
  ];
}

/** Returns a warning where logs could not be expanded to their ends. */
export function brokenNotes({ file, rejectsByReason: { broken = 0 } }: IngestReport): string[] {
  if (broken === 0) return [];
  const what = broken === 1 ? `${show(file)} could` : `${broken} logs of ${show(file)} could`;
  return [`${what} not be expanded to the end: what is missing is in no sample`];
}

function notesOf(built: BuiltSamples, spec: SampleSpec): string[] {
  const { unlabelled, withoutSession, ambiguous, unmatched, unseenClasses } = built;
  const { unit } = spec;
  const notes: string[] = windowNotes(built, spec);
  // A text that is misspelt looks like one that is left out on purpose.
  const unseen =
    unseenClasses.length === 0
      ? ''
      : `; no event has ${unseenClasses.map(show).join(', ')}, which label.classes names`;
  if (unlabelled > 0) notes.push(`${unlabelled} ${unit}s have no label and were left out${unseen}`);
  if (withoutSession > 0) notes.push(`${withoutSession} events belong to no session and were left out`);
  if (unmatched > 0) notes.push(`${unmatched} events hold a label of no ${unit}, and count for nothing`);
  if (ambiguous > 0)
    notes.push(`${ambiguous} sessions have events of more than one label, and got that of the first`);
  return notes;
}
