import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
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
import type { LogIngestReport } from './log-report.js';

/** Most bytes the cache holds before what was used longest ago is deleted. */
const MAX_CACHE_BYTES = 20e9;

/** Returns the folder of events that were read before: below XDG_CACHE_HOME, else ~/.cache. */
export function eventCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'phantomnet', 'events');
}

/** Returns the name under which the events of these files, read in this way, are kept: it changes with any byte of them. */
export async function cacheKey(files: readonly string[], ways: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([VERSION, ways]));
  for (const file of files) {
    const bytes = createHash('sha256');
    for await (const chunk of createReadStream(file)) bytes.update(chunk as Buffer);
    // The name is in each event.
    hash.update(JSON.stringify([file, bytes.digest('hex')]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Events that were read before. */
export interface CachedEvents {
  readonly file: string;
  readonly report: LogIngestReport;
}

/** Returns the events kept under a key; undefined where there are none. */
export async function findCached(key: string): Promise<CachedEvents | undefined> {
  const file = join(eventCacheFolder(), `${key}.parquet`);
  try {
    const report = JSON.parse(await readFile(`${file}.json`, 'utf8')) as LogIngestReport;
    const now = new Date();
    await utimes(file, now, now);
    return { file, report };
  } catch {
    // No such entry, or half of one: it is read anew.
    return undefined;
  }
}

/** Keeps a file of events under a key, and deletes what was used longest ago where the cache is full. Returns where it is. */
export async function keepCached(key: string, events: string, report: LogIngestReport): Promise<string> {
  const folder = eventCacheFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${key}.parquet`);
  const partial = `${file}.${process.pid}.partial`;
  try {
    await copyFile(events, partial, constants.COPYFILE_FICLONE);
    await rename(partial, file);
    await writeFile(`${file}.json`, JSON.stringify(report), { mode: 0o600 });
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
