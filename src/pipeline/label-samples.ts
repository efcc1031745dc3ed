import { didYouMean, PhantomNetError, show } from '../core/index.js';
import type { Labels } from '../data/index.js';
import { IS_ATTACK, labelEvents, tableLabelNotes, tableLabels } from '../features/index.js';
import type { ExperimentConfig } from './config.js';
import { isTable, type Samples } from './samples.js';

/** Returns the label that the config names, of each sample. */
export function labelSamples(samples: Samples, { target, attackEvents }: ExperimentConfig['label']): Labels {
  if (isTable(samples)) return tableLabels(samples, target);
  return labelEvents(samples, { label: target, ...(attackEvents === undefined ? {} : { attackEvents }) });
}

/**
 * Returns the labels coded by `classes`, with the classes that are not among them behind, sorted by text: for samples that
 * come after those a model is trained on. Throws BAD_DATA where none of their classes is among them.
 */
export function extendLabels(labels: Labels, known: Labels['classes'], target: string): Labels {
  const own = labels.classes.filter((label) => known.includes(label));
  if (own.length === 0)
    throw new PhantomNetError(
      'BAD_DATA',
      `label ${show(target)}: no class of the test file (${listed(labels.classes)}) is one of the training file (${listed(known)})`,
      { hint: 'give files of one kind, labelled the same way', details: { column: target } },
    );
  const classes = [...known, ...labels.classes.filter((label) => !known.includes(label))];
  const codes = labels.classes.map((label) => classes.indexOf(label));
  return { classes, codes: labels.codes.map((code) => codes[code]!) };
}

/** Returns a warning that says how many of the test rows are of a class without a training row. */
export function unseenClassNotes({ classes, codes }: Labels, nKnown: number): string[] {
  const unseen = classes.slice(nKnown);
  if (unseen.length === 0) return [];
  const rows = codes.reduce((sum, code) => sum + (code >= nKnown ? 1 : 0), 0);
  const what = unseen.length === 1 ? 'a class' : `${unseen.length} classes`;
  return [`${rows} test rows are of ${what} without a training row, and count as wrong: ${listed(unseen)}`];
}

function listed(classes: Labels['classes']): string {
  const shown = classes.slice(0, 20).map(String).join(', ');
  return classes.length > 20 ? `${shown}, …` : shown;
}

/**
 * Returns a warning for each word of the label's rule that the samples, or the rule, do not have: a misspelt one would
 * change the label in silence.
 */
export function labelNotes({ target, attackEvents }: ExperimentConfig['label'], samples: Samples): string[] {
  if (isTable(samples)) return tableLabelNotes(samples, target);
  if (target !== IS_ATTACK || attackEvents === undefined) return [];
  const seen = [...new Set(samples.map((event) => String(event.fields['event.action'] ?? '')))];
  return attackEvents
    .filter((name) => !seen.includes(name))
    .map((name) =>
      [`attack event ${show(name)} occurs nowhere in the data`, didYouMean(name, seen)]
        .filter(Boolean)
        .join('; '),
    );
}
