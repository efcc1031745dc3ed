import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '#src/cli/exit-codes.js';
import { buildProgram } from '#src/cli/program.js';
import { estimators } from '#src/train/index.js';
import { MAIN } from '../../support/cli.js';

function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  // A command may do something itself and have others below it.
  const own: [string, Command][] = command.registeredArguments.length > 0 ? [[path.join(' '), command]] : [];
  return [...own, ...command.commands.flatMap((child) => leaves(child, [...path, child.name()]))];
}

const COMMANDS = leaves(buildProgram());

describe('the program', () => {
  it('has the commands it promises', () => {
    expect(COMMANDS.map(([name]) => name)).toEqual([
      ...[
        'quickstart',
        'ingest',
        'ingest explain',
        'audit',
        'train',
        'search',
        'evaluate',
        'benchmark',
        'compare',
        'report',
      ],
      ...['list', 'show', 'delete', 'restore'].map((verb) => `runs ${verb}`),
      ...['list', 'show', 'register', 'stage', 'alias', 'tag', 'delete-version', 'export', 'tree'].map(
        (verb) => `models ${verb}`,
      ),
      ...['deploy check', 'predict', 'server', 'gc', 'doctor', 'backup', 'restore', 'completion'],
    ]);
  });

  it.each(COMMANDS)('%s has a help that describes it, its arguments and every flag', (name, command) => {
    const help = command.helpInformation();
    expect(help).toMatch(new RegExp(`^Usage: phantomnet ${name}\\b`));
    expect(command.description()).not.toBe('');
    for (const option of command.options) {
      expect(option.description, `${name} ${option.flags}`).not.toBe('');
      // What is hidden is there to be refused with a word that helps.
      expect(help.includes(option.long ?? option.flags)).toBe(!option.hidden);
    }
    for (const global of ['--json', '--store', '--config', '--quiet', '--no-color'])
      expect(help).toContain(global);
    expect(help.split('\n').every((line) => line.length <= 120)).toBe(true);
  });

  it('says help on stdout with exit code 0, of a group too', () => {
    for (const args of [['--help'], ['models', '--help'], ['help', 'train'], ['train', '--help']]) {
      const done = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
      expect([done.status, done.stderr]).toEqual([0, '']);
      expect(done.stdout).toMatch(/^Usage: phantomnet /);
    }
    const version = spawnSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('lists every estimator in the help and the completion of train', () => {
    const names = estimators.map((estimator) => estimator.name);
    const help = spawnSync(process.execPath, [MAIN, 'train', '--help'], { encoding: 'utf8' });
    const text = help.stdout.replace(/\s+/g, ' ');
    const choices = `(choices: ${names.map((name) => `"${name}"`).join(', ')})`;
    expect(text).toContain(`--estimator <name> what is trained (default: random-forest) ${choices}`);
    expect(text).toContain(`for comparison ${choices}`);
    const typed = ['completion', 'words', '--', 'train', '--estimator', ''];
    const words = spawnSync(process.execPath, [MAIN, ...typed], { encoding: 'utf8' });
    expect(words.stdout.trim().split('\n')).toEqual(names);
  });

  it('loads nothing for its help that it does not need', () => {
    const done = spawnSync(process.execPath, [MAIN, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_DEBUG: 'esm' },
    });
    const loaded = done.stderr.match(/(?:dist|node_modules)\/(?:@[\w-]+\/)?[\w-]+/g) ?? [];
    expect(loaded).toContain('node_modules/commander');
    const allowed = ['commander', 'fastest-levenshtein'].map((name) => `node_modules/${name}`);
    const parts = [...new Set(loaded)].filter((name) => !allowed.includes(name));
    expect(parts.sort()).toEqual(['dist/cli', 'dist/core']);
  });

  it.each([
    [['modls'], "unknown command 'modls'", 'models'],
    [['runs', 'lst'], "unknown command 'lst'", 'list'],
    [['deploy', 'chek'], "unknown command 'chek'", 'check'],
    [['compare', '--agianst', 'x'], "unknown option '--agianst'", '--against'],
    [['gc', '--aply'], "unknown option '--aply'", '--apply'],
  ] as [string[], string, string][])('%j is answered with what was meant', (args, wrong, meant) => {
    const done = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
    expect([done.status, done.stdout]).toEqual([2, '']);
    expect(done.stderr).toContain(wrong);
    expect(done.stderr).toMatch(new RegExp(`Did you mean ${meant}\\?`));
  });

  it('has the exit codes that its reference tells', () => {
    expect(Object.keys(EXIT_CODES).map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 70, 130]);
  });
});
