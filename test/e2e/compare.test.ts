import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
const ask = jsonIn(cwd);
beforeAll(async () => {
  const few = ['--features', 'payload_length', '--run-name', 'few'];
  await trainSmall(cwd, [...few, '--cv', '4', '--baselines', 'majority']);
  await trainSmall(cwd, ['--run-name', 'all', '--cv', '4']);
  await trainSmall(cwd, ['--run-name', 'again', '--cv', '3', '--cv-repeats', '2', '--baselines', 'majority']);
  await trainSmall(cwd, ['--run-name', 'elsewhere', '--random-state', '7', '--cv', '4']);
}, 120_000);
afterAll(remove);

interface Test {
  test: string;
  verdict?: string;
  reason?: string;
  difference: number;
  pValue: number;
  adjustedPValue: number;
}

describe('compare', () => {
  it('tests every run against the named one, as far as what they logged allows', async () => {
    const table = (await ask('compare', '--against', 'few')).json();
    const said = (name: string): string[] =>
      table.rows
        .find((row: { name: string }) => row.name === name)
        .tests.map(({ verdict, reason }: Test) => verdict ?? reason);
    const bySource = expect.stringMatching(
      /^rows of one source are not independent: the bootstrap drew \d+ groups whole$/,
    );
    expect(said('all')).toEqual([bySource, bySource, 'better', 'better']);
    expect(said('again')).toEqual([bySource, bySource, 'better', 'it was cross-validated on other folds']);
    expect(said('majority')).toEqual([bySource, bySource, 'worse', 'it was not cross-validated']);
    const rows = 'it was tested on other rows';
    expect(said('elsewhere')).toEqual([rows, rows, rows, 'it was cross-validated on other folds']);
    expect(table.nTests).toBe(4);
    const tests: Test[] = table.rows.flatMap((row: { tests?: Test[] }) => row.tests ?? []);
    for (const { pValue, adjustedPValue } of tests.filter((test) => test.reason === undefined))
      expect(adjustedPValue).toBeGreaterThanOrEqual(pValue);
  });

  it('tells runs of one name apart by their ids', async () => {
    const twice = ['--experiment', 'twice', '--run-name', 'same', '--no-baselines', '--cv', '0'];
    await trainSmall(cwd, [...twice, '--features', 'payload_length']);
    await trainSmall(cwd, twice);
    const rows: { id: string; name: string }[] = (await ask('compare', '--experiment', 'twice')).json().rows;
    expect(rows.map(({ name }) => name)).toEqual(rows.map(({ id }) => `${id.slice(0, 12)} same`));
    expect(new Set(rows.map(({ name }) => name)).size).toBe(2);
    const named = (
      await ask('compare', '--experiment', 'twice', '--against', rows[1]!.id.slice(0, 12))
    ).json();
    expect(named.against.id).toBe(rows[1]!.id);
  });

  it('shows a baseline once that several runs have', async () => {
    const runs = (await ask('runs', 'list', '--children')).json();
    const both = runs.filter(({ runName }: { runName: string }) => runName === 'majority');
    const shown = async (...args: string[]) =>
      (await ask('compare', ...args))
        .json()
        .rows.filter(({ name }: { name: string }) => name.includes('majority'))
        .map(({ id, name }: { id: string; name: string }) => [id, name]);
    expect(await shown()).toEqual([[both[0].runId, 'majority']]);
    const ids = both.map(({ runId }: { runId: string }) => runId);
    const named = await shown('--runs', ['few', 'again', ...ids].join(','));
    expect(named).toEqual([
      [ids[0], 'again: majority'],
      [ids[1], 'few: majority'],
    ]);
  });

  it('turns round when the other run is named, with the same p', async () => {
    const tests = async (against: string, name: string): Promise<Test[]> => {
      const table = (await ask('compare', '--against', against)).json();
      return table.rows.find((row: { name: string }) => row.name === name).tests;
    };
    const [there, back] = [await tests('few', 'all'), await tests('all', 'few')];
    expect(back.map((test) => test.verdict)).toEqual([undefined, undefined, 'worse', 'worse']);
    back.slice(2).forEach((test, k) => {
      const i = k + 2;
      expect(test.difference).toBe(-there[i]!.difference);
      expect(test.pValue).toBe(there[i]!.pValue);
    });
  });

  it('says it in words', async () => {
    const text = (await phantomnet(['compare', '--against', 'few'], { cwd })).stdout;
    const said = text.split('\n').filter((line) => /^(again|all|majority)$|^ {2}\w/.test(line));
    expect(said.map((line) => /better|worse|^\w+/.exec(line)![0])).toEqual([
      ...['again', 'better'],
      ...['all', 'better', 'better'],
      ...['majority', 'worse'],
    ]);
    expect(text).toContain('\nHolm: p corrected for 4 tests; "no difference shown" does not mean equal\n');
    expect(text).toContain('\nno t over folds: it was cross-validated on other folds (elsewhere, again)\n');
    expect(text).toMatch(/^no McNemar, DeLong: rows of one source are not independent: /m);
  });

  it('tests row by row where rows name no source, and by the groups of the split where they do', async () => {
    const records = parse(readFileSync(SAMPLE), { columns: true }) as Record<string, string>[];
    const lines = records.map(({ source_ip: _, ...rest }) => JSON.stringify(rest));
    writeFileSync(join(cwd, 'unnamed.jsonl'), lines.join('\n'));
    const train = (file: string, experiment: string, ...args: string[]) => {
      const small = ['--param', 'nEstimators=10', '--cv', '0', '--baselines', 'majority'];
      return phantomnet(
        ['train', file, '--experiment', experiment, '--run-name', 'forest', ...small, ...args],
        {
          cwd,
        },
      );
    };
    const tests = async (experiment: string): Promise<Test[]> => {
      const table = (await ask('compare', '--experiment', experiment, '--against', 'forest')).json();
      return table.rows.find((row: { name: string }) => row.name === 'majority').tests;
    };
    await train('unnamed.jsonl', 'rows', '--split', 'stratified');
    expect((await tests('rows')).map(({ verdict }) => verdict)).toEqual([
      'worse',
      'worse',
      'worse',
      undefined,
    ]);
    await train(SAMPLE, 'groups', '--split', 'stratified-group', '--group-by', 'source_ip');
    const [mcnemar, , bootstrap] = await tests('groups');
    expect(mcnemar!.reason).toMatch(
      /^rows of one source_ip are not independent: the bootstrap drew \d+ groups/,
    );
    expect(bootstrap!.test).toBe('bootstrap');
  });
});
