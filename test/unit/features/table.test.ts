import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Table, takeTableRows } from '#src/data/index.js';
import {
  asLabelColumn,
  fitTableFeatures,
  NSL_KDD_ATTACK_CLASSES,
  resolveTableFeatures,
  roundingNotes,
  tableLabelNames,
  tableLabelNotes,
  tableLabels,
  tableToMatrix,
} from '#src/features/index.js';
import { NSL_KDD, readWholeTable } from '#src/ingest/index.js';
import { type Connection, nslKddRow } from '../../support/nsl-kdd.js';

async function tableOf(...rows: Connection[]): Promise<Table> {
  const text = rows.map(nslKddRow).join('\n');
  return (await readWholeTable(Readable.from([text]), { format: 'nsl-kdd' })).table;
}

function thrown(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('features of a table', () => {
  it('are its 41 columns, or those that are named, in that order', () => {
    expect(resolveTableFeatures('all', NSL_KDD.columns)).toEqual(NSL_KDD.columns.slice(0, 41));
    expect(resolveTableFeatures(['all'], NSL_KDD.columns)).toHaveLength(41);
    expect(resolveTableFeatures(['count', 'flag'], NSL_KDD.columns).map((c) => c.name)).toEqual([
      'count',
      'flag',
    ]);
  });

  it.each([
    [
      ['attack_name'],
      '"attack_name" cannot be a feature: it defines the label: every label is made from it',
      'leave "attack_name" out of features',
    ],
    [
      ['difficulty'],
      '"difficulty" cannot be a feature: it is written from the outcome: how many of 21 classifiers got the row right',
      'leave "difficulty" out of features',
    ],
    [['src_byte'], 'no feature "src_byte"', "did you mean 'src_bytes'?"],
    [['count', 'count'], '"count" is named twice', 'name each feature once'],
    [[], 'features must name at least one feature', 'choose among duration'],
    [['payload_length'], 'no feature "payload_length"', 'choose among duration, protocol_type'],
  ])('refuse %j', (names, message, hint) => {
    expect(thrown(() => resolveTableFeatures(names, NSL_KDD.columns))).toMatchObject({
      code: 'INVALID_PARAMETER',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
      details: { parameter: 'features' },
    });
  });

  it('do not have the column that is the label', () => {
    const columns = asLabelColumn(NSL_KDD.columns, 'service');
    expect(resolveTableFeatures('all', columns).map((c) => c.name)).not.toContain('service');
    expect(thrown(() => resolveTableFeatures(['service'], columns))).toMatchObject({
      message: expect.stringContaining('it defines the label: the label is this column'),
    });
  });

  it('know the categories of the training rows alone: another one is missing, and counted', async () => {
    const table = await tableOf(
      { attack: 'normal', service: 'smtp', srcBytes: 3 },
      { attack: 'normal', service: 'http' },
      { attack: 'smurf', service: 'ecr_i', rate: 0.5 },
    );
    const columns = resolveTableFeatures(['service', 'src_bytes', 'serror_rate'], NSL_KDD.columns);
    const features = fitTableFeatures(takeTableRows(table, [0, 1]), columns);
    expect(features).toEqual([
      { name: 'service', type: 'categorical', categories: ['http', 'smtp'] },
      { name: 'src_bytes', type: 'numeric' },
      { name: 'serror_rate', type: 'numeric' },
    ]);
    const matrix = tableToMatrix(table, features);
    expect([...matrix.values]).toEqual([1, 3, 0, 0, 0, 0, Number.NaN, 0, 0.5]);
    expect([matrix.nSamples, matrix.unseen]).toEqual([3, { service: 1 }]);
  });

  it('must be there, with their type', async () => {
    const table = await tableOf({ attack: 'normal' });
    const misfit = (feature: Parameters<typeof tableToMatrix>[1][number]) =>
      thrown(() => tableToMatrix(table, [feature]));
    expect(misfit({ name: 'payload_length', type: 'numeric' })).toMatchObject({
      code: 'BAD_DATA',
      message: '-: no column "payload_length", and a feature of the model is made from it',
      hint: 'the model was not trained on nsl-kdd rows: name the format of its own data',
    });
    expect(misfit({ name: 'duratoin', type: 'numeric' })).toMatchObject({ hint: "did you mean 'duration'?" });
    expect(misfit({ name: 'flag', type: 'numeric' })).toMatchObject({
      message: expect.stringContaining('column "flag" is not numeric'),
    });
    expect(misfit({ name: 'count', type: 'categorical', categories: [] })).toMatchObject({
      message: expect.stringContaining('column "count" is not categorical'),
    });
  });

  it('that are rounded are told, once a feature, with the first of them', async () => {
    const table = await tableOf(
      { attack: 'normal', srcBytes: 2 ** 24 },
      { attack: 'normal', srcBytes: 2 ** 24 + 1 },
      { attack: 'normal', srcBytes: 2 ** 25 },
      { attack: 'normal', srcBytes: 2 ** 25 + 2 },
    );
    expect(roundingNotes(table, NSL_KDD.columns)).toEqual([
      'src_bytes: 2 values beyond 16,777,216 rounded to single precision, the first from 16777217 to 16777216 in -:2',
    ]);
    const features = NSL_KDD.columns.filter((column) => column.name !== 'src_bytes');
    expect(roundingNotes(table, features)).toEqual([]);
  });

  it('that are whole as they are, or fractions, are not told', async () => {
    const table = await tableOf({ attack: 'normal', srcBytes: 2 ** 24 + 2 }, { attack: 'normal', rate: 0.1 });
    expect(roundingNotes(table, NSL_KDD.columns)).toEqual([]);
    // What is missing is not rounded.
    const values = new Map([...table.values, ['src_bytes', Float64Array.of(Number.NaN, 5)]] as const);
    expect(roundingNotes({ ...table, values }, NSL_KDD.columns)).toEqual([]);
  });
});

describe('labels of a table', () => {
  const rows = ['normal', 'neptune', 'portsweep', 'guess_passwd', 'rootkit', 'neptune'];

  it('are attack or not, its class of five, or its name', async () => {
    const table = await tableOf(...rows.map((attack) => ({ attack })));
    const words = (target: string) => {
      const { classes, codes } = tableLabels(table, target);
      return Array.from(codes, (code) => classes[code]);
    };
    expect(words('is_attack')).toEqual([0, 1, 1, 1, 1, 1]);
    expect(words('attack_class')).toEqual(['normal', 'dos', 'probe', 'r2l', 'u2r', 'dos']);
    expect(words('attack_name')).toEqual(rows);
    expect(tableLabels(table, 'attack_class').classes).toEqual(['dos', 'normal', 'probe', 'r2l', 'u2r']);
    expect(tableLabels(await tableOf({ attack: 'smurf' }), 'is_attack').classes).toEqual([0, 1]);
    expect(tableLabelNames(NSL_KDD)).toEqual([
      ...['is_attack', 'attack_class', 'protocol_type', 'service', 'flag', 'attack_name'],
    ]);
  });

  it('take a name nobody knows as an attack, with a warning, and not as one of five', async () => {
    const table = await tableOf({ attack: 'normal.' }, { attack: 'zero_day' }, { attack: 'normal' });
    expect([...tableLabels(table, 'is_attack').codes]).toEqual([1, 1, 0]);
    expect(tableLabelNotes(table, 'is_attack')).toEqual([
      `attack_name "normal." in - is none that nsl-kdd has; did you mean 'normal'?`,
      'attack_name "zero_day" in - is none that nsl-kdd has',
    ]);
    expect(tableLabelNotes(table, 'attack_name')).toEqual([]);
    expect(thrown(() => tableLabels(takeTableRows(table, [2, 1]), 'attack_class'))).toMatchObject({
      code: 'BAD_DATA',
      message: '- line 2: attack_name "zero_day" belongs to no attack_class',
      details: { file: '-', line: 2, column: 'attack_name' },
    });
  });

  it('are none of numbers, and none that is not there', async () => {
    const table = await tableOf({ attack: 'normal' });
    expect(thrown(() => tableLabels(table, 'difficulty'))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'label: column "difficulty" holds numbers, which are no classes in nsl-kdd',
    });
    expect(thrown(() => tableLabels(table, 'attack_clas'))).toMatchObject({
      code: 'NOT_FOUND',
      hint: "did you mean 'attack_class'?",
    });
  });

  it('have the classes that KDD Cup 99 counted', () => {
    const sizes = new Map<string, number>();
    for (const name of NSL_KDD_ATTACK_CLASSES.values()) sizes.set(name, (sizes.get(name) ?? 0) + 1);
    expect(Object.fromEntries(sizes)).toEqual({ normal: 1, dos: 10, probe: 6, r2l: 15, u2r: 8 });
    expect(NSL_KDD_ATTACK_CLASSES.get('httptunnel')).toBe('u2r');
  });
});
