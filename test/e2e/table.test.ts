import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomnet, SAMPLE, scratch } from '../support/cli.js';
import { jsonIn } from '../support/trained.js';

const { folder: cwd, remove } = scratch();
afterAll(remove);
const ask = jsonIn(cwd);
const TABLE = ['--format', 'table'];
const SMALL = ['--param', 'nEstimators=10', '--cv', '0', '--no-baselines', '--repeat', '3'];

/** Rows whose label leans on two columns and on chance; honeypot_type is a column of raw events too. */
function rows(count: number, start: number): string {
  const made = Array.from({ length: count }, (_, k) => {
    const i = k + start;
    const noise = (i * 7919) % 100;
    const bad = noise < 50 ? 1 : 0;
    const size = i % 11 === 0 ? '' : String(100 + bad * 60 + ((i * 31) % 97));
    const kind = ['ssh', 'http', 'ftp'][(i * 13 + bad) % 3];
    return `2026-01-01T00:00:${String(i % 60).padStart(2, '0')}Z,10.0.0.${i % 50},${kind},${size},${i / 7},${bad}`;
  });
  return `timestamp,src_ip,honeypot_type,size,drift,bad\n${made.join('\n')}\n`;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
let made: any;
beforeAll(async () => {
  writeFileSync(join(cwd, 'rows.csv.gz'), gzipSync(rows(600, 0)));
  writeFileSync(join(cwd, 'new.csv'), rows(100, 600));
  const done = await ask(
    'train',
    'rows.csv.gz',
    ...TABLE,
    '--label',
    'bad',
    '--split',
    'stratified',
    ...SMALL,
  );
  expect(done.stderr).not.toContain('error:');
  made = done.json();
});

describe('a model of rows of any columns', () => {
  it('is trained on the columns that are features, and says which are none', () => {
    expect(made).toMatchObject({
      classes: [0, 1],
      features: ['honeypot_type', 'size', 'drift'],
      label: 'bad',
    });
    expect(made.warnings).toContain(
      'columns that are no features: timestamp (its name is that of a time), src_ip (its name is that of an id or address)',
    );
    expect(made.warnings).toContain('rows.csv.gz: missing values: size 55');
  });

  it('is checked with its own example, predicts and is evaluated on such rows', async () => {
    expect((await ask('deploy', 'check', made.model.address, '--repeat', '3')).json().passed).toBe(true);
    const asked = await ask('predict', made.model.address, 'new.csv', ...TABLE, '--id', 'src_ip');
    const lines = asked.stdout.trim().split('\n');
    expect(lines).toHaveLength(100);
    expect(JSON.parse(lines[0]!)).toMatchObject({ file: 'new.csv', line: 2, id: '10.0.0.0' });
    const scored = (await ask('evaluate', made.model.address, 'new.csv', ...TABLE, '--label', 'bad')).json();
    const right = lines.filter(
      (line, i) => JSON.parse(line).label === Number(rows(100, 600).split('\n')[i + 1]!.at(-1)),
    );
    expect(scored.metrics.accuracy).toBeCloseTo(right.length / 100, 12);
  });

  it('reads a file by the types of its training file', async () => {
    const bare = rows(6, 0)
      .replaceAll(/,(ssh|http|ftp),/g, ',22,')
      .replaceAll(/,\d*,([\d.]+,[01])$/gm, ',,$1');
    writeFileSync(join(cwd, 'bare.csv'), bare);
    const done = await ask('predict', made.model.address, 'bare.csv', ...TABLE);
    expect([done.code, done.stdout.trim().split('\n').length]).toEqual([0, 6]);
    const other = await phantomnet(['predict', made.model.address, SAMPLE, ...TABLE], { cwd });
    expect([other.code, other.stderr]).toEqual([4, expect.stringContaining('no column "size"')]);
  });

  it('takes a test file, roles and a config', async () => {
    writeFileSync(
      join(cwd, 'config.yaml'),
      'data: { format: table, test: new.csv, roles: { drift: outcome } }\nlabel: { target: bad }\n',
    );
    const byFile = (await ask('train', 'rows.csv.gz', ...SMALL, '--config', 'config.yaml')).json();
    expect(byFile).toMatchObject({
      features: ['honeypot_type', 'size'],
      split: { method: 'file', nTest: 100 },
    });
    const flags = [...TABLE, '--test', 'new.csv', '--label', 'bad', '--role', 'drift=outcome'];
    const byFlag = (await ask('train', 'rows.csv.gz', ...flags, ...SMALL)).json();
    expect(byFlag.model.modelDigest).toBe(byFile.model.modelDigest);
  });

  it.each([
    [['--label', 'bda'], 3, 'no column "bda" in rows.csv.gz'],
    [['--label', 'drift'], 4, 'holds numbers such as'],
    [[], 3, 'no column "is_attack"'],
    [['--label', 'bad', '--features', 'src_ip'], 2, 'cannot be a feature: it says who or where'],
    [['--label', 'bad', '--features', 'bad'], 2, 'cannot be a feature: it defines the label'],
    [['--label', 'bad', '--role', 'size=odd'], 2, "--role size must be one of 'feature', 'label-defining'"],
    [['--label', 'bad', '--attack-events', 'x'], 2, 'table rows are no events'],
  ])('refuses %j', async (args, code, message) => {
    const done = await phantomnet(
      ['train', 'rows.csv.gz', ...TABLE, '--split', 'stratified', ...SMALL, ...args],
      { cwd },
    );
    expect([done.code, done.stdout, done.stderr]).toEqual([code, '', expect.stringContaining(message)]);
    expect(done.stderr).toContain('help:');
  });

  it('has no roles for the columns of events', async () => {
    const done = await phantomnet(['train', SAMPLE, '--role', 'port=outcome'], { cwd });
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('events have roles of their own')]);
    expect(readFileSync(SAMPLE, 'utf8').length).toBeGreaterThan(0);
  });
});
