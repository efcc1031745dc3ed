import { describe, expect, it } from 'vitest';
import type { HoneypotEvent, Table } from '#src/data/index.js';
import { experimentConfigSchema } from '#src/pipeline/config.js';
import { crossValidationFolds, type FoldMethod, foldParams } from '#src/pipeline/cross-validation-folds.js';
import { sampleGroups } from '#src/pipeline/split-columns.js';
import { splitSamples } from '#src/pipeline/split-samples.js';
import { tableTimes } from '#src/pipeline/table-times.js';
import { expectThrown } from '../../support/expect-thrown.js';

type Fields = HoneypotEvent['fields'];

const eventsOf = (rows: readonly Fields[]): HoneypotEvent[] =>
  rows.map((fields, position) => ({ position, file: 'a.csv', line: position + 2, fields, payload: null }));

/** An event an hour from midnight of 2018-05-01; two an address, four a network, two classes in turn by pairs. */
const hourly = (n: number): HoneypotEvent[] =>
  eventsOf(
    Array.from({ length: n }, (_, i) => ({
      '@timestamp': Date.UTC(2018, 4, 1, i),
      source_ip: `192.0.${Math.floor(i / 4)}.${Math.floor(i / 2) % 2}`,
      session: `s${i % 10}`,
      sensor: i % 3 === 0 ? null : `sensor ${i % 3}`,
    })),
  );
const labelled = (n: number, codes: readonly number[], classes: readonly number[] = [0, 1]) => ({
  samples: hourly(n),
  labels: { classes, codes: Uint16Array.from({ length: n }, (_, i) => codes[i % codes.length]!) },
});
const config = (split: object, crossValidation: object = {}) =>
  experimentConfigSchema.parse({ split, crossValidation });
type Asked = { readonly method: FoldMethod; readonly folds?: number };
const foldConfig = (split: object, asked: Asked) => {
  const parsed = config(split, asked);
  return { ...parsed, crossValidation: { ...parsed.crossValidation, method: asked.method } };
};
const split = (data: ReturnType<typeof labelled>, asked: object) => splitSamples(data, config(asked).split);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

const table: Table = {
  file: 'table.csv',
  source: { name: 'flows', columns: [] },
  nRows: 3,
  positions: Uint32Array.of(0, 1, 2),
  lines: Uint32Array.of(1, 2, 3),
  values: new Map<string, Float64Array | string[]>([
    ['zone', ['b', '', 'a']],
    ['port', Float64Array.of(22, 80, 22)],
  ]),
};

describe('groups of samples', () => {
  const events = eventsOf([
    { source_ip: '192.0.2.1', session: 'x', sensor: 'oslo', port: '22' },
    { source_ip: '::ffff:192.0.2.9', session: '', sensor: 'rome', port: '22' },
    { source_ip: 'host.example', session: null, sensor: 'oslo', port: null },
    { source_ip: '2001:db8:7:1::5', session: 'y', sensor: 'oslo', port: '80' },
  ]);

  it.each([
    ['source', ['192.0.2.1', '::ffff:192.0.2.9', 'host.example', '2001:db8:7:1::5']],
    ['subnet', ['192.0.2.0/24', '192.0.2.0/24', 'host.example', '2001:db8:7::/48']],
    ['session', ['x', '', '', 'y']],
    ['sensor', ['oslo', 'rome', 'oslo', 'oslo']],
    ['port', ['22', '22', '', '80']],
  ])('by %s', (groupBy, groups) => {
    expect(sampleGroups(events, groupBy)).toEqual(groups);
  });

  it('are those of any column of a table', () => {
    expect(sampleGroups(table, 'zone')).toEqual(['b', '', 'a']);
    expect(sampleGroups(table, 'port')).toEqual([22, 80, 22]);
  });

  it('are found by the names of the event form too', () => {
    const values = new Map([
      ['source.ip', ['192.0.2.1', '192.0.2.2', '198.51.100.1']],
      ['observer.name', ['oslo', 'rome', 'oslo']],
    ]);
    expect(sampleGroups({ ...table, values }, 'subnet')).toEqual([
      '192.0.2.0/24',
      '192.0.2.0/24',
      '198.51.100.0/24',
    ]);
    expect(sampleGroups({ ...table, values }, 'sensor')).toEqual(['oslo', 'rome', 'oslo']);
  });

  it('need a column that is there', () => {
    const absent = expectThrown(() => sampleGroups(table, 'source'), 'NOT_FOUND');
    expect(absent.message).toBe(
      'cannot group by "source": there is no column "source.ip" or "source_ip", which source stands for',
    );
    expect(absent.hint).toBe(
      'give --group-by (split.groupBy) source, subnet, session, sensor or a column: zone, port',
    );
    const misspelt = expectThrown(() => sampleGroups(events, 'sessions'), 'NOT_FOUND');
    expect(misspelt.message).toBe('cannot group by "sessions": there is no column "sessions"');
    expect(misspelt.hint).toBe("did you mean 'session'?");
    expectThrown(() => sampleGroups(events, 'constructor'), 'NOT_FOUND');
  });
});

