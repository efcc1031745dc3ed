import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { NSL_KDD_FOLDER, nslKddFile, nslKddRow } from '../support/nsl-kdd.js';
import { jsonIn } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const NSL = ['--format', 'nsl-kdd'];
const SMALL = ['--param', 'nEstimators=10', '--cv', '0', '--no-baselines', '--repeat', '3'];
const KNOWN = ['normal', 'neptune', 'normal', 'portsweep', 'normal', 'guess_passwd'];
const train = (...args: string[]) =>
  ask('train', 'train.txt.gz', ...NSL, '--test', 'test.txt', ...SMALL, ...args);

// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
let made: any;
beforeAll(async () => {
  writeFileSync(join(cwd, 'train.txt.gz'), gzipSync(nslKddFile(600, KNOWN, 1)));
  writeFileSync(join(cwd, 'test.txt'), nslKddFile(300, [...KNOWN, 'mailbomb'], 2));
  const done = await train('--baselines', 'majority');
  expect(done.stderr).not.toContain('error:');
  made = done.json();
});

describe('a model of NSL-KDD rows', () => {
  it('is trained on one file and tested on another', () => {
    expect(made).toMatchObject({
      label: 'is_attack',
      classes: [0, 1],
      data: {
        path: 'train.txt.gz',
        rows: 600,
        rejected: 0,
        test: { path: 'test.txt', rows: 300, rejected: 0 },
      },
      split: { method: 'file', testSize: 300, nTrain: 600, nTest: 300 },
      crossValidation: null,
      passed: true,
    });
    expect(made.features).toHaveLength(41);
    expect(made.features).not.toContain('attack_name');
    expect(made.split.testIndices).toEqual(Array.from({ length: 300 }, (_, i) => i));
    const { rocAuc } = made.intervals;
    expect(rocAuc.low).toBeLessThan(made.metrics.rocAuc);
    expect(rocAuc.high).toBeGreaterThanOrEqual(made.metrics.rocAuc);
    const rows = made.confusionMatrix.flat().reduce((a: number, b: number) => a + b, 0);
    expect(rows).toBe(300);
    expect(made.baselines[0].metrics.accuracy).toBeLessThan(made.metrics.accuracy);
  });

  it('is the same where nobody named the format, from audit to prediction', async () => {
    const same = (await ask('train', 'train.txt.gz', '--test', 'test.txt', ...SMALL)).json();
    expect(same.model.modelDigest).toBe(made.model.modelDigest);
    expect(same.metrics).toEqual(made.metrics);
    const scored = (await ask('evaluate', same.model.address, 'test.txt')).json();
    expect(scored.metrics).toEqual(made.metrics);
    const asked = await ask('predict', same.model.address, 'test.txt', '--id', 'attack_name');
    expect(asked.stdout.trim().split('\n')).toHaveLength(300);
    const audited = (await ask('audit', 'train.txt.gz')).json();
    expect(audited).toEqual((await ask('audit', 'train.txt.gz', ...NSL)).json());
    expect(audited).toMatchObject({ label: 'is_attack', rows: 600 });
  });

  it('is logged with both files as its data', async () => {
    const run = (await ask('runs', 'show', made.runId)).json();
    expect(
      run.datasets.map((d: { name: string; tags: Record<string, string> }) => [
        d.name,
        d.tags['mlflow.data.context'],
      ]),
    ).toEqual([
      ['train.txt.gz', 'training'],
      ['test.txt', 'testing'],
    ]);
    expect(run.params).toMatchObject({ split: 'file', testSize: '300', label: 'is_attack' });
    expect(run.params.emptyAs).toBeUndefined();
    expect(run.tags['phantomnet.testDataDigest']).toBe(made.data.test.digest);
  });

  it('knows what its training file has, whatever the test file has', async () => {
    writeFileSync(join(cwd, 'other.txt'), nslKddFile(90, ['mailbomb', 'normal'], 9));
    const other = (await ask('train', 'train.txt.gz', ...NSL, '--test', 'other.txt', ...SMALL)).json();
    expect(other.model.modelDigest).toBe(made.model.modelDigest);
    expect(other.metrics).not.toEqual(made.metrics);
  });

  it('is registered, checked, evaluated, timed and asked by file', async () => {
    await ask('models', 'register', 'nsl', '--run', made.runId);
    const checked = await ask('deploy', 'check', 'models:/nsl/1', '--repeat', '3');
    expect([checked.code, checked.json().passed]).toEqual([0, true]);
    const scored = (await ask('evaluate', 'models:/nsl/1', 'test.txt', ...NSL)).json();
    expect(scored.metrics).toEqual(made.metrics);
    const timed = await ask('benchmark', 'models:/nsl/1', 'test.txt', ...NSL, '--repeat', '3');
    expect([timed.code, timed.json().data.rows]).toEqual([0, 300]);

    const asked = await ask('predict', 'models:/nsl/1', 'test.txt', ...NSL, '--id', 'attack_name');
    const lines = asked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(300);
    expect(lines[6]).toMatchObject({ file: 'test.txt', line: 7, id: 'mailbomb', model: 'nsl/1' });
    const named = lines.filter((line) => line.label === 1).length;
    const [[, fp], [, tp]] = made.confusionMatrix;
    expect(named).toBe(fp + tp);
  });

  it('takes rows of its features as JSON, a service it never saw among them', async () => {
    const [example] = JSON.parse(
      readFileSync(join(cwd, 'artifacts', ...(await inputExample())), 'utf8'),
    ) as Record<string, unknown>[];
    const input = JSON.stringify([
      example,
      { ...example, service: 'never_seen' },
      { ...example, service: null },
    ]);
    const done = (await ask('deploy', 'check', made.model.address, '--input', input, '--repeat', '2')).json();
    const { predictions } = done;
    expect(predictions).toHaveLength(3);
    expect(predictions[1]).toEqual(predictions[2]);
    const short = await ask(
      'deploy',
      'check',
      made.model.address,
      '--input',
      '[{"duration": 1}]',
      '--repeat',
      '2',
    );
    expect(short.stdout).toContain('row 0: field \\"protocol_type\\" is missing');
  });

  async function inputExample(): Promise<string[]> {
    const all = readdirSync(join(cwd, 'artifacts'), { recursive: true }) as string[];
    return [all.find((path) => path.includes(made.model.modelId) && path.endsWith('input_example.json'))!];
  }

  it('has whole numbers as long in its signature', async () => {
    const path = (await inputExample())[0]!.replace('input_example.json', 'MLmodel');
    const text = readFileSync(join(cwd, 'artifacts', path), 'utf8');
    for (const [type, name] of [
      ['long', 'src_bytes'],
      ['double', 'serror_rate'],
      ['string', 'service'],
    ])
      expect(text).toContain(`{"type":"${type}","name":"${name}","required":true}`);
  });

  it('tells which whole numbers of either file are no features as they are', async () => {
    const large = (bytes: number) => nslKddRow({ attack: 'normal', srcBytes: bytes });
    for (const [name, bytes] of [
      ['large-train.txt', 2 ** 24 + 1],
      ['large-test.txt', 1_379_963_888],
    ] as const) {
      const rows = nslKddFile(60, ['normal', 'neptune'], 1 + (bytes % 7));
      writeFileSync(join(cwd, name), `${rows}${large(bytes)}\n${large(2 ** 30)}\n`);
    }
    const rates = ['--allow', 'separates-alone'];
    const files = ['large-train.txt', '--format', 'nsl-kdd', '--test', 'large-test.txt', ...rates, ...SMALL];
    const of = 'src_bytes: 1 value beyond 16,777,216 rounded to single precision, the first from';
    const told = async (...args: string[]) =>
      (await ask('train', ...files, ...args)).json().warnings.filter((w: string) => w.includes('precision,'));
    expect(await told()).toEqual([
      `${of} 16777217 to 16777216 in large-train.txt:61`,
      `${of} 1379963888 to 1379963904 in large-test.txt:61`,
    ]);
    expect(await told('--features', 'dst_bytes,service')).toEqual([]);
  });

  it('names the attack, and is wrong on those it was never shown', async () => {
    const named = (await train('--label', 'attack_name')).json();
    expect(named.classes).toEqual(['guess_passwd', 'neptune', 'normal', 'portsweep']);
    expect(named.warnings).toContain(
      '42 test rows are of a class without a training row, and count as wrong: mailbomb',
    );
    expect(named.confusionMatrix).toHaveLength(5);
    expect(named.confusionMatrix[4].reduce((a: number, b: number) => a + b, 0)).toBe(42);
    expect(named.confusionMatrix[4][4]).toBe(0);
    expect(named.perClass.at(-1)).toMatchObject({ label: 'mailbomb', recall: 0, support: 42 });
    const classes = (await train('--label', 'attack_class')).json();
    expect(classes.classes).toEqual(['dos', 'normal', 'probe', 'r2l']);
    expect(classes.confusionMatrix).toHaveLength(4);
    const evaluated = await ask(
      'evaluate',
      named.model.address,
      'test.txt',
      ...NSL,
      '--label',
      'attack_name',
    );
    expect([evaluated.code, evaluated.stderr]).toEqual([
      4,
      expect.stringContaining('classes the model was not trained on: \\"mailbomb\\"'),
    ]);
  });

  it('is split from one file on request, and cross-validated', async () => {
    const args = ['--split', 'stratified', ...SMALL, '--cv', '3'];
    const one = (await ask('train', 'train.txt.gz', ...NSL, ...args)).json();
    expect(one.split).toMatchObject({ method: 'stratified', testSize: 0.2, nTrain: 480, nTest: 120 });
    expect(one.data.test).toBeUndefined();
    expect(one.crossValidation).toMatchObject({ folds: 3, on: 'train' });
    const folds = (await train('--cv', '3')).json();
    expect(folds.crossValidation).toMatchObject({ folds: 3, on: 'train' });
  });
});

