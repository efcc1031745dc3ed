import { PhantomNetError, show } from '../core/index.js';
import type { Page } from '../mlflow/index.js';
import type { MlflowDatabase, SqlValue } from '../storage/index.js';
import { toMetric } from './embedded-metrics.js';
import type { Metric } from './port.js';

/** The place of a point in the order of pages: timestamp, step, value, flag of NaN. */
type Place = readonly [timestamp: number, step: number, value: number, isNan: number];

const BY_TIME = 'ORDER BY timestamp, step, value, is_nan';

/**
 * Returns a page of the points of a metric by (timestamp, step, value). The token is the place of the last point given,
 * so that points logged meanwhile shift nothing. Throws INVALID_PARAMETER for a token that is none.
 */
export function metricHistoryPage(
  db: MlflowDatabase,
  series: { readonly runId: string; readonly key: string },
  page: { readonly maxResults?: number | undefined; readonly pageToken?: string | undefined },
): Page<Metric> {
  const { maxResults, pageToken } = page;
  const values: SqlValue[] = [series.runId, series.key];
  let sql = `SELECT value, timestamp, step, is_nan FROM metrics INDEXED BY index_metrics_run_uuid_key_step
    WHERE run_uuid = ? AND key = ?`;
  if (pageToken) {
    sql += ' AND (timestamp, step, value, is_nan) > (?, ?, ?, ?)';
    values.push(...readPlace(pageToken));
  }
  sql += ` ${BY_TIME}`;
  if (maxResults !== undefined) {
    sql += ' LIMIT ?';
    values.push(maxResults + 1);
  }
  const rows = db.sql.rows(sql, values);
  const hasMore = maxResults !== undefined && rows.length > maxResults;
  if (hasMore) rows.pop();
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toMetric(series.key, row)),
    ...(hasMore && last !== undefined ? { nextPageToken: placeToken(last) } : {}),
  };
}

function placeToken([value, timestamp, step, isNan]: readonly SqlValue[]): string {
  return Buffer.from(JSON.stringify([timestamp, step, value, isNan].map(Number))).toString('base64url');
}

function readPlace(token: string): Place {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    place = undefined;
  }
  const isPlace = Array.isArray(place) && place.length === 4 && place.every((part) => Number.isFinite(part));
  if (isPlace) return place as unknown as Place;
  throw new PhantomNetError('INVALID_PARAMETER', `page token ${show(token)} is not one of this list`, {
    hint: 'pass the next_page_token of the page before as it came',
  });
}
