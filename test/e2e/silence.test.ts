import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '#src/pipeline/index.js';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

describe('what must not pass in silence', () => {
  const { folder: cwd, remove } = scratch();
  const ask = jsonIn(cwd);
  let runId: string;
  let address: string;
  beforeAll(async () => {
    const trained = await trainSmall(cwd, ['--features', 'payload_length', '--experiment', 'first']);
    runId = trained.runId;
    address = trained.model.address;
  });
  afterAll(remove);

  it('a file without the column that a feature is made from, misspelt or gone', async () => {
    const text = readFileSync(SAMPLE, 'utf8');
    const file = join(cwd, 'renamed.csv');
    writeFileSync(file, text.replace(/,data\n/, ',dta\n'));
    for (const command of ['predict', 'benchmark']) {
      const refused = await phantomnet([command, address, file], { cwd });
      expect([refused.code, refused.stdout]).toEqual([4, '']);
      expect(refused.stderr).toContain(
        'no column "payload" (or "data"), and a feature of the model is made from it',
      );
      expect(refused.stderr).toContain("help: did you mean 'dta'?");
    }
    const lines = join(cwd, 'renamed.jsonl');
    writeFileSync(lines, `${JSON.stringify({ honeypot_type: 'ssh', dta: 'x' })}\n`);
    expect((await phantomnet(['predict', address, lines], { cwd })).code).toBe(4);
    writeFileSync(file, text.replace(/,level,data\n/, ',level,body\n'));
    const trained = await phantomnet(['train', file, '--features', 'payload_length'], { cwd });
    expect(trained.code).toBe(4);
  });

  it('a raw event without the field that a feature is made from', async () => {
    const refused = await ask('deploy', 'check', address, '--input', '[{"honeypot_type":"ssh","event":"x"}]');
    expect(refused.code).toBe(1);
    const sanity = refused.json().checks.find((c: { name: string }) => c.name === 'sanity');
    expect(sanity.detail).toContain('row 0: field "payload" (or "data") is missing');
    const whole = await ask('deploy', 'check', address, '--input', '[{"honeypot_type":"ssh","data":null}]');
    expect(whole.json()).toMatchObject({ passed: true });
  });

  it('an attack event that no row has', async () => {
    const trained = await trainSmall(cwd, [
      '--attack-events',
      'login_faild,connect,command',
      '--experiment',
      'odd',
    ]);
    expect(trained.warnings[0]).toBe(
      `attack event "login_faild" occurs nowhere in the data; did you mean 'login_failed'?`,
    );
  });

  it('numbers on the very file a model was trained on', async () => {
    const evaluated = (await ask('evaluate', address, SAMPLE)).json();
    expect(evaluated.warnings[0].message).toContain('trained on rows of this very file');
  });

  it('a gate that failed: train ends with 1, and staging refuses the run', async () => {
    const args = [
      'train',
      SAMPLE,
      '--features',
      'payload_length',
      '--split',
      'stratified',
      '--cv',
      '0',
      '--no-baselines',
    ];
    const failed = await ask(
      ...args,
      '--param',
      'nEstimators=5',
      '--min-accuracy',
      '0.99',
      '--experiment',
      'strict',
    );
    expect(failed.code).toBe(1);
    expect(failed.json()).toMatchObject({ passed: false, status: 'FINISHED' });
    await ask('models', 'register', 'Strict', '--experiment', 'strict');
    const staged = await ask('models', 'stage', 'Strict', 'latest', 'Staging');
    expect(staged.code).toBe(1);
    const own = staged.json().checks.filter((c: { passed: boolean }) => !c.passed);
    expect(own).toEqual([{ name: 'run gates', passed: false, detail: 'failed when it was trained' }]);
    expect(staged.json().version).toMatchObject({ stage: 'None' });
  });

  it('tags say the stage a version is in now', async () => {
    const stageTags = async (version: string) => {
      const { tags } = (await ask('models', 'show', 'Moved', version)).json().version;
      return [tags['lifecycle'], tags['validated']];
    };
    for (const version of ['1', '2']) {
      await ask('models', 'register', 'Moved', '--run', runId);
      expect((await ask('models', 'stage', 'Moved', version, 'Staging', '--archive-existing')).code).toBe(0);
    }
    expect(await stageTags('1')).toEqual([undefined, undefined]);
    expect(await stageTags('2')).toEqual(['pre-production', 'true']);
    await ask('models', 'stage', 'Moved', '2', 'Production');
    expect(await stageTags('2')).toEqual(['production', 'true']);
    await ask('models', 'stage', 'Moved', '2', 'None');
    expect(await stageTags('2')).toEqual([undefined, undefined]);
  });

  it('gc keeps a run whose model is registered only by where its files are', async () => {
    const other = await trainSmall(cwd, ['--features', 'payload_length', '--experiment', 'second']);
    const workspace = await openWorkspace({ uri: `sqlite:///${join(cwd, 'phantomnet.db')}` });
    try {
      const { artifactUri } = await workspace.tracking.getLoggedModel(other.model.modelId);
      await workspace.registry.createRegisteredModel('ByPath');
      await workspace.registry.createModelVersion({ name: 'ByPath', source: artifactUri });
      await workspace.registry.setAlias('ByPath', 'champion', '1');
    } finally {
      await workspace.close();
    }
    await ask('runs', 'delete', other.runId);
    const kept = (await ask('gc', '--apply')).json();
    expect(kept.removable).toEqual([]);
    expect(kept.kept[0].keptBecause).toBe('ByPath version 1 (@champion)');
    expect((await ask('deploy', 'check', 'models:/ByPath@champion')).json()).toMatchObject({ passed: true });
  });

  it('a misspelt model name, in every command that takes one', async () => {
    for (const args of [
      ['models', 'show', 'Movd'],
      ['models', 'show', 'Movd', '1'],
      ['models', 'stage', 'Movd', 'latest', 'Staging'],
      ['deploy', 'check', 'models:/Movd/Staging'],
      ['deploy', 'check', 'models:/Movd@x'],
    ]) {
      const refused = await phantomnet(args, { cwd });
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain('no registered model "Movd"');
      expect(refused.stderr).toContain("help: did you mean 'Moved'?");
    }
  });

  it('the config file, in commands other than train', async () => {
    const config = join(cwd, 'other.yaml');
    writeFileSync(
      config,
      [
        'experiment: first',
        'latency: {repeat: 7}',
        'gates: {maxLatencyMs: 0.0000001}',
        'check: {input: [{payload_length: 120}], expect: [1]}',
        'compare: {as: csv, limit: 1}',
        'predict: {id: source_ip}',
      ].join('\n'),
    );
    const configured = (...args: string[]) => phantomnet([...args, '--config', config], { cwd });
    const timed = await configured('benchmark', address, SAMPLE, '--json');
    expect([timed.code, timed.json().single.calls, timed.json().limitMs]).toEqual([1, 7, 0.0000001]);
    const checked = (await configured('deploy', 'check', address, '--json')).json();
    const failed = checked.checks.filter((c: { passed: boolean }) => !c.passed);
    expect(failed.map((c: { name: string }) => c.name)).toEqual(['sanity', 'latency']);
    expect((await configured('compare')).stdout).toMatch(/^id,name,accuracy,/);
    expect(
      (await configured('runs', 'list', '--json'))
        .json()
        .every((r: { experiment: string }) => r.experiment === 'first'),
    ).toBe(true);
    const scored = await configured('predict', address, SAMPLE, '--json');
    expect(JSON.parse(scored.stdout.split('\n')[0]!).id).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await configured('models', 'register', 'Configured', '--json')).json().runId).toBe(runId);
  });

  it('a usage error under --json, and a tag that looks like a number', async () => {
    const usage = await phantomnet(['train', '--json', '--test-sise', '1'], { cwd });
    expect(usage.code).toBe(2);
    expect(JSON.parse(usage.stderr).error).toMatchObject({
      code: 'INVALID_PARAMETER',
      message: "unknown option '--test-sise'",
      hint: 'Did you mean --test-size?',
    });
    const tagged = await ask('models', 'tag', 'Moved', '1', '--set', 'v=1.0', '--set', 'q="x"');
    expect(tagged.json().tags).toMatchObject({ v: '1.0', q: '"x"' });
  });

  it('output that cannot be written', async () => {
    const { spawnSync } = await import('node:child_process');
    const { MAIN, cleanEnv } = await import('../support/cli.js');
    const full = spawnSync('bash', ['-c', `"${process.execPath}" "${MAIN}" runs list > /dev/full`], {
      cwd,
      env: cleanEnv(),
      encoding: 'utf8',
    });
    expect(full.status).toBe(6);
    expect(full.stderr).toMatch(/^error: the output cannot be written to stdout\nwhy: ENOSPC.*\nhelp: /m);
  });
});
