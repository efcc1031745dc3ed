import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { trainSmall } from '../support/trained.js';

const HEADER = 'timestamp,honeypot_type,event,source_ip,port,method,path,user_agent,level,data';
const row = (data: string): string => `2026-05-01T00:00:00Z,ssh,,192.0.2.1,22,,,,INFO,${data}`;

describe('predict', () => {
  const { folder: cwd, remove } = scratch();
  let address: string;
  beforeAll(async () => {
    const trained = await phantomnet(
      [
        'train',
        SAMPLE,
        '--split',
        'stratified',
        '--param',
        'nEstimators=20',
        '--cv',
        '0',
        '--no-baselines',
        '--json',
      ],
      { cwd },
    );
    address = trained.json().model.address;
  });
  afterAll(remove);

  it('writes one line an event, with file, line, label, score, threshold and model', async () => {
    const out = await phantomnet(['predict', address, SAMPLE, '--json'], { cwd });
    expect(out.code).toBe(0);
    const lines = out.stdout.trim().split('\n');
    const first = JSON.parse(lines[0]!);
    expect(first).toMatchObject({ file: SAMPLE, line: 2, threshold: 0.5, model: address });
    expect([0, 1]).toContain(first.label);
    expect(first.label).toBe(first.score > 0.5 ? 1 : 0);
    expect(out.stderr).toContain(`${lines.length} events scored, 0 rows rejected`);
  });

  it('reads standard input, and needs no event column to score', async () => {
    const input = `${HEADER}\n${row(`"{'username': 'root'}"`)}\n`;
    const out = await phantomnet(['predict', address, '-', '--json'], { cwd, input });
    expect(out.code).toBe(0);
    expect(JSON.parse(out.stdout)).toMatchObject({ file: '-', line: 2 });
  });

  it('counts at its end what training never saw', async () => {
    const input = `${HEADER}\n${row('').replace(',ssh,', ',gopher,')}\n${row('')}\n`;
    const out = await phantomnet(['predict', address, '-'], { cwd, input });
    expect([out.code, out.stdout.trim().split('\n').length]).toEqual([0, 2]);
    expect(out.stderr).toMatch(
      /^2 events scored, 0 rows rejected\nwarning: unseen categories in the 2 rows: .*protocol 1 \(50\.0 %, read as missing\)/m,
    );
    expect(out.stderr).not.toContain('gopher');
  });

  it('scores an event the same from CSV and from JSON lines', async () => {
    const json = JSON.stringify({
      honeypot_type: 'ssh',
      port: 22,
      level: 'INFO',
      data: { username: 'root' },
    });
    const csv = await phantomnet(['predict', address, '-', '--format', 'csv', '--json'], {
      cwd,
      input: `${HEADER}\n${row(`"{'username': 'root'}"`)}\n`,
    });
    const jsonl = await phantomnet(['predict', address, '-', '--format', 'jsonl', '--json'], {
      cwd,
      input: `${json}\n`,
    });
    expect(JSON.parse(jsonl.stdout).score).toBe(JSON.parse(csv.stdout).score);
  });

  it('names events by a column with --id, and says which columns there are', async () => {
    const input = `${HEADER}\n${row('')}\n`;
    const out = await phantomnet(['predict', address, '-', '--id', 'source_ip', '--json'], { cwd, input });
    expect(JSON.parse(out.stdout).id).toBe('192.0.2.1');
    const form = await phantomnet(['predict', address, '-', '--id', 'source.ip', '--json'], { cwd, input });
    expect(form.stdout).toBe(out.stdout);
    const wrong = await phantomnet(['predict', address, '-', '--id', 'nope'], { cwd, input });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain('--id: no column "nope"');
    expect(wrong.stderr).toContain('help: choose one of @timestamp, network.protocol');
    const near = await phantomnet(['predict', address, '-', '--id', 'source.pi'], { cwd, input });
    expect(near.stderr).toContain("help: did you mean 'source.ip'?");
  });

  it('sends rejects where training sends them, and fails beyond --max-rejects after scoring the rest', async () => {
    const file = join(cwd, 'broken.csv');
    writeFileSync(file, `${HEADER}\n${row('')}\n${row("{'cut")}\n${row('')}\n`);
    const strict = await phantomnet(['predict', address, file], { cwd });
    expect(strict.code).toBe(4);
    expect(strict.stderr).toMatch(/error: .*1 of 3 rows rejected/);
    expect(strict.stderr).toMatch(/line 3, column "data"/);
    const rejects = join(cwd, 'rejects.jsonl');
    const lenient = await phantomnet(
      ['predict', address, file, '--json', '--max-rejects', '0.5', '--rejects', rejects],
      { cwd },
    );
    expect(lenient.code).toBe(0);
    expect(lenient.stdout.trim().split('\n')).toHaveLength(2);
    expect(lenient.stderr).toContain('2 events scored, 1 rows rejected');
  });

  it('writes the same bits with several threads', async () => {
    const many = ['--features', 'payload_length,protocol', '--param', 'nEstimators=500'];
    const { model } = await trainSmall(cwd, [...many, '--param', 'maxDepth=6']);
    const [head, ...rows] = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const file = join(cwd, 'large.csv');
    // 25,005 rows × 500 trees: enough for four threads.
    writeFileSync(file, [head, ...rows, ...rows, ...rows, ...rows, ...rows, ''].join('\n'));
    const score = (...args: string[]) =>
      phantomnet(['predict', model.address, file, '--json', ...args], { cwd });
    const [one, three] = [await score(), await score('--threads', '3')];
    expect(one.stdout.trim().split('\n')).toHaveLength(5 * rows.length);
    expect(three).toMatchObject({ code: 0, stderr: one.stderr });
    expect(three.stdout).toBe(one.stdout);
    writeFileSync(join(cwd, 'phantomnet.config.yaml'), 'predict: {threads: 2}\n');
    expect((await score()).stdout).toBe(one.stdout);
    rmSync(join(cwd, 'phantomnet.config.yaml'));
  });

  it('scores what came before an error with several threads too', async () => {
    const file = join(cwd, 'broken.csv');
    writeFileSync(file, `${HEADER}\n${row('')}\n${row("{'cut")}\n${row('')}\n`);
    const one = await phantomnet(['predict', address, file], { cwd });
    const two = await phantomnet(['predict', address, file, '--threads', '2'], { cwd });
    expect(two).toMatchObject({ code: 4, stdout: one.stdout, stderr: one.stderr });
    expect(two.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('takes --threads for any model, and no number below 1', async () => {
    const majority = ['--estimator', 'majority', '--cv', '0', '--no-baselines', '--json'];
    const { model } = (await phantomnet(['train', SAMPLE, ...majority], { cwd })).json();
    const scored = await phantomnet(['predict', model.address, SAMPLE, '--threads', '2'], { cwd });
    expect(scored.stderr).toContain('5001 events scored');
    const wrong = await phantomnet(['predict', address, SAMPLE, '--threads', '0'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('a whole number of at least 1')]);
  });

  it('ends quietly when the reader leaves', async () => {
    const { spawnSync } = await import('node:child_process');
    const { MAIN, cleanEnv } = await import('../support/cli.js');
    const piped = spawnSync(
      'bash',
      [
        '-o',
        'pipefail',
        '-c',
        `"${process.execPath}" "${MAIN}" predict "${address}" "${SAMPLE}" --quiet | head -n 1`,
      ],
      { cwd, env: cleanEnv(), encoding: 'utf8' },
    );
    expect(piped.stderr).toBe('');
    expect(piped.stdout.split('\n')).toHaveLength(2);
  });
});
