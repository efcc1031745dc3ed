import { EVENT_FIELDS, type EventFields } from '../../data/index.js';

/** Stands between the parts of a row; in a text it is escaped. */
export const PART_END = '\x1e';
/** Begins an escape: what follows says which character it stands for. */
export const ESCAPE = '\x1f';
/** The characters that end a row or part, with the letter that they are written as. */
export const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\n', 'n'],
  ['\r', 'r'],
  [PART_END, 'd'],
  [ESCAPE, 'u'],
]);

const INDEX: ReadonlyMap<string, number> = new Map(EVENT_FIELDS.map(({ name }, i) => [name, i]));
const SPECIAL = new RegExp(`[${[...ESCAPED.keys()].join('')}]`);
const SPECIALS = new RegExp(SPECIAL, 'g');

/**
 * Returns a writer of events as rows of text, one a line, in parts: time, sensor, number of the file, line, number of the
 * event in its line, hash of the line, and the event itself as CSV with a cell for each field of the event form. The parts
 * before it are what rows are sorted by, so that a sort moves seven columns, and not one for each field.
 */
export function eventRowWriter(fileIndex: number): (events: readonly EventFields[]) => string {
  const cells = new Array<string | number>(EVENT_FIELDS.length);
  return (events) => {
    let rows = '';
    for (let ordinal = 0; ordinal < events.length; ordinal++) {
      const fields = events[ordinal]!;
      cells.fill('');
      for (const name in fields) {
        const value = fields[name as keyof EventFields];
        if (value === null || value === undefined) continue;
        cells[INDEX.get(name)!] = typeof value === 'number' ? value : quoted(value);
      }
      const sensor = escaped(String(fields['observer.name'] ?? ''));
      const place = `${fields['log.line']}${PART_END}${ordinal}${PART_END}${fields['event.hash']}`;
      rows += `${fields['@timestamp']}${PART_END}${sensor}${PART_END}${fileIndex}${PART_END}${place}${PART_END}${cells.join(',')}\n`;
    }
    return rows;
  };
}

function quoted(text: string): string {
  const safe = escaped(text);
  return safe.includes('"') ? `"${safe.replaceAll('"', '""')}"` : `"${safe}"`;
}

function escaped(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(SPECIALS, (character) => `${ESCAPE}${ESCAPED.get(character)}`)
    : text;
}
