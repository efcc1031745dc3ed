import { afterAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);

describe('--max-memory', () => {
  it('refuses a fit that would take more, and says how to allow it', async () => {
    const small = ['--split', 'stratified', '--cv', '0', '--no-baselines'];
    const refused = await phantomnet(['train', SAMPLE, ...small, '--max-memory', '1MB'], { cwd });
    expect(refused.stderr).toMatch(/^error: the fit can take \d+ MiB .*, more than the limit of 1 MiB$/m);
    expect(refused.stderr).toMatch(
      /^help: raise maxMemoryBytes \(--max-memory on the command line\), or use /m,
    );
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    const [run] = (await ask('runs', 'list')).json();
    expect([run.status, run.tags['phantomnet.statusReason']]).toEqual([
      'FAILED',
      expect.stringContaining('more than the limit'),
    ]);
    expect((await trainSmall(cwd, ['--max-memory', '2GB'])).passed).toBe(true);
  });

  it('holds for folds and baselines too', async () => {
    const limit = ['--max-memory', '1MB', '--split', 'stratified'];
    const tree = ['--estimator', 'majority', '--baselines', 'decision-tree', '--cv', '0'];
    const refused = await phantomnet(['train', SAMPLE, ...limit, ...tree], { cwd });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the limit of 1 MiB')]);
    const folds = await phantomnet(['train', SAMPLE, ...limit, '--cv', '2', '--no-baselines'], { cwd });
    expect(folds.stderr).not.toContain('  train random-forest');
    expect([folds.code, folds.stderr]).toEqual([2, expect.stringContaining('the limit of 1 MiB')]);
  });

  it('does not take what is no size', async () => {
    const refused = await phantomnet(['train', SAMPLE, '--max-memory', '2 gigs'], { cwd });
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('expected a size such as 500MB, 2GB, 1.5GiB or a number of bytes.');
  });
});

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
