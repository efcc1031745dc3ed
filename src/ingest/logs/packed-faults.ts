import type { LineFault } from './parse-lines.js';

/** Faults as a thread hands them over: most are of a few kinds, and a hostile log has one a line. */
export interface PackedFaults {
  readonly kinds: readonly Omit<LineFault, 'line'>[];
  /** For each fault the number of its kind. */
  readonly kindOf: Uint32Array;
  readonly lines: Float64Array;
}

/** Returns faults in little memory. */
export function packFaults(faults: readonly LineFault[]): PackedFaults {
  const numbers = new Map<string, number>();
  const kinds: Omit<LineFault, 'line'>[] = [];
  const kindOf = Uint32Array.from(faults, ({ line: _line, ...kind }) => {
    const isPlain = kind.column === undefined && kind.text === undefined;
    const name = isPlain ? `${kind.code} ${kind.reason}` : JSON.stringify(kind);
    const known = numbers.get(name) ?? kinds.push(kind) - 1;
    numbers.set(name, known);
    return known;
  });
  return { kinds, kindOf, lines: Float64Array.from(faults, ({ line }) => line) };
}

/** Returns the faults that were packed. */
export function unpackFaults({ kinds, kindOf, lines }: PackedFaults): LineFault[] {
  return Array.from(lines, (line, i) => ({ line, ...kinds[kindOf[i]!]! }));
}
