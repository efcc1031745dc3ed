import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport, reportHtml, reportMarkdown } from '#src/report/index.js';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const report = (...args: string[]) => phantomnet(['report', ...args], { cwd });
const small = ['--param', 'nEstimators=10', '--cv', '0', '--baselines', 'stump'];
let runId: string;
let trained: Record<'metrics' | 'intervals' | 'perClass', never>;

beforeAll(async () => {
  const traffic = ['--base-rate', '0.01', '--events-per-day', '20000'];
  const made = await ask('train', SAMPLE, ...small, ...traffic, '--run-name', 'with report');
  expect([made.code, made.stderr]).toEqual([
    0,
    expect.stringContaining('report.html, report.md, report.json'),
  ]);
  trained = made.json();
  runId = made.json().runId;
}, 60_000);

describe('report', () => {
  it('prints Markdown, by id and by name alike', async () => {
    const byId = await report(runId);
    expect([byId.code, byId.stderr]).toEqual([0, '']);
    expect(byId.stdout).toMatch(
      /^# Report of with report\n\n## Summary\n\n\*\*At threshold 0\.500, with 1 % attacks among 20,000 events a day: about \d+ alerts a day \(\d+ to \d+\), no false alert among the test rows \(\S+ % to 100 % of alerts may be real\), misses /,
    );
    expect((await report('with report')).stdout).toBe(byId.stdout);
  });

  it('writes the file as it ends, never over another but with --force', async () => {
    for (const file of ['report.html', 'report.md', 'report.json'])
      expect(await report(runId, '--out', file)).toMatchObject({ code: 0, stderr: '' });
    const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
    const document = parseReport(read('report.json'));
    expect(read('report.html')).toBe(reportHtml(document));
    expect(read('report.md')).toBe(reportMarkdown(document));
    const again = await report(runId, '--out', 'report.html');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect((await report(runId, '--out', 'report.html', '--force')).code).toBe(0);
    expect((await report(runId, '--out', 'report.pdf')).stderr).toContain(
      'out must end in .html, .md or .json, got "report.pdf"\nhelp: ',
    );
  });

  it('logs the same as artifacts of the run', async () => {
    const shown = (await ask('runs', 'show', runId)).json();
    const names = shown.artifacts.map(({ path }: { path: string }) => path);
    expect(names).toEqual(expect.arrayContaining(['report.html', 'report.json', 'report.md']));
    const folder = shown.artifactUri;
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe(
      readFileSync(join(cwd, 'report.html'), 'utf8'),
    );
  });

  it('has every part, with intervals by source', async () => {
    const made = (await ask('report', runId)).json();
    expect(made).toMatchObject({ format: 'phantomnet-report', version: 1, intervals: { by: 'source' } });
    for (const part of ['operatingPoint', 'curves', 'calibration', 'decay', 'importances'])
      expect([part, made[part]]).toEqual([part, expect.not.objectContaining({ skipped: expect.anything() })]);
    // A machine that is too busy to fit once in time draws no learning curve, and says so.
    expect(made.learningCurve.points?.length ?? made.learningCurve.skipped).toSatisfy(
      (found: unknown) => found === 4 || /^one fit took/.test(String(found)),
    );
    for (const { name, value, interval } of made.headline) {
      expect([name, interval.low <= value && value <= interval.high]).toEqual([name, true]);
      expect(interval.low).toBeLessThan(interval.high);
    }
    const sum = made.confusionMatrix.flat().reduce((a: number, b: number) => a + b, 0);
    expect(sum).toBe(made.data.test.rows);
    expect(made.breakdowns.map(({ by }: { by: string }) => by)).toEqual(['network.protocol', 'event.action']);
    expect(made.errors.rows.length).toBeLessThanOrEqual(20);
    expect(made.baselines[0].name).toBe('stump');
  });

  it('has the values and intervals that train prints', async () => {
    const { headline, perClass } = (await ask('report', runId)).json();
    const told = (name: string) => headline.find((number: { name: string }) => number.name === name);
    for (const name of ['accuracy', 'f1Macro', 'rocAuc', 'prAuc'])
      expect([told(name).value, told(name).interval]).toEqual([
        trained['metrics']![name],
        trained['intervals']![name],
      ]);
    expect(told('accuracy').interval.method).toBe('clusterBootstrap');
    const [, attack] = trained['perClass']! as { recall: number; intervals: Record<string, object> }[];
    expect(told('recallBinary')).toMatchObject({
      value: attack!.recall,
      interval: attack!.intervals['recall'],
    });
    expect(perClass[1].intervals).toMatchObject(attack!.intervals);
  });

  it('is the same for the same data, config and seed, but for run, time and latency', async () => {
    const again = ['--base-rate', '0.01', '--events-per-day', '20000', '--run-name', 'again'];
    const second = (await ask('train', SAMPLE, ...small, ...again)).json().runId;
    const parts = async (id: string) => {
      const {
        run: _run,
        latency: _latency,
        gates: _gates,
        learningCurve: _curve,
        ...rest
      } = (await ask('report', id)).json();
      return rest;
    };
    expect(await parts(second)).toEqual(await parts(runId));
  });

  it('names what is not there', async () => {
    const none = await report('nothing');
    expect([none.code, none.stderr]).toEqual([
      3,
      'error: no run "nothing", neither as id nor as name\nhelp: list them: phantomnet runs list\n',
    ]);
    expect((await report(runId.slice(0, 14))).stdout).toBe((await report(runId)).stdout);
    const baseline = (await ask('runs', 'list', '--children'))
      .json()
      .find((r: { role: string }) => r.role === 'baseline');
    expect((await report(baseline.runId)).stderr).toContain(' has no report\n');
  });

  it('refuses a report that was changed', async () => {
    const { artifactUri } = (await ask('runs', 'show', runId)).json();
    const file = join(artifactUri, 'report.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"phantomnet-report"', '"something"'));
    expect((await report(runId)).stderr).toContain('report.json is no report of this program: ');
    writeFileSync(file, text);
  });
});

