import { type Place, writeFirst, writeRecord } from './record-row.js';
import { type Taken, updateRecord } from './record-update.js';
import type { Records } from './records.js';

/** Writes the features of a key from what came before, then takes the event into its record. */
export function observeRecord(
  records: Records,
  { low, high }: { readonly low: number; readonly high: number },
  taken: Taken,
  place: Place,
): void {
  let record = records.find(low, high);
  if (record === 0) {
    writeFirst(place, records.scope);
    record = records.create(low, high, taken.timeMs);
  } else writeRecord(records, record, taken.timeMs, place);
  updateRecord(records, record, taken);
}
