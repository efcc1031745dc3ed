/** What a column is for. Label-defining and outcome columns are refused as features. */
export type ColumnRole = 'feature' | 'label-defining' | 'outcome' | 'identifier' | 'time';

/** A source's declaration of one column. */
export interface ColumnSchema {
  readonly name: string;
  readonly role: ColumnRole;
  /** Why the column has this role; printed when it is refused as a feature. */
  readonly reason: string;
}
