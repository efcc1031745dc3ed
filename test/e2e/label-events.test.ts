import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';
import { cowrieLog } from '../support/cowrie-log.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const env = { XDG_CACHE_HOME: join(cwd, 'cache'), XDG_CONFIG_HOME: join(cwd, 'config') };
const run = (...args: string[]) => phantomnet(args, { cwd, env });
const SMALL = ['--cv', '0', '--no-baselines', '--repeat', '3', '--param', 'nEstimators=10'];
const config = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const audits = (report: { audits: { name: string; verdict: string }[] }, name: string) =>
  report.audits.find((audit) => audit.name === name);

let nEvents: number;

beforeAll(async () => {
  writeFileSync(join(cwd, 'cowrie.json'), cowrieLog({ scans: 200, guesses: 200, breakIns: 200 }));
  const made = await run('ingest', 'cowrie.json', '--out', 'events.parquet', '--json');
  expect(made.code, made.stderr).toBe(0);
  nEvents = made.json().events;
});

describe('a honeypot without a rule for its samples', () => {
  it('is refused with what to write, as a log and as a file of events', async () => {
    const log = await run('train', 'cowrie.json');
    expect(log.code).toBe(4);
    expect(log.stderr).toContain(
      '"cowrie.json" is a log of cowrie, and nothing says what its samples are and how they are labelled',
    );
    const events = await run('train', 'events.parquet');
    expect(events.code).toBe(4);
    expect(events.stderr).toContain(
      'all samples are of class 0, a classifier needs at least two classes to tell apart: a honeypot (cowrie) has no benign traffic, all it logs is a scan or an attack',
    );
    expect(events.stderr).toContain('for attack or benign, add logs of benign traffic');
    for (const { stderr } of [log, events]) expect(stderr).toContain('taxonomy: session-stage');
    const audit = await run('audit', 'cowrie.json');
    expect([audit.code, audit.stderr.includes('is a log of cowrie')]).toEqual([4, true]);
    const ofEvents = await run('audit', 'events.parquet');
    expect([ofEvents.code, ofEvents.stderr]).toEqual([4, events.stderr]);
  });

  it('trains with what it was told to write', async () => {
    const { stderr } = await run('train', 'events.parquet');
    const lines = stderr.split('\n');
    const from = lines.findIndex((line) => line.startsWith('  sample:'));
    const to = lines.findIndex((line) => line.startsWith('and run:'));
    const text = lines.slice(from, to).map((line) => line.slice(2));
    config('labels.yaml', text.join('\n'));
    const done = await run('train', 'events.parquet', '--config', 'labels.yaml', ...SMALL, '--json');
    const result = done.json();
    expect(result.classes).toEqual(['break-in', 'guessing', 'scan']);
    expect(result.data).toMatchObject({ rows: 600, unit: 'session', events: nEvents });
    expect(done.stderr).toMatch(/^ {2}read events .* 600 sessions, class break-in: 200, /m);
    const told = await run('train', 'events.parquet', '--config', 'labels.yaml', ...SMALL);
    expect(told.stdout).toContain(`events.parquet: 600 sessions of ${nEvents} events, 0 rejected\n`);
    expect(audits(result, 'label-in-window')).toMatchObject({
      verdict: 'pass',
      evidence: { numbers: { samples: 0, of: 600 } },
    });
    // What it is held against is told where it is another label, and asked for where there is none.
    const bare = await run('evaluate', result.model.address, 'events.parquet');
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain('label: no rule says what it is, and logs hold none');
    expect(bare.stderr).toContain(`name the config that "${result.model.address}" was trained with`);
    const same = await run('evaluate', result.model.address, 'events.parquet', '--config', 'labels.yaml');
    expect(same.stdout).toContain('events.parquet: 600 sessions, 0 rejected\n');
    expect(same.stdout).not.toContain('the label here is');
    config('other.yaml', text.join('\n').replace('target: stage', 'target: step'));
    const other = await run('evaluate', result.model.address, 'events.parquet', '--config', 'other.yaml');
    expect(other.stdout).toContain('warning: the model was trained for stage, and the label here is step\n');
    // The example says the same.
    const example = fileURLToPath(new URL('../../examples/cowrie-stage.yaml', import.meta.url));
    expect(readFileSync(example, 'utf8')).toContain(text.slice(text.indexOf('label:')).join('\n'));
  });

  it('may be a folder of logs', async () => {
    mkdirSync(join(cwd, 'logs'));
    writeFileSync(join(cwd, 'logs', 'cowrie.json'), cowrieLog({ scans: 20, guesses: 20, breakIns: 20 }));
    config('folder.yaml', 'sample: { unit: session }\nlabel: { target: stage, taxonomy: session-stage }\n');
    const audit = await run('audit', 'logs', '--config', 'folder.yaml', '--json');
    expect(audit.json().rows).toBe(60);
  });

  it('is refused where the rule makes one class, and is_attack is named for what it is', async () => {
    config('one.yaml', 'sample: { unit: session }\nlabel: { when: { event.dataset: cowrie } }\n');
    const one = await run('train', 'events.parquet', '--config', 'one.yaml', ...SMALL);
    expect(one.code).toBe(4);
    expect(one.stderr).toMatch(/all samples are of class 1.*a honeypot \(cowrie\) has no benign traffic/);
    config(
      'two.yaml',
      'sample: { unit: session, until: { event.action: [cowrie.login.*, cowrie.session.closed] } }\nlabel: { when: { event.action: cowrie.login.* } }\n',
    );
    const two = await run('train', 'events.parquet', '--config', 'two.yaml', ...SMALL, '--json');
    expect(two.json().warnings).toContain(
      'is_attack: a honeypot has no benign traffic, so this tells attacks from other attacks; label.taxonomy names their types',
    );
  });
});

