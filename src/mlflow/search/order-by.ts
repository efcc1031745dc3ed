import { PhantomNetError } from '../../core/index.js';
import { checkLength, SEARCH_CAPS } from './clauses.js';
import type { SearchTarget } from './condition.js';
import { trimKey } from './condition.js';
import { refuseSearch } from './refuse.js';
import { TokenReader } from './token-reader.js';
import type { Token } from './tokens.js';

/** One thing that a search is ordered by. */
export interface Order {
  readonly target: Exclude<SearchTarget, 'dataset'>;
  readonly key: string;
  readonly ascending: boolean;
}

/**
 * Returns the name in `metrics.loss DESC` and its direction (default ascending). With a direction the quotes of the name
 * are gone already, without one they are there, as MLflow reads it. Throws INVALID_PARAMETER.
 */
export function parseOrder(text: string): { readonly identifier: string; readonly ascending: boolean } {
  checkLength('order_by', text);
  const hint = 'write order_by as a name with ASC or DESC, such as: metrics.accuracy DESC';
  const reader = new TokenReader(text);
  const parts: Token[] = [];
  const identifier = reader.takeIdentifier(parts);
  if (identifier === undefined || text !== text.trim()) return refuseSearch('not an order_by', text, hint);
  if (reader.atEnd) return { identifier, ascending: true };
  const ascending = reader.takeWord('ASC');
  if ((!ascending && !reader.takeWord('DESC')) || !reader.atEnd) refuseSearch('not an order_by', text, hint);
  return { identifier: parts.map((part) => trimKey(part.text)).join(''), ascending };
}

/** Throws INVALID_PARAMETER for more order_by clauses than the cap. */
export function checkOrderCount(orderBy: readonly unknown[] | undefined): void {
  const count = orderBy?.length ?? 0;
  if (count <= SEARCH_CAPS.orders) return;
  throw new PhantomNetError('INVALID_PARAMETER', `order_by has ${count} clauses`, {
    hint: `give at most ${SEARCH_CAPS.orders}`,
    details: { count, limit: SEARCH_CAPS.orders },
  });
}

/** Returns the orders. Throws INVALID_PARAMETER when two are by the same thing. */
export function refuseDuplicates(orders: readonly Order[]): Order[] {
  const seen = new Set<string>();
  for (const { target, key } of orders) {
    const name = `${target}.${key}`;
    if (seen.has(name)) refuseSearch('order_by names a thing twice', name, 'name each thing once');
    seen.add(name);
  }
  return [...orders];
}
