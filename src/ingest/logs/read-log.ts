import type { EventFields } from '../../data/index.js';
import type { EventSource } from '../open-bytes.js';
import { addressPseudonyms } from '../pseudonyms.js';
import { secretKey } from '../secret-key.js';
import { EventCollector } from '../sensors/event-collector.js';
import { SecretVault } from '../sensors/secret-vault.js';
import { lineChunks } from './line-chunks.js';
import { type OpenLog, openLog } from './open-log.js';
import { type LineFault, type LineParser, parseLines } from './parse-lines.js';
import { type ReadLogOptions, readLogOptions } from './read-log-options.js';

/** Some events of a log, in the order of its lines, and the lines between them that gave none. */
export interface LogEvents {
  readonly events: readonly EventFields[];
  readonly faults: readonly LineFault[];
}

/** How a log is read. */
export interface ReadLogEventsOptions extends Partial<ReadLogOptions> {
  /** Name of the source; found out from the first lines where left out. */
  readonly source?: string | undefined;
}

const CHUNK_BYTES = 2 ** 18;

/**
 * Yields the events of one log in batches, in the order of its lines (not of their times), in constant memory; rejected
 * lines come with the batch they stand in. Throws as `ingestLogs` does for an input that cannot be read; never for a line.
 *
 * @example
 * ```ts
 * import { Readable } from 'node:stream';
 * const line = '{"eventid":"cowrie.command.input","input":"ls","src_ip":"192.0.2.1","timestamp":"2018-05-20T00:05:34Z"}';
 * for await (const { events } of readLogEvents(Readable.from([line]))) events[0]?.['process.command_line']; // 'ls'
 * ```
 */
export async function* readLogEvents(
  input: EventSource,
  options: ReadLogEventsOptions = {},
): AsyncGenerator<LogEvents, void> {
  const reading = readLogOptions(options);
  const log = await openLog(input, options.source);
  const { window } = log;
  const parser = await lineParser(log, reading);
  const sizes = { chunkBytes: CHUNK_BYTES, maxLineBytes: reading.maxRecordBytes };
  try {
    for await (const chunk of lineChunks(window, sizes, log.whyBroken)) {
      const events: EventFields[] = [];
      const { faults } = parseLines(chunk, parser, (found) => {
        for (const event of found) events.push(event);
      });
      yield { events, faults: [...chunk.lost, ...faults] };
    }
  } finally {
    await window.close();
  }
}

/** Returns what lines of one file are read with, under the user's key. */
export async function lineParser(
  { source, file, isTable }: Pick<OpenLog, 'source' | 'file' | 'isTable'>,
  { keepSecrets, keepOriginal, pseudonymiseIp, zoneMinutes, timeBaseMs, maxRecordBytes }: ReadLogOptions,
): Promise<LineParser & { readonly collector: EventCollector }> {
  const key = await secretKey();
  const collector = new EventCollector({
    file,
    vault: new SecretVault({ key, keepSecrets }),
    zoneMinutes,
    timeBaseMs,
    keepOriginal,
    pseudonym: pseudonymiseIp ? addressPseudonyms(key) : undefined,
  });
  return {
    reader: source.open(),
    collector,
    isTable,
    maxLineBytes: maxRecordBytes,
    textOfFault: keepSecrets ? 10_000 : 0,
  };
}
