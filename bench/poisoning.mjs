// What a flood of wrong labels from one source costs, with the defences and without them.
// node bench/poisoning.mjs [--seeds 10] [--events 20000]   (after npm run build)
// For each seed: a sample is generated, split by whole sources, and a forest trained on its training part as it is; on the same part
// with as many rows again from one source, labels flipped; and on that with the defences on. All three are tested on the
// same rows, of other sources. Printed: macro F1, and what the flood costs, with a paired bootstrap interval over the seeds.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RandomState } from '../dist/core/index.js';
import { isAttackLabels } from '../dist/features/index.js';
import { readAllEvents } from '../dist/ingest/index.js';
import { openWorkspace, runExperiment, silent } from '../dist/pipeline/index.js';
import { formatSampleCsv, generateSample } from '../dist/sample/index.js';
import { stratifiedGroupTrainTestSplit } from '../dist/split/index.js';

const { values: flags } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, events: { type: 'string', default: '20000' } },
});
const DEFENCES = { maxSourceShare: 0.02, quarantine: 0.9 };
const FLOODER = '203.0.113.250';
const folder = mkdtempSync(join(tmpdir(), 'phantomnet-poisoning-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const workspace = await openWorkspace({
  uri: `sqlite:///${join(folder, 'runs.db')}`,
  artifactRoot: join(folder, 'artifacts'),
});

/** An event of the other class: the words of the events change, what was sent stays, so that equal inputs have both labels. */
function flipped({ fields }, isAttack) {
  const event = isAttack ? 'login_attempt' : 'command';
  return { fields: { ...fields, event, source_ip: FLOODER } };
}

async function macroF1(name, { train, test }, defences) {
  const path = join(folder, 'train.csv');
  const testPath = join(folder, 'test.csv');
  writeFileSync(path, formatSampleCsv(train));
  writeFileSync(testPath, formatSampleCsv(test));
  const { metrics } = await runExperiment(
    {
      experiment: name,
      data: { path, test: testPath },
      crossValidation: { folds: 0 },
      estimator: { params: { nEstimators: 100 } },
      baselines: [],
      gates: { minAccuracy: 0 },
      latency: { repeat: 1 },
      // The flood is what the audits are there to see.
      audit: { allow: ['separates-alone', 'declared-roles', 'score-above-ceiling'] },
      ...(defences === undefined ? {} : { defences }),
    },
    { workspace, progress: silent },
  );
  return metrics.f1Macro;
}

const rows = [];
// A run that is stopped says that it is kept as KILLED; here the whole store goes, so the process ends before it can.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    process.stderr.write(
      `stopped by ${signal} after ${rows.length} of ${flags.seeds} seeds: nothing is kept\n`,
    );
    process.exit(130);
  });
for (let seed = 1; seed <= Number(flags.seeds); seed++) {
  const sample = generateSample({ seed, minEvents: Number(flags.events) });
  const all = join(folder, 'all.csv');
  writeFileSync(all, formatSampleCsv(sample));
  const { events } = await readAllEvents(all);
  const labels = isAttackLabels(events);
  const sources = events.map((event) => String(event.fields['source.ip']));
  const split = stratifiedGroupTrainTestSplit(labels, sources, { testSize: 0.25, randomState: seed });
  const train = Array.from(split.train, (row) => sample[row]);
  const test = Array.from(split.test, (row) => sample[row]);
  const flood = Array.from(split.train, (row) =>
    flipped(sample[row], labels.classes[labels.codes[row]] === 1),
  );
  const flooded = { train: [...train, ...flood], test };
  const clean = await macroF1('clean', { train, test });
  const without = await macroF1('flooded', flooded);
  const defended = await macroF1('defended', flooded, DEFENCES);
  rows.push({ clean, without, defended });
  process.stderr.write(
    `seed ${seed}: clean ${clean.toFixed(4)}, flooded ${without.toFixed(4)}, defended ${defended.toFixed(4)}\n`,
  );
}

/** Mean of the paired differences with a percentile interval of 10,000 resamples of the seeds. */
function cost(of) {
  const differences = rows.map((row) => row.clean - of(row));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const random = new RandomState(0);
  const means = Float64Array.from({ length: 10_000 }, () =>
    mean(differences.map(() => differences[random.nextInteger(differences.length - 1)])),
  ).sort();
  return { mean: mean(differences), low: means[249], high: means[9749] };
}

const text = ({ mean, low, high }) => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
const mean = (of) => (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(4);
process.stdout.write(
  [
    `macro F1 over ${rows.length} seeds of ${flags.events} events, half of the training rows flooded from one source, labels flipped`,
    `clean                 ${mean((r) => r.clean)}`,
    `flooded, no defences  ${mean((r) => r.without)}   costs ${text(cost((r) => r.without))}`,
    `flooded, defended     ${mean((r) => r.defended)}   costs ${text(cost((r) => r.defended))}   (at most .01 is asked)`,
    '',
  ].join('\n'),
);
await workspace.close();
