import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  constants,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../core/index.js';
import { EVENT_FIELDS } from '../../data/index.js';
import type { LogIngestReport } from './log-report.js';

/**
 * Raise it whenever events or reports of the same bytes come out otherwise than before, so that what was kept is read anew:
 * a parser, the order, what is counted. Between two releases nothing else tells.
 */
const READING = 6;
/** Most bytes the cache holds before what was used longest ago is deleted. */
const MAX_CACHE_BYTES = 20e9;

/** Returns the folder of events that were read before: below XDG_CACHE_HOME, else ~/.cache. */
export function eventCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'phantomnet', 'events');
}

/** Returns the name under which the events of these files, read in this way, are kept: it changes with any byte of them. */
export async function cacheKey(files: readonly string[], ways: unknown): Promise<string> {
  const names = EVENT_FIELDS.map(({ name }) => name);
  const hash = createHash('sha256').update(JSON.stringify([VERSION, READING, names, ways]));
  // The name is in each event.
  for (const file of files) hash.update(JSON.stringify([file, await contentHash(file)]));
  return hash.digest('hex').slice(0, 32);
}

async function contentHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Returns the sizes and times of files, undefined where one is no regular file: its bytes can be read only once. */
export async function fileFacts(files: readonly string[]): Promise<string | undefined> {
  const facts = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return facts.every((fact) => fact?.isFile() === true)
    ? JSON.stringify(facts.map((fact) => [fact!.ino, fact!.size, fact!.mtimeMs]))
    : undefined;
}

/** Events that were read before. */
interface CachedEvents {
  readonly file: string;
  readonly report: LogIngestReport;
}

/** Returns the events kept under a key; undefined where there are none, or not all of their bytes. */
export async function findCached(key: string): Promise<CachedEvents | undefined> {
  const file = join(eventCacheFolder(), `${key}.parquet`);
  try {
    const { sha256, report } = JSON.parse(await readFile(`${file}.json`, 'utf8')) as CacheEntry;
    if ((await contentHash(file)) !== sha256) return undefined;
    const now = new Date();
    await utimes(file, now, now);
    return { file, report };
  } catch {
    // No such entry, or half of one: it is read anew.
    return undefined;
  }
}

/** What stands beside the events. */
interface CacheEntry {
  readonly sha256: string;
  readonly report: LogIngestReport;
}

/** Keeps a file of events under a key, and deletes what was used longest ago where the cache is full. Returns where it is. */
export async function keepCached(key: string, events: string, report: LogIngestReport): Promise<string> {
  const folder = eventCacheFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${key}.parquet`);
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  const entry: CacheEntry = { sha256: await contentHash(events), report };
  try {
    await copyFile(events, partial, constants.COPYFILE_FICLONE);
    await chmod(partial, 0o600);
    await rename(partial, file);
    await writeFile(partial, JSON.stringify(entry), { mode: 0o600 });
    await rename(partial, `${file}.json`);
  } finally {
    await rm(partial, { force: true });
  }
  await makeRoom(folder, file);
  return file;
}

async function makeRoom(folder: string, newest: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet'));
  const entries = await Promise.all(
    names.map(async (name) => ({ file: join(folder, name), facts: await stat(join(folder, name)) })),
  );
  entries.sort((a, b) => b.facts.mtimeMs - a.facts.mtimeMs);
  let total = 0;
  for (const { file, facts } of entries) {
    total += facts.size;
    if (total <= MAX_CACHE_BYTES || file === newest) continue;
    await rm(file, { force: true });
    await rm(`${file}.json`, { force: true });
  }
}
