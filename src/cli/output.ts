import type { Writable } from 'node:stream';
import { PhantomNetError, visible } from '../core/index.js';
import { wrapWords } from './wrap.js';

/** Where a command writes: data to stdout, messages to stderr. */
export interface Output {
  readonly json: boolean;
  /** Colour and moving lines are allowed on stdout (a terminal, no NO_COLOR, no --json). */
  readonly color: boolean;
  /** Text goes to a terminal, where somebody reads it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 100 where stdout is none. */
  readonly width: number;
  /** Prints the result: `value` as JSON under --json, else the text, wrapped at words on a terminal. */
  result(value: unknown, text: () => string): void;
  /** One line of text to stderr, unless --quiet. */
  note(text: string): void;
  readonly progress: Progress;
}

/** Signs of life on stderr while a command works. */
export interface Progress {
  /** What the next stages are about. */
  heading(text: string): void;
  /** A stage begins; ends the one before. */
  stage(name: string): void;
  /** How far the stage is, of a total that is 0 where nobody knows it, and the seconds left where they are known; redraws one line on a terminal, prints nothing elsewhere. */
  advance(done: number, total: number, secondsLeft?: number): void;
  /** Ends the stage with a short fact about it. */
  done(fact?: string): void;
  /** Ends a stage that failed, where one is open, so that what is written next begins a line. */
  drop(): void;
}

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** A terminal that is narrower is not written for. */
const LEAST_WIDTH = 40;

/** Returns text as a stream takes it: on a terminal lines are broken at words, elsewhere a line stays one. */
function fitted(text: string, { isTTY, columns }: Stream): string {
  return isTTY === true && columns ? wrapWords(text, Math.max(LEAST_WIDTH, columns)) : text;
}

/** Returns the output of one invocation. */
export function createOutput(
  options: { readonly json: boolean; readonly quiet: boolean; readonly noColor: boolean },
  streams: Streams = process,
): Output {
  const color = !options.json && !options.noColor && streams.stdout.isTTY === true;
  const note = (text: string): void => {
    if (!options.quiet) streams.stderr.write(`${fitted(text, streams.stderr)}\n`);
  };
  return {
    json: options.json,
    color,
    isTerminal: !options.json && streams.stdout.isTTY === true,
    width: Math.max(80, streams.stdout.columns ?? 100),
    result(value, text) {
      streams.stdout.write(
        options.json ? `${JSON.stringify(value)}\n` : ensureNewline(fitted(text(), streams.stdout)),
      );
    },
    note,
    progress: createProgress(streams.stderr, {
      quiet: options.quiet,
      live: !options.noColor && streams.stderr.isTTY === true,
    }),
  };
}

function ensureNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function createProgress(
  stream: Stream,
  { quiet, live }: { readonly quiet: boolean; readonly live: boolean },
): Progress {
  let name: string | undefined;
  let startedMs = 0;
  let drawnMs = 0;
  const clear = (): void => {
    if (live) stream.write('\r\u001b[2K');
  };
  const done = (fact = ''): void => {
    if (name === undefined) return;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    clear();
    const line = `  ${name.padEnd(28)} ${seconds.padStart(5)} s  ${visible(fact)}`.trimEnd();
    if (!quiet) stream.write(`${fitted(line, stream)}\n`);
    name = undefined;
  };
  return {
    heading(text) {
      done();
      if (!quiet) stream.write(`${fitted(text, stream)}\n`);
    },
    stage(next) {
      done();
      name = next;
      startedMs = performance.now();
      if (live && !quiet) stream.write(`  ${next} …`);
    },
    advance(count, total, secondsLeft) {
      const now = performance.now();
      if (!live || quiet || name === undefined || now - drawnMs < 100) return;
      drawnMs = now;
      clear();
      stream.write(
        `  ${name} … ${total > 0 ? `${count}/${total}` : count}${secondsLeft === undefined ? '' : `, ${timeLeft(secondsLeft)}`}`,
      );
    },
    done,
    drop() {
      if (name !== undefined && !quiet) clear();
      name = undefined;
    },
  };
}

function timeLeft(seconds: number): string {
  return seconds <= 100 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
}

/** Writes an error to stderr: what, where, why, and `help:` what to do; JSON under --json. */
export function printError(error: unknown, options: { readonly json: boolean }, stderr: Stream): void {
  if (!(error instanceof PhantomNetError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(
      options.json
        ? `${JSON.stringify({ error: { code: 'INTERNAL', message } })}\n`
        : `error: a defect of PhantomNet: ${message}\nhelp: please report this with the command you ran\n`,
    );
    return;
  }
  if (options.json) {
    const { code, message, hint, details } = error;
    stderr.write(`${JSON.stringify({ error: { code, message, hint, details } })}\n`);
    return;
  }
  const why = error.cause instanceof Error ? `why: ${visible(oneLine(error.cause.message))}\n` : '';
  const text = `error: ${error.message}\n${why}${error.hint ? `help: ${error.hint}\n` : ''}`;
  stderr.write(fitted(text, stderr));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
