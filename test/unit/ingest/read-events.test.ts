import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeReject, type Reject, readAllEvents, readEvents, rejectsWriter } from '#src/ingest/index.js';
import { readText } from './read-text.js';

const HEADER = 'honeypot_type,event,data\n';
const GOOD = "ssh,command,{'a': 1}\n";
const BAD = 'ssh\n';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-'));
});

describe('maxRejects', () => {
  it('passes up to the share and fails beyond it, with counts, the first rows and what to do', async () => {
    const text = HEADER + GOOD.repeat(6) + BAD.repeat(4);
    expect((await readText(text, { maxRejects: 0.4 })).error).toBeUndefined();
    const { error, events } = await readText(text, { maxRejects: 0.39 });
    expect(events.length).toBe(6);
    expect(error).toMatchObject({
      code: 'BAD_DATA',
      message: [
        '"-": 4 of 10 rows rejected, more than the allowed share of 0.39:',
        ...[8, 9, 10].map(
          (n) => `  "-", line ${n}, column "event": the row has 1 columns, the header 3 (too-few-columns)`,
        ),
        '  and 1 more',
      ].join('\n'),
      hint: 'correct the rows, or allow more with --max-rejects; --rejects <file> writes all of them to a file',
      details: { file: '-', rowsRead: 10, rejected: 4, rejectsByReason: { 'too-few-columns': 4 } },
    });
    expect((error!.details['first'] as unknown[]).length).toBe(3);
  });

  it('allows one row in a thousand by default', async () => {
    const read = (good: number) =>
      readText(HEADER + BAD + GOOD.repeat(good), { maxRejects: undefined as never });
    expect((await read(999)).error).toBeUndefined();
    expect((await read(998)).error?.message).toMatch(
      /1 of 999 rows rejected, more than the allowed share of 0.001/,
    );
  });

  it('stops early once most of 1,000 rows were rejected', async () => {
    const rows = HEADER + GOOD.repeat(400) + BAD.repeat(600) + GOOD.repeat(5000);
    const { error, report } = await readText(rows, { maxRejects: 0.5 });
    expect(error?.message).toMatch(/^"-": 600 of 1000 rows rejected so far, so reading stopped, more than/);
    expect(report.rowsRead).toBe(1000);
    expect((await readText(rows, { maxRejects: 0.6 })).error).toBeUndefined();
    expect(
      (await readText(HEADER + BAD.repeat(400) + GOOD.repeat(4000), { maxRejects: 0.1 })).report.rowsRead,
    ).toBe(4400);
  });

  it.each([
    [{ maxRejects: -0.1 }, 'maxRejects must be a share from 0 to 1, got -0.1'],
    [{ maxRejects: Number.NaN }, 'maxRejects must be a share from 0 to 1, got NaN'],
    [{ maxRecordBytes: 0 }, 'maxRecordBytes must be an integer from 1, got 0'],
    [{ batchRows: 1.5 }, 'batchRows must be an integer from 1, got 1.5'],
  ])('refuses %j', async (options, message) => {
    expect((await readText(HEADER + GOOD, options)).error).toMatchObject({
      code: 'INVALID_PARAMETER',
      message,
    });
  });
});

describe('readEvents', () => {
  it('gives batches in file order and a report that grows with them', async () => {
    const stream = readEvents(Readable.from([HEADER, GOOD.repeat(5)]), { batchRows: 2 });
    const sizes: number[][] = [];
    for await (const batch of stream) sizes.push([batch.length, batch[0]!.position, stream.report.accepted]);
    expect(sizes).toEqual([
      [2, 0, 2],
      [2, 2, 4],
      [1, 4, 5],
    ]);
  });

  it('ends a batch early when its rows are large', async () => {
    const big = `ssh,command,"['${'x'.repeat(1_000_000)}']"\n`;
    const sizes: number[] = [];
    for await (const batch of readEvents(Readable.from([HEADER, big.repeat(6)]))) sizes.push(batch.length);
    expect(sizes).toEqual([5, 1]);
  });

  it('closes the file when the reader leaves early', async () => {
    let closed = false;
    async function* chunks() {
      try {
        yield HEADER;
        for (;;) yield GOOD.repeat(1000);
      } finally {
        closed = true;
      }
    }
    for await (const batch of readEvents(Readable.from(chunks()))) {
      expect(batch.length).toBe(1000);
      break;
    }
    expect(closed).toBe(true);
  });
});

