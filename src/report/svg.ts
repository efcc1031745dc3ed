import { escapeHtml, shownText } from './text.js';

/** Attributes of an element of SVG; numbers are rounded to hundredths. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Returns an element of SVG; `content` is markup already. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeHtml(value)}"`,
  );
  const open = `<${name}${written.join('')}`;
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}

/** Returns a text of SVG, escaped and cut after `most` characters. */
export function label(text: string, attributes: Attributes, most = 60): string {
  return element('text', attributes, escapeHtml(shownText(text, most)));
}

/** Returns a path of straight lines through points. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('');
}

/** Returns a whole drawing with a name and a description for those who cannot see it. */
export function drawing(
  { id, title, description }: { readonly id: string; readonly title: string; readonly description: string },
  size: { readonly width: number; readonly height: number },
  content: string,
): string {
  return element(
    'svg',
    {
      viewBox: `0 0 ${size.width} ${rounded(size.height)}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
    },
    element('title', { id: `${id}-title` }, escapeHtml(title)) +
      element('desc', { id: `${id}-desc` }, escapeHtml(description)) +
      content,
  );
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
