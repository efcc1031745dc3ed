import { PhantomNetError, show } from '../../core/index.js';

/**
 * Returns text as a value of a filter, in quotes. Throws INVALID_PARAMETER for what the language cannot say: it has two
 * quotes and no escape, so not both at once, and no backslash before the closing quote.
 */
export function quoteFilterText(text: string): string {
  for (const quote of ["'", '"']) {
    if (!text.includes(quote) && !text.endsWith('\\')) return `${quote}${text}${quote}`;
  }
  throw new PhantomNetError('INVALID_PARAMETER', `no filter can name the text ${show(text)}`, {
    hint: 'search for text without \' and " together and without a backslash at its end',
    details: { given: text },
  });
}

/** Returns a key as it stands behind `metrics.`, `params.` or `tags.`. Throws INVALID_PARAMETER for a key with backticks. */
export function quoteFilterKey(key: string): string {
  if (!key.includes('`')) return `\`${key}\``;
  throw new PhantomNetError('INVALID_PARAMETER', `no filter can name the key ${show(key)}`, {
    hint: 'search for a key without backticks',
    details: { given: key },
  });
}
