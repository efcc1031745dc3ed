import type { SearchQuery } from '../../mlflow/index.js';

/** Returns the query of the port from a search request; what is left out keeps the default of each search. */
export function fromSearchRequest(request: {
  readonly filter?: string | undefined;
  readonly order_by?: readonly string[] | undefined;
  readonly max_results?: number | undefined;
  readonly page_token?: string | undefined;
}): SearchQuery {
  return {
    ...(request.filter === undefined ? {} : { filter: request.filter }),
    ...(request.order_by === undefined ? {} : { orderBy: request.order_by }),
    ...(request.max_results === undefined ? {} : { maxResults: request.max_results }),
    ...(request.page_token === undefined ? {} : { pageToken: request.page_token }),
  };
}
