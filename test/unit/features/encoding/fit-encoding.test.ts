import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, RandomState } from '#src/core/index.js';
import { evaluate } from '#src/evaluate/index.js';
import { type FeatureEncodingOptions, fitEncoding, MAX_ENCODED_CATEGORIES } from '#src/features/index.js';
import { expectThrown } from '../../../support/expect-thrown.js';
import { columnsOf, encodeLater, trainingOf } from './columns-of.js';

const TARGET = { encoding: { categorical: 'target' } } as const;

describe('a target encoder', () => {
  const train = columnsOf({ user: ['root', 'root', 'root', 'admin', 'admin', null] });
  const later = columnsOf({ user: ['root', 'admin', null, 'pi'] });
  const training = trainingOf([1, 1, 0, 0, 0, 1]);

  it('gives later rows the smoothed mean of all training rows, and the prior to the unseen', () => {
    const options = { encoding: { categorical: 'target', target: { smooth: 1, folds: 2 } } } as const;
    const { names, rows, unseen, encoding } = encodeLater(train, later, options, training);
    expect(names).toEqual(['user']);
    // (sum + 1 × 0.5) / (count + 1)
    expect(rows.flat()).toEqual([2.5 / 4, 0.5 / 3, 1.5 / 2, 0.5].map(Math.fround));
    expect(unseen).toEqual({ user: 1 });
    expect(encoding.unseenAs('user')).toBe('the mean of all training rows');
  });

  it('gives a training row what the other folds say', () => {
    const options = { encoding: { categorical: 'target', target: { smooth: 0, folds: 2 } } } as const;
    const labels = { classes: [0, 1], codes: Uint16Array.of(1, 0, 1, 1) };
    const column = columnsOf({ user: ['a', 'b', 'a', 'b'] });
    const folds = [
      { train: Uint32Array.of(2, 3), test: Uint32Array.of(0, 1) },
      { train: Uint32Array.of(0, 1), test: Uint32Array.of(2, 3) },
    ];
    const { matrix } = fitEncoding(column, options, { labels, foldsOf: () => folds });
    expect([...matrix.values]).toEqual([1, 1, 1, 0]);
    const torn = { labels, foldsOf: () => folds.slice(1) };
    expect(expectThrown(() => fitEncoding(column, options, torn), 'INVALID_PARAMETER').message).toBe(
      'folds: the folds must test each row once',
    );
  });

  it('has a column a class where there are more than two', () => {
    const three = trainingOf([0, 1, 2, 0, 0, 2], ['dos', 'normal', 'probe']);
    const { names, rows } = encodeLater(
      train,
      later,
      { encoding: { categorical: 'target', target: { smooth: 0, folds: 2 } } },
      three,
    );
    expect(names).toEqual(['user_dos', 'user_normal', 'user_probe']);
    expect(rows[1]).toEqual([1, 0, 0]);
    expect(rows[3]).toEqual([1 / 2, 1 / 6, 1 / 3].map(Math.fround));
  });

  it('of pure noise tells nothing of the training rows, where naive means tell nearly all', () => {
    const nRows = 2000;
    const users = Array.from({ length: nRows }, (_, i) => `user ${(i * 7919) % 1000}`);
    const codes = [...new RandomState(6).permutation(nRows)].map((place) => place % 2);
    const columns = columnsOf({ user: users });
    const { encoding, matrix } = fitEncoding(columns, TARGET, trainingOf(codes));
    expect(Math.abs(rocAuc(codes, matrix.values) - 0.5)).toBeLessThan(0.08);
    expect(rocAuc(codes, encoding.transform(columns).values)).toBeGreaterThan(0.8);
  });
});

function rocAuc(codes: readonly number[], scores: Float32Array): number {
  const both = Float64Array.from([...scores].flatMap((score) => [1 - score, score]));
  const yTrue = Uint16Array.from(codes);
  return evaluate({ yTrue, yPred: yTrue, scores: both, classes: [0, 1] }, { resamples: 0 }).metrics[
    'rocAuc'
  ]!;
}

