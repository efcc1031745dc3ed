import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { checkTarget, writeWholeFile } from '#src/pipeline/write-whole-file.js';
import { scratch } from '../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);
const path = join(folder, 'a.bin');
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a file written whole', () => {
  it('is there with all its bytes, and replaces another only when told to', async () => {
    await writeWholeFile(path, Uint8Array.of(1, 2), { existing: 'refuse' });
    expect(await failure(writeWholeFile(path, Uint8Array.of(3), { existing: 'refuse' }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: `${path} is there already`,
      hint: 'name another file, or replace it with --force',
    });
    expect([...readFileSync(path)]).toEqual([1, 2]);
    await writeWholeFile(path, Uint8Array.of(3), { existing: 'replace' });
    expect([...readFileSync(path)]).toEqual([3]);
    expect(readdirSync(folder)).toEqual(['a.bin']);
  });

  it('leaves what was there, and nothing beside it, when it is stopped or cannot be', async () => {
    writeFileSync(path, 'before');
    const controller = new AbortController();
    controller.abort(new PhantomNetError('CANCELLED', 'stopped'));
    const { signal } = controller;
    expect(
      await failure(writeWholeFile(path, Uint8Array.of(1), { existing: 'replace', signal })),
    ).toMatchObject({
      code: 'CANCELLED',
    });
    mkdirSync(join(folder, 'sub'));
    expect(
      await failure(writeWholeFile(join(folder, 'sub'), Uint8Array.of(1), { existing: 'replace' })),
    ).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: `${join(folder, 'sub')} is a folder`,
      hint: 'name a file in it',
    });
    const nowhere = join(folder, 'gone', 'a.bin');
    expect(await failure(writeWholeFile(nowhere, Uint8Array.of(1), { existing: 'refuse' }))).toMatchObject({
      code: 'NOT_FOUND',
      message: `${nowhere} cannot be opened: it or its folder is not there`,
    });
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder).sort()).toEqual(['a.bin', 'sub']);
    expect(await failure(checkTarget(nowhere, 'refuse'))).toMatchObject({ code: 'NOT_FOUND' });
    await checkTarget(join(folder, 'new'), 'refuse');
    await checkTarget(path, 'replace');
  });
});
