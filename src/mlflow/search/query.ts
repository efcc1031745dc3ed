import { invalidParameter } from '../../core/index.js';

/** What every search takes, in MLflow's language. */
export interface SearchQuery {
  /** Comparisons joined by AND: `metrics.accuracy > 0.9 AND tags.team = 'blue'`; all when absent or empty. */
  readonly filter?: string;
  /** Names with ASC or DESC; MLflow's order when absent. */
  readonly orderBy?: readonly string[];
  /** The most items of one page; MLflow's default when absent. */
  readonly maxResults?: number;
  /** Where the page before this one ended; from the start when absent or empty. */
  readonly pageToken?: string;
}

/** One page of a search; `nextPageToken` is there when there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

/** Items of one page: how many when nothing is said, and how many at most. MLflow has no limit on logged models; ours is that of runs. */
export const PAGE_SIZES = {
  experiments: { fallback: 1_000, least: 1, most: 50_000 },
  runs: { fallback: 1_000, least: 1, most: 50_000 },
  loggedModels: { fallback: 100, least: 1, most: 50_000 },
  registeredModels: { fallback: 100, least: 0, most: 1_000 },
  modelVersions: { fallback: 10_000, least: 1, most: 200_000 },
} as const;

/** Returns how many items a page of such things has. Throws INVALID_PARAMETER for what MLflow refuses. */
export function pageSize(of: keyof typeof PAGE_SIZES, maxResults: number | undefined): number {
  const { fallback, least, most } = PAGE_SIZES[of];
  const size = maxResults ?? fallback;
  if (Number.isSafeInteger(size) && size >= least && size <= most) return size;
  return invalidParameter('max_results', `a whole number from ${least} to ${most}`, maxResults);
}

/** Yields the items of all pages in their order, asking for a page when the one before it is used up. */
export async function* allPages<T>(
  search: (page: { readonly pageToken?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let pageToken: string | undefined;
  do {
    const page: Page<T> = await search(pageToken === undefined ? {} : { pageToken });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** Returns the first `most` items of all pages (default: all); for what fits in memory. */
export async function collectPages<T>(
  search: (page: { readonly pageToken?: string }) => Promise<Page<T>>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  for await (const item of allPages(search)) {
    if (items.push(item) >= most) break;
  }
  return items;
}
