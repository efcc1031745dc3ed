import { once } from 'node:events';
import { access, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { abortWhenInterrupted, given, PhantomNetError, show, visible } from '../../core/index.js';
import type { ReadLogOptions } from '../../ingest/index.js';
import type { CommandContext, CommandDefinition } from '../context.js';
import { untilInterrupted } from '../interruption.js';
import { byteSize, number, wholeNumber } from '../options.js';
import { renderExplanation, renderIngest } from '../views/ingest.js';

/** Reads how much memory the sort may take. */
function sortMemory(text: string): number {
  const bytes = byteSize(text);
  if (bytes < 200e6) throw new InvalidArgumentError('expected at least 200MB.');
  return bytes;
}

interface LogFlags {
  readonly source?: string;
  readonly keepSecrets?: true;
  readonly keepOriginal?: true;
  readonly pseudonymiseIp?: true;
  readonly timeZone?: number;
  readonly timeBase?: number;
}

interface IngestFlags extends LogFlags {
  readonly out?: string;
  readonly rejects?: string;
  readonly maxRejects?: number;
  readonly memory?: number;
  readonly keepRepeats?: true;
  readonly cache: boolean;
  readonly threads?: number;
  readonly follow?: true;
}

/** `phantomnet ingest`: logs of honeypots and sensors become one file of events. */
export const defineIngest: CommandDefinition = (program, run) => {
  const command = program
    .command('ingest')
    .description('read logs of honeypots and sensors into one file of events, sorted by time')
    .argument('[logs...]', "files, folders or patterns such as 'logs/*.json.gz'; - is standard input");
  addLogFlags(command)
    .option(
      '--out <file>',
      'Parquet file to write (default: none, they stay in the cache); with --follow, JSON lines to add to (default: stdout)',
    )
    .option('--rejects <file>', 'list the rejected lines in this file, as JSON lines')
    .option('--max-rejects <share>', 'share of rejected lines that is accepted (default: .5)', number)
    .option('--memory <size>', 'most memory of the sort, as in 2GB (default: 500MB)', sortMemory)
    .option('--keep-repeats', 'keep lines that came before, byte for byte')
    .option('--no-cache', 'read again what was read before, and keep nothing')
    .option('--threads <n>', 'threads that read lines (default: one a core, at most 4)', wholeNumber(1))
    .option('--follow', 'go on with one log as it is written, through rotations, until interrupted')
    .action((logs: string[], flags: IngestFlags) =>
      run((context) => (flags.follow === true ? follow(context, logs, flags) : ingest(context, logs, flags))),
    );
  const explain = command
    .command('explain')
    .description('show how one line of a log is read, field by field')
    .argument('<file>', 'log file, or - for standard input')
    .requiredOption('--line <n>', 'which line, counted from 1', wholeNumber(1));
  addLogFlags(explain).action((file: string, flags: LogFlags & { line: number }) =>
    run(async (context) => {
      const { explainLine } = await import('../../ingest/index.js');
      // The flags of the command around are known to it too, and take those given before its name.
      const explained = await explainLine(file, flags.line, readingOf({ ...command.opts(), ...flags }));
      context.output.result(explained, () => renderExplanation(explained, context.output));
      return explained.fault === null ? 0 : 1;
    }),
  );
};

function addLogFlags(command: Command): Command {
  return command
    .option('--source <name>', 'what wrote the logs; found out from their content by default')
    .option('--keep-secrets', 'leave passwords in the events')
    .option('--keep-original', 'keep each raw line, its secrets replaced, as event.original')
    .option('--pseudonymise-ip', 'replace addresses under your key; networks stay networks')
    .addOption(
      new Option(
        '--time-zone <offset>',
        'zone of sensors that write none, as in +02:00 (default: UTC)',
      ).argParser(zoneMinutes),
    )
    .addOption(
      new Option('--time-base <time>', 'when times that count from zero began, in ISO 8601').argParser(
        isoTime,
      ),
    );
}

function zoneMinutes(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  const value = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  if (!Number.isFinite(value) || Number(minutes) > 59 || Math.abs(value) > 840)
    throw new InvalidArgumentError('expected an offset from UTC such as +02:00.');
  return value;
}

function isoTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(ms)) throw new InvalidArgumentError('expected a time such as 2026-01-12T00:00:00Z.');
  return ms;
}

function readingOf(flags: LogFlags): Partial<ReadLogOptions> & { source?: string } {
  const { source, keepSecrets, keepOriginal, pseudonymiseIp, timeZone, timeBase } = flags;
  return given({
    source,
    keepSecrets,
    keepOriginal,
    pseudonymiseIp,
    zoneMinutes: timeZone,
    timeBaseMs: timeBase,
  });
}