describe('the split of an experiment', () => {
  it('is by time where nobody asks, with or without a seed', () => {
    const data = labelled(400, [0, 1]);
    for (const asked of [{}, { randomState: 7 }, { randomState: 8 }]) {
      const made = split(data, asked);
      expect([...made.train]).toEqual(upTo(320));
      expect(made.facts).toEqual({ method: 'time', testSize: 0.2 });
    }
    expect([...split(data, { method: 'stratified', randomState: 7 }).train]).not.toEqual(upTo(320));
  });

  it('stops where the default would hold fewer than 30 rows of a class, and names the flags', () => {
    const few = labelled(200, [0, 0, 0, 0, 1]);
    const error = expectThrown(() => split(few, { randomState: 7 }), 'BAD_DATA');
    expect(error.message).toBe(
      'split by time: the test rows, the last 40 events, hold too few of a class (1: 8; at least 30 of each are needed)',
    );
    expect(error.hint).toBe(
      'ask for a random split with --split stratified, for one by whole sources with --split stratified-group, or for this one as it is with --split time',
    );
    expect(split(few, { method: 'time' }).test).toHaveLength(40);
    const rare = expectThrown(() => split(labelled(200, [0, 0, 0, 1, 2], [0, 1, 2]), {}), 'BAD_DATA');
    expect(rare.hint).toBe(
      `${error.hint}; where a rule makes the label of events, label.classes puts rare classes together or leaves them out`,
    );
    const none = expectThrown(() => split(labelled(200, [0]), { method: 'time' }), 'BAD_DATA');
    expect(none.message).toBe(
      'split by time: the training rows, the first 160 events, hold too few of a class (1: 0; at least 1 of each is needed)',
    );
    expect(none.hint).toBe(
      'choose other test rows with --test-from or --test-size, or ask for a random split with --split stratified',
    );
  });

  it('tests from an instant on, and leaves a gap out of training', () => {
    const data = labelled(100, [0, 1]);
    const made = split(data, { method: 'time', testFrom: '2018-05-03', gap: '1d' });
    expect([...made.train]).toEqual(upTo(24));
    expect([...made.test]).toEqual(upTo(100).slice(48));
    expect(made.facts).toEqual({
      method: 'time',
      testSize: 52,
      testFrom: '2018-05-03',
      gap: '1d',
      nLeftOut: 24,
    });
    const zoned = split(data, { method: 'time', testFrom: '2018-05-03T02:00:00+02:00', gap: '90m' });
    expect([zoned.train.length, zoned.test[0], zoned.facts.nLeftOut]).toEqual([47, 48, 1]);
    expect(split(data, { method: 'time', testFrom: '2018-05-03 01:00' }).test[0]).toBe(49);
  });

  it('says when an instant leaves a side empty', () => {
    const error = expectThrown(
      () => split(labelled(48, [0, 1]), { method: 'time', testFrom: '2018-05-02', gap: '2d' }),
      'BAD_DATA',
    );
    expect(error.message).toBe(
      'split by time at 2018-05-02T00:00:00.000Z: 0 events before it less a gap of 2d to train on, 24 from it on to test',
    );
    expect(error.hint).toBe(
      'choose another --test-from or --test-size, or a smaller --gap, or ask for a random split with --split stratified; events of one time stay on one side',
    );
  });

  it('keeps groups whole, by source where nobody says', () => {
    const data = labelled(80, [0, 0, 1, 1]);
    for (const method of ['group', 'stratified-group'] as const)
      for (const groupBy of [undefined, 'source', 'subnet', 'session']) {
        const made = split(data, { method, ...(groupBy === undefined ? {} : { groupBy }) });
        expect(made.facts).toEqual({ method, testSize: 0.2, groupBy: groupBy ?? 'source' });
        const groups = sampleGroups(data.samples, groupBy);
        const trained = new Set(Array.from(made.train, (row) => groups[row]));
        expect(Array.from(made.test, (row) => groups[row]).filter((group) => trained.has(group))).toEqual([]);
        expect(made.train.length + made.test.length).toBe(80);
      }
    const { test } = split(data, { method: 'stratified-group', testSize: 0.25 });
    expect(
      Array.from(test, (row) => data.labels.codes[row]!)
        .sort()
        .join(''),
    ).toBe('00000000001111111111');
  });

  it('says when a side of whole groups lacks a class', () => {
    const data = labelled(40, [0, 0, 1, 1]);
    const codes = Uint16Array.from({ length: 40 }, (_, i) => Number(i < 2));
    const error = expectThrown(
      () => split({ ...data, labels: { classes: [0, 1], codes } }, { method: 'group', randomState: 1 }),
      'BAD_DATA',
    );
    expect(error.message).toMatch(
      /^split by source: the (test side, 8|training side, 32) rows, hold too few of a class \(1: 0; at least 1 of each is needed\)$/,
    );
    expect(error.hint).toBe(
      'spread the classes with --split stratified-group, or try another --test-size or --random-state',
    );
  });

  it('reads the time of a table where a column is for it', () => {
    const time = { name: 'at', role: 'time', type: 'numeric', isInteger: true, reason: 'when' } as const;
    const timed = {
      ...table,
      source: { name: 'sessions', columns: [time] },
      values: new Map([['at', Float64Array.of(30, 10, 20)]]),
    };
    const labels = { classes: [0], codes: Uint16Array.of(0, 0, 0) };
    const made = splitSamples({ samples: timed, labels }, config({ method: 'time', testSize: 1 }).split);
    expect([[...made.train], [...made.test]]).toEqual([[1, 2], [0]]);
  });

  it('reads times of a table in any unit, and as text', () => {
    const column = (type: 'numeric' | 'categorical') =>
      ({ name: 'at', role: 'time', type, isInteger: true, reason: 'when' }) as const;
    const read = (cells: Float64Array | (string | null)[]) =>
      tableTimes({
        source: { name: 'x', columns: [column(cells instanceof Float64Array ? 'numeric' : 'categorical')] },
        values: new Map([['at', cells]]),
      });
    const [first, second] = [Date.UTC(2018, 4, 9), Date.UTC(2018, 4, 9, 1)];
    for (const unit of [1e-3, 1, 1e3, 1e6])
      expect(read(Float64Array.of(first * unit, second * unit, Number.NaN))).toEqual(
        Float64Array.of(first, second, Number.NaN),
      );
    expect(read(['2018-05-09T00:00:00Z', null, '2018-05-09 03:00:00+02:00'])).toEqual(
      Float64Array.of(first, Number.NaN, second),
    );
    expect(read(['2018-05-09T00:00:00Z', 'soon'])).toBeUndefined();
    // Seconds are what a gap is counted in then.
    const made = splitSamples(
      {
        samples: {
          ...table,
          source: { name: 'x', columns: [column('numeric')] },
          values: new Map([['at', Float64Array.from({ length: 10 }, (_, i) => first / 1000 + 60 * i)]]),
        },
        labels: { classes: [0, 1], codes: Uint16Array.from({ length: 10 }, (_, i) => i % 2) },
      },
      config({ method: 'time', testSize: 4, gap: '90s' }).split,
    );
    expect([[...made.train], [...made.test]]).toEqual([
      [0, 1, 2, 3, 4],
      [6, 7, 8, 9],
    ]);
  });

  it('has no time for another table', () => {
    const labels = { classes: [0, 1], codes: Uint16Array.of(0, 1, 0) };
    const error = expectThrown(() => splitSamples({ samples: table, labels }, config({}).split), 'BAD_DATA');
    expect(error.message).toBe('table.csv: flows rows have no time to split by');
    expect(error.hint).toBe(
      'name a test file with --test, or ask for a random split with --split stratified',
    );
  });
});

