import { PhantomNetError, show } from '../core/index.js';
import type { Page } from '../mlflow/index.js';
import type { MlflowDatabase, SqlValue } from '../storage/index.js';
import { OF_SERIES, type Point, readPoints, readSomePoints, toMetric } from './embedded-metrics.js';
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
  if (maxResults === undefined && !pageToken) return { items: wholeHistory(db, series) };
  const values: SqlValue[] = [series.runId, series.key];
  if (pageToken) values.push(...readPlace(pageToken));
  values.push(maxResults === undefined ? -1 : maxResults + 1);
  const after = pageToken ? 'AND (timestamp, step, value, is_nan) > (?, ?, ?, ?)' : '';
  const points = readSomePoints(db, `${after} ${BY_TIME} LIMIT ?`, values);
  const hasMore = maxResults !== undefined && points.length > maxResults;
  if (hasMore) points.pop();
  const last = points.at(-1);
  return {
    items: points.map((point) => toMetric(series.key, point)),
    ...(hasMore && last !== undefined ? { nextPageToken: placeToken(last) } : {}),
  };
}

/** Points mostly lie in order already, and are put in order here in half the time that SQLite takes. */
function wholeHistory(db: MlflowDatabase, { runId, key }: { runId: string; key: string }): Metric[] {
  const points = readPoints(db, runId, key);
  points.sort((a, b) => a[1] - b[1] || a[2] - b[2] || a[0] - b[0] || a[3] - b[3]);
  return points.map((point) => toMetric(key, point));
}

/** A point as an object of MLflow's wire; takes the key as JSON. */
const POINT_OBJECT = `printf(iif(is_nan, '{"key":%s,"value":"NaN%.0s","timestamp":%d,"step":%d}',
  '{"key":%s,"value":%!.17g,"timestamp":%d,"step":%d}'), ?, value, timestamp, step)`;

/**
 * Returns the whole history as the text of its JSON objects: half the time goes into objects that nobody looks at.
 * Undefined when there are more than `most` points; then no more than that are read.
 */
export function metricHistoryText(
  db: MlflowDatabase,
  { runId, key }: { readonly runId: string; readonly key: string },
  most: number,
): string | undefined {
  const counted = db.sql.row(`SELECT count(*) FROM (SELECT 1 ${OF_SERIES} LIMIT ?)`, [runId, key, most + 1]);
  if (Number(counted?.[0]) > most) return undefined;
  const values = [JSON.stringify(key), runId, key];
  const read = (from: string) =>
    db.sql.row(`SELECT group_concat(${POINT_OBJECT}), group_concat(timestamp) ${from}`, values) ?? [];
  const [text, times] = read(OF_SERIES);
  if (text == null) return '';
  if (isRising(JSON.parse(`[${String(times)}]`) as number[])) return String(text);
  const sorted = `FROM (SELECT value, timestamp, step, is_nan ${OF_SERIES} ${BY_TIME} LIMIT -1)`;
  return String(read(sorted)[0]);
}

/** Points come by step, and mostly by time as well; then nothing has to be sorted. */
function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || numbers[i - 1]! < number);
}

function placeToken([value, timestamp, step, isNan]: Point): string {
  return Buffer.from(JSON.stringify([timestamp, step, value, isNan])).toString('base64url');
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
