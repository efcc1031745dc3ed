import { describe, expect, it } from 'vitest';
import { columnsOf, encodeLater } from './columns-of.js';

const TRAIN = columnsOf({ proto: ['udp', 'tcp', 'tcp', null, 'icmp', 'tcp', 'udp'] });
const LATER = columnsOf({ proto: ['tcp', 'gre', null, 'icmp'] });

describe('an ordinal encoder', () => {
  it('numbers categories by text; an unseen one is missing, and counted', () => {
    const { names, rows, unseen } = encodeLater(TRAIN, LATER, { encoding: { categorical: 'ordinal' } });
    expect(names).toEqual(['proto']);
    expect(rows).toEqual([[1], [Number.NaN], [Number.NaN], [0]]);
    expect(unseen).toEqual({ proto: 1 });
  });

  it('numbers them by how common they are, and an unseen one as it is told', () => {
    const ordinal = { order: 'frequency', unknownValue: -1 } as const;
    const made = encodeLater(TRAIN, LATER, { encoding: { categorical: 'ordinal', ordinal } });
    expect(made.rows).toEqual([[0], [-1], [Number.NaN], [2]]);
    expect(made.unseen).toEqual({ proto: 1 });
    expect(made.encoding.unseenAs('proto')).toBe('-1');
  });
});

describe('a one-hot encoder', () => {
  it('gives a category a column, missing too where training had it', () => {
    const { names, rows, unseen } = encodeLater(TRAIN, LATER, { encoding: { categorical: 'one-hot' } });
    expect(names).toEqual(['proto_icmp', 'proto_tcp', 'proto_udp', 'proto_missing']);
    expect(rows).toEqual([
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [1, 0, 0, 0],
    ]);
    expect(unseen).toEqual({ proto: 1 });
  });

  it('puts rare and unseen categories together, and counts only the unseen', () => {
    const oneHot = { maxCategories: 3 };
    const made = encodeLater(TRAIN, LATER, { encoding: { categorical: 'one-hot', oneHot } });
    expect(made.names).toEqual(['proto_tcp', 'proto_udp', 'proto_infrequent']);
    expect(made.rows).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    expect(made.unseen).toEqual({ proto: 1 });
    expect(made.encoding.unseenAs('proto')).toBe('infrequent');
  });

  it('tells unseen categories from rare ones where it is told to', () => {
    const oneHot = { maxCategories: 3, handleUnknown: 'ignore' } as const;
    const made = encodeLater(TRAIN, LATER, { encoding: { categorical: 'one-hot', oneHot } });
    expect(made.rows[1]).toEqual([0, 0, 0]);
    expect(made.rows[3]).toEqual([0, 0, 1]);
    expect(made.encoding.unseenAs('proto')).toBe('none of the categories');
  });

  it('leaves a missing value out of every column where training had none', () => {
    const train = columnsOf({ proto: ['a', 'b', 'c', 'a', 'b', 'a'] });
    const oneHot = { maxCategories: 3 };
    const made = encodeLater(train, LATER, { encoding: { categorical: 'one-hot', oneHot } });
    expect(made.rows[2]).toEqual([0, 0, 0]);
  });

  it('gives features names of their own, whatever the columns and categories are called', () => {
    const train = columnsOf({ a: ['b_c', '__proto__', 'x'.repeat(70)], a_b: ['c', 'c', 'missing'] });
    const { names } = encodeLater(train, train, { encoding: { categorical: 'one-hot' } });
    expect(names).toEqual(['a___proto__', 'a_b_c', `a_${'x'.repeat(64)}…`, 'a_b_c_2', 'a_b_missing']);
  });
});

describe('a hashing encoder', () => {
  it('gives each text one column and a sign, and learns nothing', () => {
    const options = { encoding: { categorical: 'hashing', hashing: { bits: 2 } } } as const;
    const texts = columnsOf({
      agent: ['', 'curl/7.1', '\u0000\ud800', '__proto__', 'y'.repeat(100_000), null],
    });
    const { names, rows, unseen, encoding } = encodeLater(columnsOf({ agent: ['x'] }), texts, options);
    expect(names).toEqual(['agent_hash0', 'agent_hash1', 'agent_hash2', 'agent_hash3']);
    for (const row of rows.slice(0, 5)) expect(row.filter((value) => value !== 0).map(Math.abs)).toEqual([1]);
    expect(rows[5]).toEqual([0, 0, 0, 0]);
    expect(unseen).toEqual({});
    expect(encoding.unseenAs('agent')).toBeUndefined();
    expect(encoding.toJSON().columns).toEqual([
      { name: 'agent', type: 'categorical', encoder: 'hashing', bits: 2, randomState: 0 },
    ]);
  });

  it('hashes otherwise with another seed', () => {
    const texts = columnsOf({ agent: Array.from({ length: 50 }, (_, i) => `client ${i}`) });
    const made = (randomState: number) =>
      encodeLater(texts, texts, {
        encoding: { categorical: 'hashing', hashing: { bits: 6, randomState } },
      }).rows;
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
  });
});

describe('categories', () => {
  it('of more than 256 characters are kept as their digest, and still known', () => {
    const long = columnsOf({ command: [`a${'x'.repeat(300)}`, `b${'x'.repeat(300)}`, 'ls'] });
    const { rows, encoding, unseen } = encodeLater(long, long, { encoding: { categorical: 'ordinal' } });
    expect(rows.flat().sort()).toEqual([0, 1, 2]);
    expect(rows[2]).toEqual([0]);
    expect(unseen).toEqual({});
    const [{ categories }] = encoding.toJSON().columns as unknown as [{ categories: string[] }];
    expect(categories.map((category) => category.length)).toEqual([2, 71, 71]);
  });

  it('stay for the model to ask for, where the encoder is native', () => {
    const options = { encoding: { categorical: 'native' }, scale: 'standard' } as const;
    const { encoding, rows, unseen } = encodeLater(TRAIN, LATER, options);
    expect(encoding.features).toEqual([
      { name: 'proto', type: 'categorical', categories: ['icmp', 'tcp', 'udp'] },
    ]);
    expect(rows).toEqual([[1], [Number.NaN], [Number.NaN], [0]]);
    expect(unseen).toEqual({ proto: 1 });
  });

  it('are encoded column by column', () => {
    const train = columnsOf({ a: ['x', 'y', 'x', 'z'], b: ['x', 'y', 'x', 'z'], n: [1, 2, 3, 4] });
    const options = { encoding: { categorical: 'one-hot', columns: { b: 'ordinal' } } } as const;
    const { names, rows } = encodeLater(train, train, options);
    expect(names).toEqual(['a_x', 'a_y', 'a_z', 'b', 'n']);
    expect(rows[3]).toEqual([0, 0, 1, 2, 4]);
  });
});
