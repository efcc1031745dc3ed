import { type Finding, finding, notApplicable, percent } from './audit.js';
import type { Prepared } from './prepared.js';

/**
 * Returns how many samples have features that are made of the very event that gave their label: any blocks, since a model
 * then learns the answer, which it will not have when a prediction is due.
 */
export function auditLabelInWindow(data: Prepared): Finding {
  const { labelInWindow } = data.input;
  if (labelInWindow === undefined) return notApplicable('the rows are no samples that were made of events');
  const { unit, samples, of } = labelInWindow;
  const numbers = { samples, of };
  if (samples === 0)
    return finding('pass', `no ${unit} has features of the event that gave its label`, { numbers });
  const share = `${samples} of ${of} ${unit}s (${percent(samples / of)})`;
  if (unit === 'event')
    return finding('block', `the history of ${share} knows of the event that gave their label`, {
      numbers,
      fix: 'leave the events that hold the label out of what features are made of with sample.where',
    });
  return finding('block', `the event that gave the label is inside the window of ${share}`, {
    numbers,
    fix: 'close the window before it: name that event in sample.until, or shorten sample.maxSeconds',
  });
}
