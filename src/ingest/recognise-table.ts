import { firstCells } from './csv-record.js';
import { isNslKddRow } from './nsl-kdd.js';
import { openBytes } from './open-bytes.js';
import type { DeclaredTableFormat } from './table-sources.js';

/**
 * Returns which labelled table with declared columns a file is, by its first row; undefined for any other file, and for one
 * that cannot be read. A file with a header is none.
 */
export async function recogniseTable(path: string): Promise<DeclaredTableFormat | undefined> {
  try {
    const { window } = await openBytes(path);
    await window.close();
    return isNslKddRow(firstCells(window.bytes)) ? 'nsl-kdd' : undefined;
  } catch {
    // Whoever reads the file next says what is wrong with it.
    return undefined;
  }
}
