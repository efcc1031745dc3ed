import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { DenseSplitter } from '#src/kernels/dense-splitter.js';
import { SortedSplitter } from '#src/kernels/sorted-splitter.js';

/** Samples sorted by class; the level says how likely the upper half of the classes is. */
function makeSamples(seed: number, nLevels: number, nClasses: number) {
  const generator = new Xoshiro128(seed);
  const half = nClasses >> 1;
  const drawn = Array.from({ length: 200 * nLevels }, (_, i) => {
    const bin = i % nLevels;
    const isUpper = generator.nextDouble() < (bin + 0.5) / nLevels;
    return { bin: (bin * 7) % 255, label: generator.nextBelow(half) + (isUpper ? half : 0) };
  }).sort((a, b) => a.label - b.label);
  return {
    bins: Uint8Array.from(drawn, ({ bin }) => bin),
    samples: {
      rows: Uint32Array.from(drawn.keys()),
      labels: Uint16Array.from(drawn, ({ label }) => label),
      weights: Float64Array.from(drawn, () => 1 + generator.nextBelow(3)),
    },
  };
}

it('puts levels in the order of the first principal direction, as the dense form does', () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.integer({ min: 2, max: 12 }),
      fc.constantFrom(4, 20, 300),
      (seed, nLevels, nClasses) => {
        const { bins, samples } = makeSamples(seed, nLevels, nClasses);
        const set = { nClasses, nSamples: bins.length, labels: samples.labels };
        const range = { start: 0, end: bins.length };
        const [ours, dense] = [SortedSplitter, DenseSplitter].map((Form) => {
          const splitter = new Form(set, false, samples);
          splitter.startTree(bins.length);
          splitter.openNode({ id: 0, ...range, ...splitter.addNode(0, range) });
          splitter.fill(bins, range);
          splitter.orderLevels();
          return [...splitter.occupied.subarray(0, splitter.nOccupied)];
        });
        // Which way the direction points is chance where two levels are equally far out.
        expect(ours![0] === dense![0] ? ours : ours!.reverse()).toEqual(dense);
      },
    ),
    { numRuns: 60 },
  );
});

it('leaves levels of the same classes in their order', () => {
  const samples = {
    rows: Uint32Array.from({ length: 12 }, (_, i) => i),
    labels: Uint16Array.from([0, 0, 0, 0, 500, 500, 500, 500, 900, 900, 900, 900]),
    weights: new Float64Array(12).fill(1),
  };
  const splitter = new SortedSplitter(
    { nClasses: 1000, nSamples: 12, labels: samples.labels },
    false,
    samples,
  );
  const range = { start: 0, end: 12 };
  splitter.startTree(12);
  splitter.openNode({ ...range, ...splitter.addNode(0, range) });
  splitter.fill(Uint8Array.from([9, 4, 70, 3, 4, 70, 3, 9, 70, 3, 9, 4]), range);
  splitter.orderLevels();
  expect([...splitter.occupied.subarray(0, splitter.nOccupied)]).toEqual([3, 4, 9, 70]);
});
