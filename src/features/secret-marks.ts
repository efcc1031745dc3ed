/** Stands for a secret in a text; no text of an event holds it. */
export const SECRET = '\0';

/** A text with each mark of a secret, as `[redacted:8:0123456789abcdef]`, as one character. */
export interface MarkedText {
  readonly text: string;
  /** Characters of each secret, in the order of the text. */
  readonly secrets: readonly number[];
}

const MARK = /\[redacted:(\d{1,7})(?::[\da-f]{16})?\]/g;
const NONE: readonly number[] = [];

/** Returns a text with its marks of secrets taken out; their hex digits are no characters of it. O(length). */
export function takeMarks(text: string): MarkedText {
  if (!text.includes('[redacted:')) return { text, secrets: NONE };
  const secrets: number[] = [];
  const plain = text.replace(MARK, (_mark, length: string) => {
    secrets.push(Number(length));
    return SECRET;
  });
  return { text: plain, secrets };
}
