import { hideText } from '../redact.js';
import { isMark, isSecretKey, type Secrets, secretsOf } from '../secrets.js';
import { parseRecord } from './json-source.js';
import type { Json } from './source.js';

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Returns a raw line without these passwords and without what stands below a secret key of its JSON, however the JSON
 * spells them: a sensor may write `p\u00e4ss` for `päss`. `markOf` gives what stands in their place.
 */
export function hideRawLine(
  line: string,
  passwords: readonly string[],
  markOf: (secret: string) => string,
): string {
  const parsed = line.trimStart().startsWith('{') ? parseRecord(line) : { fault: null };
  if (!('record' in parsed)) return hideText(line, secretsOf(new Set(passwords)), markOf);
  const secrets = secretsOf(
    new Set([...passwords, ...secretTexts(parsed.record)].filter((text) => text !== '')),
  );
  return hideText(hideLiterals(line, secrets, markOf), secrets, markOf);
}

/** Returns the texts and numbers below secret keys. A list of what is left to look at, since depth is up to the line. */
function secretTexts(record: Json): string[] {
  const found: string[] = [];
  const left: { readonly value: Json; readonly isSecret: boolean }[] = [{ value: record, isSecret: false }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, isSecret } = next;
    if (typeof value === 'string' || typeof value === 'number') {
      if (isSecret && !isMark(String(value))) found.push(String(value));
    } else if (value !== null && typeof value === 'object') {
      for (const [key, member] of Object.entries(value as Record<string, Json>))
        left.push({ value: member, isSecret: isSecret || isSecretKey(key) });
    }
  }
  return found;
}

/** Replaces secrets in the string literals of a JSON text; one that is a secret as a whole is replaced whatever its length. */
function hideLiterals(line: string, secrets: Secrets, markOf: (secret: string) => string): string {
  let result = '';
  let done = 0;
  for (let from = line.indexOf('"'); from >= 0; ) {
    const to = literalEnd(line, from);
    const text = JSON.parse(line.slice(from, to)) as string;
    const isKey = /^\s*:/.test(line.slice(to, to + 9));
    const hidden = !isKey && secrets.whole.has(text) ? markOf(text) : hideText(text, secrets, markOf);
    if (hidden !== text) {
      result += line.slice(done, from) + JSON.stringify(hidden);
      done = to;
    }
    from = line.indexOf('"', to);
  }
  return result + line.slice(done);
}

/** Returns where a literal ends, after its closing quote. */
function literalEnd(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return line.length;
}
