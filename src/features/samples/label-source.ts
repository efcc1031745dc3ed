import type { TableColumn } from '../../data/index.js';
import type { EventLabeller } from './event-labeller.js';
import { eventLabeller } from './label-rules.js';
import { labelColumn } from './sample-columns.js';
import type { LabelRule } from './sample-spec.js';

/** The label of samples: what gives it, and the column it becomes. */
export interface LabelSource {
  readonly column: TableColumn;
  readonly labeller: EventLabeller;
  /** Returns the cell of a sample whose events gave this label; undefined where it has none. */
  cellOf(label: string | undefined): number | string | undefined;
}

/** Returns the label `name` that a rule gives. Throws INVALID_CONFIG as `eventLabeller` does. */
export function createLabelSource(name: string, rule: LabelRule): LabelSource {
  const labeller = eventLabeller(rule);
  const column = labelColumn(name, rule);
  return {
    column,
    labeller,
    cellOf(label) {
      const own = label ?? labeller.otherwise;
      return own === undefined || column.type === 'categorical' ? own : Number(own);
    },
  };
}