/** Throws INVALID_PARAMETER where the rejects would be written over by the events, or between them. */
function refuseOne({ out, rejects }: IngestFlags): void {
  if (out === undefined || rejects === undefined || resolve(out) !== resolve(rejects)) return;
  throw new PhantomNetError('INVALID_PARAMETER', `--out and --rejects both name ${show(out)}`, {
    hint: 'name another file for the rejects',
    details: { file: out },
  });
}

async function ingest(
  { output }: CommandContext,
  logs: readonly string[],
  flags: IngestFlags,
): Promise<number> {
  const { describeReject, expandInputs, ingestLogs, refuseInputs, rejectsWriter } = await import(
    '../../ingest/index.js'
  );
  refuseOne(flags);
  if (flags.rejects !== undefined) await refuseInputs(flags.rejects, await expandInputs(logs));
  const rejects = flags.rejects === undefined ? undefined : await rejectsWriter(flags.rejects);
  output.progress.stage('read logs');
  try {
    const report = await untilInterrupted((signal) =>
      ingestLogs(logs, {
        ...readingOf(flags),
        signal,
        out: flags.out,
        repeats: flags.keepRepeats === true ? 'keep' : 'drop',
        cache: flags.cache ? 'use' : 'none',
        onReject: rejects?.write,
        onProgress: ({ lines }) => output.progress.advance(lines, 0),
        ...given({ maxRejects: flags.maxRejects, memoryBytes: flags.memory, threads: flags.threads }),
      }),
    );
    output.progress.done(report.cached ? 'read before: taken from the cache' : `${report.rowsRead} lines`);
    output.result(report, () => renderIngest(report, { color: output.color, describeReject }));
    return 0;
  } finally {
    await rejects?.close();
  }
}

/** Where events of a growing log go. */
interface FollowedEvents {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

const STDOUT: FollowedEvents = {
  async write(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  async close() {},
};

/** Opens the file to add to, readable by its owner only. Throws INVALID_PARAMETER where it cannot be written, or holds something else. */
async function appendTo(file: string): Promise<FollowedEvents> {
  const { beforeAddedLines, writeFailure } = await import('../../ingest/index.js');
  const before = await beforeAddedLines(file);
  try {
    const handle = await open(file, 'a', 0o600);
    if (before !== '') await handle.appendFile(before);
    return {
      write: (text) =>
        handle.appendFile(text).catch((cause) => {
          throw writeFailure(cause, show(file), 'make room on its disk, or name another file with --out');
        }),
      close: () => handle.close(),
    };
  } catch (cause) {
    throw new PhantomNetError('INVALID_PARAMETER', `${show(file)} cannot be written`, {
      cause,
      hint: 'name a file in a folder that exists and may be written',
      details: { file },
    });
  }
}

/** Writes the events of a growing log as JSON lines until it is interrupted, which is how it ends. */
async function follow(
  { output }: CommandContext,
  logs: readonly string[],
  flags: IngestFlags,
): Promise<number> {
  const { beforeAddedLines, followLog, refuseInputs, rejectOf, rejectsWriter } = await import(
    '../../ingest/index.js'
  );
  const [file] = logs;
  if (logs.length !== 1 || file === undefined || file === '-')
    throw new PhantomNetError('INVALID_PARAMETER', '--follow takes one log file', {
      hint: 'start the command once for each log',
    });
  refuseOne(flags);
  for (const written of [flags.out, flags.rejects])
    if (written !== undefined) await refuseInputs(written, [file]);
  if (flags.rejects !== undefined) await beforeAddedLines(flags.rejects);
  const rejects = flags.rejects === undefined ? undefined : await rejectsWriter(flags.rejects, 'append');
  const { signal, stop } = abortWhenInterrupted('the log was followed until now');
  const out = flags.out === undefined ? STDOUT : await appendTo(flags.out);
  const counts = { events: 0, rejected: 0 };
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  output.note(`following ${visible(file)}${isThere ? '' : ', which is not there yet'}: Ctrl-C ends`);
  // Where the events themselves are on the screen, a count would stand among them.
  if (out !== STDOUT || process.stdout.isTTY !== true) output.progress.stage('events');
  try {
    for await (const { events, faults } of followLog(file, { ...readingOf(flags), signal })) {
      counts.events += events.length;
      counts.rejected += faults.length;
      for (const fault of faults) rejects?.write(rejectOf(file, fault));
      await rejects?.flush();
      const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (text !== '') await out.write(text);
      output.progress.advance(counts.events, 0);
    }
  } finally {
    stop();
    output.progress.drop();
    await rejects?.close();
    await out.close();
  }
  output.note(`${counts.events} events, ${counts.rejected} lines rejected`);
  return 0;
}
