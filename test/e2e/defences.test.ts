import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExperiment, runSearch, silent } from '#src/pipeline/index.js';
import { temporaryWorkspace } from '../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();

/** Rows whose class is told by x, of ten sources; one more source floods them with the other class. */
function rows(flood: number): string {
  const honest = Array.from({ length: 400 }, (_, i) => {
    const x = (i * 37) % 100;
    // Every hundredth label is wrong, so that no column tells the class alone.
    const isHigh = x >= 50 !== (i % 100 === 7);
    return `${x},${(i * 53) % 91},192.0.2.${i % 10},${isHigh ? 'high' : 'low'}`;
  });
  const flooded = Array.from({ length: flood }, (_, i) => {
    const x = (i * 41) % 100;
    return `${x},${(i * 59) % 91},203.0.113.9,${x >= 50 ? 'low' : 'high'}`;
  });
  return ['x,y,source_ip,kind', ...honest, ...flooded, ''].join('\n');
}

writeFileSync(join(folder, 'flooded.csv'), rows(400));
writeFileSync(join(folder, 'test.csv'), rows(0));

describe('defences against poisoned training rows', () => {
  const train = (defences: object | undefined, path = 'flooded.csv') =>
    runExperiment(
      {
        data: { path: join(folder, path), test: join(folder, 'test.csv'), format: 'table' },
        label: { target: 'kind' },
        crossValidation: { folds: 0 },
        estimator: { params: { nEstimators: 20, minSamplesLeaf: 3 } },
        baselines: [],
        gates: { minAccuracy: 0 },
        latency: { repeat: 1 },
        audit: { allow: ['separates-alone'] },
        ...(defences === undefined ? {} : { defences }),
      },
      { workspace, progress: silent },
    );
  const artifactOf = async (runId: string, path: string) => {
    const { info } = await workspace.tracking.getRun(runId);
    return Buffer.from(await workspace.tracking.artifacts(info.artifactUri).get(path)).toString('utf8');
  };

  it('cap the share of a source, and say how many rows were left out', async () => {
    const without = await train(undefined);
    const capped = await train({ maxSourceShare: 0.1 });
    expect(capped.metrics['accuracy']!).toBeGreaterThan(without.metrics['accuracy']! + 0.1);
    // Ten sources of 40 rows stay whole; the flood may have a tenth of all, which is 44 of 444.
    expect(capped.split.nTrain).toBe(444);
    expect(capped.warnings).toContain('356 training rows of sources beyond their share were left out');
    expect(without.warnings.join()).not.toContain('beyond their share');
  });

  it('cap a source again that has more than its share of what is left', async () => {
    // A fifth of the rows of every honest source is wrong and set aside; the one that floods tells the truth.
    const honest = Array.from({ length: 400 }, (_, i) => {
      const x = (i * 37) % 100;
      return `${x},${(i * 53) % 91},192.0.2.${i % 10},${x >= 50 !== (i % 5 === 3) ? 'high' : 'low'}`;
    });
    const flood = Array.from({ length: 300 }, (_, i) => {
      const x = (i * 41) % 100;
      return `${x},${(i * 59) % 91},203.0.113.9,${x >= 50 ? 'high' : 'low'}`;
    });
    writeFileSync(join(folder, 'true-flood.csv'), ['x,y,source_ip,kind', ...honest, ...flood, ''].join('\n'));
    const made = await train({ maxSourceShare: 0.3, quarantine: 0.7 }, 'true-flood.csv');
    const list = JSON.parse(await artifactOf(made.runId, 'quarantine.json')) as { file: string }[];
    expect(list.length).toBeGreaterThan(40);
    const { nTrain } = made.split;
    const nHonest = 400 - list.length;
    // All of the honest rows that are left, and of the flood at most three tenths of all.
    expect(nTrain).toBe(nHonest + Math.floor((nHonest * 3) / 7));
    expect(made.warnings).toContain(
      `${700 - list.length - nTrain} training rows of sources beyond their share were left out`,
    );
    expect(made.warnings.join()).toContain('folds, thresholds and calibration do not see them either');
  });

  it('train on where all rows of a source are set aside, and the others are too few for their share', async () => {
    const six = Array.from({ length: 600 }, (_, i) => {
      const x = (i * 37) % 101;
      return `${x},${(i * 53) % 91},192.0.2.${i % 6},${x >= 50 !== (i % 6 === 3) ? 'high' : 'low'}`;
    });
    writeFileSync(join(folder, 'one-lies.csv'), ['x,y,source_ip,kind', ...six, ''].join('\n'));
    const made = await train({ maxSourceShare: 0.17, quarantine: 0.7 }, 'one-lies.csv');
    expect(made.split.nTrain).toBe(500);
    expect(made.warnings).toContain(
      'after that the training rows are of 5 sources, too few for each to have at most its share',
    );
  });

  it('set suspect rows aside in a list that holds every one of them', async () => {
    const made = await train({ quarantine: 0.9 }, 'test.csv');
    const list = JSON.parse(await artifactOf(made.runId, 'quarantine.json')) as {
      line: number;
      label: string;
      predicted: string;
      score: number;
    }[];
    expect(made.split.nTrain + list.length).toBe(400);
    const lines = readFileSync(join(folder, 'test.csv'), 'utf8').split('\n');
    const wrong = lines.flatMap((line, i) => {
      const [x, , , kind] = line.split(',');
      return i > 0 && line !== '' && Number(x) >= 50 !== (kind === 'high') ? [i + 1] : [];
    });
    expect(wrong).toHaveLength(4);
    expect(list.map(({ line }) => line).sort((a, b) => a - b)).toEqual(expect.arrayContaining(wrong));
    for (const { label, predicted, score } of list) {
      expect(label).not.toBe(predicted);
      expect(score).toBeGreaterThanOrEqual(0.9);
    }
    expect(made.warnings.join('\n')).toContain(
      `${list.length} training rows, whose label models of other sources`,
    );
  });

  it('hold in a search too, whose trials see what they leave', async () => {
    const { split, warnings } = await runSearch(
      {
        data: { path: join(folder, 'flooded.csv'), test: join(folder, 'test.csv'), format: 'table' },
        label: { target: 'kind' },
        estimator: { name: 'decision-tree' },
        baselines: [],
        gates: { minAccuracy: 0 },
        latency: { repeat: 1 },
        audit: { allow: ['separates-alone'] },
        defences: { maxSourceShare: 0.1 },
        search: { strategy: 'grid', space: { maxDepth: [1, 2] }, folds: 2 },
      },
      { workspace, progress: silent },
    );
    expect(split.nTrain).toBe(444);
    expect(warnings).toContain('356 training rows of sources beyond their share were left out');
  });

  it('weigh sources alike', async () => {
    const equal = await train({ equalSources: true });
    const without = await train(undefined);
    expect(equal.metrics['accuracy']!).toBeGreaterThan(without.metrics['accuracy']!);
  });
});
