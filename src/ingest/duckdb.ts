import type { DuckDBConnection } from '@duckdb/node-api';

/** A database in memory. */
interface Database {
  readonly connection: DuckDBConnection;
  /** Ends it, and what it still does. */
  close(): void;
}

/**
 * Opens a database in memory that fetches nothing, with settings of DuckDB such as `memory_limit`. Its driver is loaded with
 * the first: most commands need none, and it is a good part of what they would load.
 */
export async function openDuckDb(settings: Readonly<Record<string, string>>): Promise<Database> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...settings,
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Returns a text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Returns a path for DuckDB, which takes one with `*`, `?` or `[` for a pattern: it must name that one file and no other. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** The kind of an error of DuckDB at the beginning of its message, whose rest may quote a cell. */
export const ERROR_KIND = /^[A-Z][A-Za-z/ -]{1,40} Error/;
