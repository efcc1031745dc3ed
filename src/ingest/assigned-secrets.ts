import type { SecretRange } from './secret-range.js';

/** A key that names a secret and what stands between it and its value, also in a URL, a form, JSON in a shell, PHP. */
const ASSIGNMENT =
  /(?:pass[ _-]?(?:word|wd|phrase|code)|pwd|secret|token|api[_-]?key|(authorization)|credentials?|(?<![a-z])pass|(?<![a-z])auth(?=\\{0,8}["'\]]?\s{0,8}(?:[=:]|%3[ad])))(?:[\w.\]-]|%(?!3[ad])){0,32}\\{0,8}["']?\s{0,8}(?:=>|:=|=|:|%3[ad])\s{0,8}/gi;
/** The scheme before a credential: those that are known stay, any other word is hidden with it. */
const KNOWN_SCHEME = /(?:basic|bearer|digest|token|ntlm|negotiate|apikey)[ \t]{1,8}(?=[^\s"'])/iy;
const ANY_SCHEME = /[a-z][\w-]{0,31}[ \t]{1,8}[^\s&;,'"<>]+/iy;
const DIGEST = /[^\r\n']+/y;
const PLAIN = /[^\s&;,'"<>]+/y;
const IN_QUERY = /[^\s&]+/y;
const IN_ENCODED_QUERY = /(?:[^\s&"'%]|%(?!26))+/iy;
/** What a shell joins to the quoted text before it. */
const JOINED = /[\w!@#$%^*+=~.?-]+/y;
/** Python's `b'…'` and `u'…'`, `PASSWORD('…')`, and `["…"]`. */
const BEFORE_QUOTE = /(?:[a-z_]\w{0,31}\(\s{0,8}|[[(]\s{0,8})?[bfru]{0,2}(\\{0,8})(["'])/iy;
const NEXT_QUOTE = /\s{0,8},\s{0,8}[bfru]{0,2}(\\{0,8})(["'])/iy;
const MAX_LENGTH = 4096;
const MAX_KEY_LENGTH = 64;
const MAX_LOOK_BACK = 1024;

/** Returns the values that a text assigns to keys of secrets. Cost O(length). */
export function assignedSecrets(text: string): SecretRange[] {
  const ranges: SecretRange[] = [];
  ASSIGNMENT.lastIndex = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    const start = ASSIGNMENT.lastIndex;
    const found = valuesAt(text, start, match);
    for (const range of found) ranges.push(range);
    ASSIGNMENT.lastIndex = found.at(-1)?.to ?? start;
  }
  return ranges;
}

function valuesAt(text: string, start: number, match: RegExpExecArray): SecretRange[] {
  const quoted = quotedValues(text, start);
  if (quoted !== undefined) return quoted;
  const [, isHeader] = match;
  if (isHeader !== undefined) return [headerValue(text, start)].filter((range) => range !== undefined);
  const isEncoded = /%3[ad]\s*$/i.test(match[0]);
  if (isEncoded) return wordAt(text, start, IN_ENCODED_QUERY);
  return isInQuery(text, match.index) ? queryValue(text, start) : wordAt(text, start, PLAIN);
}

function wordAt(text: string, from: number, word: RegExp): SecretRange[] {
  const to = endOf(word, text, from);
  return to === undefined ? [] : [{ from, to }];
}

function endOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The credential of a header without quotes: `Basic …`, `Token …`. */
function headerValue(text: string, start: number): SecretRange | undefined {
  const known = endOf(KNOWN_SCHEME, text, start);
  if (known !== undefined) {
    const isDigest = /^digest/i.test(text.slice(start, start + 6));
    const to = endOf(isDigest ? DIGEST : PLAIN, text, known);
    if (to !== undefined) return { from: known, to };
  }
  // Without a blank before it, it is one word of a command: `-H Authorization:x`.
  const to =
    (text[start - 1] === ' ' ? endOf(ANY_SCHEME, text, start) : undefined) ?? endOf(PLAIN, text, start);
  return to === undefined ? undefined : { from: start, to };
}

function isInQuery(text: string, keyAt: number): boolean {
  let at = keyAt - 1;
  while (at >= 0 && keyAt - at < MAX_KEY_LENGTH && /[\w.[\]%-]/.test(text[at]!)) at--;
  return text[at] === '?' || text[at] === '&';
}

/** The value of a query: up to the next one, or to the quote that the whole URL stands in. */
function queryValue(text: string, from: number): SecretRange[] {
  const to = endOf(IN_QUERY, text, from);
  if (to === undefined) return [];
  const quoteAt = text.slice(from, to).search(/["']/);
  if (quoteAt < 0) return [{ from, to }];
  const quote = text[from + quoteAt]!;
  const isAround = text.slice(Math.max(0, from - MAX_LOOK_BACK), from).includes(quote);
  if (!isAround) return [{ from, to }];
  return quoteAt === 0 ? [] : [{ from, to: from + quoteAt }];
}

/** Returns what stands in quotes, of a list each; undefined where there is no quote. */
function quotedValues(text: string, start: number): SecretRange[] | undefined {
  BEFORE_QUOTE.lastIndex = start;
  let match = BEFORE_QUOTE.exec(text);
  if (match === null) return undefined;
  const isList = /[[(]/.test(match[0]);
  const ranges: SecretRange[] = [];
  for (let from = BEFORE_QUOTE.lastIndex; match !== null; from = NEXT_QUOTE.lastIndex) {
    const { inner, end } = quotedAt(text, from, match[1]!, match[2]!);
    if (inner.to > inner.from) ranges.push(inner);
    NEXT_QUOTE.lastIndex = end;
    match = isList ? NEXT_QUOTE.exec(text) : null;
  }
  return ranges;
}

/** Returns the text after a quote up to the one that closes it, with what a shell joins to it; a cut one ends with its word. */
function quotedAt(
  text: string,
  from: number,
  slashes: string,
  quote: string,
): { readonly inner: SecretRange; readonly end: number } {
  const close = closingQuote(text, from, slashes, quote);
  if (close === undefined) {
    const to = endOf(PLAIN, text, from) ?? from;
    return { inner: { from, to }, end: to };
  }
  const end = close + slashes.length + 1;
  const joined = endOf(JOINED, text, end);
  return joined === undefined
    ? { inner: { from, to: close }, end }
    : { inner: { from, to: joined }, end: joined };
}

/** Returns where the quote, behind as many backslashes as the one that opened, closes on the same line. */
function closingQuote(text: string, from: number, slashes: string, quote: string): number | undefined {
  const last = Math.min(text.length, from + MAX_LENGTH);
  for (let at = from; at <= last; at++) {
    const char = text[at];
    if (char === undefined || char === '\n' || char === '\r') return undefined;
    if (char !== '\\' && char !== quote) continue;
    let run = at;
    while (text[run] === '\\') run++;
    if (text[run] === quote && closes(run - at, slashes.length)) return run - slashes.length;
    at = run > at ? run - (text[run] === quote ? 0 : 1) : at;
  }
  return undefined;
}

/** Whether so many backslashes before a quote leave it one that closes: of a plain quote an even number does. */
function closes(nBefore: number, nOpening: number): boolean {
  return nOpening === 0 ? nBefore % 2 === 0 : nBefore === nOpening;
}
