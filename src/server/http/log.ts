import type { Writable } from 'node:stream';
import { PhantomNetError, show, VERSION, visible } from '../../core/index.js';
import type { RequestRecord } from './record.js';

/** How a log is written: a JSON object a line, a line for people, or not at all. */
const LOG_FORMATS = ['json', 'text', 'none'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** How long lines are gathered before they are written. */
const FLUSH_MS = 50;
/** When this much waits for whoever reads the log, further lines are dropped and counted. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** One line a request, and what happens to the server. */
export interface ServerLog {
  request(record: RequestRecord): void;
  /** Something that is no request: a start, an end, a warning. */
  event(level: 'info' | 'warn', message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Writes what was gathered. */
  flush(): void;
}

/** Returns a log that writes gathered lines to a stream; writing them costs a request nothing but their text. */
export function createLog(format: LogFormat, stream: Writable): ServerLog {
  if (format === 'none') return { request: () => undefined, event: () => undefined, flush: () => undefined };
  const lines = createLines(stream);
  const requestLine = format === 'json' ? jsonRequest : textRequest;
  return {
    request: (record) => lines.add(requestLine(record)),
    event(level, message, facts = {}) {
      const time = new Date().toISOString();
      lines.add(
        format === 'json' ? JSON.stringify({ time, level, message, version: VERSION, ...facts }) : message,
      );
    },
    flush: lines.flush,
  };
}

function createLines(stream: Writable): { add(line: string): void; flush(): void } {
  let gathered = '';
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered === '') return;
    stream.write(dropped === 0 ? gathered : `${gathered}${dropped} lines of this log were dropped\n`);
    gathered = '';
    dropped = 0;
  };
  return {
    flush,
    add(line) {
      if (stream.writableLength > MAX_WAITING_BYTES) {
        dropped += 1;
        return;
      }
      gathered += `${line}\n`;
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
  };
}

let second = -1;
let secondText = '';

/** The time in ISO 8601; most lines of a second share the text of it. */
function now(): string {
  const ms = Date.now();
  const whole = Math.floor(ms / 1_000);
  if (whole !== second) {
    second = whole;
    secondText = new Date(whole * 1_000).toISOString().slice(0, -4);
  }
  return `${secondText}${String(ms % 1_000).padStart(3, '0')}Z`;
}

/** Of its address only the route's: ids and queries are the client's own. */
function jsonRequest(record: RequestRecord): string {
  const { requestId, method, status, durationMs, sentBytes } = record;
  const level = status >= 500 ? 'error' : 'info';
  let line =
    `{"time":"${now()}","level":"${level}","requestId":"${requestId}","method":"${method}",` +
    `"route":${JSON.stringify(routeOf(record))},"status":${status},"durationMs":${Math.round(durationMs * 100) / 100},"bytes":${sentBytes}`;
  if (!record.isComplete) line += ',"aborted":true';
  if (record.error !== undefined) line += `,"error":${JSON.stringify(errorText(record.error))}`;
  return `${line}}`;
}

function textRequest(record: RequestRecord): string {
  const { requestId, method, status, durationMs } = record;
  const end = record.isComplete ? '' : ' aborted';
  const line = `${now()} ${status} ${method} ${routeOf(record)} ${durationMs.toFixed(1)} ms ${requestId}${end}`;
  if (record.error === undefined) return line;
  // Indented, so that no line of it passes for a request's.
  return `${line}\n  ${errorText(record.error).replaceAll('\n', '\n  ')}`;
}

function routeOf({ route, path }: RequestRecord): string {
  return route ?? `unknown ${show(path.split('?', 1)[0])}`;
}

/** The message of what was refused; of a defect all there is to find it by. */
function errorText(error: unknown): string {
  if (error instanceof PhantomNetError && error.code !== 'INTERNAL') return visible(error.message);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause =
    error instanceof Error && error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  // A stack holds the words of what failed, which may be a client's.
  return (stack + cause).split('\n').map(visible).join('\n');
}
