import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HoneypotEvent } from '#src/data/index.js';
import { subnetOf } from '#src/data/index.js';
import { readAllEvents } from '#src/ingest/index.js';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';

describe('splits that train is asked for', () => {
  const { folder: cwd, remove } = scratch();
  let events: readonly HoneypotEvent[];
  beforeAll(async () => {
    ({ events } = await readAllEvents(SAMPLE));
  });
  afterAll(remove);

  const train = (flags: readonly string[]) =>
    phantomnet(['train', SAMPLE, '--param', 'nEstimators=5', '--no-baselines', ...flags], { cwd });
  const tagsOf = async (runId: string) =>
    (await phantomnet(['runs', 'show', runId, '--json'], { cwd })).json();

  it('keep whole networks on one side, and say so on the run', async () => {
    const groups = ['--split', 'stratified-group', '--group-by', 'subnet'];
    const done = await train([...groups, '--cv', '3', '--cv-method', 'stratified-group', '--json']);
    const made = done.json();
    expect(made.split).toMatchObject({ method: 'stratified-group', groupBy: 'subnet', testSize: 0.2 });
    expect(made.crossValidation).toMatchObject({ method: 'stratified-group', folds: 3 });
    const tested = new Set<number>(made.split.testIndices);
    const subnet = (event: HoneypotEvent) => subnetOf(String(event.fields['source.ip']))!;
    const ofTest = new Set(events.filter((event) => tested.has(event.position)).map(subnet));
    const ofTraining = events.filter((event) => !tested.has(event.position)).map(subnet);
    expect(ofTraining.filter((name) => ofTest.has(name))).toEqual([]);
    expect(made.split.nTrain + made.split.nTest).toBe(events.length);
    const run = await tagsOf(made.runId);
    expect(run.tags).toMatchObject({
      'phantomnet.split': 'stratified-group',
      'phantomnet.splitGroupBy': 'subnet',
    });
    expect(run.params).toMatchObject({ splitGroupBy: 'subnet', cvGroupBy: 'subnet' });
  });

  it('leave each group out in turn, as many folds as there are', async () => {
    const flags = ['--group-by', 'network.protocol', '--cv-method', 'leave-one-group-out', '--json'];
    const made = (await train(flags)).json();
    const protocols = new Set(events.map((event) => event.fields['network.protocol'] ?? ''));
    expect(made.crossValidation).toMatchObject({ method: 'leave-one-group-out', folds: protocols.size });
    const { params } = await tagsOf(made.runId);
    expect(params).toMatchObject({
      ...{ cvMethod: 'leave-one-group-out', cvGroupBy: 'network.protocol' },
      cvFolds: String(protocols.size),
    });
  });

  it('test from an instant on after a gap, and count what is left out', async () => {
    const made = (await train(['--test-from', '2026-01-17', '--gap', '12h', '--cv', '0', '--json'])).json();
    const times = events.map((event) => Number(event.fields['@timestamp']));
    const start = Date.UTC(2026, 0, 17);
    const isTested = (time: number) => time >= start;
    expect(made.split).toMatchObject({
      ...{ method: 'time', testFrom: '2026-01-17', gap: '12h' },
      nTest: times.filter(isTested).length,
      nTrain: times.filter((time) => time < start - 12 * 36e5).length,
    });
    expect(made.split.nLeftOut).toBe(events.length - made.split.nTest - made.split.nTrain);
    expect(made.split.nLeftOut).toBeGreaterThan(0);
    const run = await tagsOf(made.runId);
    expect(run.tags).toMatchObject({
      'phantomnet.split': 'time',
      'phantomnet.splitGap': '12h',
      'phantomnet.splitTestFrom': '2026-01-17',
    });
  });

  it('are told in the summary', async () => {
    const byTime = await train(['--gap', '1h', '--cv', '3', '--cv-method', 'time']);
    expect(byTime.stdout).toMatch(
      /split +time, \d+ training events, 1001 test events, \d+ left out in a gap of 1h\n/,
    );
    expect(byTime.stdout).toMatch(/over 3 time folds of the training events/);
    const alike = (await train(['--cv', '3', '--json'])).json();
    expect(alike.crossValidation).toMatchObject({ method: 'time-series', folds: 3 });
    expect(alike.warnings.join()).not.toContain('cross-validation');
    const atRandom = await train(['--cv', '3', '--cv-method', 'stratified']);
    expect(atRandom.stdout).toMatch(
      /warning: cross-validation: the folds are drawn at random, while the split is by time,/,
    );
    const bySource = await train(['--split', 'group', '--cv', '0']);
    expect(bySource.stdout).toMatch(/split +group by source, \d+ training events, \d+ test events\n/);
  });

  it.each([
    [['--group-by', 'sensor'], 2, /neither the split nor the folds are by group\nhelp: give --split group/],
    [
      ['--split', 'group', '--group-by', 'senser'],
      3,
      /there is no column "senser"\nhelp: did you mean 'sensor'/,
    ],
    [['--gap', 'soon'], 2, /--gap must be a length of time such as 30s, 10m, 1h or 1d, got "soon"/],
    [
      ['--test-from', '2030-01-01', '--cv', '0'],
      4,
      /split by time at 2030-01-01T00:00:00\.000Z: 5001 events/,
    ],
    [
      ['--cv-method', 'leave-one-group-out'],
      4,
      /cannot leave each of 165 groups by source out in turn: each is a fold, and 100 are the most/,
    ],
    [['--cv-method', 'leave-one-group-out', '--cv', '5'], 2, /each group is one\nhelp: leave --cv out/],
    [
      ['--split', 'group', '--group-by', 'honeypot_type', '--cv-method', 'group', '--cv', '9'],
      4,
      /cannot make 9 folds of \d groups? \(/,
    ],
  ] as [string[], number, RegExp][])('%j says what is wrong', async (flags, code, message) => {
    const done = await train(flags);
    expect([done.code, done.stdout]).toEqual([code, '']);
    expect(done.stderr).toMatch(message);
  });
});
