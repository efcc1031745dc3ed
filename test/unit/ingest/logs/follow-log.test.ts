import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { followLog } from '#src/ingest/logs/follow-log.js';
import { expectCode } from '../../../contract/expect-code.js';
import { scratch } from '../../../support/cli.js';

const { folder, remove } = scratch();
beforeAll(() => vi.stubEnv('PHANTOMNET_SECRET_KEY', '07'.repeat(32)));
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

let n = 0;
const line = (input: string): string =>
  `${JSON.stringify({ eventid: 'cowrie.command.input', input, session: 'a', src_ip: '192.0.2.1', timestamp: '2018-05-20T00:05:34Z' })}\n`;

/** Follows a log: `until` waits for so many commands and faults, in a time in which a broken follower would not come. */
function following(
  file = join(folder, `log-${n++}`),
  options: { maxRecordBytes?: number; source?: string } = {},
) {
  const controller = new AbortController();
  const commands: unknown[] = [];
  const faults: unknown[] = [];
  const done = (async () => {
    for await (const batch of followLog(file, { ...options, signal: controller.signal, everyMs: 1 })) {
      commands.push(...batch.events.map((e) => e['process.command_line']));
      faults.push(...batch.faults.map((fault) => `${fault.line} ${fault.code}`));
    }
  })();
  done.catch(() => undefined);
  const until = (events: number, rejected = 0) =>
    vi.waitFor(
      () => {
        if (commands.length < events || faults.length < rejected)
          throw new Error(`${commands.length} events, ${faults.length} faults`);
      },
      { timeout: 20_000, interval: 1 },
    );
  const stop = async () => {
    controller.abort();
    await done;
    return { commands, faults };
  };
  return { file, until, stop, done };
}

