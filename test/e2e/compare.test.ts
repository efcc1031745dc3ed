import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';
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
    expect(said('all')).toEqual(['better', 'better', 'better', 'better']);
    expect(said('again')).toEqual(['better', 'better', 'better', 'it was cross-validated on other folds']);
    expect(said('majority')).toEqual(['worse', 'worse', 'worse', 'it was not cross-validated']);
    const rows = 'it was tested on other rows';
    expect(said('elsewhere')).toEqual([rows, rows, rows, 'it was cross-validated on other folds']);
    expect(table.nTests).toBe(10);
    const tests: Test[] = table.rows.flatMap((row: { tests?: Test[] }) => row.tests ?? []);
    for (const { pValue, adjustedPValue } of tests.filter((test) => test.reason === undefined))
      expect(adjustedPValue).toBeGreaterThanOrEqual(pValue);
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
    expect(back.map((test) => test.verdict)).toEqual(['worse', 'worse', 'worse', 'worse']);
    back.forEach((test, i) => {
      expect(test.difference).toBe(-there[i]!.difference);
      expect(test.pValue).toBe(there[i]!.pValue);
    });
  });

  it('says it in words', async () => {
    const text = (await phantomnet(['compare', '--against', 'few'], { cwd })).stdout;
    const said = text.split('\n').filter((line) => /^(again|all|majority)$|^ {2}\w/.test(line));
    expect(said.map((line) => /better|worse|^\w+/.exec(line)![0])).toEqual([
      ...['again', 'better', 'better', 'better'],
      ...['all', 'better', 'better', 'better', 'better'],
      ...['majority', 'worse', 'worse', 'worse'],
    ]);
    expect(text).toContain('\nHolm: p corrected for 10 tests; "no difference shown" does not mean equal\n');
    expect(text).toContain('\nno t over folds: it was cross-validated on other folds (elsewhere, again)\n');
  });
});
