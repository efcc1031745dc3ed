import type { TableSource } from '../data/index.js';
import { NSL_KDD } from './nsl-kdd.js';

/** A kind of labelled table that can be read. */
export type TableFormat = 'nsl-kdd';

/** Every kind of labelled table, by its name. To add one, declare its columns and add it here. */
export const TABLE_SOURCES: Readonly<Record<TableFormat, TableSource>> = { 'nsl-kdd': NSL_KDD };

/** Returns the kind of labelled table that a format is; undefined for a format of events. */
export function tableSource(format: string | undefined): TableSource | undefined {
  return format !== undefined && Object.hasOwn(TABLE_SOURCES, format)
    ? TABLE_SOURCES[format as TableFormat]
    : undefined;
}
