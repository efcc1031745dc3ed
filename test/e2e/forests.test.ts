import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);

describe('--from', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  let ten: any;
  beforeAll(async () => {
    ten = await trainSmall(cwd, ['--experiment', 'from']);
    await ask('models', 'register', 'Forest', '--run', ten.runId);
  });
  const trees = (n: number) => ['--param', `nEstimators=${n}`];
  const split = ['--split', 'stratified'];

  it('goes on from a model, and scores as one fit of all trees on the same rows does', async () => {
    const whole = await trainSmall(cwd, trees(25));
    const grown = await trainSmall(cwd, [...trees(25), '--from', 'models:/Forest/1']);
    const scores = async ({ model }: { model: { address: string } }) =>
      (await phantomnet(['predict', model.address, SAMPLE], { cwd })).stdout.replaceAll(model.address, '');
    expect(await scores(grown)).toBe(await scores(whole));
    expect(await scores(grown)).not.toBe(await scores(ten));
    expect(grown.metrics).toEqual(whole.metrics);
    expect([whole.from, grown.from]).toEqual([
      null,
      { address: 'models:/Forest/1', model: 'Forest/1', modelDigest: ten.model.modelDigest, nTrees: 10 },
    ]);
    const tree = await ask('models', 'tree', grown.model.address, '--tree', '3');
    expect(tree.json().content.split('\n').slice(1)).toEqual(
      (await ask('models', 'tree', 'models:/Forest/1', '--tree', '3')).json().content.split('\n').slice(1),
    );
  });

  it('says and logs what it went on from, and that its test rows may have been seen', async () => {
    const done = await phantomnet(
      ['train', SAMPLE, ...split, ...trees(12), '--cv', '0', '--no-baselines', '--from', 'models:/Forest/1'],
      { cwd },
    );
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^went on from +Forest\/1, of 10 trees$/m);
    expect(done.stdout).toMatch(
      /^warning: Forest\/1 may have been trained on rows that are test rows here, /m,
    );
    const [run] = (await ask('runs', 'list')).json();
    expect(run.params.from).toBe('models:/Forest/1');
    expect(run.tags['phantomnet.fromDigest']).toBe(ten.model.modelDigest);
  });

  it('keeps folds and baselines from the model, which may have seen their test rows', async () => {
    const beside = [...split, ...trees(15), '--cv', '3', '--baselines', 'random-forest,stump', '--json'];
    const train = async (...args: string[]) =>
      (await phantomnet(['train', SAMPLE, ...beside, ...args], { cwd })).json();
    const alone = await train();
    const grown = await train('--from', ten.model.address);
    expect(grown.crossValidation).toEqual(alone.crossValidation);
    const metrics = (run: { baselines: { metrics: object }[] }) => run.baselines.map((b) => b.metrics);
    expect(metrics(grown)).toEqual(metrics(alone));
  });

  it('keeps the features of the model, also on another file', async () => {
    const file = join(cwd, 'other.csv');
    const [head, ...rows] = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const tail = rows.slice(-2000).map((row) => row.replace(/,ssh,/, ',sshd,'));
    writeFileSync(file, [head, ...tail, ''].join('\n'));
    const both = [file, ...split, ...trees(20), '--cv', '0', '--no-baselines', '--json'];
    const grown = await phantomnet(['train', ...both, '--from', 'models:/Forest/1'], { cwd });
    expect(grown.json().from.nTrees).toBe(10);
    expect(grown.json().features).toEqual(ten.features);
    const checked = await ask('deploy', 'check', grown.json().model.address);
    expect(checked.json()).toMatchObject({ passed: true });
  });

  it('warns where the out-of-bag accuracy counts the older trees', async () => {
    const grown = await trainSmall(cwd, [
      ...trees(20),
      ...['--param', 'oobScore=true', '--from', 'models:/Forest/1'],
    ]);
    expect(grown.oobScore).toBeGreaterThan(0.8);
    expect(grown.warnings.slice(0, 2)).toEqual([
      expect.stringMatching(/^Forest\/1 may have been trained on rows that are test rows here/),
      expect.stringMatching(
        /^the out-of-bag accuracy takes the trees of Forest\/1 for trees of these training/,
      ),
    ]);
  });

  it.each([
    [trees(10), 2, 'Forest/1 has 10 trees already, and nEstimators is 10: there is none to grow'],
    [trees(10), 2, 'help: ask for more, as the older ones count: --param nEstimators=20'],
    [
      ['--estimator', 'extra-trees'],
      2,
      'Forest/1 is random-forest, and extra-trees goes on from its own kind',
    ],
    [['--estimator', 'extra-trees'], 2, 'help: train that kind: --estimator random-forest'],
    [['--estimator', 'decision-tree'], 2, 'decision-tree cannot go on from a model'],
    [['--features', 'port,protocol'], 2, 'Forest/1 has other features: payload_length, '],
    [['--features', 'port,protocol'], 2, 'help: name those of the model: --features '],
    [['--empty-as', 'nan'], 2, 'Forest/1 was trained with emptyAs zero, and this run has nan'],
    [['--label', 'honeypot_type'], 2, 'has other features'],
    [['--from', 'models:/Forset/1'], 3, "did you mean 'Forest'?"],
    [['--from', `runs:/${'0'.repeat(32)}/model`], 3, '0000'],
    [['--from', 'Forest'], 2, 'Forest'],
  ])('%j ends before a run begins', async (args, code, message) => {
    const before = (await ask('runs', 'list')).json().length;
    const refused = await phantomnet(['train', SAMPLE, ...split, '--from', 'models:/Forest/1', ...args], {
      cwd,
    });
    expect([refused.code, refused.stdout]).toEqual([code, '']);
    expect(refused.stderr).toContain(message);
    expect((await ask('runs', 'list')).json()).toHaveLength(before);
  });

  it('refuses rows of other classes', async () => {
    const features = ['--features', 'payload_length'];
    const { model } = await trainSmall(cwd, features);
    const labelled = ['--label', 'level', ...features, '--from', model.address, ...trees(20)];
    const refused = await phantomnet(['train', SAMPLE, ...split, ...labelled], { cwd });
    expect([refused.code, refused.stdout]).toEqual([4, '']);
    expect(refused.stderr).toContain('has other classes: [0,1], where the training rows have [');
    expect(refused.stderr).toContain('help: go on with rows of all its classes and of no other');
  });
});

describe('--max-memory', () => {
  it('refuses a fit that would take more, and says how to allow it', async () => {
    const small = ['--split', 'stratified', '--cv', '0', '--no-baselines'];
    const refused = await phantomnet(['train', SAMPLE, ...small, '--max-memory', '1MB'], { cwd });
    expect(refused.stderr).toMatch(
      /^error: the fit can take \d+ MiB .*, more than the limit of 1000000 bytes$/m,
    );
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
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('the limit of 1000000 bytes'),
    ]);
    const folds = await phantomnet(['train', SAMPLE, ...limit, '--cv', '2', '--no-baselines'], { cwd });
    expect(folds.stderr).not.toContain('  train random-forest');
    expect([folds.code, folds.stderr]).toEqual([2, expect.stringContaining('the limit of 1000000 bytes')]);
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
    expect(metrics.oobScore).toBe(made.oobScore);
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
    expect((await ask('runs', 'show', made.runId)).json().metrics).not.toHaveProperty('oobScore');
  });
});