describe('what cannot be asked of NSL-KDD rows', () => {
  it.each([
    [['--features', 'difficulty'], 2, 'cannot be a feature: it is written from the outcome'],
    [['--features', 'attack_name'], 2, 'cannot be a feature: it defines the label'],
    [['--label', 'difficulty'], 3, 'holds numbers, which are no classes'],
    [['--label', 'attack'], 3, 'no "attack" in nsl-kdd'],
    [['--attack-events', 'command'], 2, 'nsl-kdd rows are no events'],
    [['--split', 'stratified'], 2, 'split.method and a test file both say which rows test'],
    [['--test-size', '0.3'], 2, 'split.testSize and a test file both say which rows test'],
    [['--cv-on', 'all', '--cv', '3'], 2, 'the folds cannot be made of all rows where a test file is named'],
    [['--test', 'gone.txt'], 3, '"gone.txt" does not exist'],
  ])('%j', async (args, code, message) => {
    const done = await phantomnet(
      [
        'train',
        'train.txt.gz',
        ...NSL,
        ...(args[0] === '--test' ? [] : ['--test', 'test.txt']),
        ...SMALL,
        ...args,
      ],
      { cwd },
    );
    expect([done.code, done.stdout, done.stderr]).toEqual([code, '', expect.stringContaining(message)]);
    expect(done.stderr).toContain('help:');
  });

  it('a split by time, a model of events, and events of a model', async () => {
    const timeless = await phantomnet(['train', 'train.txt.gz', ...NSL, ...SMALL], { cwd });
    expect([timeless.code, timeless.stderr]).toEqual([
      4,
      expect.stringContaining('nsl-kdd rows have no time'),
    ]);
    const events = await phantomnet(['predict', made.model.address, SAMPLE], { cwd });
    expect([events.code, events.stderr]).toEqual([4, expect.stringContaining('takes rows of its features')]);
    const small = ['--split', 'stratified', ...SMALL, '--features', 'payload_length'];
    const other = (await ask('train', SAMPLE, ...small)).json();
    const rows = await phantomnet(['predict', other.model.address, 'test.txt', ...NSL], { cwd });
    expect([rows.code, rows.stderr]).toEqual([4, expect.stringContaining('no column "payload_length"')]);
  });

  it('rows that do not fit are rejected, of both files, into one list', async () => {
    const bad = nslKddRow({ attack: 'normal' }).replace('tcp', '');
    writeFileSync(join(cwd, 'bad.txt'), `${bad}\n${nslKddFile(99, KNOWN, 3)}`);
    writeFileSync(join(cwd, 'bad-test.txt'), `${nslKddFile(60, KNOWN, 4)}x,y\n`);
    const args = ['--max-rejects', '0.05', '--rejects', 'rejects.jsonl'];
    const some = (await ask('train', 'bad.txt', ...NSL, '--test', 'bad-test.txt', ...SMALL, ...args)).json();
    expect([some.data.rejected, some.data.test.rejected]).toEqual([1, 1]);
    const rejects = readFileSync(join(cwd, 'rejects.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(rejects.map(({ file, line, code }) => [file, line, code])).toEqual([
      ['bad.txt', 1, 'missing-value'],
      ['bad-test.txt', 61, 'too-few-columns'],
    ]);
    const few = await phantomnet(['train', 'bad.txt', ...NSL, '--test', 'test.txt', ...SMALL], { cwd });
    expect([few.code, few.stderr]).toEqual([4, expect.stringContaining('1 of 100 rows rejected')]);
  });
});

