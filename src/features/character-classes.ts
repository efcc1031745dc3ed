export const DIGIT = 1;
export const LOWER = 2;
export const UPPER = 4;
export const SPACE = 8;
/** ASCII that is neither letter, digit, white space nor control character. */
export const SPECIAL = 16;
export const HEX = 32;
/** What the words of a shell are made of: letters, digits, `_`, `.` and `-`. */
export const WORD = 64;
export const BASE64 = 128;
export const LETTER = LOWER | UPPER;

const of = (characters: string, bits: number): [string, number] => [characters, bits];

/** The classes of each ASCII character, as bits. */
export const CLASSES: Uint8Array = new Uint8Array(128);
for (let code = 33; code < 127; code++) CLASSES[code] = SPECIAL;
for (const [characters, bits] of [
  of('0123456789', DIGIT | HEX | WORD | BASE64),
  of('abcdef', LOWER | HEX | WORD | BASE64),
  of('ghijklmnopqrstuvwxyz', LOWER | WORD | BASE64),
  of('ABCDEF', UPPER | HEX | WORD | BASE64),
  of('GHIJKLMNOPQRSTUVWXYZ', UPPER | WORD | BASE64),
  of('\t\n\v\f\r ', SPACE),
  of('_.-', SPECIAL | WORD),
  of('+/=', SPECIAL | BASE64),
])
  for (const character of characters) CLASSES[character.charCodeAt(0)] = bits;

/** Returns the classes of the character at an index of a text: none beyond its end and outside ASCII. */
export function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? CLASSES[code]! : 0;
}

/** Returns whether every character from an index on is of one of these classes. */
export function isAll(text: string, bits: number, from = 0): boolean {
  for (let i = from; i < text.length; i++) if ((classAt(text, i) & bits) === 0) return false;
  return true;
}
