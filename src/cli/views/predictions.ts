import { once } from 'node:events';
import { visible } from '../../core/index.js';
import type { PredictedEvent, PredictReport } from '../../pipeline/index.js';
import type { Output } from '../output.js';

/** Writes one line an event as batches come (tab-separated, JSON lines under --json), waiting when the reader is slow, and returns the closing notes. */
export async function writePredictions(
  batches: AsyncGenerator<readonly PredictedEvent[], PredictReport>,
  { json }: Pick<Output, 'json'>,
): Promise<string> {
  while (true) {
    const batch = await batches.next();
    if (batch.done === true) return closing(batch.value);
    const text = batch.value.map((event) => `${json ? JSON.stringify(event) : line(event)}\n`).join('');
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
}

function closing({ accepted, rejected, warnings }: PredictReport): string {
  const counts = `${accepted} events scored, ${rejected} rows rejected`;
  return [counts, ...warnings.map((warning) => `warning: ${warning}`)].join('\n');
}

function line(event: PredictedEvent): string {
  const name = event.id === undefined ? `${event.file}:${event.line}` : (event.id ?? '');
  const { label, score, threshold, model } = event;
  return [name, String(label), score.toFixed(6), threshold === null ? '' : String(threshold), model]
    .map(visible)
    .join('\t');
}
