import { checkLength } from './clauses.js';
import type { Page, SearchQuery } from './query.js';

/** Returns the fields that all searches of the wire share; the server reads the filter. Throws INVALID_PARAMETER for one beyond our cap. */
export function toSearchRequest(query: SearchQuery): {
  filter?: string;
  order_by?: string[];
  max_results?: number;
  page_token?: string;
} {
  checkLength('filter', query.filter ?? '');
  return {
    ...(query.filter ? { filter: query.filter } : {}),
    ...(query.orderBy?.length ? { order_by: [...query.orderBy] } : {}),
    ...(query.maxResults === undefined ? {} : { max_results: query.maxResults }),
    ...(query.pageToken ? { page_token: query.pageToken } : {}),
  };
}

/** Returns a page of items from an answer of the wire, whose last page has no token or an empty one. */
export function toPage<T>(items: readonly T[], nextPageToken: string): Page<T> {
  return nextPageToken === '' ? { items } : { items, nextPageToken };
}
