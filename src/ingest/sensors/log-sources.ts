import { didYouMean, PhantomNetError, show } from '../../core/index.js';
import { COWRIE } from './cowrie.js';
import { DIONAEA } from './dionaea.js';
import { EVENTS } from './events.js';
import { parseRecord } from './json-source.js';
import { OPENCANARY } from './opencanary.js';
import type { JsonRecord, LogHead, LogSource } from './source.js';
import { SURICATA } from './suricata.js';
import { TPOT } from './tpot.js';
import { WEEK6 } from './week6.js';
import { ZEEK } from './zeek.js';

/**
 * Every log format there is. To add one, write its module and add it here; the first is taken of those that are equally
 * sure, so T-Pot, which holds the records of others, stands before them, and rows of any origin behind.
 */
export const LOG_SOURCES: readonly LogSource[] = [
  TPOT,
  COWRIE,
  DIONAEA,
  OPENCANARY,
  SURICATA,
  WEEK6,
  ZEEK,
  EVENTS,
];

/** Returns the source of this name. Throws INVALID_PARAMETER, with the nearest name or all of them. */
export function logSource(name: string): LogSource {
  const source = LOG_SOURCES.find((known) => known.name === name);
  if (source !== undefined) return source;
  const names = LOG_SOURCES.map((known) => known.name);
  throw new PhantomNetError('INVALID_PARAMETER', `no log source ${show(name)}`, {
    hint: didYouMean(name, names) ?? `the sources are ${names.join(', ')}`,
    details: { source: name, allowed: names },
  });
}

/** How sure a source must be to be taken without being named. */
const SURE = 0.5;

/** Returns the source that is surest that these lines are its own; undefined where none is sure. */
export function recogniseSource(lines: readonly string[]): LogSource | undefined {
  const head = logHead(lines);
  const best = LOG_SOURCES.map((source) => ({ source, sure: source.recognise(head) })).reduce((a, b) =>
    b.sure > a.sure ? b : a,
  );
  return best.sure >= SURE ? best.source : undefined;
}

/** Returns the first lines of an input with those of them that are JSON objects. */
export function logHead(lines: readonly string[]): LogHead {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, 50);
  const records = filled.flatMap((line): JsonRecord[] => {
    const parsed = line.trimStart().startsWith('{') ? parseRecord(line) : undefined;
    return parsed !== undefined && 'record' in parsed ? [parsed.record] : [];
  });
  return { lines: filled, records };
}
