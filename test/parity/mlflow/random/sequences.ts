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

const start = post('experiments/create', { name: '{{n}} start' }, { keep: { experiment: 'experiment_id' } });

/** Reads at the end all that the sequence may have left. */
const look: readonly Step[] = [
  post('runs/search', { experiment_ids: ['{{experiment}}'], run_view_type: 'ALL', order_by: ['start_time'] }),
  ...[0, 1].map((i) => get('registered-models/get', { name: `{{n}} ${i}` })),
];

/** Sequences of 5 to 12 calls about runs, or the registry, or all; `{{n}}` is what their names begin with. */
export const sequence: fc.Arbitrary<readonly Step[]> = fc
  .oneof(
    { weight: 4, arbitrary: calls(createRun, writeRun, writeRun, readRun) },
    { weight: 3, arbitrary: calls(registryCall) },
    { weight: 1, arbitrary: calls(experimentCall, createRun) },
    { weight: 1, arbitrary: calls(loggedModelCall, createRun, writeRun) },
    {
      weight: 1,
      arbitrary: calls(createRun, writeRun, readRun, registryCall, experimentCall, loggedModelCall),
    },
  )
  .map((steps) => [start, ...steps.map(withStartTime), ...look]);

function calls(...kinds: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> {
  return fc
    .tuple(
      kinds.includes(createRun) ? createRun : registryCall,
      fc.array(fc.oneof(...kinds), { minLength: 3, maxLength: 9, size: 'max' }),
    )
    .map(([first, rest]) => [first, ...rest]);
}

/** No two runs of a sequence start at the same time: it is what breaks ties when runs are sorted. */
function withStartTime(step: Step, index: number): Step {
  return { ...step, call: fill(step.call, new Map([['start', String(1_000 * (index + 1))]])) };
}
