import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SECRET_KEY_VARIABLE, secretKey } from '#src/ingest/secret-key.js';
import { expectCode } from '../../contract/expect-code.js';
import { scratch } from '../../support/cli.js';

const { folder, remove } = scratch();
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

let config = '';
let file = '';
let n = 0;
beforeEach(() => {
  config = join(folder, `config-${n++}`);
  file = join(config, 'phantomnet', 'secret.key');
  vi.stubEnv('XDG_CONFIG_HOME', config);
  vi.stubEnv(SECRET_KEY_VARIABLE, '');
});

describe('secretKey', () => {
  it('makes a key once, readable by its owner only, and leaves nothing beside it', async () => {
    const key = await secretKey();
    expect(key).toHaveLength(32);
    expect(readFileSync(file, 'utf8')).toBe(`${key.toString('hex')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(config, 'phantomnet')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(config, 'phantomnet'))).toEqual(['secret.key']);
    expect(await secretKey()).toEqual(key);
  });

  it('takes that of the environment, and makes no file then', async () => {
    vi.stubEnv(SECRET_KEY_VARIABLE, 'Ab'.repeat(32));
    expect((await secretKey()).toString('hex')).toBe('ab'.repeat(32));
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it.each(['abc', 'g'.repeat(64), 'a'.repeat(63)])('refuses %s without telling it', async (text) => {
    vi.stubEnv(SECRET_KEY_VARIABLE, text);
    const error = await expectCode(secretKey(), 'INVALID_PARAMETER');
    expect(error.message).toBe(`"${SECRET_KEY_VARIABLE}" holds no key: 64 hex digits are expected`);
    expect(JSON.stringify(error)).not.toContain(text);
  });

  it('refuses a file that holds no key, and a folder that cannot be made', async () => {
    mkdirSync(join(config, 'phantomnet'), { recursive: true });
    writeFileSync(file, 'hunter2');
    const error = await expectCode(secretKey(), 'INVALID_PARAMETER');
    expect(error.message).toBe(`"${file}" holds no key: 64 hex digits are expected`);
    expect(JSON.stringify(error)).not.toContain('hunter2');
    writeFileSync(join(folder, 'a-file'), '');
    vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'a-file'));
    const noFile = await expectCode(secretKey(), 'PERMISSION_DENIED');
    expect(noFile.message).toContain('cannot be read or made');
  });

  it('gives one key to all processes that start at once', async () => {
    const url = new URL('../../../dist/ingest/secret-key.js', import.meta.url).href;
    const code = `import { secretKey } from '${url}';
      const keys = await Promise.all([secretKey(), secretKey(), secretKey()]);
      console.log(keys.map((key) => key.toString('hex')).join(' '))`;
    const runs = await Promise.all([1, 2, 3, 4].map(() => output(['--input-type=module', '-e', code])));
    const keys = runs.join(' ').trim().split(/\s+/);
    expect(keys).toHaveLength(12);
    expect(new Set(keys)).toEqual(new Set([readFileSync(file, 'utf8').trim()]));
  });
});

function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: process.env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
