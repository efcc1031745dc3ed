import { sha256Hex } from '../../core/index.js';

/** Sessions remembered at most: those that were seen last. */
const MOST_SESSIONS = 1_000_000;

/** A session by the hash of its name, and when it was last seen. */
export type BegunSession = readonly [hash: string, lastMs: number];

/** The sessions that have begun, in this file or in an earlier one, where they had their sample. */
export class BegunSessions {
  readonly #earlier: ReadonlySet<string>;
  readonly #lastMs: Map<string, number>;

  constructor(earlier: readonly BegunSession[]) {
    this.#lastMs = new Map(earlier);
    this.#earlier = new Set(this.#lastMs.keys());
  }

  /** Takes an event of a session. Returns whether the session began in an earlier file. */
  see(name: string, timeMs: number): boolean {
    // Names are as long as attackers like.
    const hash = sha256Hex(name).slice(0, 32);
    this.#lastMs.set(hash, Math.max(timeMs, this.#lastMs.get(hash) ?? timeMs));
    return this.#earlier.has(hash);
  }

  /** Returns those that were seen at a time or later. */
  since(timeMs: number): BegunSession[] {
    const kept = [...this.#lastMs].filter(([, lastMs]) => lastMs >= timeMs);
    return kept.length <= MOST_SESSIONS ? kept : kept.sort((a, b) => b[1] - a[1]).slice(0, MOST_SESSIONS);
  }
}
