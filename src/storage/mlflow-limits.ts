import { PhantomNetError, show } from '../core/index.js';

/** MLflow's longest key of a param, metric or tag, in characters. */
const MAX_KEY_LENGTH = 250;

/**
 * Throws INVALID_PARAMETER unless `key` is a name MLflow takes for a metric, param or tag: 1 to 250 letters, digits and
 * `_ - . : /` or spaces, without a path segment that is empty, `.` or `..`. `what` names it in the message.
 */
export function checkKey(what: string, key: string): void {
  if (key.length > MAX_KEY_LENGTH && characterCount(key) > MAX_KEY_LENGTH) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `${what} ${show(key)} is longer than ${MAX_KEY_LENGTH} characters`,
      {
        hint: 'shorten the name',
        details: { key },
      },
    );
  }
  if (!/^[/\p{L}\p{N}_.\- :]+$/u.test(key) || hasUnstablePath(key)) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `${what} ${show(key)} must be letters, digits, '_', '-', '.', ':', '/' and spaces, and no path with '.', '..' or empty parts`,
      { hint: 'rename it', details: { key } },
    );
  }
}

/** Throws INVALID_PARAMETER unless `name` can name a registered model: not blank, without `/` and `:`, and not `.` or `..`. */
export function checkRegisteredModelName(name: string): void {
  if (name.trim() === '' || /[/:]/.test(name) || hasUnstablePath(name)) {
    throw new PhantomNetError(
      'INVALID_PARAMETER',
      `registered model name must be a non-empty text without '/' and ':', got ${show(name)}`,
      { hint: 'rename the model', details: { name } },
    );
  }
  checkLength('registered model name', name, 256);
}

/** Throws INVALID_PARAMETER when `text` is longer than `limit` characters. */
export function checkLength(what: string, text: string, limit: number): void {
  if (text.length <= limit || characterCount(text) <= limit) return;
  throw new PhantomNetError(
    'INVALID_PARAMETER',
    `${what} must be at most ${limit} characters, got ${text.length}`,
    {
      hint: 'shorten it',
      details: { limit, given: text.length },
    },
  );
}

/** Returns the first `limit` characters (code points, as Python counts) of `text`, as MLflow stores a value that is too long. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return [...text.slice(0, limit * 2)].slice(0, limit).join('');
}

function hasUnstablePath(name: string): boolean {
  return name.split('/').some((part) => part === '' || part === '.' || part === '..');
}

/** Counts code points; what is over 1 MB is over every limit and need not be counted. */
function characterCount(text: string): number {
  return text.length > 1_000_000 ? text.length : [...text].length;
}
