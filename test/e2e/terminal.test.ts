import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnv, MAIN, phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn, trainSmall } from '../support/trained.js';

const has = (command: string) => spawnSync(command, ['--version']).error === undefined;
const { folder: cwd, remove } = scratch();
const ask = jsonIn(cwd);
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
let one: any, all: any;
beforeAll(async () => {
  one = await trainSmall(cwd, [
    '--features',
    'payload_length',
    '--run-name',
    'one',
    '--baselines',
    'majority',
  ]);
  all = await trainSmall(cwd, ['--run-name', 'all']);
});
afterAll(remove);

describe('evaluate and benchmark', () => {
  it('say how right a detector is on a file, as JSON and as text', async () => {
    const { metrics, confusionMatrix, nSamples, data } = (
      await ask('evaluate', all.model.address, SAMPLE)
    ).json();
    const [[tn, fp], [fn, tp]] = confusionMatrix;
    expect(tn + fp + fn + tp).toBe(nSamples);
    expect(nSamples).toBe(all.data.rows);
    expect(metrics.accuracy).toBeCloseTo((tn + tp) / nSamples, 12);
    expect(metrics.recallBinary).toBeCloseTo(tp / (tp + fn), 12);
    expect(data.digest).toBe(all.data.digest);
    const text = await phantomnet(['evaluate', all.model.address, SAMPLE], { cwd });
    expect(text.stdout).toMatch(/^warning: the model was trained on rows of this very file, .*\nmodel /);
    expect(text.stdout).toMatch(/^accuracy +\.9\d{3} \[\.\d{4}, \.\d{4}\]$/m);
    expect(text.stdout).toMatch(new RegExp(`true . predicted +0 +1\n0 +${tn} +${fp}\n1 +${fn} +${tp}\n`));
  });

  it('time it against a limit, with exit code 1 beyond it', async () => {
    const timed = await ask('benchmark', one.model.address, SAMPLE, '--repeat', '7');
    expect(timed.code).toBe(0);
    expect(timed.json()).toMatchObject({ passed: true, limitMs: 100, single: { calls: 7 } });
    const { minMs, p50Ms, p95Ms, p99Ms, maxMs } = timed.json().single;
    expect([minMs, p50Ms, p95Ms, p99Ms, maxMs].toSorted((a, b) => a - b)).toEqual([
      minMs,
      p50Ms,
      p95Ms,
      p99Ms,
      maxMs,
    ]);
    expect(timed.json().machine.nodeVersion).toMatch(/^v?\d+\./);
    const slow = await phantomnet(
      ['benchmark', one.model.address, SAMPLE, '--repeat', '2', '--max-latency-ms', '0.000001'],
      { cwd },
    );
    expect(slow.code).toBe(1);
    expect(slow.stdout).toMatch(/^FAILED: mean of one event .*, limit 0\.000001 ms$/m);
  });

  it('do not know a limit or repeat that is none', async () => {
    const wrong = await phantomnet(['benchmark', one.model.address, SAMPLE, '--repeat', '0'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('a whole number of at least 1')]);
  });
});

describe('deploy check', () => {
  it('ends with 1 when a check fails alone, and says which', async () => {
    const input = ['--input', '[{"payload_length": 120}]'];
    const cases: [string[], string, string | RegExp][] = [
      [[...input, '--expect', '[1]'], 'sanity', 'predicted [0], expected [1]'],
      [['--max-latency-ms', '0.000001', '--repeat', '2'], 'latency', /limit 0\.000001 ms$/],
    ];
    for (const [args, name, detail] of cases) {
      const done = await ask('deploy', 'check', one.model.address, ...args);
      expect(done.code).toBe(1);
      expect(done.json().passed).toBe(false);
      expect(done.json().checks.filter((c: { passed: boolean }) => !c.passed)).toEqual(
        [{ name, passed: false, detail: expect.stringMatching(detail) }].map((check) =>
          typeof detail === 'string' ? { ...check, detail } : check,
        ),
      );
    }
  });

  it('names row and field of mixed, incomplete and unknown input', async () => {
    const cases: [string, RegExp][] = [
      ['[{"payload_length": 1}, {}]', /row 1: field "payload_length" is missing/],
      ['[{"payload_lenght": 1}]', /row 0: unknown field "payload_lenght"/],
      ['[{"payload_length": 1}, {"event": "x", "data": ""}]', /row 1: field "event" makes it one of events/],
    ];
    for (const [input, message] of cases) {
      const done = await phantomnet(['deploy', 'check', one.model.address, '--input', input], { cwd });
      expect(done.code).toBe(1);
      expect(done.stdout).toMatch(message);
    }
  });
});

