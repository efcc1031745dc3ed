import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGitState } from '#src/track/index.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantomnet-git-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
  });

describe('readGitState', () => {
  it('knows nothing outside a work tree, before the first commit, and of no folder', async () => {
    expect(await readGitState(folder)).toBeUndefined();
    git('init', '--quiet');
    expect(await readGitState(folder)).toBeUndefined();
    expect(await readGitState(join(folder, 'absent'))).toBeUndefined();
  });

  it('gives the commit and whether the tree is dirty', async () => {
    git('init', '--quiet');
    await writeFile(join(folder, 'a.txt'), '1');
    git('add', 'a.txt');
    git('commit', '--quiet', '-m', 'first');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(await readGitState(folder)).toEqual({ commit, isDirty: false });
    await writeFile(join(folder, 'b.txt'), '2');
    expect(await readGitState(folder)).toEqual({ commit, isDirty: true });
  });
});