describe('a table with few attacks and hostile names', () => {
  it('calls the result weak, and shows the names as text', async () => {
    const rows = Array.from({ length: 160 }, (_, i) => {
      const bad = i % 14 === 5 ? 1 : 0;
      const kind = bad ? '</td><img src=x onerror=alert(1)>|' : 'ok';
      return `${kind},${(i * 37) % 101},${(i * 53) % 97},${bad}`;
    });
    writeFileSync(join(cwd, 'few.csv'), ['kind,size,rate,bad', ...rows, ''].join('\n'));
    writeFileSync(join(cwd, 'few.yaml'), 'report: {by: [kind], baseRate: 0.001}\n');
    const table = ['--format', 'table', '--label', 'bad', '--role', 'kind=label-defining'];
    const split = ['--split', 'stratified', '--test-size', '0.4', '--run-name', 'few<b>'];
    const made = await ask('train', 'few.csv', '--config', 'few.yaml', ...table, ...split, ...small);
    const document = (await ask('report', made.json().runId)).json();
    expect(document.weaknesses[0]).toMatch(/^Few test rows of the class 1 \(\d\)/);
    // They are the last warnings of the run.
    const weak = document.weaknesses.map((words: string) => `weak: ${words}`);
    expect(made.json().warnings.slice(-weak.length)).toEqual(weak);
    expect(document.breakdowns[0]).toMatchObject({ by: 'kind', nGroups: 2 });
    await report('few<b>', '--out', 'few.html');
    const page = readFileSync(join(cwd, 'few.html'), 'utf8');
    expect(page).toContain('&lt;/td&gt;&lt;img src=x onerror=alert(1)&gt;|');
    expect(page).toContain('<h1>Report of few&lt;b&gt;</h1>');
    expect(page).not.toMatch(/<img|<b>/);
  });

  it('refuses a base rate that is no share, and a column that is not there, before anything is trained', async () => {
    const rate = await ask('train', 'few.csv', '--base-rate', '2');
    expect(JSON.parse(rate.stderr).error.message).toBe('--base-rate must be a share from 0 to 1, got 2');
    writeFileSync(join(cwd, 'by.yaml'), 'report: {by: [kinds]}\n');
    const by = ['--config', 'by.yaml', '--format', 'table', '--label', 'bad', '--split', 'random'];
    const done = await ask('train', 'few.csv', ...by);
    expect(done.stderr).toContain('report.by: the test rows have no column \\"kinds\\"');
  });
});