describe('compare', () => {
  it('marks the best and tests against a chosen run, in every form', async () => {
    const table = (await ask('compare', '--against', 'one')).json();
    expect(table.against).toEqual({ id: one.runId, name: 'one' });
    const best = table.rows.filter((r: { cells: { accuracy: { best: boolean } } }) => r.cells.accuracy.best);
    expect(best.map((r: { name: string }) => r.name)).toEqual(['all']);
    const form = async (as: string) =>
      (await phantomnet(['compare', '--against', 'one', '--as', as], { cwd })).stdout;
    expect(JSON.parse(await form('json'))).toEqual(table);
    const rows = parse(await form('csv'), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row['name']).sort()).toEqual(['all', 'majority', 'one']);
    const row = rows.find((r) => r['name'] === 'all')!;
    expect(Number(row['accuracy'])).toBe(all.metrics.accuracy);
    expect(Number(row['bootstrapPValue'])).toBeLessThan(0.001);
    expect(rows.find((r) => r['name'] === 'one')!['bootstrapPValue']).toBe('');
    const markdown = (await form('markdown')).split('\n');
    expect(markdown[0]).toBe('| name | accuracy | precision | recall | F1 | AUC | ms |');
    expect(markdown).toContain('| name | metric | difference | p | Holm | verdict | test |');
    expect(markdown.find((line) => line.startsWith('| all |'))).toMatch(/^\| all \| \*\*\.9\d\d \[/);
    const text = await form('text');
    expect(text).toContain('\nAgainst one\n');
    expect(text).toMatch(/^all\n {2}F1 +\+\.\d{3} .* better +bootstrap\n/m);
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('compares only the named runs, and knows the others by name in its help', async () => {
    const two = (await ask('compare', '--runs', `${one.runId}, ${all.runId}`)).json();
    expect(two.rows.map((r: { name: string }) => r.name)).toEqual(['one', 'all']);
    const wrong = await phantomnet(['compare', '--against', 'nobody'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([
      3,
      expect.stringMatching(/--against: none .* "nobody"\nhelp: .*\bone\b/),
    ]);
  });
});

describe('doctor', () => {
  it('passes where everything is there', async () => {
    const done = await ask('doctor');
    expect(done.code).toBe(0);
    expect(done.json().checks.map((c: { name: string; passed: boolean }) => [c.name, c.passed])).toEqual(
      ['node', 'store', 'registry', 'parquet reader'].map((name) => [name, true]),
    );
  });

  it('fails, and says which file and why, where the database is broken', async () => {
    const folder = join(cwd, 'broken');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'phantomnet.db'),
      'this is no database, but long enough to look at '.repeat(50),
    );
    const done = await phantomnet(['doctor'], { cwd: folder });
    expect(done.code).toBe(1);
    expect(done.stdout).toMatch(/^FAIL {2}store .*phantomnet\.db/m);
    expect(done.stdout).toMatch(/^pass {2}node /m);
    const listed = await phantomnet(['runs', 'list'], { cwd: folder });
    expect(listed.code).toBe(5);
    expect(listed.stderr).toMatch(/error: .*phantomnet\.db.*\n(why: .*\n)?help: /);
  });
});

describe('stdout and stderr', () => {
  it('hold one JSON value under --json, and messages', async () => {
    const commands = [
      ['runs', 'list'],
      ['runs', 'show', one.runId],
      ['models', 'list'],
      ['compare'],
      ['gc'],
      ['doctor'],
      ['evaluate', one.model.address, SAMPLE],
      ['deploy', 'check', one.model.address],
    ];
    for (const command of commands) {
      const done = await ask(...command);
      expect(done.stdout.endsWith('\n'), command.join(' ')).toBe(true);
      expect(done.stdout.trimEnd().split('\n'), command.join(' ')).toHaveLength(1);
      expect(typeof done.json()).toBe('object');
    }
    expect((await ask('runs', 'show', 'f'.repeat(32))).stdout).toBe('');
  });

  const ESCAPE = '\u001b';
  const inTerminal = (command: string, env: Record<string, string> = {}) =>
    spawnSync('script', ['-qec', `"${process.execPath}" "${MAIN}" ${command}`, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      env: { ...cleanEnv(), TERM: 'xterm', ...env },
    });
  const train = `train "${SAMPLE}" --split stratified --param nEstimators=300 --cv 3 --no-baselines`;
  const canScript = has('script');
  if (!canScript) console.log('skipped: progress on a terminal, because there is no script command');

  it.skipIf(!canScript)('redraw progress on a terminal', () => {
    const { stdout, status } = inTerminal(train);
    expect(status).toBe(0);
    expect(stdout).toContain(`\r${ESCAPE}[2K  cross-validate`);
    expect(stdout).toMatch(/ … \d+\/(3|300)/);
    // What stays on the screen is what a log would show.
    expect(stdout).toMatch(/\[2K {2}train random-forest +\d+\.\d s {2}4000 rows, 26 features\r?\n/);
  });

  it.skipIf(!canScript)('begin a line for an error', () => {
    writeFileSync(join(cwd, 'none.log'), '{"eventid": "cowrie.session.connect"}\n');
    const { stdout, status } = inTerminal('ingest none.log --source cowrie --out none.parquet');
    expect(status).toBe(4);
    expect(stdout).toContain(`\r${ESCAPE}[2Kerror: `);
  });

  it.skipIf(!canScript)('hold no escape under NO_COLOR and --no-color, on a terminal too', () => {
    for (const done of [inTerminal(train, { NO_COLOR: '1' }), inTerminal(`${train} --no-color`)]) {
      expect(done.status).toBe(0);
      expect(done.stdout).not.toContain(ESCAPE);
      expect(done.stdout).toContain('cross-validate');
    }
    expect(inTerminal('compare').stdout).toContain(ESCAPE);
    expect(inTerminal('compare', { NO_COLOR: '1' }).stdout).not.toContain(ESCAPE);
  });

  const narrow = (command: string) => {
    const sized = `stty cols 80; "${process.execPath}" "${MAIN}" ${command}`;
    const done = spawnSync('script', ['-qec', sized, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      env: { ...cleanEnv(), TERM: 'xterm', NO_COLOR: '1' },
    });
    // Under npx the commands to copy begin with it.
    return done.stdout.replaceAll('\r', '').replaceAll('npx ', '').trimEnd().split('\n');
  };

  it.skipIf(!canScript)('wrap at words in a terminal, and say what to do next', () => {
    const lines = narrow(`${train} --run-name wrapped`);
    const { length } = 'warning: audit exact-duplicates: ';
    const warning = lines.findIndex((line) => line.startsWith('warning: audit exact-duplicates: '));
    expect(lines[warning]!.length).toBeGreaterThan(length + 20);
    expect(lines[warning + 1]).toMatch(/^ {2}[\w(]/);
    const runId = /runs:\/([0-9a-f]{32})\/model/.exec(lines.join('\n'))![1]!;
    expect(lines.slice(-3)).toEqual([
      'Next:',
      `  phantomnet report ${runId} --out report.html`,
      `  phantomnet models register My_Detector --run ${runId}`,
    ]);
    expect(lines.slice(0, -3).filter((line) => line.length > 80)).toEqual([]);
  });

  it.skipIf(!canScript)('list runs in 80 columns, with ids that are cut to what commands take', async () => {
    const lines = narrow('runs list --children');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const [short] = lines.find((line) => / majority /.test(line))!.split(' ');
    expect(short).toMatch(/^[0-9a-f]{12}$/);
    expect((await ask('runs', 'show', short!)).json().runName).toBe('majority');
    const piped = await phantomnet(['runs', 'list'], { cwd });
    expect(piped.stdout).toMatch(/^[0-9a-f]{32} {2}all /m);
    expect(piped.stdout).not.toContain('majority');
    expect(piped.stderr).toContain('are left out: see them with --children\n');
  });

  it('say which run a model was registered from, where none was named', async () => {
    const made = await phantomnet(['models', 'register', 'Newest'], { cwd });
    expect(made.stderr).toBe('this is the newest finished run of the experiment: --run takes another one\n');
    expect((await phantomnet(['models', 'register', 'Named', '--run', 'one'], { cwd })).stderr).toBe('');
  });

  it('hold no escape where there is no terminal, and under --quiet nothing but errors', async () => {
    const done = await phantomnet(['compare'], { cwd });
    expect(done.stdout + done.stderr).not.toContain(ESCAPE);
    const quiet = await phantomnet(['evaluate', one.model.address, SAMPLE, '--quiet'], { cwd });
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
    expect((await phantomnet(['runs', 'show', 'no run', '--quiet'], { cwd })).stderr).toContain('error:');
  });
});

describe('completion in a real shell', () => {
  const bin = join(cwd, 'bin');
  beforeAll(() => {
    mkdirSync(bin);
    writeFileSync(join(bin, 'phantomnet'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(join(bin, 'phantomnet'), 0o755);
  });
  const env = () => ({ ...cleanEnv(), PATH: `${bin}:${process.env['PATH']}` });
  const complete = (...words: string[]) => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const script = `source <(phantomnet completion bash); COMP_WORDS=(phantomnet ${typed}); COMP_CWORD=${words.length}; _phantomnet; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p phantomnet`;
    const done = spawnSync('bash', ['-c', script], { cwd, env: env(), encoding: 'utf8' });
    expect(done.stderr).toBe('');
    const lines = done.stdout.trim().split('\n');
    expect(lines.pop()).toBe('complete -F _phantomnet phantomnet');
    return lines;
  };

  it.skipIf(!has('bash'))('offers commands, flags, choices and files in bash', () => {
    expect(complete('mod')).toEqual(['models']);
    expect(complete('models', 'del')).toEqual(['delete-version']);
    expect(complete('train', '--cv')).toEqual(['--cv', '--cv-method', '--cv-on', '--cv-repeats']);
    expect(complete('train', '--split', 's')).toEqual(['stratified-group', 'stratified']);
    expect(complete('train', 'phantomnet.d')).toEqual(['phantomnet.db']);
  });

  it('offers commands and choices in fish, where there is one', () => {
    if (!has('fish')) return console.log('skipped: no fish to run its completion script');
    const offered = (line: string): string[] => {
      const script = `phantomnet completion fish | source; complete -C '${line}'`;
      const done = spawnSync('fish', ['-c', script], { cwd, env: env(), encoding: 'utf8' });
      return done.stdout.trim().split('\n');
    };
    expect(offered('phantomnet mod')).toEqual(['models']);
    expect(offered('phantomnet train --split ')).toEqual(
      expect.arrayContaining(['random', 'stratified', 'time']),
    );
  });

  it('offers commands in zsh, where there is one', () => {
    if (!has('zsh')) return console.log('skipped: no zsh to run its completion script');
    // Outside of line editing compadd cannot run: what it would be given is printed instead.
    const script =
      'compdef() { :; }; compadd() { print -l -- $found; }; source <(phantomnet completion zsh); words=(phantomnet models st); CURRENT=3; _phantomnet';
    const done = spawnSync('zsh', ['-fc', script], { cwd, env: env(), encoding: 'utf8' });
    expect([done.stdout.trim(), done.stderr]).toEqual(['stage', '']);
  });
});
