/**
 * Returns the 16-bit words of an IP address, 2 of IPv4 and 8 of IPv6, or null for text that is none.
 * An IPv4-mapped IPv6 address gives the 2 words of the IPv4 address. O(length of the text).
 */
export function parseAddress(text: string): Uint16Array | null {
  if (text.length > MAX_LENGTH) return null;
  if (!text.includes(':')) return parseIpv4(text);
  const words = parseIpv6(text.replace(/%[^%]+$/, ''));
  const isMapped = words?.every((word, i) => i > 5 || word === (i === 5 ? 0xffff : 0)) ?? false;
  return isMapped ? words!.slice(6) : words;
}

/** The longest text of an address is 45 characters; a zone is the name of a network card. */
const MAX_LENGTH = 100;

function parseIpv4(text: string): Uint16Array | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  const [a, b, c, d] = parts.map(Number);
  return Uint16Array.of(a! * 256 + b!, c! * 256 + d!);
}

function parseIpv6(text: string): Uint16Array | null {
  const [before, after, ...more] = text.split('::');
  if (more.length > 0) return null;
  const head = parseWords(before!, after === undefined);
  if (after === undefined) return head?.length === 8 ? Uint16Array.from(head) : null;
  const tail = parseWords(after, true);
  if (head === null || tail === null || head.length + tail.length > 7) return null;
  const words = new Uint16Array(8);
  words.set(head);
  words.set(tail, 8 - tail.length);
  return words;
}

/** The words of one side of `::`, empty for no text; an IPv4 address may stand for the last two words of an address. */
function parseWords(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1)!;
  const ipv4 = isEnd && last.includes('.') ? parseIpv4(last) : undefined;
  if (ipv4 === null) return null;
  const hex = ipv4 === undefined ? parts : parts.slice(0, -1);
  if (!hex.every((part) => /^[\da-f]{1,4}$/i.test(part))) return null;
  return [...hex.map((part) => Number.parseInt(part, 16)), ...(ipv4 ?? [])];
}

/** Returns the text of an address: IPv4 with dots, IPv6 as RFC 5952 says. */
export function addressText(words: Uint16Array): string {
  if (words.length === 2) return Array.from(words, (word) => `${word >> 8}.${word & 255}`).join('.');
  const [start, length] = longestZeros(words);
  const hex = (part: Uint16Array) => Array.from(part, (word) => word.toString(16)).join(':');
  if (length < 2) return hex(words);
  return `${hex(words.subarray(0, start))}::${hex(words.subarray(start + length))}`;
}

/** Where the first of the longest runs of zeros starts, and its length. */
function longestZeros(words: Uint16Array): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  for (const [i, word] of words.entries()) {
    if (word !== 0) start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}
