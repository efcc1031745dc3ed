import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { given, PhantomNetError } from '../core/index.js';
import type { HoneypotEvent } from '../data/index.js';
import {
  type EventSource,
  type EventStream,
  type IngestReport,
  type RejectsWriter,
  readEvents,
  rejectsWriter,
} from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';

/** How to read an event file. */
export type DataConfig = ExperimentConfig['data'];

/** Columns the input must have; those of the week-6 schema when absent. */
export interface RequiredColumns {
  readonly requiredColumns?: readonly string[];
}

/** All accepted events of a file, in file order, and what was read. */
export interface EventData {
  readonly path: string;
  readonly events: readonly HoneypotEvent[];
  readonly report: IngestReport;
  /** SHA-256 of the input's bytes. */
  readonly digest: string;
}

/** Returns the events of the file the config names. Throws BAD_DATA beyond `maxRejects`, NOT_FOUND without a file. */
export async function readData(data: DataConfig, options: RequiredColumns = {}): Promise<EventData> {
  const path = dataPath(data);
  const hash = createHash('sha256');
  const source = path === '-' ? Readable.from(passing(process.stdin, hash), { objectMode: false }) : path;
  const stream = streamEvents(source, data, options);
  const events: HoneypotEvent[] = [];
  for await (const batch of stream) for (const event of batch) events.push(event);
  if (path !== '-') for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { path, events, report: stream.report, digest: hash.digest('hex') };
}

/** Returns the events of an input in batches, in constant memory, with a report that grows; rejects go where the config says. */
export function streamEvents(
  source: EventSource,
  data: DataConfig,
  options: RequiredColumns = {},
): EventStream {
  let rejects: RejectsWriter | undefined;
  const stream = readEvents(source, {
    ...options,
    ...given({ format: data.format }),
    maxRejects: data.maxRejects,
    keepSecrets: data.keepSecrets,
    onReject: (reject) => rejects?.write(reject),
  });
  async function* batches(): AsyncGenerator<readonly HoneypotEvent[], void> {
    if (data.rejects !== undefined) rejects = await rejectsWriter(data.rejects);
    try {
      yield* stream;
    } finally {
      await rejects?.close();
    }
  }
  return Object.assign(batches(), { report: stream.report });
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
