import { given } from '../../core/index.js';
import type { SearchQuery } from '../../mlflow/index.js';

/** Returns the query of the port from a search's request; what is left out keeps the default of each search. */
export function toSearchQuery(request: {
  readonly filter?: string | undefined;
  readonly order_by?: readonly string[] | undefined;
  readonly max_results?: number | undefined;
  readonly page_token?: string | undefined;
}): SearchQuery {
  const { filter, order_by: orderBy, max_results: maxResults, page_token: pageToken } = request;
  return given({ filter, orderBy, maxResults, pageToken });
}
