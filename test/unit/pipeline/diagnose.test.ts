import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnose } from '#src/pipeline/diagnose.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phantomnet-diagnose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const storeCheck = async (uri: string) =>
  (await diagnose({ uri })).checks.find(({ name }) => name === 'store');

it('makes no database where there is none, and says so', async () => {
  const path = join(folder, 'none.db');
  expect(await storeCheck(`sqlite:///${path}`)).toMatchObject({
    passed: true,
    detail: `no database at ${path} yet: the first command that writes makes one`,
  });
  expect(existsSync(path)).toBe(false);
});

it('fails for a folder that is not there', async () => {
  expect(await storeCheck(`sqlite:///${folder}/not/here.db`)).toMatchObject({ passed: false });
});
