import { PhantomNetError } from '../core/index.js';
import type { HoneypotEvent } from '../data/index.js';
import { type IngestReport, readAllEvents } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';

/** How to read an event file. */
export type DataConfig = ExperimentConfig['data'];

/** All accepted events of a file, in file order, and what was read. */
export interface EventData {
  readonly path: string;
  readonly events: readonly HoneypotEvent[];
  readonly report: IngestReport;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
}

/** Returns the events of the file the config names. Throws BAD_DATA beyond `maxRejects`, NOT_FOUND without a file. */
export async function readData(data: DataConfig): Promise<EventData> {
  const path = dataPath(data);
  const { events, report } = await readAllEvents(path, readOptions(data));
  return { path, events, report, digest: report.digest };
}

/** Returns the config's file. Throws INVALID_PARAMETER when it names none. */
export function dataPath(data: DataConfig): string {
  if (data.path !== undefined) return data.path;
  throw new PhantomNetError('INVALID_PARAMETER', 'no event file was named', {
    hint: 'give it as an argument, or as data.path in the config file',
    details: { parameter: 'data.path' },
  });
}

/** Returns the reader's options for a config. */
export function readOptions(data: DataConfig) {
  return {
    format: data.format,
    maxRejects: data.maxRejects,
    rejectsPath: data.rejects,
    keepSecrets: data.keepSecrets,
  };
}
