import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';

describe('exit codes and messages of the program', () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  const cases: readonly [string, string[], number, RegExp[]][] = [
    ['an unknown command', ['trian', 'x.csv'], 2, [/unknown command 'trian'/, /Did you mean train\?/]],
    [
      'a pattern that the shell wrote out',
      ['predict', 'models:/Nobody/1', 'a.log', 'b.log'],
      2,
      [/too many arguments for 'predict'.*\nwhy: a shell writes out a pattern; quoted, as in .*\nhelp: /],
    ],
    [
      'a pattern that the shell wrote out, as JSON',
      ['audit', 'a.log', 'b.log', '--json'],
      2,
      [/"message":"too many arguments for 'audit'.*"hint":"quote a pattern/],
    ],
    [
      'too little memory',
      ['ingest', 'a.log', '--memory', '10MB'],
      2,
      [/option '--memory <size>' argument '10MB' is invalid\. expected at least 200MB\./],
    ],
    ['an unknown flag', ['train', '--test-sise', '0.2'], 2, [/unknown option '--test-sise'/, /--test-size/]],
    ['a flag out of range', ['train', SAMPLE, '--cv', 'many'], 2, [/expected a whole number of at least 0/]],
    [
      'a choice that is none',
      ['train', SAMPLE, '--split', 'magic'],
      2,
      [/Allowed choices are time, group, stratified-group, stratified, random/],
    ],
    ['no file', ['train'], 2, [/error: no event file was named/, /help: give it as an argument/]],
    ['a missing file', ['train', 'nowhere.csv'], 3, [/error: "nowhere\.csv" does not exist/, /help: /]],
    [
      'an unknown feature',
      ['train', SAMPLE, '--features', 'payload_lenght'],
      2,
      [/no feature "payload_lenght"/, /help: did you mean 'payload_length'\?/],
    ],
    [
      'an unknown estimator',
      ['train', SAMPLE, '--estimator', 'random-forrest'],
      2,
      [/random-forrest/, /did you mean 'random-forest'\?/],
    ],
    [
      'an unknown param',
      ['train', SAMPLE, '--param', 'nEstimator=5'],
      2,
      [/nEstimator/, /did you mean 'nEstimators'\?/],
    ],
    [
      'a param out of range',
      ['train', SAMPLE, '--param', 'nEstimators=0'],
      2,
      [/nEstimators must be .*, got 0/],
    ],
    [
      'a threshold that is nearly a rule',
      ['train', SAMPLE, '--threshold', 'bestf1'],
      2,
      [/did you mean 'best-f1'\?/],
    ],
    [
      'a value that the config refuses, by its flag',
      ['train', SAMPLE, '--gap', '5x'],
      2,
      [/error: --gap must be a length of time such as .*, got "5x"\nhelp: run the command with --help/],
    ],
    [
      'a time that the config refuses, by its flag',
      ['search', SAMPLE, '--max-seconds', '-1'],
      2,
      [/error: --max-seconds must be .*, got -1/],
    ],
    [
      'a role of no column, before a split that cannot be made',
      ['audit', SAMPLE, '--format', 'table', '--label', 'event', '--split', 'time', '--role', 'prt=outcome'],
      3,
      [/error: roles: no column "prt" in .*\nhelp: did you mean 'port'\?/],
    ],
    ['a param without value', ['train', SAMPLE, '--param', 'nEstimators'], 2, [/expected name=value/]],
    [
      'an unknown label column',
      ['train', SAMPLE, '--label', 'evnt'],
      3,
      [/no column "evnt"/, /did you mean 'event'\?/],
    ],
    ['a run that is none', ['runs', 'show', 'f'.repeat(32)], 3, [/ffffffff/]],
    [
      'an experiment that is none',
      ['compare', '--experiment', 'Defualt'],
      3,
      [/no experiment "Defualt"/, /did you mean 'Default'\?/],
    ],
    ['an experiment without runs', ['compare'], 3, [/has no finished run to compare/, /help: train one/]],
    ['a model that is none', ['deploy', 'check', 'models:/Nobody/Staging'], 3, [/Nobody/]],
    ['a state without a file', ['predict', 'models:/Nobody/1', SAMPLE, '--state'], 2, [/argument missing/]],
    ['a bad address', ['deploy', 'check', 'model:/x/1'], 2, [/model:\/x\/1/, /help: /]],
    ['a traversing address', ['deploy', 'check', 'models:/../1'], 2, [/error: /]],
    [
      'a stage that is none',
      ['models', 'stage', 'Nobody', '1', 'Stagging'],
      2,
      [/"Stagging" is not a stage/, /None, Staging, Production, Archived/],
    ],
    [
      'an input that is not JSON',
      ['deploy', 'check', 'models:/Nobody/1', '--input', '{'],
      2,
      [/--input is not JSON/],
    ],
    [
      'an input that is no list of objects',
      ['deploy', 'check', 'models:/Nobody/1', '--input', '[1]'],
      2,
      [/must be a list of objects/],
    ],
    [
      'a store that is unsupported',
      ['runs', 'list', '--store', 'postgresql://x/y'],
      2,
      [/error: /, /help: /],
    ],
    ['a server that is away', ['runs', 'list', '--store', 'http://127.0.0.1:9'], 6, [/error: /]],
    [
      'a config that is missing',
      ['runs', 'list', '--config', 'none.yaml'],
      3,
      [/cannot read the config file "none.yaml"/],
    ],
  ];

  it.each(cases)('%s', async (_name, args, code, patterns) => {
    const done = await phantomnet(args, { cwd });
    expect([done.code, done.stderr]).toEqual([code, expect.any(String)]);
    for (const pattern of patterns) expect(done.stderr).toMatch(pattern);
    expect(done.stdout).toBe('');
  });

  it('says an error as JSON under --json, on stderr', async () => {
    const done = await phantomnet(['train', 'nowhere.csv', '--json'], { cwd });
    expect(done.code).toBe(3);
    const line = done.stderr.trim().split('\n').at(-1)!;
    expect(JSON.parse(line).error).toMatchObject({
      code: 'NOT_FOUND',
      message: '"nowhere.csv" does not exist',
    });
  });

  it('names line and key of a bad config, with a suggestion', async () => {
    const folder = join(cwd, 'config');
    mkdirSync(folder);
    writeFileSync(join(folder, 'phantomnet.config.yaml'), 'split:\n  metod: time\n');
    const unknown = await phantomnet(['train', SAMPLE], { cwd: folder });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('unknown key "split.metod"');
    expect(unknown.stderr).toContain("help: did you mean 'method'?");
    writeFileSync(join(folder, 'phantomnet.config.yaml'), 'split: [\n');
    expect((await phantomnet(['train', SAMPLE], { cwd: folder })).stderr).toMatch(
      /phantomnet\.config\.yaml: .*line \d/,
    );
  });

  it.each([
    ['train', 'path'],
    ['audit', 'path'],
    ['search', 'path'],
    ['train', 'test'],
  ])('%s says that data.%s of a config names a file that is missing', async (command, key) => {
    const folder = join(cwd, `missing ${command} ${key}`);
    mkdirSync(folder);
    const names = { path: SAMPLE, [key]: 'gone.csv' };
    writeFileSync(
      join(folder, 'my.yaml'),
      JSON.stringify({ data: names, search: { space: { maxDepth: [2] } } }),
    );
    const done = await phantomnet([command, '--config', 'my.yaml'], { cwd: folder });
    expect([done.code, done.stderr]).toEqual([
      3,
      expect.stringContaining(`"gone.csv" does not exist; it is data.${key} of my.yaml`),
    ]);
    expect(done.stderr).toContain('a path in a config counts from the current folder');
    // A file that an argument names is none of the config's.
    const named = await phantomnet([command, 'other.csv', '--config', 'my.yaml'], { cwd: folder });
    expect(named.stderr).toContain('"other.csv" does not exist\n');
  });

  it('says in the config file everything the flags say', async () => {
    const folder = join(cwd, 'same');
    mkdirSync(folder);
    const config = [
      'experiment: configured',
      `data: {path: ${JSON.stringify(SAMPLE)}, maxRejects: 0.01}`,
      'features: {names: [payload_length]}',
      'split: {method: stratified, testSize: 0.25, randomState: 7}',
      'crossValidation: {folds: 3}',
      'estimator: {name: random-forest, params: {nEstimators: 10}}',
      'baselines: []',
    ].join('\n');
    writeFileSync(join(folder, 'phantomnet.config.yaml'), config);
    const flags = [
      'train',
      SAMPLE,
      '--experiment',
      'configured',
      '--max-rejects',
      '0.01',
      '--features',
      'payload_length',
      '--split',
      'stratified',
      '--test-size',
      '0.25',
      '--random-state',
      '7',
      '--cv',
      '3',
      '--param',
      'nEstimators=10',
      '--no-baselines',
      '--json',
    ];
    const byConfig = (await phantomnet(['train', '--json'], { cwd: folder })).json();
    const byFlags = (await phantomnet(flags, { cwd })).json();
    expect(byConfig.model.modelDigest).toBe(byFlags.model.modelDigest);
    expect(byConfig.metrics).toEqual(byFlags.metrics);
    expect(byConfig.split).toEqual(byFlags.split);
    expect(byConfig.crossValidation).toEqual(byFlags.crossValidation);
  });

  it('completes commands, flags and choices', async () => {
    const words = async (...typed: string[]) =>
      (await phantomnet(['completion', 'words', '--', ...typed], { cwd })).stdout.trim().split('\n');
    expect(await words('tr')).toEqual(['train']);
    expect(await words('models', 'st')).toEqual(['stage']);
    expect(await words('train', '--test')).toEqual(['--test', '--test-size', '--test-from']);
    expect(await words('predict', '--format', '')).toEqual(['csv', 'jsonl', 'parquet', 'nsl-kdd', 'table']);
    expect(await words('train', '--split', '')).toEqual([
      'time',
      'group',
      'stratified-group',
      'stratified',
      'random',
    ]);
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await phantomnet(['completion', shell], { cwd })).stdout).toContain('completion words');
  });
});
