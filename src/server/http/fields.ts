import { PhantomNetError, show } from '../../core/index.js';
import { checkArtifactPath } from '../../mlflow/index.js';
import type { Match } from './router.js';

/** Returns the fields of a query, percent-decoded; a list where one is given more than once. Throws INVALID_PARAMETER. */
export function readQuery(query: string): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  if (query === '') return fields;
  const pairs = query.includes('+') ? query.replaceAll('+', ' ') : query;
  for (const pair of pairs.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const known = fields[key];
    if (known === undefined) fields[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[key] = [known, value];
  }
  return fields;
}

/**
 * Returns the fields of a path, percent-decoded; undefined when one holds what cannot be one part of a path, so that it
 * names nothing. An artifact's path (`{field...}`) goes through the guard; a folder's may end in a slash. Throws INVALID_PARAMETER.
 */
export function readPathFields({ template, fields }: Match): Record<string, string> | undefined {
  const decoded: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields)) {
    const value = decode(text);
    if (template.endsWith(`{${name}...}`)) checkArtifactPath(value.replace(/\/$/, ''));
    else if (value.includes('/')) return undefined;
    decoded[name] = value;
  }
  return decoded;
}

/** A `%` that begins no escape stands for itself, as in browsers; bytes that are not UTF-8 are refused, not replaced. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch (cause) {
    throw new PhantomNetError('INVALID_PARAMETER', `${show(text)} is not UTF-8`, {
      cause,
      hint: 'percent-encode the bytes of UTF-8',
    });
  }
}