describe('followLog', () => {
  it('waits for a file that is not there yet, and for the rest of a line', async () => {
    const log = following();
    appendFileSync(log.file, line('one') + line('two').slice(0, 30));
    await log.until(1);
    appendFileSync(log.file, line('two').slice(30, 31));
    appendFileSync(log.file, line('two').slice(31) + line('three'));
    await log.until(3);
    expect(await log.stop()).toEqual({ commands: ['one', 'two', 'three'], faults: [] });
  });

  it('takes as many events at once as the lines of a batch give', async () => {
    const log = following();
    const credentials = { username: new Array(9000).fill('a'), password: new Array(9000).fill('b') };
    const about = { src_ip: '192.0.2.1', timestamp: '2018-05-20T00:05:34' };
    const connection = { protocol: 'ftpd', transport: 'tcp', type: 'accept' };
    const many = `${JSON.stringify({ connection, credentials, ...about })}\n`;
    const lines = many.repeat(3);
    writeFileSync(log.file, lines);
    await log.until(27_003);
    expect((await log.stop()).commands.length).toBe(27_003);
  });

  it('goes on where the next file begins with a line of no source', async () => {
    const log = following();
    writeFileSync(log.file, line('one'));
    await log.until(1);
    renameSync(log.file, `${log.file}.1`);
    writeFileSync(`${log.file}.new`, 'garbage\n');
    renameSync(`${log.file}.new`, log.file);
    await log.until(1, 1);
    appendFileSync(log.file, line('two'));
    await log.until(2, 1);
    expect(await log.stop()).toEqual({ commands: ['one', 'two'], faults: ['1 bad-json'] });
  });

  it('reads a log from its start that was emptied and has its old size again, or more', async () => {
    for (const more of ['', line('and')]) {
      const log = following();
      writeFileSync(log.file, line('one') + line('two'));
      await log.until(2);
      writeFileSync(log.file, line('six') + line('ten') + more);
      await log.until(more === '' ? 4 : 5);
      const commands = ['one', 'two', 'six', 'ten', ...(more === '' ? [] : ['and'])];
      expect(await log.stop()).toEqual({ commands, faults: [] });
    }
  });

  it('cuts no character in two', async () => {
    const log = following();
    const bytes = Buffer.from(line('žluťoučký'));
    const at = bytes.indexOf('ž') + 1;
    appendFileSync(log.file, Buffer.concat([Buffer.from(line('first')), bytes.subarray(0, at)]));
    await log.until(1);
    appendFileSync(log.file, bytes.subarray(at));
    await log.until(2);
    expect((await log.stop()).commands).toEqual(['first', 'žluťoučký']);
  });

  it('goes on with the next file after a rotation by name, and leaves out nothing of the old one', async () => {
    const log = following();
    writeFileSync(log.file, line('one'));
    await log.until(1);
    // The last lines are written to the renamed file, the very last without its end.
    renameSync(log.file, `${log.file}.1`);
    appendFileSync(`${log.file}.1`, line('two'));
    await log.until(2);
    appendFileSync(`${log.file}.1`, `${line('three')}{"eventid":`);
    writeFileSync(`${log.file}.new`, `\ufeff${line('four')}bad\n`);
    renameSync(`${log.file}.new`, log.file);
    await log.until(4, 2);
    expect(await log.stop()).toEqual({
      commands: ['one', 'two', 'three', 'four'],
      faults: ['4 cut', '2 bad-json'],
    });
  });

  it('begins anew where the file was cut to nothing', async () => {
    const log = following();
    writeFileSync(log.file, line('one') + line('two'));
    await log.until(2);
    truncateSync(log.file);
    appendFileSync(log.file, line('3'));
    await log.until(3);
    appendFileSync(log.file, 'bad\n');
    await log.until(3, 1);
    expect(await log.stop()).toEqual({ commands: ['one', 'two', '3'], faults: ['2 bad-json'] });
  });

  it('forgets a line that is too long as it comes, also where the file ends inside it', async () => {
    const log = following(undefined, { maxRecordBytes: 200 });
    appendFileSync(log.file, line('one') + 'x'.repeat(600_000));
    await log.until(1);
    appendFileSync(log.file, `${'x'.repeat(300)}\n${line('two')}`);
    await log.until(2, 1);
    appendFileSync(log.file, 'y'.repeat(300_000));
    writeFileSync(`${log.file}.new`, line('three'));
    renameSync(`${log.file}.new`, log.file);
    await log.until(3, 2);
    expect(await log.stop()).toEqual({
      commands: ['one', 'two', 'three'],
      faults: ['2 too-large', '4 too-large'],
    });
  });

  it('finds out the source from the first line that is not blank', async () => {
    const log = following();
    writeFileSync(log.file, '\n \n');
    appendFileSync(log.file, `${line('one')}bad\n`);
    await log.until(1, 1);
    expect(await log.stop()).toEqual({ commands: ['one'], faults: ['4 bad-json'] });
  });

  it('refuses what it cannot follow', async () => {
    const write = (content: Buffer | string) => {
      const file = join(folder, `log-${n++}`);
      writeFileSync(file, content);
      return file;
    };
    const compressed = await expectCode(following(write(gzipSync(line('one')))).done, 'UNSUPPORTED');
    expect(compressed.message).toContain('is compressed, and cannot be followed');
    const tables: [content: string, source?: string][] = [
      ['timestamp,action\n2026-01-02T03:04:05Z,x\n'],
      ['timestamp,action\n', 'events'],
      ['PAR1 and so on'],
    ];
    for (const [content, source] of tables) {
      const table = await expectCode(
        following(write(content), { ...(source && { source }) }).done,
        'UNSUPPORTED',
      );
      expect(table.message).toContain('is a table, and cannot be followed');
    }
    const unknown = await expectCode(following(write('a b c\n')).done, 'BAD_DATA');
    expect(unknown.message).toContain('is a log of no known source');
    const named = await expectCode(
      following(write('a b c\n'), { source: 'cowry' }).done,
      'INVALID_PARAMETER',
    );
    expect(named.message).toBe('no log source "cowry"');
    mkdirSync(join(folder, 'a-folder'));
    const isFolder = await expectCode(following(join(folder, 'a-folder')).done, 'BAD_DATA');
    expect(isFolder.message).toContain('is a folder');
  });

  it('ends at once where it is ended before it began', async () => {
    const signal = AbortSignal.abort();
    for await (const batch of followLog(join(folder, 'never'), { signal }))
      throw new Error(`${batch.events.length}`);
  });
});
