import fc from 'fast-check';
import { fill, get, post, type Step } from '../case.js';
import { experimentCall, loggedModelCall } from './experiments.js';
import { registryCall } from './registry.js';
import { createRun, readRun, writeRun } from './runs.js';

const NOBODY = '0'.repeat(32);

/** What stands for a thing that the sequence has not made. */
export const UNMADE: Readonly<Record<string, string>> = {
  ...Object.fromEntries([0, 1, 2].map((i) => [`run${i}`, NOBODY])),
  ...Object.fromEntries([0, 1, 2].map((i) => [`model${i}`, `m-${NOBODY}`])),
  ...Object.fromEntries([0, 1, 2].map((i) => [`other${i}`, '987654321'])),
};

const makeExperiment = post(
  'experiments/create',
  { name: '{{n}} start' },
  { keep: { experiment: 'experiment_id' } },
);
const makeRun = post(
  'runs/create',
  { experiment_id: '{{experiment}}', start_time: 1, run_name: 'run 0' },
  { keep: { run0: 'run.info.run_id' } },
);
const fillRun = post('runs/log-batch', {
  run_id: '{{run0}}',
  metrics: ['a', 'b'].map((key, step) => ({ key, value: step, timestamp: 1, step })),
  params: ['a', 'a.b'].map((key) => ({ key, value: 'blue' })),
  tags: ['a', 'b'].map((key) => ({ key, value: '1' })),
});
const makeModel = post('registered-models/create', { name: '{{n}} 0' });
const makeVersion = post('model-versions/create', { name: '{{n}} 0', source: 's3://b/m' });
const makeLoggedModel = post(
  'logged-models',
  { experiment_id: '{{experiment}}', name: 'm 0' },
  { keep: { model0: 'model.info.model_id' } },
);

/** Reads at the end all that the sequence may have left. */
const look: readonly Step[] = [
  post('runs/search', { experiment_ids: ['{{experiment}}'], run_view_type: 'ALL', order_by: ['start_time'] }),
  ...[0, 1].map((i) => get('registered-models/get', { name: `{{n}} ${i}` })),
];

/** Sequences of 5 to 12 calls about runs, or the registry, or all; `{{n}}` is what their names begin with. */
export const sequence: fc.Arbitrary<readonly Step[]> = fc
  .oneof(
    { weight: 5, arbitrary: calls([makeRun, fillRun], createRun, writeRun, writeRun, readRun, readRun) },
    { weight: 4, arbitrary: calls([makeModel, makeVersion], registryCall) },
    { weight: 1, arbitrary: calls([], experimentCall, experimentCall, createRun) },
    { weight: 1, arbitrary: calls([makeLoggedModel], loggedModelCall, loggedModelCall, writeRun) },
    {
      weight: 1,
      arbitrary: calls(
        [makeRun],
        createRun,
        writeRun,
        readRun,
        registryCall,
        experimentCall,
        loggedModelCall,
      ),
    },
  )
  .map((steps) => [makeExperiment, ...steps.map(withStartTime), ...look]);

function calls(first: readonly Step[], ...kinds: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> {
  return fc
    .array(fc.oneof(...kinds), { minLength: 3, maxLength: 8, size: 'max' })
    .map((rest) => [...first, ...rest]);
}

/** No two runs of a sequence start at the same time: it is what breaks ties when runs are sorted. */
function withStartTime(step: Step, index: number): Step {
  return { ...step, call: fill(step.call, new Map([['start', String(1_000 * (index + 1))]])) };
}
