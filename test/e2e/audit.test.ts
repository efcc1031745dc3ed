import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { nslKddFile } from '../support/nsl-kdd.js';
import { jsonIn } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const SMALL = ['--param', 'nEstimators=10', '--cv', '0', '--no-baselines', '--repeat', '3'];
const TRAIN = [
  'train',
  'leaky.csv',
  '--format',
  'table',
  '--label',
  'bad',
  '--split',
  'stratified',
  ...SMALL,
];

beforeAll(() => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const bad = (i * 7919) % 3 === 0 ? 1 : 0;
    return `10.0.0.${i % 40},${((i * 37) % 101) + bad * 20},${bad * 100 + ((i * 53) % 97)},${bad}`;
  });
  writeFileSync(join(cwd, 'leaky.csv'), `src_ip,size,threat,bad\n${rows.join('\n')}\n`);
});

describe('audit', () => {
  it('takes a CSV file that is none of events for rows of any columns, and fails where one leaks', async () => {
    const done = await ask('audit', 'leaky.csv', '--label', 'bad');
    expect(done.code).toBe(1);
    const report = done.json();
    expect(report).toMatchObject({
      file: 'leaky.csv',
      test: null,
      label: 'bad',
      classes: [0, 1],
      rows: 300,
      verdict: 'block',
      passed: false,
      asked: 'every-column',
    });
    expect(report.audits.find((audit: { verdict: string }) => audit.verdict === 'block')).toEqual({
      name: 'separates-alone',
      verdict: 'block',
      columns: ['threat'],
      evidence: {
        words: 'alone tells the classes apart: threat (AUC 1, at least 1)',
        numbers: { 'lowerBound.threat': 1 },
      },
      fix: 'find out how threat came to be; leave out what is not known when a prediction is due: declare it (--role threat=outcome) or name the other features with --features',
    });
  });

  it('prints a table, and what was found and what to do', async () => {
    const done = await phantomnet(['audit', 'leaky.csv', '--label', 'bad', '--split', 'stratified'], { cwd });
    expect(done.stdout).toMatch(/^BLOCK +separates-alone +threat$/m);
    expect(done.stdout).toMatch(/^n\/a +class-ratio +no base rate is stated$/m);
    expect(done.stdout).toContain('BLOCK separates-alone: alone tells the classes apart: threat');
    expect(done.stdout).toContain('      fix: find out how threat came to be');
    expect(done.stdout).toMatch(/^asked +what if every column were used\? training leaves out/m);
    const allowed = await phantomnet(
      ['audit', 'leaky.csv', '--label', 'bad', '--allow', 'separates-alone', '--allow', 'declared-roles'],
      { cwd },
    );
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain(
      'BLOCK separates-alone, which is allowed: alone tells the classes apart',
    );
    const named = await phantomnet(['audit', 'leaky.csv', '--label', 'bad', '--features', 'size'], { cwd });
    expect(named.stdout).toMatch(/^asked +what of the features that are named\?$/m);
  });

  it.each([
    [['--allow', 'separates-alone'], 'block', 0],
    [['--role', 'threat=outcome'], 'block', 1],
    [['--features', 'size'], 'pass', 0],
    [['--features', 'size', '--base-rate', '0.05'], 'warn', 0],
  ])('%j', async (args, verdict, code) => {
    const done = await ask('audit', 'leaky.csv', '--label', 'bad', ...args);
    expect([done.json().verdict, done.json().passed, done.code]).toEqual([verdict, code === 0, code]);
    expect(done.json().allowed).toEqual(args[0] === '--allow' ? ['separates-alone'] : []);
  });

  it('blocks what defines the label of events, and of a declared table', async () => {
    const events = (await ask('audit', SAMPLE)).json();
    const roles = events.audits.find((audit: { name: string }) => audit.name === 'declared-roles');
    expect([roles.verdict, roles.columns.toSorted()]).toEqual(['block', ['event', 'level']]);
    writeFileSync(join(cwd, 'a.txt'), nslKddFile(300, ['normal', 'neptune'], 1));
    writeFileSync(join(cwd, 'b.txt'), nslKddFile(100, ['normal', 'neptune', 'portsweep'], 2));
    const done = (await ask('audit', 'a.txt', '--test', 'b.txt', '--format', 'nsl-kdd')).json();
    expect(done).toMatchObject({ rows: 400, test: 'b.txt' });
    expect(done.audits[0].columns).toEqual(['attack_name', 'difficulty']);
    const unseen = done.audits.find((audit: { name: string }) => audit.name === 'unseen-classes');
    expect(unseen.evidence.words).toContain('of 100 test rows have one of 1 values of attack_name');
  });

  it.each([
    [['leaky.csv'], 3, 'no column "is_attack" in leaky.csv'],
    [['gone.csv'], 3, '"gone.csv" does not exist'],
    [[], 2, 'no event file was named'],
    [
      ['leaky.csv', '--label', 'bad', '--allow', 'leaks'],
      2,
      '--allow must be a list of audits: declared-roles',
    ],
    [['leaky.csv', '--label', 'bad', '--base-rate', '2'], 2, '--base-rate must be a share'],
  ])('refuses %j', async (args, code, message) => {
    const done = await phantomnet(['audit', ...args], { cwd });
    expect([done.code, done.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('train', () => {
  it('stops before training where an audit blocks, and makes no run', async () => {
    const done = await phantomnet(TRAIN, { cwd });
    expect([done.code, done.stdout]).toEqual([1, '']);
    expect(done.stderr).toContain(
      'error: stopped before training: audit separates-alone: alone tells the classes apart: threat (AUC 1, at least 1)',
    );
    expect(done.stderr).toContain('help: find out how threat came to be');
    expect(done.stderr).toContain('declare it (--role threat=outcome) or name the other features');
    expect(done.stderr).toContain('to train all the same, --allow separates-alone');
    expect((await ask('runs', 'list')).json()).toEqual([]);
  });

  it('goes on where it is allowed to, and records it', async () => {
    const result = (await ask(...TRAIN, '--allow', 'separates-alone')).json();
    expect(result.passed).toBe(true);
    expect(result.warnings).toContain(
      'audit separates-alone, which was allowed: alone tells the classes apart: threat (AUC 1, at least 1)',
    );
    const { tags } = (await ask('runs', 'show', result.runId)).json();
    expect(tags).toMatchObject({
      'phantomnet.audit.allowed': 'separates-alone',
      'phantomnet.audit': 'passed',
    });
    const path = (readdirSync(join(cwd, 'artifacts'), { recursive: true }) as string[]).find((file) =>
      file.endsWith('audit.json'),
    );
    expect(JSON.parse(readFileSync(join(cwd, 'artifacts', path!), 'utf8'))).toEqual(result.audits);
    const ceiling = result.audits.at(-1);
    expect([ceiling.name, ceiling.verdict]).toEqual(['score-above-ceiling', 'pass']);
    expect(ceiling.evidence.numbers.rows).toBe(60);
  });

  it('passes without the column, or where its role is declared', async () => {
    for (const args of [
      ['--features', 'size'],
      ['--role', 'threat=outcome'],
    ]) {
      const result = (await ask(...TRAIN, ...args, '--min-accuracy', '0.1')).json();
      expect([result.passed, result.features]).toEqual([true, ['size']]);
    }
  });
});