describe('a test file of events', () => {
  it('takes the place of the split, for any format', async () => {
    const [head, ...rows] = readFileSync(SAMPLE, 'utf8').trim().split('\n');
    writeFileSync(join(cwd, 'a.csv'), `${[head, ...rows.slice(0, 3000)].join('\n')}\n`);
    writeFileSync(join(cwd, 'b.csv'), `${[head, ...rows.slice(3000)].join('\n')}\n`);
    const done = (await ask('train', 'a.csv', '--test', 'b.csv', ...SMALL)).json();
    expect(done.split).toMatchObject({ method: 'file', nTrain: 3000, nTest: rows.length - 3000 });
    expect(done.metrics.rocAuc).toBeGreaterThan(0.8);
    const self = (await ask('train', 'a.csv', '--test', 'a.csv', ...SMALL)).json();
    expect(self.warnings).toContain(
      'the test file is the training file: these numbers say nothing of new data',
    );
    writeFileSync(
      join(cwd, 'c.csv'),
      readFileSync(join(cwd, 'b.csv'), 'utf8').replace('user_agent', 'useragent'),
    );
    const misspelt = await phantomnet(['train', 'a.csv', '--test', 'c.csv', ...SMALL], { cwd });
    expect([misspelt.code, misspelt.stderr]).toEqual([
      4,
      expect.stringContaining('c.csv: no column "user_agent.original" (or "user_agent")'),
    ]);
  });

  it('must have classes of the training file', async () => {
    const text = readFileSync(SAMPLE, 'utf8');
    const [head, ...rows] = text.split('\n').filter((line) => /^timestamp|,ftp,/.test(line));
    const ssh = text.split('\n').filter((line) => line.includes(',ssh,') || line.includes(',http,'));
    writeFileSync(join(cwd, 'ftp.csv'), [head, ...rows, ''].join('\n'));
    writeFileSync(join(cwd, 'ssh.csv'), [head, ...ssh, ''].join('\n'));
    const args = ['--label', 'honeypot_type', ...SMALL];
    const done = await phantomnet(['train', 'ssh.csv', '--test', 'ftp.csv', ...args], { cwd });
    expect([done.code, done.stderr]).toEqual([
      4,
      expect.stringContaining('no class of the test file (ftp) is one of the training file (http, ssh)'),
    ]);
  });
});

