import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, WEEK6_FIELDS } from '#src/data/index.js';
import { readAllEvents } from '#src/ingest/index.js';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { trainSmall } from '../support/trained.js';

const SMALL = ['--split', 'stratified', '--param', 'nEstimators=10', '--cv', '0', '--no-baselines', '--json'];

describe('the same events in another form', () => {
  const { folder: cwd, remove } = scratch();
  // biome-ignore lint/suspicious/noExplicitAny: the test asserts the shape
  let csv: any;
  beforeAll(async () => {
    csv = await trainSmall(cwd);
    const { events } = await readAllEvents(SAMPLE, { keepSecrets: true });
    const write = (name: string, fields: readonly object[]) =>
      writeFileSync(join(cwd, name), fields.map((of) => `${JSON.stringify(of)}\n`).join(''));
    write(
      'week6.jsonl',
      events.map(({ fields }) =>
        Object.fromEntries(
          EVENT_COLUMNS.map((column) => {
            const value = fields[WEEK6_FIELDS[column]]!;
            return [column, column === 'timestamp' ? new Date(Number(value)).toISOString() : value];
          }),
        ),
      ),
    );
    write(
      'events.jsonl',
      events.map((event) => event.fields),
    );
    const columns = Object.keys(events[0]!.fields).map((name) => `"${name}": 'VARCHAR'`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT * FROM read_json('${join(cwd, 'events.jsonl')}', format='newline_delimited', columns={${columns.join(', ')}})) TO '${join(cwd, 'events.parquet')}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
  });
  afterAll(remove);

  it.each(['week6.jsonl', 'events.jsonl', 'events.parquet'])(
    'gives the same model, to the bit, from %s',
    async (file) => {
      const done = await phantomnet(['train', file, ...SMALL], { cwd });
      expect(done.stderr).not.toContain('error:');
      const other = done.json();
      expect(other.data).toMatchObject({ rows: csv.data.rows, rejected: 0 });
      expect(other.data.digest).not.toBe(csv.data.digest);
      expect(other.split).toEqual(csv.split);
      expect(other.metrics).toEqual(csv.metrics);
      expect(other.model.modelDigest).toBe(csv.model.modelDigest);
    },
  );

  it('gives the same model and data digest from standard input', async () => {
    const done = await phantomnet(['train', '-', ...SMALL], { cwd, input: readFileSync(SAMPLE, 'utf8') });
    expect(done.json().data).toMatchObject({ path: '-', rows: csv.data.rows, digest: csv.data.digest });
    expect(done.json().model.modelDigest).toBe(csv.model.modelDigest);
  });

  it('gives the same model with one worker and with two', async () => {
    for (const nJobs of [1, 2]) {
      const other = await trainSmall(cwd, ['--param', `nJobs=${nJobs}`]);
      expect(other.params.nJobs).toBe(nJobs);
      expect(other.model.modelDigest).toBe(csv.model.modelDigest);
      expect(other.metrics).toEqual(csv.metrics);
    }
    expect((await trainSmall(cwd, ['--random-state', '43'])).model.modelDigest).not.toBe(
      csv.model.modelDigest,
    );
  });

  it('learns a column as label, and makes no feature of that column', async () => {
    const made = await trainSmall(cwd, ['--label', 'honeypot_type']);
    expect(made.classes).toEqual(['ftp', 'http', 'smtp', 'ssh']);
    expect(made.features).not.toContain('protocol');
    expect(csv.features).toContain('protocol');
    expect(made.confusionMatrix).toHaveLength(4);
    expect(made.metrics.accuracy).toBeGreaterThan(0.9);
    const refused = await phantomnet(
      ['train', SAMPLE, ...SMALL, '--label', 'honeypot_type', '--features', 'protocol'],
      { cwd },
    );
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('protocol')]);
    const scored = await phantomnet(
      ['evaluate', made.model.address, SAMPLE, '--label', 'honeypot_type', '--json'],
      { cwd },
    );
    expect(scored.json().confusionMatrix).toHaveLength(4);
    const wrong = await phantomnet(['evaluate', made.model.address, SAMPLE, '--json'], { cwd });
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toContain('classes the model was not trained on: 0, 1');
  });

  it('splits by time and at random when told to', async () => {
    const byTime = await trainSmall(cwd, ['--split', 'time']);
    const rows = csv.data.rows as number;
    const nTest = byTime.split.nTest as number;
    expect(byTime.split.method).toBe('time');
    expect(byTime.split.testIndices).toEqual(Array.from({ length: nTest }, (_, i) => rows - nTest + i));
    const atRandom = await trainSmall(cwd, ['--split', 'random']);
    expect(atRandom.split.method).toBe('random');
    expect(atRandom.split.testIndices).not.toEqual(csv.split.testIndices);
    expect(new Set(atRandom.split.testIndices).size).toBe(nTest);
  });
});

describe('sets too small to learn from', () => {
  const { folder: cwd, remove } = scratch();
  const lines = readFileSync(SAMPLE, 'utf8').split('\n');
  const write = (name: string, rows: readonly string[]) =>
    writeFileSync(join(cwd, name), rows.map((row) => `${row}\n`).join(''));
  beforeAll(() => {
    write('header.csv', lines.slice(0, 1));
    write('empty.csv', []);
    write('three.csv', lines.slice(0, 4));
    write('sixty.csv', lines.slice(0, 61));
    write('one.csv', [lines[0]!, ...lines.filter((line) => line.includes(',login_failed,')).slice(0, 50)]);
  });
  afterAll(remove);

  const stratified = ['--split', 'stratified'];
  it.each([
    ['header.csv', [], /"header\.csv" has a header and no rows\nhelp: /],
    ['empty.csv', [], /"empty\.csv" is empty\nhelp: /],
    ['three.csv', [], /the training rows, the first 2 events, hold too few of a class .*\nhelp: .*--split/],
    [
      'three.csv',
      stratified,
      /a stratified split needs at least 2 rows of each class; too few of: 1 \(1\)\nhelp: /,
    ],
    ['one.csv', stratified, /all samples are of class 1, a classifier needs at least two classes/],
    ['one.csv', ['--split', 'random'], /all samples are of class 1.*\nhelp: give rows of another class/],
    ['one.csv', ['--split', 'time'], /all samples are of class 1, a classifier needs at least two classes/],
    ['sixty.csv', [...stratified, '--cv', '50'], /cannot make 50 folds of 48 rows\nhelp: use at most 48/],
    ['sixty.csv', [...stratified, '--test-size', '1000'], /cannot split 60 rows with testSize 1000/],
    ['sixty.csv', [...stratified, '--test-size', '1'], /the test side has 1 row, fewer than the 2 classes/],
    ['sixty.csv', ['--label', 'data', '--split', 'random'], /sixty\.csv line 9: column "data" is missing/],
  ] as [string, string[], RegExp][])(
    '%s %j says what it lacks, and leaves no run that claims to be finished',
    async (file, args, message) => {
      const done = await phantomnet(['train', file, ...args], { cwd });
      expect([done.code, done.stdout]).toEqual([4, '']);
      expect(done.stderr).toMatch(message);
      const runs = (await phantomnet(['runs', 'list', '--json'], { cwd })).json();
      for (const run of runs) expect(run).toMatchObject({ status: 'FAILED', tags: expect.anything() });
    },
  );
});
