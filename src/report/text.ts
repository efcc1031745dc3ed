import { visible } from '../core/index.js';

/** Most characters of one text from the data. */
const MAX_TEXT = 160;

/** Returns text from the data fit to be shown: control characters visible, and cut after `most` characters. */
export function shownText(text: string | number, most = MAX_TEXT): string {
  const characters = Array.from(String(text).slice(0, 4 * most + 8));
  const cut = characters.length > most ? `${characters.slice(0, most).join('')}…` : characters.join('');
  return visible(cut);
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Returns text as it stands in HTML and SVG, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => HTML[character]!);
}

/** Returns text as it stands in Markdown, also in a cell of a table: no markup, no link, no raw HTML. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|~>]/g, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/^(\s*)([-=+#])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/@/g, '&#64;')
    .replace(/www\./gi, 'www&#46;');
}
