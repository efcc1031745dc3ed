import { writeFileSync } from 'node:fs';
import { RandomState } from '#src/core/index.js';

/** A row of a table with columns of text and of numbers; `bad` is its label. */
export interface Row {
  readonly agent: string;
  readonly proto: string;
  readonly size: string;
  readonly drift: string;
  readonly bad: number;
}

/** Returns rows whose label leans on proto and size; agent is an equal draw of `nAgents`, and tells nothing. */
export function rowsOf(count: number, nAgents: number): Row[] {
  const random = new RandomState(4);
  const agents = random.permutation(count);
  const chance = random.permutation(count);
  return Array.from({ length: count }, (_, i) => {
    const bad = chance[i]! % 2;
    return {
      agent: `agent ${agents[i]! % nAgents}`,
      proto: ['ssh', 'http', 'ftp', ''][(i * 13 + (i % 3 === 0 ? bad : 0)) % 4]!,
      size: i % 11 === 0 ? '' : String(100 + bad * 40 + ((i * 31) % 97)),
      drift: String((i * 37) % 101),
      bad,
    };
  });
}

/** Writes the rows as a CSV and returns its path. */
export function writeRows(path: string, rows: readonly Row[]): string {
  const lines = rows.map(({ agent, proto, size, drift, bad }) => [agent, proto, size, drift, bad].join(','));
  writeFileSync(path, `agent,proto,size,drift,bad\n${lines.join('\n')}\n`);
  return path;
}
