import { isAscii } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { type EventFieldName, type EventFields, isTextField } from '../../data/index.js';
import { ByteWindow } from '../byte-window.js';
import { CELL_END, ownText } from './cell-text.js';
import { MAX_ROW_BYTES, ROW_FIELDS } from './event-rows.js';
import { lineChunks } from './line-chunks.js';

const SIZES = { chunkBytes: 2 ** 19, maxLineBytes: MAX_ROW_BYTES };
const LF = 10;

/** A field that is wanted, and which cell of a row it is. */
interface WantedCell {
  readonly name: EventFieldName;
  readonly cell: number;
  readonly isText: boolean;
}

/** Yields the events of merged rows in their order, in batches, with the named fields only. */
export async function* readRows(
  file: string,
  fields: readonly EventFieldName[],
): AsyncGenerator<readonly EventFields[], void> {
  const wanted = ROW_FIELDS.flatMap(({ name }, cell) =>
    fields.includes(name) ? [{ name, cell, isText: isTextField(name) }] : [],
  );
  const window = new ByteWindow(createReadStream(file, { highWaterMark: SIZES.chunkBytes }));
  try {
    for await (const { bytes } of lineChunks(window, SIZES)) yield eventsOf(bytes, wanted);
  } finally {
    await window.close();
  }
}

function eventsOf(bytes: Buffer, wanted: readonly WantedCell[]): EventFields[] {
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const events: EventFields[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LF, from);
    // Each row is a text of its own: a part of a common one would keep it whole.
    events.push(eventOf(bytes.toString(encoding, from, end), wanted));
    from = end + 1;
  }
  return events;
}

function eventOf(row: string, wanted: readonly WantedCell[]): EventFields {
  const event: EventFields = {};
  let from = 0;
  let at = 0;
  for (const { name, cell, isText } of wanted) {
    for (; at < cell; at++) {
      from = row.indexOf(CELL_END, from) + 1;
      // The row ends before.
      if (from === 0) return event;
    }
    const end = row.indexOf(CELL_END, from);
    const text = row.slice(from, end < 0 ? row.length : end);
    if (text !== '') event[name] = isText ? ownText(text, row.length) : Number(text);
  }
  return event;
}