describe('the label of samples', () => {
  it('stops training where its own event is inside the window, unless that is allowed', async () => {
    config(
      'window.yaml',
      'sample: { unit: session, maxSeconds: 8 }\nlabel: { target: tries, when: { event.action: cowrie.login.* } }\n',
    );
    const audit = await run('audit', 'events.parquet', '--config', 'window.yaml', '--json');
    expect(audit.code).toBe(1);
    expect(audit.json()).toMatchObject({ rows: 600, classes: [0, 1], passed: false });
    expect(audits(audit.json(), 'label-in-window')).toMatchObject({
      verdict: 'block',
      evidence: {
        words: 'the event that gave the label is inside the window of 400 of 600 sessions (66.7 %)',
      },
    });
    const train = await run('train', 'events.parquet', '--config', 'window.yaml', ...SMALL);
    expect(train.code).toBe(1);
    expect(train.stderr).toContain('audit label-in-window: the event that gave the label is inside');
    const allowed = [...SMALL, '--allow', 'label-in-window', '--allow', 'separates-alone', '--json'];
    const all = (await run('train', 'events.parquet', '--config', 'window.yaml', ...allowed)).json();
    expect(all.warnings.join()).toContain('audit label-in-window, which was allowed');
  });

  it('tells equal samples of different labels, and the ceiling they set', async () => {
    config(
      'equal.yaml',
      'sample: { unit: session, maxSeconds: 0.5, history: false }\nlabel: { target: tries, when: { event.action: cowrie.login.* } }\ndata: { roles: { source_port: identifier, hour_sin: time, hour_cos: time } }\n',
    );
    const audit = (await run('audit', 'events.parquet', '--config', 'equal.yaml', '--json')).json();
    expect(audits(audit, 'conflicting-labels')).toMatchObject({
      verdict: 'warn',
      evidence: {
        words:
          '1 group of equal rows carries more than one label: no rule gets more than 400 of 600 rows right (0.6667)',
      },
    });
  });

  it('must be there for some of the samples', async () => {
    config('none.yaml', 'sample: { unit: event }\nlabel: { target: kind, field: label }\n');
    const none = await run('train', 'events.parquet', '--config', 'none.yaml', ...SMALL);
    expect(none.code).toBe(4);
    expect(none.stderr).toContain('none of the 2600 events of "events.parquet" has a label');
  });

  it('has the name of no rule that there is not', async () => {
    config('odd.yaml', 'sample: { unit: event }\nlabel: { target: kind, taxonomy: mitre }\n');
    const odd = await run('train', 'events.parquet', '--config', 'odd.yaml', ...SMALL);
    expect(odd.code).toBe(2);
    expect(odd.stderr).toContain(
      "label.taxonomy must be one of 'attack-technique', 'session-stage', got \"mitre\"",
    );
  });
});
