import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#src/core/index.js';
import { openWorkspace, showTree } from '#src/pipeline/index.js';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const place = { uri: `sqlite:///${join(cwd, 'phantomnet.db')}`, artifactRoot: join(cwd, 'artifacts') };
let address: string;
let straight: string;

beforeAll(async () => {
  const made = await trainSmall(cwd);
  address = made.model.address;
  await ask('models', 'register', 'forest', '--run', made.runId);
  const simple = ['--estimator', 'majority', '--split', 'stratified', '--cv', '0', '--no-baselines'];
  straight = (await ask('train', SAMPLE, ...simple)).json().model.address;
});

const tree = (...args: string[]) => phantomnet(['models', 'tree', ...args], { cwd });

describe('models tree', () => {
  it('prints a tree of any kind of address', async () => {
    const done = await tree('models:/forest/1', '--tree', '2', '--max-depth', '2');
    expect([done.code, done.stderr]).toEqual([0, '']);
    const [first, second, third] = done.stdout.split('\n');
    expect(first).toMatch(
      /^random-forest, tree 2 of 10: \d+ nodes, \d+ leaves, depth \d+; \d+ below depth 2 not/,
    );
    expect(second).toMatch(/^\|--- \w+ (?:<= [\d.]+|(?:not )?in \{".*"\})(?: or missing)?$/);
    expect(third).toMatch(/^\| {3}\|--- /);
    expect((await tree(address, '--tree', '2', '--max-depth', '2')).stdout).toBe(done.stdout);
  });

  it('says all of it as JSON', async () => {
    const report = (await ask('models', 'tree', 'models:/forest/1')).json();
    const { content, ...rest } = report;
    expect(rest).toEqual({
      address: 'models:/forest/1',
      model: 'forest/1',
      kind: 'random-forest',
      format: 'text',
      tree: 0,
      nTrees: 10,
      nNodes: expect.any(Number),
      nLeaves: (report.nNodes + 1) / 2,
      depth: expect.any(Number),
      file: null,
    });
    expect(content).toBe((await tree('models:/forest/1')).stdout);
  });

  it('draws a tree into a file, which it never replaces but with --force', async () => {
    const report = (
      await ask('models', 'tree', 'models:/forest/1', '--format', 'svg', '--out', 'tree.svg')
    ).json();
    const bytes = readFileSync(join(cwd, 'tree.svg'));
    expect(report.file).toEqual({
      path: join(cwd, 'tree.svg'),
      sizeBytes: bytes.length,
      sha256: sha256Hex(bytes),
    });
    expect(bytes.toString()).toMatch(/^<svg xmlns=.*\n<title>random-forest, tree 0 of 10: /);
    const byEnding = (await ask('models', 'tree', 'models:/forest/1', '--out', 'Ending.SVG')).json();
    expect([byEnding.format, byEnding.content]).toEqual(['svg', report.content]);
    writeFileSync(join(cwd, 'mine.dot'), 'mine');
    const graph = ['models:/forest/1', '--format', 'dot', '--out', 'mine.dot'];
    const refused = await tree(...graph);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('mine.dot is there already')]);
    const forced = await tree(...graph, '--force');
    expect(forced.stdout).toMatch(
      /^model +forest\/1, tree 0 of 10 as dot\nfile +.*mine\.dot\nsize +\d+ bytes\n/,
    );
    expect(readFileSync(join(cwd, 'mine.dot'), 'utf8')).toMatch(/^digraph tree \{\n/);
    expect(readdirSync(cwd).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it.each([
    [['models:/forset/1'], 3, 'no registered model "forset"'],
    [['models:/forest/1', '--tree', '10'], 2, 'tree must be a whole number from 0 to 9, got 10'],
    [['models:/forest/1', '--max-depth', '201'], 2, 'maxDepth must be a whole number from 1 to 200, got 201'],
    [['models:/forest/1', '--max-depth', '0'], 2, 'expected a whole number of at least 1'],
    [['models:/forest/1', '--format', 'png'], 2, 'Allowed choices are text, svg, dot'],
    [['models:/forest/1', '--out', 'no/tree.txt'], 3, 'it or its folder is not there'],
  ])('%j is refused', async (args, code, message) => {
    const done = await tree(...args);
    expect([done.code, done.stdout, done.stderr]).toEqual([code, '', expect.stringContaining(message)]);
  });

  it('has nothing to show of a model without trees', async () => {
    const done = await tree(straight);
    expect(done.stderr).toContain(`${straight} is majority, which has no trees to show`);
    expect(done.stderr).toContain(
      'help: models of random-forest, extra-trees, decision-tree and stump have them',
    );
    expect(done.code).not.toBe(0);
  });

  it('is a function of the library', async () => {
    const workspace = await openWorkspace(place);
    const { content, file } = await showTree(workspace, 'models:/forest/1', { maxDepth: 1 });
    await workspace.close();
    expect([content.split('\n').length, file]).toEqual([6, null]);
  });
});
