/** Control, format (zero-width, direction, tag), lone surrogate and line-breaking characters: what can move a cursor, hide or reorder text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns text with control, format and line-breaking characters as `\uXXXX`: whatever comes from a log may hold them. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
