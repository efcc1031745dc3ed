import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { given, PhantomNetError } from '../core/index.js';
import type { TableColumn } from '../data/index.js';
import type { Sampling } from '../features/index.js';
import {
  type EventSource,
  type IngestReport,
  isTableFormat,
  type ReadOptions,
  type RejectsWriter,
  readEvents,
  readTable,
  recogniseTable,
  refuseInputs,
  rejectsWriter,
} from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import { isTable, joinSamples, type Samples } from './samples.js';

/** How to read a data file. */
export type DataConfig = Omit<ExperimentConfig['data'], 'test'>;

/** What else there is to say of one reading. */
interface ReadDataOptions {
  /** Columns events must have; those of the week-6 schema when absent. A table always has those of its source. */
  readonly requiredColumns?: readonly string[];
  /** The label, and columns as another file has them: of rows of any columns, what they are is told with these. */
  readonly label?: string;
  readonly columns?: readonly TableColumn[];
  /** What becomes of a rejects file that is there; it is emptied by default. */
  readonly rejectsFile?: 'replace' | 'append';
}

/** All accepted samples of a file, in file order, and what was read. */
export interface SampleData {
  readonly path: string;
  readonly samples: Samples;
  readonly report: IngestReport;
  /** SHA-256 of the input's bytes. */
  readonly digest: string;
  /** How the samples were made, where they were made of events. */
  readonly sampling?: Sampling;
  /** What one such sample is, and how many events the file has. */
  readonly made?: { readonly unit: Unit; readonly events: number };
}

/** What one sample is. */
export type Unit = 'row' | 'event' | 'session';

/** Returns what one sample of a file is. */
export function unitOf({ made, samples }: Pick<SampleData, 'made' | 'samples'>): Unit {
  return made?.unit ?? (isTable(samples) ? 'row' : 'event');
}

/** Batches of samples in file order, and a report that grows with them. */
export type SampleStream = AsyncGenerator<Samples, void> & { readonly report: IngestReport };

/** Returns the samples of the file the config names. Throws BAD_DATA beyond `maxRejects`, NOT_FOUND without a file. */
export async function readData(data: DataConfig, options: ReadDataOptions = {}): Promise<SampleData> {
  const path = dataPath(data);
  const hash = createHash('sha256');
  const source = path === '-' ? Readable.from(passing(process.stdin, hash), { objectMode: false }) : path;
  const stream = streamSamples(source, await settleTableFormat(data), options);
  const batches: Samples[] = [];
  for await (const batch of stream) batches.push(batch);
  if (path !== '-') for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { path, samples: joinSamples(batches), report: stream.report, digest: hash.digest('hex') };
}

/** Returns how to read a file, with its format where nobody named one and it is a labelled table with declared columns. */
export async function settleTableFormat<Data extends DataConfig>(data: Data): Promise<Data> {
  const { path, format } = data;
  if (format !== undefined || path === undefined || path === '-') return data;
  const found = await recogniseTable(path);
  return found === undefined ? data : { ...data, format: found };
}

/** Returns the samples of an input in batches, in constant memory, with a report that grows; rejects go where the config says. */
export function streamSamples(
  source: EventSource,
  data: DataConfig,
  options: ReadDataOptions = {},
): SampleStream {
  let rejects: RejectsWriter | undefined;
  const stream = openStream(source, data, {
    ...options,
    onReject: (reject) => rejects?.write(reject),
  });
  async function* batches(): AsyncGenerator<Samples, void> {
    if (data.rejects !== undefined) {
      if (typeof source === 'string') await refuseInputs(data.rejects, [source]);
      rejects = await rejectsWriter(data.rejects, options.rejectsFile);
    }
    try {
      yield* stream;
    } finally {
      await rejects?.close();
    }
  }
  return Object.assign(batches(), { report: stream.report });
}

function openStream(
  source: EventSource,
  { format, maxRejects, keepSecrets, roles }: DataConfig,
  options: ReadDataOptions & Pick<ReadOptions, 'onReject'>,
): SampleStream {
  if (isTableFormat(format))
    return readTable(source, {
      ...given({ onReject: options.onReject, label: options.label, columns: options.columns, roles }),
      ...{ format, maxRejects, keepSecrets },
    });
  const events = given({ onReject: options.onReject, requiredColumns: options.requiredColumns, format });
  return readEvents(source, { ...events, maxRejects, keepSecrets });
}

async function* passing(stream: AsyncIterable<Buffer | string>, hash: Hash): AsyncGenerator<Buffer | string> {
  for await (const chunk of stream) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Returns the config's file. Throws INVALID_PARAMETER when it names none. */
export function dataPath(data: DataConfig): string {
  if (data.path !== undefined) return data.path;
  throw new PhantomNetError('INVALID_PARAMETER', 'no event file was named', {
    hint: 'give it as an argument, or as data.path in the config file',
    details: { parameter: 'data.path' },
  });
}
