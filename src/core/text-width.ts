import { visible } from './visible.js';

/** Returns `text` with its invisible characters escaped, of at most `length` characters, its end replaced by `…` where it is longer. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(visible(text.slice(0, 4 * length)));
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/** Characters that terminals draw two columns wide: East Asian scripts, their full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Returns how many columns of a terminal `text` takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}

/** Returns `text` broken into lines of at most `width` columns, after a space or joining sign where one is in a line's second half. */
export function wrapLines(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const character of text) {
    const needed = characterWidth(character);
    if (taken + needed > width) {
      const sign = Math.max(...[' ', '-', '_', '/'].map((s) => line.lastIndexOf(s)));
      const end = sign >= line.length / 2 ? sign + 1 : line.length;
      lines.push(line.slice(0, end));
      line = line.slice(end);
      taken = displayWidth(line);
    }
    line += character;
    taken += needed;
  }
  return [...lines, line];
}
