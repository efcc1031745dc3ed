import { readFileSync } from 'node:fs';
import { table } from './docs-table.mjs';

/** The page that says by hand what the event form is, around a table of its fields. */
export const EVENTS_PAGE = 'docs/formats/event-v1.md';

const BEGIN = '<!-- The table is made by npm run docs from EVENT_FIELDS. -->';
const END = '<!-- End of the table. -->';

/** Returns the page with its table made anew. Throws where its place is not marked. */
export async function eventsPage() {
  const { EVENT_FIELDS } = await import('../dist/data/index.js');
  const text = readFileSync(EVENTS_PAGE, 'utf8').replaceAll('\r\n', '\n');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`${EVENTS_PAGE} has no place for the table of fields: ${BEGIN} … ${END}`);
  const rows = EVENT_FIELDS.map(({ name, type, role, description }) => [
    `\`${name}\``,
    type,
    role,
    description,
  ]);
  const fields = table(['field', 'type', 'role', 'what it is'], rows);
  return `${text.slice(0, from)}${BEGIN}\n\n${fields}\n\n${text.slice(to)}`;
}