describe('the folds of an experiment', () => {
  const data = labelled(80, [0, 0, 1, 1]);
  const folds = (crossValidation: Asked, asked: object = {}) =>
    crossValidationFolds(data, foldConfig(asked, crossValidation));

  it('test every row once, by each method', () => {
    for (const method of ['stratified', 'group', 'stratified-group', 'leave-one-group-out', 'time'] as const)
      expect(
        folds({ method, folds: 4 })
          .flatMap(({ test }) => [...test])
          .sort((a, b) => a - b),
      ).toEqual(upTo(80));
  });

  it('of groups keep them whole, and change with the seed', () => {
    for (const method of ['group', 'stratified-group'] as const) {
      const sensors = folds({ method, folds: 2 }, { groupBy: 'sensor' });
      for (const { test } of sensors)
        expect(new Set(Array.from(test, (row) => row % 3)).size).toBeLessThan(3);
      expect(folds({ method }, { randomState: 1 })).not.toEqual(folds({ method }, { randomState: 2 }));
    }
  });

  it('leave one sensor out, however many folds are the default', () => {
    const made = folds({ method: 'leave-one-group-out' }, { groupBy: 'sensor' });
    expect(made.map(({ test }) => [...test])).toEqual(
      [0, 1, 2].map((sensor) => upTo(80).filter((row) => row % 3 === sensor)),
    );
    expect(made.map(({ train }) => train.length)).toEqual([53, 53, 54]);
  });

  it('leave no group out where there are too many, or one', () => {
    const many = { ...labelled(202, [0, 0, 1, 1]) };
    const asked = { method: 'leave-one-group-out' } as const;
    const error = expectThrown(() => crossValidationFolds(many, foldConfig({}, asked)), 'BAD_DATA');
    expect(error.message).toBe(
      'cannot leave each of 101 groups by source out in turn: each is a fold, and 100 are the most',
    );
    expect(error.hint).toMatch(/--group-by sensor.*--cv-method group$/);
    expect(error.details).toEqual({ nGroups: 101, groupBy: 'source' });
    const one = { ...labelled(2, [0, 1]) };
    expect(expectThrown(() => crossValidationFolds(one, foldConfig({}, asked)), 'BAD_DATA').message).toMatch(
      /^cannot leave one group out of 1 group/,
    );
  });

  it('forward in time test what comes after the training rows, which end before the gap', () => {
    const made = folds({ method: 'time-series', folds: 3 });
    expect(made.map(({ train, test }) => [[...train], [...test]])).toEqual(
      [20, 40, 60].map((start) => [upTo(start), upTo(start + 20).slice(start)]),
    );
    const withGap = folds({ method: 'time-series', folds: 3 }, { gap: '2h' });
    expect(withGap.map(({ train }) => train.length)).toEqual([18, 38, 58]);
    expect(withGap.map(({ test }) => test)).toEqual(made.map(({ test }) => test));
  });

  it('forward in time never train on rows of the time that is tested', () => {
    const times = Float64Array.of(1, 1, 2, 2, 2, 3);
    const timed: Table = {
      ...table,
      nRows: 6,
      source: {
        name: 'flows',
        columns: [{ name: 'at', type: 'numeric', isInteger: true, role: 'time', reason: '' }],
      },
      values: new Map([['at', times]]),
    };
    const labels = { classes: [0], codes: new Uint16Array(6) };
    const made = crossValidationFolds(
      { samples: timed, labels },
      foldConfig({}, { method: 'time-series', folds: 2 }),
    );
    expect(made.map(({ train, test }) => [[...train], [...test]])).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [0, 1],
        [4, 5],
      ],
    ]);
  });

  it('of time are blocks, with the gap of the split on both sides', () => {
    const [, second] = folds({ method: 'time', folds: 4 }, { gap: '2h' });
    expect([...second!.test]).toEqual(upTo(40).slice(20));
    expect([...second!.train]).toEqual([...upTo(18), ...upTo(80).slice(42)]);
  });

  it('train on every class, or say which one is missing', () => {
    const codes = Uint16Array.from({ length: 80 }, (_, i) => Number(i >= 60));
    const rows = { ...data, labels: { classes: ['no', 'yes'], codes } };
    const error = expectThrown(
      () => crossValidationFolds(rows, foldConfig({}, { method: 'time', folds: 4 })),
      'BAD_DATA',
    );
    expect(error.message).toBe('folds by time: fold 4 of 4 trains on no row of class yes');
    expect(error.hint).toBe(
      'use fewer folds with --cv, or others with --cv-method stratified or stratified-group',
    );
    const untimed = { samples: table, labels: { classes: [0, 1], codes: Uint16Array.of(0, 1, 0) } };
    const noTime = expectThrown(
      () => crossValidationFolds(untimed, foldConfig({}, { method: 'time', folds: 2 })),
      'BAD_DATA',
    );
    expect(noTime.hint).toBe('take random folds with --cv-method stratified');
  });

  it('are named on the run', () => {
    const params = (method: FoldMethod) => foldParams(foldConfig({ gap: '1h' }, { method }));
    expect(params('stratified')).toEqual({ cvFolds: 5, cvMethod: 'stratified' });
    for (const cvMethod of ['time', 'time-series'] as const)
      expect(params(cvMethod)).toEqual({ cvFolds: 5, cvMethod, cvGap: '1h' });
    for (const cvMethod of ['stratified-group', 'leave-one-group-out'] as const)
      expect(params(cvMethod)).toEqual({ cvFolds: 5, cvMethod, cvGroupBy: 'source' });
  });
});
