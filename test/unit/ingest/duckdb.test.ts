import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { literal, literalPath, openDuckDb } from '#src/ingest/duckdb.js';

/** Runs a module that gets the one of the pipeline, and returns the packages of DuckDB that were loaded. */
function packagesLoaded(script: string): string[] {
  const hook =
    "import { writeSync } from 'node:fs'; export async function load(url, context, next) {" +
    "if (url.includes('/@duckdb/')) writeSync(1, url + '\\n'); return next(url, context); }";
  const start =
    "const { register } = await import('node:module'); register('data:text/javascript,' + process.argv[2]);" +
    `const pipeline = await import(process.argv[1]); ${script}`;
  const module = join(process.cwd(), 'dist/pipeline/index.js');
  const args = ['--input-type=module', '-e', start, module, encodeURIComponent(hook)];
  return execFileSync(process.execPath, args).toString().trim().split('\n').filter(Boolean);
}

describe('DuckDB', () => {
  it('is loaded by who opens a database, and not with the pipeline', () => {
    expect(packagesLoaded('')).toEqual([]);
    const opens = `const { openDuckDb } = await import(${JSON.stringify(`file://${join(process.cwd(), 'dist/ingest/duckdb.js')}`)}); (await openDuckDb({})).close();`;
    expect(packagesLoaded(opens)).toEqual([expect.stringContaining('/@duckdb/node-api/')]);
  });

  it('fetches no extension, and takes a text and a path as they are', async () => {
    const { connection, close } = await openDuckDb({ threads: '1' });
    const settings = await connection.runAndReadAll(
      "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions'), current_setting('threads')",
    );
    expect(settings.getRows()).toEqual([[false, false, 1n]]);
    const text = "it's ''\n\\'";
    expect((await connection.runAndReadAll(`SELECT ${literal(text)}`)).getRows()).toEqual([[text]]);
    const globbed = await connection.runAndReadAll(
      `SELECT * FROM glob(${literal(literalPath('package[.json'))})`,
    );
    expect(globbed.getRows()).toEqual([]);
    const found = await connection.runAndReadAll(
      `SELECT * FROM glob(${literal(literalPath('package.json'))})`,
    );
    expect(found.getRows()).toEqual([['package.json']]);
    close();
  });
});
