import { DuckDBInstance } from '@duckdb/node-api';
import { LOG_SOURCES } from '../sensors/log-sources.js';
import type { ActionCount, DayCount } from './log-report.js';

/** Returns how many events of each kind and of each day a Parquet file of events holds. */
export async function countEvents(
  file: string,
): Promise<{ readonly actions: readonly ActionCount[]; readonly days: readonly DayCount[] }> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '256MB',
    threads: '2',
  });
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  const from = `FROM read_parquet('${file.replaceAll("'", "''").replace(/[*?[]/g, '[$&]')}')`;
  try {
    const actions = await rows(
      `SELECT "event.dataset", "event.action", count(*)::DOUBLE AS n ${from} GROUP BY ALL ORDER BY n DESC, 1, 2`,
    );
    const days = await rows(
      `SELECT strftime(("@timestamp" AT TIME ZONE 'UTC')::DATE, '%Y-%m-%d') AS day, count(*)::DOUBLE ${from} GROUP BY ALL ORDER BY day`,
    );
    return {
      actions: actions.map(([dataset, action, events]) => ({
        dataset: String(dataset),
        action: String(action),
        events: Number(events),
        isKnown: isKnown(String(dataset), String(action)),
      })),
      days: days.map(([day, events]) => ({ day: String(day), events: Number(events) })),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function isKnown(dataset: string, action: string): boolean {
  const source = LOG_SOURCES.find(({ name }) => name === dataset.split('.', 1)[0]);
  return source?.actions === undefined || source.actions.has(action);
}
