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
  return hideLiterals(line, secrets, markOf);
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

/**
 * Replaces secrets in the string literals of a JSON text, and numbers that are one, so that it stays JSON. A literal that is
 * a secret as a whole is replaced whatever its length.
 */
function hideLiterals(line: string, secrets: Secrets, markOf: (secret: string) => string): string {
  const parts: string[] = [];
  let done = 0;
  for (let from = line.indexOf('"'); from >= 0; from = line.indexOf('"', done)) {
    const to = literalEnd(line, from);
    const text = JSON.parse(line.slice(from, to)) as string;
    const isKey = /^\s*:/.test(line.slice(to, to + 9));
    const hidden = !isKey && secrets.whole.has(text) ? markOf(text) : hideText(text, secrets, markOf);
    parts.push(hideNumbers(line.slice(done, from), secrets, markOf));
    parts.push(hidden === text ? line.slice(from, to) : JSON.stringify(hidden));
    done = to;
  }
  parts.push(hideNumbers(line.slice(done), secrets, markOf));
  return parts.join('');
}

function hideNumbers(text: string, { whole }: Secrets, markOf: (secret: string) => string): string {
  return text.replace(/-?\d[\d.eE+-]*/g, (number) => {
    const plain = String(Number(number));
    return whole.has(plain) ? JSON.stringify(markOf(plain)) : number;
  });
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
