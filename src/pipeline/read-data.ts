import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { PhantomNetError } from '../core/index.js';
import type { HoneypotEvent } from '../data/index.js';
import { type EventSource, type IngestReport, readEvents, rejectsWriter } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';

/** How to read an event file. */
export type DataConfig = ExperimentConfig['data'];

/** All accepted events of a file, in file order, and what was read. */
export interface EventData {
  readonly path: string;
  readonly events: readonly HoneypotEvent[];
  readonly report: IngestReport;
  /** SHA-256 of the input's bytes. */
  readonly digest: string;
}

/** Returns the events of the file the config names. Throws BAD_DATA beyond `maxRejects`, NOT_FOUND without a file. */
export async function readData(data: DataConfig): Promise<EventData> {
  const path = dataPath(data);
  const hash = createHash('sha256');
  const source = path === '-' ? Readable.from(passing(process.stdin, hash), { objectMode: false }) : path;
  const events: HoneypotEvent[] = [];
  const batches = streamEvents(source, data);
  let batch = await batches.next();
  for (; batch.done !== true; batch = await batches.next())
    for (const event of batch.value) events.push(event);
  if (path !== '-') for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { path, events, report: batch.value, digest: hash.digest('hex') };
}

/** Yields the events of an input in batches, in constant memory, writing rejects where the config says, and returns what was read. */
export async function* streamEvents(
  source: EventSource,
  data: DataConfig,
  options: { readonly requiredColumns?: readonly string[] } = {},
): AsyncGenerator<readonly HoneypotEvent[], IngestReport> {
  const rejects = data.rejects === undefined ? undefined : await rejectsWriter(data.rejects);
  const stream = readEvents(source, {
    ...options,
    maxRejects: data.maxRejects,
    keepSecrets: data.keepSecrets,
    ...(data.format === undefined ? {} : { format: data.format }),
    ...(rejects === undefined ? {} : { onReject: rejects.write }),
  });
  try {
    yield* stream;
  } finally {
    await rejects?.close();
  }
  return stream.report;
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
