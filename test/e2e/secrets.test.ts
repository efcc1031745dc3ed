import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, scratch } from '../support/cli.js';

const MARKER = 'S3cr3tMarkerQx7';
const HEADER = 'timestamp,honeypot_type,event,source_ip,port,method,path,user_agent,level,data';

/** Forty events that all carry the marker as a password, in every place the schema has for one, and one that is malformed. */
function plantedCsv(): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 40 }, (_, i) => {
    const time = `2026-05-01T00:00:${String(i).padStart(2, '0')}Z`;
    return [
      `${time},ssh,login_attempt,192.0.2.1,2222,,,,WARN,${quoted(`{'username': 'root', 'password': '${MARKER}'}`)}`,
      `${time},ftp,command,192.0.2.2,,,,,INFO,${quoted(`{'command': 'PASS', 'arg': '${MARKER}'}`)}`,
      `${time},http,login_failed,192.0.2.3,8080,POST,/login?user=a&password=${MARKER},,ERROR,${quoted(`{'form': {'PassWord': '${MARKER}'}}`)}`,
      `${time},smtp,quit,192.0.2.4,,,,,INFO,`,
    ].join('\n');
  });
  const malformed = `2026-05-01T00:00:41Z,ssh,login_failed,192.0.2.1,2222,,,,WARN,${quoted(`{'password': '${MARKER}`)}`;
  return `${HEADER}\n${rows.join('\n')}\n${malformed}\n`;
}

/** Returns the files below a folder whose bytes hold the marker. */
function filesWithMarker(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name)).includes(MARKER));
}

describe('the text of a password', () => {
  const { folder: cwd, remove } = scratch();
  const outputs: string[] = [];
  const run = async (...args: string[]) => {
    const done = await phantomnet(args, { cwd });
    outputs.push(done.stdout, done.stderr);
    return done;
  };
  beforeAll(() => writeFileSync(join(cwd, 'planted.csv'), plantedCsv()));
  afterAll(remove);

  it('goes into no artifact, store, rejects file, report or message', async () => {
    const common = [
      'planted.csv',
      '--split',
      'stratified',
      '--allow',
      'separates-alone',
      '--max-rejects',
      '0.1',
      '--rejects',
      'rejects.jsonl',
      '--param',
      'nEstimators=5',
      '--cv',
      '2',
    ];
    const trained = await run('train', ...common, '--json');
    const { address } = trained.json().model;
    await run('train', ...common);
    await run('train', 'planted.csv', '--split', 'stratified');
    await run('predict', address, 'planted.csv', '--max-rejects', '0.1', '--json');
    await run('predict', address, 'planted.csv');
    await run('deploy', 'check', address, '--json');
    await run('runs', 'show', trained.json().runId);
    await run('compare', '--json');
    expect(readFileSync(join(cwd, 'rejects.jsonl'), 'utf8')).toContain('"column":"data"');
    expect(filesWithMarker(cwd)).toEqual(['planted.csv']);
    expect(outputs.filter((text) => text.includes(MARKER))).toEqual([]);
  });

  it('is kept only with --keep-secrets, so the search above can find it', async () => {
    const kept = await run(
      'train',
      'planted.csv',
      '--split',
      'stratified',
      '--allow',
      'separates-alone',
      '--max-rejects',
      '0.1',
      '--keep-secrets',
      '--param',
      'nEstimators=5',
      '--cv',
      '0',
      '--no-baselines',
      '--json',
    );
    expect(kept.code).toBe(0);
    expect(filesWithMarker(cwd).length).toBeGreaterThan(1);
  });
});
