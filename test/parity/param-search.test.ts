import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawnPoints, gridPoints, type Point } from '#src/pipeline/search-draws.js';
import { halvingRungs } from '#src/pipeline/search-halving.js';
import { readSpace } from '#src/pipeline/search-space.js';

/** What `param-search-frozen.py` wrote. */
interface Frozen {
  readonly grid: { readonly space: Record<string, unknown>; readonly points: Point[] };
  readonly draws: {
    readonly space: Record<string, unknown>;
    readonly wanted: number;
    readonly randomState: number;
    readonly points: Point[];
  }[];
  readonly halving: {
    readonly nCandidates: number;
    readonly factor: number;
    readonly maxResources: number;
    readonly leastResources: number;
    readonly candidates: number[];
    readonly resources: number[];
  }[];
}

const frozen: Frozen = JSON.parse(readFileSync(new URL('frozen/param-search.json', import.meta.url), 'utf8'));

/** The first `n` different ones: a draw of few among many may come again, and is left out then. */
function firstDifferent(points: Iterable<Point>, n: number): Point[] {
  const found = new Map<string, Point>();
  for (const point of points) {
    found.set(JSON.stringify(point), point);
    if (found.size === n) break;
  }
  return [...found.values()];
}

function expectSame(got: Point, expected: Point): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const isReal = typeof value === 'number' && !Number.isInteger(value);
    if (isReal) expect(Math.abs((got[name] as number) / value - 1), name).toBeLessThan(1e-13);
    else expect(got[name], name).toBe(value);
  }
}

describe('what is searched, beside scikit-learn', () => {
  it('goes through a grid in the order of ParameterGrid', () => {
    expect([...gridPoints(readSpace(frozen.grid.space))]).toEqual(frozen.grid.points);
    expect(frozen.grid.points).toHaveLength(24);
  });

  it.each(frozen.draws)('draws the points of ParameterSampler: $wanted by seed $randomState', (drawn) => {
    const { space, wanted, randomState, points } = drawn;
    const got = firstDifferent(drawnPoints(readSpace(space), wanted, randomState), wanted);
    expect(got).toHaveLength(points.length);
    for (const [i, point] of points.entries()) expectSame(got[i]!, point);
  });

  it.each(frozen.halving)('halves $nCandidates by $factor as HalvingGridSearchCV', (halving) => {
    const rungs = halvingRungs(halving);
    expect(rungs.map((rung) => rung.nCandidates)).toEqual(halving.candidates);
    expect(rungs.map((rung) => rung.nResources)).toEqual(halving.resources);
  });
});
