import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Labels } from '#src/data/index.js';
import { murmurHash3 } from '#src/features/encoding/murmur-hash.js';
import {
  type FeatureColumn,
  type FeatureColumns,
  type FeatureEncodingOptions,
  fitEncoding,
} from '#src/features/index.js';
import { stratifiedKFold } from '#src/split/index.js';

type Rows = (number | null)[][];

/** What `encoding-frozen.py` wrote; null is a missing value. */
interface Case {
  readonly kind: 'ordinal' | 'one-hot' | 'hashing' | 'target' | 'impute' | 'scale';
  readonly options: Record<string, never>;
  readonly train: (string | number | null)[];
  readonly later: (string | number | null)[];
  readonly y?: number[];
  readonly trainIs: Rows;
  readonly laterIs: Rows;
}
const frozen: {
  readonly cases: readonly Case[];
  readonly hashes: readonly { text: string; seed: number; hash: number }[];
} = JSON.parse(readFileSync(new URL('frozen/encoding.json', import.meta.url), 'utf8'));

const isText = ({ kind }: Case): boolean => kind !== 'impute' && kind !== 'scale';

function columnsOf(c: Case, values: Case['train']): FeatureColumns {
  const column: FeatureColumn = isText(c)
    ? { name: 'x', type: 'categorical', values: values as (string | null)[] }
    : {
        name: 'x',
        type: 'numeric',
        values: Float32Array.from(values, (value) => (value === null ? Number.NaN : (value as number))),
      };
  return { nSamples: values.length, columns: [column], invalid: {} };
}

function optionsOf({ kind, options }: Case): FeatureEncodingOptions {
  if (kind === 'impute') return { impute: options };
  if (kind === 'scale') {
    const { scale, ...impute } = options;
    return { scale, impute: 'strategy' in impute ? impute : undefined };
  }
  const key = kind === 'one-hot' ? 'oneHot' : kind;
  return { encoding: { categorical: kind, [key]: options } };
}

/** The rows of a matrix in single precision, null for NaN. */
function rowsOf({ values, nSamples }: { values: Float32Array; nSamples: number }): Rows {
  const width = values.length / nSamples;
  return Array.from({ length: nSamples }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width), (v) => (Number.isNaN(v) ? null : v)),
  );
}

function expectNear(actual: Rows, expected: Rows): void {
  expect(actual.map((row) => row.map((v) => v === null))).toEqual(
    expected.map((row) => row.map((v) => v === null)),
  );
  const worst = expected.flatMap((row, i) =>
    row.map((v, j) => Math.abs((v ?? 0) - (actual[i]![j] ?? 0)) / Math.max(1, Math.abs(v ?? 0))),
  );
  expect(Math.max(...worst)).toBeLessThan(1e-7);
}

describe('agrees with scikit-learn', () => {
  it.each(frozen.cases.map((c, i) => [`${i}: ${c.kind} ${JSON.stringify(c.options)}`, c] as const))(
    'case %s',
    (_, c) => {
      const codes = Uint16Array.from(c.y ?? c.train.map(() => 0));
      const labels: Labels = { classes: [...new Set(codes)].sort(), codes };
      const foldsOf = (nSplits: number) =>
        stratifiedKFold(labels, { nSplits, shuffle: true, randomState: c.options['randomState'] ?? 0 });
      const columns = columnsOf(c, c.train);
      const { encoding, matrix } = fitEncoding(columns, optionsOf(c), { labels, foldsOf });
      expectNear(rowsOf(matrix), c.trainIs);
      expectNear(rowsOf(encoding.transform(columnsOf(c, c.later))), c.laterIs);
    },
  );

  it.each(frozen.hashes)('MurmurHash3 of $text with seed $seed', ({ text, seed, hash }) => {
    expect(murmurHash3(new TextEncoder().encode(text), seed)).toBe(hash);
  });
});
