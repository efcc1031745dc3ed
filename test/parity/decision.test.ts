import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDetector, openWorkspace, runExperiment, silent } from '#src/pipeline/index.js';

/** Rows are written as a digit a feature. */
interface Frozen {
  readonly madeWith: Readonly<Record<string, string>>;
  readonly folds: number;
  readonly randomState: number;
  readonly x: readonly string[];
  readonly y: readonly number[];
  readonly every: readonly string[];
  readonly calibrated: Readonly<Record<'isotonic' | 'sigmoid', readonly number[]>>;
}

const frozen: Frozen = JSON.parse(readFileSync(new URL('frozen/decision.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'phantomnet-parity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = [...frozen.x[0]!].map((_, f) => `f${f}`);
const path = join(folder, 'rows.csv');
const rows = frozen.x.map((row, i) => [...row, frozen.y[i]].join());
writeFileSync(path, `${[...names, 'y'].join()}\n${rows.join('\n')}\n`);

describe(`cross-fitted calibration of scikit-learn ${frozen.madeWith['sklearn']}`, () => {
  it.each(['isotonic', 'sigmoid'] as const)(
    '%s is that of CalibratedClassifierCV with ensemble=False, fold by fold',
    async (method) => {
      const workspace = await openWorkspace({ uri: `sqlite:///${join(folder, `${method}.db`)}` });
      const { model } = await runExperiment(
        {
          data: { path, test: path, format: 'table' },
          label: { target: 'y' },
          split: { randomState: frozen.randomState },
          crossValidation: { folds: frozen.folds },
          estimator: { name: 'decision-tree', params: { maxDepth: 3 } },
          calibration: { method },
          baselines: [],
          gates: { minAccuracy: 0 },
          latency: { repeat: 1 },
        },
        { workspace, progress: silent },
      );
      const { detector } = await loadDetector(workspace, model.address);
      const records = frozen.every.map((row) =>
        Object.fromEntries([...row].map((v, f) => [names[f], Number(v)])),
      );
      const scores = detector.predict(records).map(({ score }) => score);
      await workspace.close();
      expect(new Set(scores).size).toBeGreaterThan(5);
      const off = Math.max(...scores.map((score, i) => Math.abs(score - frozen.calibrated[method][i]!)));
      // scikit-learn's solver of the sigmoid stops a little before the least loss.
      expect(off).toBeLessThan(method === 'isotonic' ? 1e-12 : 1e-5);
    },
  );
});
