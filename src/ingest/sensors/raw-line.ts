import { hideText, NO_SECRETS } from '../redact.js';
import { isMark, type Secrets, secretsOf } from '../secrets.js';
import { parseRecord } from './json-source.js';
import { eachToken } from './json-tokens.js';
import { escapeText, unescapeText } from './zeek-tsv.js';

type MarkOf = (secret: string) => string;

/** Keys under which Suricata writes in base64 what it writes in plain text beside it. */
const BASE64_KEYS = /^(?:payload|packet|http_re(?:quest|sponse)_body)$/;
const BASE64 = /^[\w+/-]{8,}={0,2}$/;

/**
 * Returns a raw line without these passwords and without what stands below a secret key of its JSON, however the JSON
 * spells them: a sensor may write `p\u00e4ss` for `päss`. `markOf` gives what stands in their place.
 */
export function hideRawLine(line: string, passwords: readonly string[], markOf: MarkOf): string {
  const isJson = line.trimStart().startsWith('{') && 'record' in parseRecord(line);
  const found = isJson ? secretTexts(line) : [];
  const secrets = secretsOf(new Set([...passwords, ...found].filter((text) => text !== '')));
  return isJson ? hideTokens(line, secrets, markOf) : hideCells(line, secrets, markOf);
}

/** Returns the texts and numbers below secret keys. */
function secretTexts(line: string): string[] {
  const found: string[] = [];
  eachToken(line, ({ kind, text, isSecret }) => {
    if (!isSecret || isMark(text)) return;
    found.push(text);
    if (kind === 'number') found.push(String(Number(text)));
  });
  return found;
}

/**
 * Replaces secrets in the texts of a JSON line, and numbers that are one, so that it stays JSON. A text that is a secret as a
 * whole is replaced whatever its length.
 */
function hideTokens(line: string, secrets: Secrets, markOf: MarkOf): string {
  const parts: string[] = [];
  let done = 0;
  const fitting = secretsByLength(secrets);
  eachToken(line, ({ kind, from, to, text, key }) => {
    let hidden = text;
    if (kind === 'number') hidden = hideNumber(text, secrets, markOf);
    else if (kind === 'text' && secrets.whole.has(text)) hidden = markOf(text);
    else if (kind === 'text' && BASE64_KEYS.test(key) && holdsSecret(text, secrets)) hidden = markOf(text);
    else hidden = hideText(text, fitting(text.length), markOf);
    if (hidden === text) return;
    parts.push(line.slice(done, from), JSON.stringify(hidden));
    done = to;
  });
  parts.push(line.slice(done));
  return parts.join('');
}

/** Returns a function that gives the secrets which a text of a length can hold: a line may have very many short texts. */
function secretsByLength(secrets: Secrets): (length: number) => Secrets {
  const { parts } = secrets;
  const known = new Map<number, Secrets>();
  return (length) => {
    if (parts.length === 0 || parts[0]!.length <= length) return secrets;
    const before = known.get(length);
    if (before !== undefined) return before;
    const fitting = { ...secrets, parts: parts.filter((part) => part.length <= length) };
    known.set(length, fitting);
    return fitting;
  };
}

function hideNumber(number: string, { whole }: Secrets, markOf: MarkOf): string {
  const plain = String(Number(number));
  return whole.has(number) ? markOf(number) : whole.has(plain) ? markOf(plain) : number;
}

/** Returns whether a text is the base64 of one that holds a secret. */
function holdsSecret(text: string, secrets: Secrets): boolean {
  if (!BASE64.test(text)) return false;
  const bytes = Buffer.from(text, 'base64');
  // In a packet, bytes of its headers stand before what was sent.
  const sent = bytes.toString('latin1').replace(/[^\t\r\n\x20-\x7e]+/g, '\n');
  return [bytes.toString('utf8'), sent].some((plain) => hideText(plain, secrets, () => '') !== plain);
}

/** Replaces secrets in the cells of a tab-separated line, as Zeek escapes them, or in any other text. */
function hideCells(line: string, secrets: Secrets, markOf: MarkOf): string {
  if (!line.includes('\t'))
    return hideCell(line, secrets, markOf)
      .split(/([|;,])/)
      .map((cell, i) => (i % 2 === 0 && secrets.whole.has(cell) ? markOf(cell) : cell))
      .join('');
  const cells = line.split('\t').map((cell) => hideCell(cell, secrets, markOf));
  // What says that a secret follows may stand in the cell before.
  return hideText(cells.join('\t'), NO_SECRETS, markOf);
}

function hideCell(cell: string, secrets: Secrets, markOf: MarkOf): string {
  const text = unescapeText(cell);
  if (secrets.whole.has(text)) return markOf(text);
  const hidden = hideText(text, secrets, markOf);
  return hidden === text ? cell : text === cell ? hidden : escapeText(hidden);
}