describe('the public files', () => {
  const reason = existsSync(NSL_KDD_FOLDER) ? undefined : `no ${NSL_KDD_FOLDER}`;
  if (reason !== undefined) console.log(`skipped: training on the real NSL-KDD files: ${reason}`);

  it.skipIf(reason !== undefined)(
    'train a forest that finds most of the attacks of the test file',
    async () => {
      const file = (name: string) => join(NSL_KDD_FOLDER, name);
      const done = (
        await ask(
          'train',
          file('KDDTrain+.txt.gz'),
          ...NSL,
          '--test',
          file('KDDTest+.txt.gz'),
          ...SMALL,
          '--param',
          'maxDepth=12',
          '--label',
          'attack_class',
        )
      ).json();
      expect(done).toMatchObject({
        classes: ['dos', 'normal', 'probe', 'r2l', 'u2r'],
        data: { rows: 125_973, rejected: 0, test: { rows: 22_544, rejected: 0 } },
      });
      const support = done.perClass.map((c: { label: string; support: number }) => [c.label, c.support]);
      expect(Object.fromEntries(support)).toEqual({
        dos: 7458,
        normal: 9711,
        probe: 2421,
        r2l: 2754,
        u2r: 200,
      });
      expect(done.metrics.accuracy).toBeGreaterThan(0.7);
    },
    120_000,
  );
});
