import type { Json } from './source.js';

/** Returns a text, a number as text, or those of a list joined by spaces; the empty text for anything else. */
export function plainText(value: Json | undefined): string {
  if (isPlain(value)) return String(value);
  return Array.isArray(value) ? value.filter(isPlain).join(' ') : '';
}

function isPlain(value: Json | undefined): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** More than are looked for one by one: beyond, all that the client wrote is replaced. */
export const MAX_PASSWORDS = 128;

/**
 * Returns the passwords that a value of a record holds: the one that is to be counted first, the empty text where it is a
 * list or an object; of those each text and number once, as long as they are not too many. Numbers are spelled as in the line.
 * Depth is up to the line.
 */
export function passwordsIn(value: Json | undefined, line: string): string[] {
  if (value === null || value === undefined) return [];
  const found = new Set<string | number>(typeof value === 'object' ? [''] : []);
  const left: Json[] = [value];
  while (left.length > 0 && found.size < MAX_PASSWORDS) {
    const next = left.pop()!;
    if (typeof next === 'string' || typeof next === 'number') found.add(next);
    else if (next !== null && typeof next === 'object')
      for (const member of (Object.values(next) as Json[]).reverse()) left.push(member);
  }
  return [...found].map((text) => (typeof text === 'number' ? spelledNumber(text, line) : text));
}

/** The numbers of the line that was asked for last, as it spells them: a line may hold very many passwords. */
let lastLine: { readonly line: string; readonly digits: ReadonlyMap<number, string> } | undefined;

/** Returns the digits of a number in its line, since those that JavaScript rounds are no longer what was typed. */
function spelledNumber(value: number, line: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (lastLine?.line !== line) lastLine = { line, digits: digitsIn(line) };
  return lastLine.digits.get(value) ?? String(value);
}

/** Returns the first spelling of each number of a line that is no safe integer. */
function digitsIn(line: string): Map<number, string> {
  const digits = new Map<number, string>();
  for (const [, spelled] of line.matchAll(/[:[,]\s{0,8}(-?\d[\d.eE+-]{0,512})/g)) {
    const value = Number(spelled);
    if (!Number.isSafeInteger(value) && !digits.has(value)) digits.set(value, spelled!);
  }
  return digits;
}

/** Returns a command with what was given to it, as it was typed. */
export function commandLine(command: string, given: string): string {
  return [command, given].filter((part) => part !== '').join(' ');
}

/**
 * Returns what has to be hidden where a command such as `PASS` was given a password: the password first, then its words, as a
 * sensor may list them, and for one that is too short to be looked for alone the stretch of the command line that it stands in.
 */
export function secretArguments(command: string, given: string): string[] {
  if (command.trim().toUpperCase() !== 'PASS' || given === '') return [];
  const words = given.includes(' ') ? given.split(' ', MAX_PASSWORDS).filter((word) => word !== '') : [];
  return [given, ...words, ...(given.length < 4 ? [` ${given}`] : [])];
}
