import type { AuditColumn, AuditInput } from '#src/audit/index.js';
import { RandomState } from '#src/core/index.js';
import type { Split } from '#src/data/index.js';

export type CleanKind = 'numbers' | 'mixed' | 'words';

/** Rows in which nothing is wrong: a label that leans on some columns and on chance, drawn row by row. */
export function cleanRows(
  nRows: number,
  seed: number,
  kind: CleanKind,
): AuditInput & { readonly split: Split } {
  const random = new RandomState(seed);
  const uniform = () => random.nextUint32() / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const codes = Uint16Array.from({ length: nRows }, () => (uniform() < 0.4 ? 1 : 0));
  const feature = (name: string, values: AuditColumn['values'], role: AuditColumn['role'] = 'feature') => ({
    ...{ name, values, role },
    reason: 'made up',
  });
  const number = (name: string, shift: number) =>
    feature(
      name,
      Float64Array.from(codes, (code) => normal() + shift * code),
    );
  const word = (name: string, size: number, lean: number) =>
    feature(
      name,
      Array.from(
        codes,
        (code) => `w${Math.floor(size * (code === 1 ? uniform() ** (1 + lean) : uniform()))}`,
      ),
    );
  const numbers = [number('a', 1.5), number('b', 0.5), number('c', 0), number('d', -1)];
  const words = [
    word('kind', 3, 0),
    word('verb', 6, 0.5),
    word('port', 40, 0.3),
    word('agent', 12, 1),
    word('flag', 2, 0.2),
  ];
  const order = random.permutation(nRows);
  const nTest = Math.floor(nRows / 5);
  return {
    ...{ label: 'bad', labels: { classes: [0, 1], codes } },
    columns: [
      ...(kind === 'words' ? [] : numbers),
      ...(kind === 'numbers' ? [] : words),
      feature(
        'src_ip',
        Array.from(codes, () => `10.0.0.${Math.floor(200 * uniform())}`),
        'identifier',
      ),
      feature(
        'sensor',
        Array.from(codes, () => `s${Math.floor(4 * uniform())}`),
        'identifier',
      ),
    ],
    ...{ sensor: 'sensor', source: 'src_ip', randomState: seed },
    split: { train: order.subarray(nTest), test: order.subarray(0, nTest) },
  };
}
