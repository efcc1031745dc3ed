import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace, type PredictedEvent, predictFile } from '#src/pipeline/index.js';
import { cleanEnv, MAIN, phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { cowrieLog } from '../support/cowrie-log.js';
import { trainSmall } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const env = { XDG_CACHE_HOME: join(cwd, 'cache'), XDG_CONFIG_HOME: join(cwd, 'config') };
const run = (...args: string[]) => phantomnet(args, { cwd, env });
const inFolder = (name: string) => join(cwd, name);

/** Trains a small model on a log with these lines of a config file; returns its address. */
async function train(log: string, ...config: string[]): Promise<string> {
  writeFileSync(inFolder('made.yaml'), config.join('\n'));
  const small = ['--cv', '0', '--no-baselines', '--repeat', '3', '--param', 'nEstimators=10'];
  const allowed = ['label-in-window', 'separates-alone'].flatMap((name) => ['--allow', name]);
  const done = await run('train', log, '--config', 'made.yaml', ...small, ...allowed, '--json');
  // It may fail a gate: how good it is does not matter here.
  expect([0, 1], done.stderr).toContain(done.code);
  return done.json().model.address;
}

const EVENTS = [
  'sample: { unit: event }',
  'label: { target: login, field: event.outcome, classes: { success: in, failure: out } }',
  'features: { names: [source_index, source_age, source_gap, source_events_1d, session_gap] }',
];
const STAGES = [
  'sample: { unit: session, until: { event.action: [cowrie.login.*, cowrie.session.closed] } }',
  'label:',
  '  target: stage',
  '  taxonomy: session-stage',
  '  classes: { connect: scan, login-attempt: guessing, login: in, command: in, discovery: in }',
];

/** Predicts a log; returns the predictions and the closing note. */
async function predict(address: string, log: string, ...args: string[]) {
  const done = await run('predict', address, log, '--json', ...args);
  expect(done.code, done.stderr).toBe(0);
  expect(done.stderr).toMatch(/^ {2}read events +\d+\.\d s$/m);
  const lines = done.stdout.trim().split('\n');
  const events = lines.map((text) => JSON.parse(text) as PredictedEvent);
  return { events, note: done.stderr.trim().split('\n').at(-1)! };
}

/** The score of each line, of a log whose first line is line `from` of another. */
const scores = (events: readonly PredictedEvent[], from = 1) =>
  new Map(events.map(({ line, score, label }) => [line + from - 1, { score, label }]));

/** Cuts the lines of a log in two files and says where. */
function cut(text: string, at: number): { readonly first: string; readonly second: string } {
  const lines = text.trimEnd().split('\n');
  writeFileSync(inFolder('both.json'), text);
  writeFileSync(inFolder('day-1.json'), `${lines.slice(0, at).join('\n')}\n`);
  writeFileSync(inFolder('day-2.json'), `${lines.slice(at).join('\n')}\n`);
  return { first: 'day-1.json', second: 'day-2.json' };
}

/** Cut inside a session. */
const AT = 1302;

let ofEvents: string;
let ofSessions: string;
beforeAll(async () => {
  cut(cowrieLog({ scans: 200, guesses: 200, breakIns: 200 }), AT);
  ofEvents = await train('both.json', ...EVENTS);
  ofSessions = await train('both.json', ...STAGES);
});

describe('predict --state', () => {
  it('gives the events of the second log the scores that they have in one log with the first', async () => {
    const whole = scores((await predict(ofEvents, 'both.json')).events);
    const first = await predict(ofEvents, 'day-1.json', '--state', 'events.state');
    const second = await predict(ofEvents, 'day-2.json', '--state', 'events.state');
    const after = scores(second.events, AT + 1);
    expect(new Map([...scores(first.events), ...after])).toEqual(whole);
    expect(second.note).toBe('1298 events scored, 0 rows rejected, 0 too late to be put in order');
    // Without the state they have others: the test would see it.
    expect(scores((await predict(ofEvents, 'day-2.json')).events, AT + 1)).not.toEqual(after);
  });

  it('may come through a pipe', async () => {
    const log = inFolder('both.json');
    const piped = spawnSync(process.execPath, [MAIN, 'predict', ofSessions, '-', '--json'], {
      ...{ cwd, env: { ...cleanEnv(), ...env, TMPDIR: cwd }, encoding: 'utf8' as const },
      input: readFileSync(log),
    });
    expect(piped.status, piped.stderr).toBe(0);
    const { events } = await predict(ofSessions, 'both.json');
    const lines = piped.stdout.trim().split('\n');
    expect(lines.map((text) => JSON.parse(text).score)).toEqual(events.map(({ score }) => score));
    expect(JSON.parse(lines[0]!)).toMatchObject({ file: '-', line: events[0]!.line });
    expect(readdirSync(cwd).filter((name) => name.startsWith('phantomnet-'))).toEqual([]);
  });

  it('needs no temporary folder for a log that was read before, and says where there is none', async () => {
    const predictIn = (log: string) =>
      phantomnet(['predict', ofEvents, log], { cwd, env: { ...env, TMPDIR: inFolder('none') } });
    await predict(ofEvents, 'day-1.json');
    const known = await predictIn('day-1.json');
    expect([known.code, known.stderr]).toEqual([0, expect.stringContaining('1302 events scored')]);
    writeFileSync(inFolder('day-3.json'), `${readFileSync(inFolder('day-1.json'))}\n`);
    const other = await predictIn('day-3.json');
    expect(other.stderr).toContain(`error: no temporary folder can be made in "${inFolder('none')}"`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'of a pipe leaves nothing behind when %s ends it',
    async (signal) => {
      const temporary = inFolder(`tmp-${signal}`);
      mkdirSync(temporary);
      const args = ['predict', ofEvents, '-', '--state', inFolder('interrupted.state'), '--json'];
      const child = spawn(process.execPath, [MAIN, ...args], {
        ...{ cwd, env: { ...cleanEnv(), ...env, TMPDIR: temporary } },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const closed = once(child, 'close');
      child.stdin.on('error', () => undefined);
      const lines = readFileSync(inFolder('both.json'));
      const isWriting = () => readdirSync(temporary).some((name) => name.startsWith('phantomnet-ingest-'));
      child.stdin.write(lines);
      while (!isWriting()) {
        expect(child.exitCode, stderr).toBeNull();
        await delay(5);
      }
      child.kill(signal);
      expect(await closed).toEqual([130, null]);
      expect(stderr).toContain(`"code":"CANCELLED","message":"interrupted by ${signal}"`);
      expect([readdirSync(temporary), existsSync(inFolder('interrupted.state'))]).toEqual([[], false]);
    },
  );

  it('scores each session once, in the log where it begins', async () => {
    const whole = scores((await predict(ofSessions, 'both.json')).events);
    const first = await predict(ofSessions, 'day-1.json', '--state', 'sessions.state');
    const second = await predict(ofSessions, 'day-2.json', '--state', 'sessions.state');
    expect(second.note).toMatch(/ in order; 1 sessions began in an earlier file and were scored with it$/);
    expect(first.events.length + second.events.length).toBe(600);
    const after = scores(second.events, AT + 1);
    expect(after).toEqual(new Map([...whole].filter(([line]) => line > AT)));
    expect(scores((await predict(ofSessions, 'day-2.json')).events, AT + 1).size).toBe(after.size + 1);
  });

  it('marks and counts events that come too late, in both forms of the output', async () => {
    rmSync(inFolder('events.state'));
    await predict(ofEvents, 'day-2.json', '--state', 'events.state');
    const before = readFileSync(inFolder('events.state'));
    const { events, note } = await predict(ofEvents, 'day-1.json', '--state', 'events.state');
    expect(note).toBe('1302 events scored, 0 rows rejected, 1302 too late to be put in order');
    expect(events.every(({ late }) => late === true)).toBe(true);
    writeFileSync(inFolder('events.state'), before);
    const text = await run('predict', ofEvents, 'day-1.json', '--state', 'events.state');
    expect(text.stdout.split('\n')[0]).toMatch(/^day-1\.json:1\t.*\tlate$/);
  });

  it('says the same with several threads and with the config file', async () => {
    rmSync(inFolder('events.state'));
    await predict(ofEvents, 'day-1.json', '--state', 'events.state');
    const before = readFileSync(inFolder('events.state'));
    const one = await predict(ofEvents, 'day-2.json', '--state', 'events.state');
    const after = readFileSync(inFolder('events.state'));
    writeFileSync(inFolder('events.state'), before);
    writeFileSync(inFolder('state.yaml'), 'predict: { state: events.state, threads: 2 }\n');
    expect(await predict(ofEvents, 'day-2.json', '--config', 'state.yaml')).toEqual(one);
    expect(readFileSync(inFolder('events.state'))).toEqual(after);
  });
});

describe('the file of a state', () => {
  it.each(['there', 'not there'])(
    'is left to the run that wrote it meanwhile, where it was %s',
    async (was) => {
      const state = inFolder(`shared-${was}.state`);
      if (was === 'there') await predict(ofEvents, 'day-1.json', '--state', state);
      const workspace = await openWorkspace({ uri: `sqlite:///${inFolder('phantomnet.db')}` });
      const data = { path: inFolder('day-2.json'), maxRejects: 0, keepSecrets: false };
      const slow = predictFile(workspace, ofEvents, { data, state });
      expect((await slow.next()).done).toBe(false);
      await predict(ofEvents, was === 'there' ? 'day-2.json' : 'day-1.json', '--state', state);
      const written = readFileSync(state);
      const rest = async () => {
        while (!(await slow.next()).done);
      };
      await expect(rest()).rejects.toMatchObject({
        code: 'CONFLICT',
        message: `--state: ${JSON.stringify(state)} was written by another run meanwhile, and stays as that one left it`,
      });
      expect(readFileSync(state)).toEqual(written);
      await workspace.close();
    },
  );

  const refused = async (code: number, address: string, ...args: string[]) => {
    const before = existsSync(inFolder('own.state')) ? readFileSync(inFolder('own.state')) : undefined;
    const done = await run('predict', address, 'day-1.json', '--state', ...args);
    expect([done.code, done.stdout]).toEqual([code, '']);
    if (before !== undefined) expect(readFileSync(inFolder('own.state'))).toEqual(before);
    return done.stderr;
  };

  it('is refused of another model, damaged, as a folder and in none, before anything is scored', async () => {
    await predict(ofEvents, 'day-1.json', '--state', 'own.state');
    const other = await refused(2, ofSessions, 'own.state');
    expect(other).toContain(
      'error: "own.state": the state is of other samples: sample.unit is "event" there, "session" of the model',
    );
    expect(other).toMatch(/help: name the state of this model/);
    const whole = readFileSync(inFolder('own.state'));
    const broken = whole.map((byte, i) => (i === whole.length - 1 ? byte ^ 1 : byte));
    writeFileSync(inFolder('own.state'), broken);
    expect(await refused(5, ofEvents, 'own.state')).toContain('history state is damaged: its checksum');
    writeFileSync(inFolder('own.state'), '');
    expect(await refused(5, ofEvents, 'own.state')).toContain('it has 0 bytes, a state has more');
    rmSync(inFolder('own.state'));
    expect(await refused(2, ofEvents, '.')).toContain('. is a folder');
    expect(await refused(3, ofEvents, 'nowhere/own.state')).toContain('nowhere/own.state cannot be opened');
  });

  it('is refused for models that know nothing of what came before', async () => {
    const { model } = await trainSmall(cwd, ['--features', 'payload_length']);
    const rows = await phantomnet(['predict', model.address, SAMPLE, '--state', 'own.state'], { cwd });
    expect([rows.code, rows.stdout]).toEqual([2, '']);
    expect(rows.stderr).toContain(`--state: ${model.address} scores each row by itself`);
    const alone = await train('both.json', 'sample: { unit: event, history: false }', EVENTS[1]!);
    expect(await refused(2, alone, 'own.state')).toContain('was trained with sample.history: false');
    expect(existsSync(inFolder('own.state'))).toBe(false);
  });

  it('stays as it was when a run fails, is left by its reader, or its output is not taken', async () => {
    await predict(ofEvents, 'day-1.json', '--state', 'own.state');
    const before = readFileSync(inFolder('own.state'));
    const state = inFolder('own.state');
    const lines = readFileSync(inFolder('day-2.json'), 'utf8').split('\n');
    writeFileSync(inFolder('half.json'), lines.map((line, i) => (i % 3 === 0 ? line : '{')).join('\n'));
    expect((await run('predict', ofEvents, 'half.json', '--state', state)).code).toBe(4);
    expect(readFileSync(state)).toEqual(before);
    const full = spawnSync(
      'bash',
      [
        '-c',
        `"${process.execPath}" "${MAIN}" predict "${ofEvents}" day-2.json --state "${state}" > /dev/full`,
      ],
      { cwd, env: { ...cleanEnv(), ...env }, encoding: 'utf8' },
    );
    expect([full.status, full.stderr]).toEqual([6, expect.stringContaining('cannot be written to stdout')]);
    expect(readFileSync(state)).toEqual(before);
    const workspace = await openWorkspace({ uri: `sqlite:///${inFolder('phantomnet.db')}` });
    const data = { path: inFolder('day-2.json'), maxRejects: 0.5, keepSecrets: false };
    const told: number[] = [];
    const onRead = (count: number) => void told.push(count);
    for await (const batch of predictFile(workspace, ofEvents, { data, state, onRead })) {
      expect(batch.length).toBe(1298);
      break;
    }
    expect(told.at(-1)).toBe(1298);
    expect(readFileSync(state)).toEqual(before);
    await workspace.close();
    expect(readdirSync(cwd).filter((name) => name.includes('.partial'))).toEqual([]);
  });
});

const COWRIE = resolve('../shared/data/cowrie');
const absent = !existsSync(COWRIE);
if (absent) console.warn(`skipped: ${COWRIE} is not here`);

describe.skipIf(absent)('two days of a real log', () => {
  it.each(['events', 'sessions'])(
    'of %s have the scores of one log',
    async (unit) => {
      const address = unit === 'events' ? ofEvents : ofSessions;
      const text = ['05-19', '05-20'].map((day) =>
        gunzipSync(readFileSync(join(COWRIE, `cowrie.json.2018-${day}.gz`))).toString(),
      );
      const at = text[0]!.trimEnd().split('\n').length;
      cut(text.map((day) => `${day.trimEnd()}\n`).join(''), at);
      const whole = scores((await predict(address, 'both.json')).events);
      const state = ['--state', 'real.state'];
      await predict(address, 'day-1.json', ...state);
      const second = await predict(address, 'day-2.json', ...state);
      expect(second.events.length).toBeGreaterThan(100);
      expect(second.events.filter(({ late }) => late === true)).toEqual([]);
      expect(scores(second.events, at + 1)).toEqual(new Map([...whole].filter(([line]) => line > at)));
      rmSync(inFolder('real.state'));
    },
    300_000,
  );
});
