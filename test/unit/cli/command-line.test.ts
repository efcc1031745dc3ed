import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandLine, withoutFlag } from '#src/cli/command-line.js';

describe('commandLine', () => {
  it('is read by a shell as the words it was made of', () => {
    const words = ['search', 'it\'s $HOME `id` "x"', '', 'a\nb', '--config=s.yaml', '\\', '*', '~'];
    const line = commandLine(words);
    expect(line).toMatch(/^(npx )?phantomnet search 'it/);
    const script = `npx() { shift; printf '%s\\0' "$@"; }; phantomnet() { printf '%s\\0' "$@"; }; ${line}`;
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  it('tells no credentials', () => {
    for (const store of [['--store', 'https://me:se@cret@host/x'], ['--store=https://me@host/x']])
      expect(commandLine(['runs', ...store])).toMatch(
        /^(npx )?phantomnet runs ('--store=|--store ')https:\/\/…@host\/x'$/,
      );
  });
});

describe('withoutFlag', () => {
  it('takes a flag out with its value, in both spellings', () => {
    expect(withoutFlag(['search', '--resume', 'a', 'x.csv'], '--resume')).toEqual(['search', 'x.csv']);
    expect(withoutFlag(['search', '--resume=a', 'x.csv'], '--resume')).toEqual(['search', 'x.csv']);
  });
});
