import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { PhantomNetError, show } from '../core/index.js';

/** The environment variable that holds the key: 64 hex digits. */
export const SECRET_KEY_VARIABLE = 'PHANTOMNET_SECRET_KEY';

const KEY = /^[0-9a-f]{64}$/i;

/** Returns the user's folder for what we keep there: below XDG_CONFIG_HOME, else ~/.config. */
function configFolder(): string {
  const base = process.env['XDG_CONFIG_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.config') : base, 'phantomnet');
}

/**
 * Returns the 32 bytes under which passwords and addresses are replaced: those of PHANTOMNET_SECRET_KEY, else of the file
 * `secret.key` in the user's configuration folder, which is made at the first need and readable by its owner only.
 * Throws INVALID_PARAMETER for a key that is none, PERMISSION_DENIED where the file cannot be read or made.
 */
export async function secretKey(): Promise<Buffer> {
  const given = process.env[SECRET_KEY_VARIABLE] ?? '';
  if (given !== '') return parseKey(given, SECRET_KEY_VARIABLE);
  const file = join(configFolder(), 'secret.key');
  try {
    return parseKey((await readFile(file, 'utf8')).trim(), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return makeKey(file);
    throw error instanceof PhantomNetError ? error : noKeyFile(file, error);
  }
}

/** Makes the key file whole or not at all, so that no other process reads half a key. Returns the key it holds then. */
async function makeKey(file: string): Promise<Buffer> {
  const key = randomBytes(32);
  const partial = `${file}.${process.pid}.${key.toString('hex', 0, 4)}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(partial, 'wx', 0o600);
    await handle
      .writeFile(`${key.toString('hex')}\n`)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await link(partial, file);
    return key;
  } catch (error) {
    // Another process was quicker: its key is the key.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      return parseKey((await readFile(file, 'utf8')).trim(), file);
    throw noKeyFile(file, error);
  } finally {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

function parseKey(text: string, where: string): Buffer {
  if (KEY.test(text)) return Buffer.from(text, 'hex');
  throw new PhantomNetError('INVALID_PARAMETER', `${show(where)} holds no key: 64 hex digits are expected`, {
    hint: 'make one with: openssl rand -hex 32; with another key, passwords that were equal no longer look equal',
    details: { where },
  });
}

function noKeyFile(file: string, cause: unknown): PhantomNetError {
  return new PhantomNetError('PERMISSION_DENIED', `the key file ${show(file)} cannot be read or made`, {
    cause,
    hint: `give yourself the right to, or set ${SECRET_KEY_VARIABLE} to 64 hex digits`,
    details: { file },
  });
}