describe('standard input', () => {
  it('is read as `-`', () => {
    const script = `import { readAllEvents } from '#src/ingest/index.js';
      const { events, report } = await readAllEvents('-');
      console.log(JSON.stringify([report.file, report.accepted, events[0].file]));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      input: HEADER + GOOD,
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual(['-', 1, '-']);
  });
});

describe('sources', () => {
  const write = async (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const failure = (path: string, options = {}) =>
    readAllEvents(path, options).catch((error: unknown) => error);

  it('reads a path and says the file in events, rejects and the report', async () => {
    const path = await write('events.csv', HEADER + GOOD + BAD);
    const rejects: Reject[] = [];
    const { events, report } = await readAllEvents(path, { maxRejects: 1, onReject: (r) => rejects.push(r) });
    expect([events[0]!.file, rejects[0]!.file, report.file]).toEqual([path, path, path]);
  });

  it('finds out the format from the content first', async () => {
    const json = '{"honeypot_type":"a","event":"b"}\n';
    expect(
      (await readAllEvents(await write('wrong.csv', `\ufeff \n${json}`), { maxRejects: 1 })).report.format,
    ).toBe('jsonl');
    expect((await readAllEvents(await write('events.txt', HEADER + GOOD))).report.format).toBe('csv');
    expect(
      (await readAllEvents(await write('a.NDJSON', `x\n${json}`), { maxRejects: 1 })).report,
    ).toMatchObject({ format: 'jsonl', rejected: 1 });
    expect(
      (await readAllEvents(await write('a.jsonl', HEADER + GOOD), { format: 'csv' })).report.format,
    ).toBe('csv');
  });

  it.each([
    ['empty.csv', '', {}, 'is empty', 'give a file with a header and at least one row'],
    ['utf16.csv', Buffer.from(`\ufeff${HEADER}`, 'utf16le'), {}, 'is UTF-16 text', 'save it as UTF-8'],
    ['list.json', '[{"event": 1}]', {}, 'holds a JSON array', 'write one JSON object a line'],
    [
      'no.parquet',
      HEADER,
      {},
      'is no Parquet file, though its name says so',
      'name the format, or check the file',
    ],
    [
      'no.csv',
      HEADER,
      { format: 'parquet' },
      'is no Parquet, though the format asked for is parquet',
      'leave the format out, or name the right one',
    ],
    [
      'yes.csv',
      'PAR1',
      { format: 'csv' },
      'is Parquet, though the format asked for is csv',
      'leave the format out, or name the right one',
    ],
    ['none.jsonl', '\n', {}, 'holds only blank lines', 'give a file with at least one event'],
  ])('refuses %s', async (name, content, options, what, hint) => {
    const path = await write(name, content);
    expect(await failure(path, options)).toMatchObject({
      code: 'BAD_DATA',
      message: `"${path}" ${what}`.slice(0),
      hint,
      details: { file: path },
    });
  });

  it('refuses what is not there, a folder, and Parquet on a stream', async () => {
    await write('there.csv', HEADER + GOOD);
    const absent = join(folder, 'thera.csv');
    expect(await failure(absent)).toMatchObject({
      code: 'NOT_FOUND',
      message: `"${absent}" does not exist`,
      hint: "did you mean 'there.csv'?",
    });
    const far = join(folder, 'no', 'such', 'file');
    expect(await failure(far)).toMatchObject({ code: 'NOT_FOUND', hint: 'check the path' });
    await mkdir(join(folder, 'folder'), { recursive: true });
    expect(await failure(join(folder, 'folder'))).toMatchObject({
      code: 'BAD_DATA',
      message: `"${join(folder, 'folder')}" is a folder`,
      hint: 'name one file of it',
    });
    expect((await readText('PAR1')).error).toMatchObject({
      code: 'UNSUPPORTED',
      message: '"-" Parquet cannot be read from a stream',
      hint: 'give the path of a Parquet file',
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    'refuses a file that may not be read (skipped as root, who may read all)',
    async () => {
      const path = await write('secret.csv', HEADER + GOOD);
      await chmod(path, 0);
      expect(await failure(path)).toMatchObject({
        code: 'PERMISSION_DENIED',
        message: `"${path}" may not be read`,
        hint: 'give yourself the right to read it',
      });
    },
  );

  it('passes on what breaks a stream', async () => {
    async function* broken() {
      yield HEADER;
      throw new Error('the line went dead');
    }
    const stream = readEvents(Readable.from(broken()));
    await expect(stream.next()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: '"-" cannot be read: the line went dead',
      hint: 'check the file and try again',
    });
  });
});

describe('rejects', () => {
  it('are written as JSON lines, in order, for the owner alone', async () => {
    const path = join(folder, 'rejects.jsonl');
    const writer = await rejectsWriter(path);
    const { rejects } = await readText(HEADER + BAD.repeat(2500) + GOOD.repeat(5000), {
      onReject: (r) => writer.write(r),
    });
    expect(rejects).toEqual([]);
    await writer.close();
    const lines = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBe(2500);
    expect(lines[2499]).toEqual({
      file: '-',
      line: 2501,
      lastLine: 2501,
      column: 'event',
      position: 2499,
      code: 'too-few-columns',
      reason: 'the row has 1 columns, the header 3',
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('carry the raw row only where secrets are kept', async () => {
    const kept = await readText(`${HEADER}${BAD}`, { keepSecrets: true });
    expect(kept.rejects[0]!.text).toBe('ssh');
    expect((await readText(`${HEADER}${BAD}`)).rejects[0]).not.toHaveProperty('text');
  });

  it('read as one line each', () => {
    const reject: Reject = {
      file: 'a\u001b.csv',
      line: 2,
      lastLine: 4,
      position: 0,
      code: 'cut',
      reason: 'the file ends inside the row',
    };
    expect(describeReject(reject)).toBe('"a\\u001b.csv", lines 2 to 4: the file ends inside the row (cut)');
  });

  it('say where there is no room for them', async () => {
    const writer = await rejectsWriter('/dev/full');
    const reject = { file: 'a', line: 1, lastLine: 1, position: 0, code: 'nul', reason: 'x' } as const;
    writer.write(reject);
    const full = {
      code: 'UNAVAILABLE',
      message: 'the rejects file "/dev/full" cannot be written: there is no room left',
    };
    await expect(writer.flush()).rejects.toMatchObject(full);
    await expect(writer.close()).rejects.toMatchObject(full);
  });

  it('need a file that can be written', async () => {
    const path = join(folder, 'no', 'such', 'rejects');
    await expect(rejectsWriter(path)).rejects.toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringMatching(/^the rejects file ".*rejects" cannot be written: ENOENT/),
      hint: 'name a file in a folder that exists and may be written',
    });
  });
});
