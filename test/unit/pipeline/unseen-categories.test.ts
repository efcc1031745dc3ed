import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ExperimentConfigInput,
  evaluateDetector,
  loadDetector,
  type PredictReport,
  predictFile,
  runExperiment,
  silent,
} from '#src/pipeline/index.js';
import { unseenNotes } from '#src/pipeline/unseen-categories.js';
import { rowsOf, writeRows } from '../../support/encoded-rows.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { folder, workspace } = await temporaryWorkspace();
const path = writeRows(join(folder, 'rows.csv'), rowsOf(200, 20));
const later = writeRows(
  join(folder, 'later.csv'),
  rowsOf(40, 10).map((row, i) => ({
    ...row,
    ...(i < 3 ? { proto: `gopher ${i}` } : {}),
    ...(i === 9 ? { agent: 'x\u001b[2J' } : {}),
  })),
);

const train = (config: Partial<ExperimentConfigInput>, data = path) =>
  runExperiment(
    {
      data: { path: data, format: 'table' },
      label: { target: 'bad' },
      split: { method: 'stratified' },
      estimator: { params: { nEstimators: 3 } },
      crossValidation: { folds: 0 },
      baselines: [],
      latency: { repeat: 1 },
      ...config,
    },
    { workspace, progress: silent },
  );
const dataAt = (data: string) =>
  ({ path: data, format: 'table', maxRejects: 0, keepSecrets: false }) as const;
const evaluated = (address: string, data = later) =>
  evaluateDetector(workspace, address, { data: dataAt(data), label: { target: 'bad' } });

async function predicted(address: string, nJobs: number): Promise<PredictReport> {
  const batches = predictFile(workspace, address, { data: dataAt(later), nJobs });
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) return batch.value;
  }
}

const COUNTED = { proto: 3, agent: 1 };
const MISSING =
  'unseen categories in the 40 rows: proto 3 (7.5 %, read as missing), agent 1 (2.5 %, read as missing)';

describe('categories that training never saw', () => {
  it('are counted by evaluate and predict, and read as the encoder of the model reads them', async () => {
    const encoding = { columns: { agent: 'target', proto: 'one-hot' } } as const;
    const { model } = await train({ features: { encoding } });
    const message =
      'unseen categories in the 40 rows: proto 3 (7.5 %, read as none of the categories), agent 1 (2.5 %, read as the mean of all training rows)';
    const { warnings, unseenCategories } = await evaluated(model.address);
    expect(warnings).toContainEqual({ metric: 'all', message });
    expect(unseenCategories).toEqual(COUNTED);
    const report = await predicted(model.address, 1);
    expect(report).toMatchObject({ accepted: 40, unseenCategories: COUNTED, warnings: [message] });
  });

  it('are counted for a model that takes categories itself, however many threads score', async () => {
    const { model } = await train({});
    expect((await evaluated(model.address)).warnings).toContainEqual({ metric: 'all', message: MISSING });
    for (const nJobs of [1, 2]) {
      const { unseenCategories, warnings } = await predicted(model.address, nJobs);
      expect([unseenCategories, warnings]).toEqual([COUNTED, [MISSING]]);
    }
  });

  it('are no warning where there are none', async () => {
    const { model } = await train({});
    const { warnings, unseenCategories } = await evaluated(model.address, path);
    expect(warnings.filter(({ message }) => message.includes('unseen categories'))).toEqual([]);
    expect(unseenCategories).toEqual({});
  });

  it('are counted in columns of whatever name', async () => {
    const named = (rows: ReturnType<typeof rowsOf>, name: string): string => {
      const lines = rows.map(({ proto, size, bad }) => `${proto},${size},${bad}`);
      writeFileSync(join(folder, name), `constructor,size,bad\n${lines.join('\n')}\n`);
      return join(folder, name);
    };
    const { model } = await train({}, named(rowsOf(200, 20), 'named.csv'));
    const other = named(
      rowsOf(40, 10).map((row) => ({ ...row, proto: 'gopher' })),
      'other.csv',
    );
    const { unseenCategories } = await evaluated(model.address, other);
    expect(Object.entries(unseenCategories)).toEqual([['constructor', 40]]);
  });

  it('are told by columns whose names cannot move a cursor, and of which the five worst are named', async () => {
    const { detector } = await loadDetector(workspace, (await train({})).model.address);
    const counts = Object.fromEntries(
      ['a\u001b[2J', 'b', 'c', 'd', 'e', 'f'].map((name, i) => [name, 9 - i]),
    );
    const [note] = unseenNotes(detector, counts, { nRows: 1000 });
    expect(note).toMatch(
      /^unseen categories in the 1000 rows: a\\u001b\[2J 9 \(0\.9 %, read as missing\), b 8 /,
    );
    expect(note).toMatch(/ e 5 \(0\.5 %, read as missing\) and 1 more feature$/);
  });
});
