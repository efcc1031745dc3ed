/** Control, format, surrogate and line-breaking characters: what can move a cursor, hide or reorder text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns `text` with every character that could change how a terminal or page shows the rest written as `\uXXXX`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** Returns `text` printable and of at most `length` characters, its end replaced by `…` where it is longer. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(printable(text.slice(0, 4 * length)));
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}
