import type { TableSource } from '../data/index.js';
import { NSL_KDD } from './nsl-kdd.js';

/** A kind of labelled table whose columns are declared. */
export type DeclaredTableFormat = 'nsl-kdd';

/** A kind of labelled table that can be read; `table` is rows of any columns, which are told from the rows. */
export type TableFormat = DeclaredTableFormat | 'table';

/** Every kind of labelled table with declared columns, by its name. To add one, declare its columns and add it here. */
export const TABLE_SOURCES: Readonly<Record<DeclaredTableFormat, TableSource>> = { 'nsl-kdd': NSL_KDD };

/** Returns the kind of labelled table that a format is; undefined for a format of events, and for `table`. */
export function tableSource(format: string | undefined): TableSource | undefined {
  return format !== undefined && Object.hasOwn(TABLE_SOURCES, format)
    ? TABLE_SOURCES[format as DeclaredTableFormat]
    : undefined;
}

/** Returns whether a format is of rows of a table, not of events. */
export function isTableFormat(format: string | undefined): format is TableFormat {
  return format === 'table' || tableSource(format) !== undefined;
}
