import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExperimentConfigInput,
  openWorkspace,
  runExperiment,
  silent,
  type Workspace,
} from '#src/pipeline/index.js';
import { dice } from '../../support/onnx-models.js';

const folder = mkdtempSync(join(tmpdir(), 'phantomnet-refits-'));
const path = join(folder, 'rows.csv');
let workspace: Workspace;
beforeAll(async () => {
  const roll = dice(3);
  const rows = Array.from({ length: 400 }, () => {
    const [a, noise] = [roll(), roll() - 0.5];
    return `${a.toFixed(6)},${roll().toFixed(6)},${a + noise > 0.5 ? 'yes' : 'no'}`;
  });
  writeFileSync(path, `a,b,kind\n${rows.join('\n')}\n`);
  workspace = await openWorkspace({ uri: `sqlite:///${join(folder, 'phantomnet.db')}` });
});
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function reportOf(more: ExperimentConfigInput) {
  const result = await runExperiment(
    {
      data: { path, format: 'table' },
      label: { target: 'kind' },
      split: { method: 'random', testSize: 0.25 },
      estimator: { name: 'random-forest', params: { nEstimators: 10, maxDepth: 4 } },
      crossValidation: { folds: 3 },
      baselines: [],
      latency: { repeat: 1 },
      ...more,
    },
    { workspace, progress: silent },
  );
  const { info } = await workspace.tracking.getRun(result.runId);
  const stored = await workspace.tracking.artifacts(info.artifactUri).get('report.json');
  const report = JSON.parse(new TextDecoder().decode(stored));
  const values: number[] = report.learningCurve.points.map((point: { value: number }) => point.value);
  return { f1Macro: result.metrics['f1Macro']!, values, baseline: report.importances.baseline as number };
}

describe('the learning curve and the importances of a report', () => {
  it.each([[{}], [{ threshold: 0.85 }], [{ threshold: 0.2, calibration: { method: 'sigmoid' } }]] as [
    ExperimentConfigInput,
  ][])('end and begin at the headline: %j', async (more) => {
    const { f1Macro, values, baseline } = await reportOf(more);
    expect(values).toHaveLength(4);
    expect(values.at(-1)).toBe(f1Macro);
    expect(baseline).toBe(f1Macro);
  });

  it('decide by the threshold of the detector at each point', async () => {
    const plain = await reportOf({});
    // No score is above 1, so every model names the first class, however many rows it was fitted on.
    const { f1Macro, values, baseline } = await reportOf({ threshold: 1 });
    expect(f1Macro).toBeLessThan(plain.f1Macro);
    expect(values).toEqual([f1Macro, f1Macro, f1Macro, f1Macro]);
    expect(baseline).toBe(f1Macro);
  });
});
