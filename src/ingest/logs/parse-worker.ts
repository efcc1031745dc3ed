import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { addressPseudonyms } from '../pseudonyms.js';
import { EventCollector } from '../sensors/event-collector.js';
import { logSource } from '../sensors/log-sources.js';
import { SecretVault } from '../sensors/secret-vault.js';
import type { LineReader } from '../sensors/source.js';
import { type EventRows, EventRowWriter } from './event-rows.js';
import { type PackedFaults, packFaults } from './packed-faults.js';
import { type Lines, type ParsedLines, parseLines } from './parse-lines.js';
import type { ReadLogOptions } from './read-log-options.js';
import type { Run } from './row-cursor.js';

/** How a worker is started. */
export interface ParseJob {
  readonly options: ReadLogOptions;
  readonly key: Uint8Array;
  /** File the rows of its events are written to. */
  readonly rowFile: string;
}

/** Lines of one file for a worker. */
export interface LinesOrder extends Omit<Lines, 'bytes'> {
  readonly order: number;
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly fileIndex: number;
  readonly source: string;
  /** The lines are rows of a table. */
  readonly isTable: boolean;
}

/** What a worker found in the lines of an order. */
export interface LinesReport extends Omit<ParsedLines, 'faults'> {
  readonly faults: PackedFaults;
  readonly order: number;
  readonly events: number;
  /** Where their rows stand, in order within each. */
  readonly runs: readonly Run[];
}

/** Rows that are written out before the order ends: its lines may make many times their own bytes. */
const MAX_WAITING_BYTES = 2 ** 25;

/** Reads the lines of one file: a source keeps what it must know of the lines before. */
interface FileReader {
  readonly reader: LineReader;
  readonly collector: EventCollector;
  readonly rows: EventRowWriter;
}

/** Reads lines and writes the rows of their events to one file. */
class LineWorker {
  readonly #options: ReadLogOptions;
  readonly #vault: SecretVault;
  readonly #pseudonym: ((address: string) => string) | undefined;
  readonly #rowFile: string;
  readonly #out: number;
  #offset = 0;
  #file: { readonly index: number; readonly reader: FileReader } | undefined;

  constructor({ options, key, rowFile }: ParseJob) {
    this.#options = options;
    const secret = Buffer.from(key);
    this.#vault = new SecretVault({ key: secret, keepSecrets: options.keepSecrets });
    this.#pseudonym = options.pseudonymiseIp ? addressPseudonyms(secret) : undefined;
    this.#rowFile = rowFile;
    this.#out = openSync(rowFile, 'wx', 0o600);
  }

  read({ order, file, fileIndex, source, isTable, ...lines }: LinesOrder): LinesReport {
    if (this.#file?.index !== fileIndex)
      this.#file = { index: fileIndex, reader: this.#open(file, fileIndex, source) };
    const { reader, collector, rows } = this.#file.reader;
    const { maxRecordBytes: maxLineBytes, keepSecrets } = this.#options;
    const bytes = Buffer.from(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.byteLength);
    let events = 0;
    const runs: Run[] = [];
    const parser = { reader, collector, isTable, maxLineBytes, textOfFault: keepSecrets ? 10_000 : 0 };
    const parsed = parseLines({ ...lines, bytes }, parser, (found, line) => {
      events += found.length;
      rows.write(found, line);
      if (rows.length > MAX_WAITING_BYTES) runs.push(...this.#append(rows.take()));
    });
    runs.push(...this.#append(rows.take()));
    return { ...parsed, faults: packFaults(parsed.faults), order, events, runs };
  }

  #append(rows: EventRows | undefined): Run[] {
    if (rows === undefined) return [];
    const { bytes, ...about } = rows;
    writeAll(this.#out, bytes);
    const offset = this.#offset;
    this.#offset += bytes.length;
    return [{ ...about, file: this.#rowFile, offset, bytes: bytes.length }];
  }

  close(): void {
    closeSync(this.#out);
  }

  #open(file: string, fileIndex: number, source: string): FileReader {
    const { zoneMinutes, timeBaseMs, keepOriginal } = this.#options;
    const rules = {
      file,
      vault: this.#vault,
      zoneMinutes,
      timeBaseMs,
      keepOriginal,
      pseudonym: this.#pseudonym,
    };
    return {
      reader: logSource(source).open(),
      collector: new EventCollector(rules),
      rows: new EventRowWriter(fileIndex),
    };
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

if (parentPort && (workerData as { readonly parse?: ParseJob } | null)?.parse) {
  const worker = new LineWorker((workerData as { readonly parse: ParseJob }).parse);
  const port = parentPort;
  port.on('message', (order: LinesOrder | 'close') => {
    if (order !== 'close') return port.postMessage(worker.read(order));
    worker.close();
    port.close();
  });
}
