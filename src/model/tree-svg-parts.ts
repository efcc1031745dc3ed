import { classColour } from './tree-boxes.js';
import { cells, fit, word } from './tree-words.js';

/** Height of a line above the tree. */
export const HEADER_LINE = 20;

const CELL = 7.3;
const SWATCH = 12;
const MOST_CLASSES = 12;
const CLASS_CELLS = 24;

const STYLE = {
  light: { paper: '#ffffff', ink: '#1c2128', quiet: '#57606a', line: '#8c959f', box: '#f6f8fa' },
  dark: { paper: '#0d1117', ink: '#e6edf3', quiet: '#9198a1', line: '#6e7681', box: '#161b22' },
} as const;

/** Returns the styles, of this picture alone, as plain rules: not every program that draws SVG knows variables. */
export function styleSheet(): string {
  const colours = ({ paper, ink, quiet, line, box }: Record<keyof typeof STYLE.light, string>) => [
    `.tree .paper{fill:${paper}}`,
    `.tree text{fill:${ink}}.tree .quiet,.tree .answer{fill:${quiet}}`,
    `.tree .edge,.tree .split,.tree .cut,.tree .leaf{stroke:${line}}`,
    `.tree .split{fill:${box}}.tree .cut,.tree .leaf{fill:${paper}}`,
  ];
  return [
    '<style>',
    '.tree text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}',
    '.tree .head{font-weight:700;font-size:14px}.tree .name{font-weight:700}',
    '.tree .answer{font-size:10px;text-anchor:end}.tree .edge{fill:none}.tree .cut{stroke-dasharray:4 3}',
    ...colours(STYLE.light),
    '@media(prefers-color-scheme:dark){',
    ...colours(STYLE.dark),
    '}',
    '</style>',
  ].join('\n');
}

/** Returns a swatch and a name for each of the first classes, in lines of at most `width` pixels, and where they end. */
export function legend(
  classes: readonly (number | string)[],
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): { lines: string[]; bottom: number } {
  const rest = classes.length - MOST_CLASSES;
  const entries = classes.slice(0, MOST_CLASSES).map((name, code) => ({
    text: fit(`class ${word(name)}`, CLASS_CELLS),
    colour: classColour(code),
  }));
  const all = [...entries, ...(rest > 0 ? [{ text: `… ${rest} more`, colour: undefined }] : [])];
  const lines: string[] = [];
  let [left, top] = [0, y];
  for (const { text, colour } of all) {
    const wide = SWATCH + 6 + cells(text) * CELL + 18;
    if (left > 0 && left + wide > width) [left, top] = [0, top + HEADER_LINE];
    if (colour !== undefined)
      lines.push(
        `<rect x="${(x + left).toFixed(1)}" y="${top + 2}" width="${SWATCH}" height="${SWATCH}" rx="2" fill="${colour}"/>`,
      );
    lines.push(`<text x="${(x + left + SWATCH + 6).toFixed(1)}" y="${top + 12}">${escapeXml(text)}</text>`);
    left += wide;
  }
  return { lines, bottom: top + HEADER_LINE };
}

/** What XML may not hold at all, which `visible` leaves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Returns text as it stands in XML, in an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
