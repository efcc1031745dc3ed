import { Readable } from 'node:stream';
import type { HoneypotEvent } from '#src/data/index.js';
import { type IngestReport, type ReadOptions, type Reject, readEvents } from '#src/ingest/index.js';

/** Everything one reading gave: events, rejects, the report, and the error that ended it. */
export interface Reading {
  readonly events: readonly HoneypotEvent[];
  readonly rejects: readonly Reject[];
  readonly report: IngestReport;
  readonly error: (Error & { code: string; hint: string; details: Record<string, unknown> }) | undefined;
}

/** Reads text or bytes as a stream, all rejects allowed unless said otherwise. `chunkBytes` cuts the stream into pieces of that size. */
export async function readText(
  input: string | Buffer,
  { chunkBytes, ...options }: ReadOptions & { readonly chunkBytes?: number } = {},
): Promise<Reading> {
  const bytes = Buffer.from(input);
  const size = chunkBytes ?? Math.max(bytes.length, 1);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const events: HoneypotEvent[] = [];
  const rejects: Reject[] = [];
  const stream = readEvents(Readable.from(chunks), {
    maxRejects: 1,
    onReject: (reject) => rejects.push(reject),
    ...options,
  });
  let error: Reading['error'];
  try {
    for await (const batch of stream) events.push(...batch);
  } catch (caught) {
    error = caught as NonNullable<Reading['error']>;
  }
  return { events, rejects, report: stream.report, error };
}