describe('an encoding', () => {
  const value = fc.option(fc.constantFrom('a', 'b', 'c', '__proto__', ''), { nil: null });
  const encoder = fc.constantFrom('native', 'ordinal', 'one-hot', 'hashing', 'target');
  const sample = fc.record({ text: value, n: fc.float({ noDefaultInfinity: true }), y: fc.nat(1) });

  it('depends on nothing but the training rows, whatever is encoded later', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 10 }),
        fc.array(sample),
        encoder,
        (rows, others, categorical) => {
          const training = trainingOf(rows.map((row, i) => (i < 4 ? i % 2 : row.y)));
          const options: FeatureEncodingOptions = {
            encoding: { categorical },
            impute: { addIndicator: true },
            scale: 'robust',
          };
          const columns = (list: typeof rows) =>
            columnsOf({ text: [...list.map(({ text }) => text)], n: list.map(({ n }) => n) });
          const alone = fitEncoding(columns(rows), options, training);
          const before = canonicalJson(alone.encoding);
          const first = alone.encoding.transform(columns(rows)).values;
          if (others.length > 0 && others.some(({ text }) => text !== null))
            alone.encoding.transform(columns(others));
          expect(canonicalJson(alone.encoding)).toBe(before);
          expect(alone.encoding.transform(columns(rows)).values).toEqual(first);
          if (categorical !== 'target') expect(alone.matrix.values).toEqual(first);
          expect(fitEncoding(columns(rows), options, training)).toEqual(alone);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same for the same rows in another order, but for the folds', () => {
    const texts = ['b', 'a', null, 'c', 'a', 'b', 'a', 'd', 'c', 'e'];
    const turned = texts.map((_, i) => texts[(i * 3) % texts.length]!);
    for (const categorical of ['native', 'ordinal', 'one-hot', 'target'] as const) {
      const state = (order: typeof texts) => {
        const training = trainingOf(order.map((text) => Number(text === 'a' || text === null)));
        const options = { encoding: { categorical, oneHot: { maxCategories: 3 }, target: { folds: 2 } } };
        return fitEncoding(columnsOf({ text: order }), options, training).encoding.toJSON();
      };
      expect(state(turned)).toEqual(state(texts));
    }
  });

  it('keeps the commonest of too many categories', () => {
    const texts = Array.from({ length: MAX_ENCODED_CATEGORIES + 2 }, (_, i) => `t${i}`);
    const columns = columnsOf({ text: [...texts, 't65537'] });
    const { encoding, matrix } = fitEncoding(
      columns,
      { encoding: { categorical: 'ordinal' } },
      trainingOf([...texts.map((_, i) => i % 2), 0]),
    );
    const [{ categories }] = encoding.toJSON().columns as unknown as [{ categories: string[] }];
    expect(categories).toHaveLength(MAX_ENCODED_CATEGORIES);
    expect(categories).toContain('t65537');
    expect(matrix.unseen).toEqual({ text: 2 });
  });

  it('refuses an encoder for numbers, too many features and other columns', () => {
    const numbers = columnsOf({ n: [1, 2] });
    const training = trainingOf([0, 1]);
    const named = { encoding: { columns: { n: 'ordinal' } } } as const;
    expect(expectThrown(() => fitEncoding(numbers, named, training), 'INVALID_PARAMETER').message).toBe(
      'encoding.columns.n must be left out: the column is of numbers, got "ordinal"',
    );
    const wide = columnsOf(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`c${i}`, ['a', 'b']])));
    const hashing = { encoding: { categorical: 'hashing', hashing: { bits: 10 } } } as const;
    expect(expectThrown(() => fitEncoding(wide, hashing, training), 'INVALID_PARAMETER').message).toBe(
      'encoding: 10240 features, where 10000 is the most',
    );
    const { encoding } = fitEncoding(numbers, {}, training);
    const misfit = (columns: typeof numbers) =>
      expectThrown(() => encoding.transform(columns), 'BAD_DATA').message;
    expect(misfit(columnsOf({ m: [1] }))).toBe('column 0 is numeric "m", the encoding expects numeric "n"');
    expect(misfit(columnsOf({ n: [1], m: [1] }))).toBe(
      'column 1 is numeric "m", the encoding expects nothing',
    );
    expect(misfit(columnsOf({}))).toBe('column 0 is nothing, the encoding expects numeric "n"');
  });
});
