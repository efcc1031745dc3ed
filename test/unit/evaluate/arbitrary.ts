import fc from 'fast-check';

/** Labels, predictions and scores of one to forty samples. */
export interface Sampled {
  nClasses: number;
  classes: number[];
  yTrue: number[];
  yPred: number[];
  scores: number[];
}

/** Any labelled predictions of two to four classes; scores in tenths, so ties are common. */
export const sampled: fc.Arbitrary<Sampled> = fc
  .record({ nClasses: fc.integer({ min: 2, max: 4 }), n: fc.integer({ min: 1, max: 40 }) })
  .chain(({ nClasses, n }) => {
    const code = fc.integer({ min: 0, max: nClasses - 1 });
    const codes = fc.array(code, { minLength: n, maxLength: n });
    const parts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: nClasses, maxLength: nClasses });
    const rows = fc.array(parts, { minLength: n, maxLength: n });
    return fc.record({ yTrue: codes, yPred: codes, rows }).map(({ yTrue, yPred, rows }) => ({
      nClasses,
      classes: Array.from({ length: nClasses }, (_, c) => c),
      yTrue,
      yPred,
      scores: rows.flatMap((row) => row.map((part) => part / row.reduce((a, b) => a + b, 0))),
    }));
  });
