import { visible } from '../../core/index.js';
import type { PredictedEvent, PredictReport } from '../../pipeline/index.js';
import type { Output } from '../output.js';

/**
 * Writes one line an event as batches come (tab-separated, JSON lines under --json), waiting when the reader is slow, and
 * returns the closing notes. Ends the stage that tells how far logs are read.
 */
export async function writePredictions(
  batches: AsyncGenerator<readonly PredictedEvent[], PredictReport>,
  { json, progress }: Pick<Output, 'json' | 'progress'>,
): Promise<string> {
  while (true) {
    const batch = await batches.next();
    progress.done();
    if (batch.done === true) return closing(batch.value);
    const text = batch.value.map((event) => `${json ? JSON.stringify(event) : line(event)}\n`).join('');
    await write(text);
  }
}

/** Resolves when the text was taken. Until then no state says that it was; where it is not, the program ends. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (error == null) resolve();
    });
  });
}

function closing({ accepted, rejected, unit, state, warnings }: PredictReport): string {
  const counts = `${accepted} ${unit}s scored, ${rejected} rows rejected${state === undefined ? '' : ofState(state)}`;
  return [counts, ...warnings.map((warning) => `warning: ${warning}`)].join('\n');
}

function ofState({ late, continued }: NonNullable<PredictReport['state']>): string {
  const sessions =
    continued === 0 ? '' : `; ${continued} sessions began in an earlier file and were scored with it`;
  return `, ${late} too late to be put in order${sessions}`;
}

function line(event: PredictedEvent): string {
  const name = event.id === undefined ? `${event.file}:${event.line}` : (event.id ?? '');
  const { label, score, threshold, model, late } = event;
  const cells = [name, String(label), score.toFixed(6), threshold === null ? '' : String(threshold), model];
  return [...cells, ...(late === true ? ['late'] : [])].map(visible).join('\t');
}
