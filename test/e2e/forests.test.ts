import { afterAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);

describe('a forest with oobScore', () => {
  const oob = ['--features', 'payload_length', '--param', 'oobScore=true'];

  it('tells how right it is out of bag, and logs it', async () => {
    const made = await trainSmall(cwd, oob);
    expect(made.oobScore).toBeGreaterThan(0.8);
    expect(made.oobScore).toBeLessThan(0.95);
    const { metrics } = (await ask('runs', 'show', made.runId)).json();
    expect(metrics.oob_score).toBe(made.oobScore);
    const text = await phantomnet(
      ['train', SAMPLE, '--split', 'stratified', '--param', 'nEstimators=10', '--cv', '0', ...oob],
      { cwd },
    );
    expect(text.stdout).toMatch(
      new RegExp(`^out of bag +accuracy ${made.oobScore.toFixed(4).replace(/^0/, '')}$`, 'm'),
    );
  });

  it('is told of no other', async () => {
    const made = await trainSmall(cwd, ['--features', 'payload_length']);
    expect(made.oobScore).toBeNull();
    expect((await ask('runs', 'show', made.runId)).json().metrics).not.toHaveProperty('oob_score');
  });
});
