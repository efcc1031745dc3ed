import { setTimeout as pause } from 'node:timers/promises';
import { PhantomNetError } from '../core/index.js';
import type { SqlDatabase } from './sqlite.js';

/** How long a group may hold the write lock before it is committed and the rest waits for the next. */
const MAX_GROUP_MS = 50;
/** How long a group waits for another process's write lock; MLflow waits as long. */
const LOCK_PATIENCE_MS = 20_000;
/** How long between two looks at a lock that another process holds. */
const LOCK_PAUSE_MS = 2;
/** For how long after another process's commit the lock is shared with it half and half. */
const COURTESY_MS = 2_000;

/** A write that waits for its group. */
interface Pending {
  /** Runs it inside the group's transaction, in a savepoint of its own unless it is the only one. */
  readonly attempt: (isAlone: boolean) => void;
  readonly acknowledge: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** Why one write of a group was undone. */
interface Refusal {
  readonly reason: unknown;
}

/**
 * Commits writes that arrive together as one group, so that they share one fsync; each is acknowledged only after it.
 * Every write of a group has its own savepoint: one that throws leaves no trace and harms no other. A commit that fails
 * fails them all. Between groups the lock is free, and while another process writes too it is left free as long as it
 * was held; the event loop never waits for a lock.
 */
export class GroupWriter {
  readonly #sql: SqlDatabase;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;
  #courteousUntilMs = 0;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  /** Runs `work`, which must be synchronous, in the next group; resolves with what it returned when that is durable. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        attempt: (isAlone) => {
          result = isAlone ? work() : this.#sql.savepoint(work);
        },
        acknowledge: () => resolve(result),
        refuse: reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when every write that was asked for is settled. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // What else arrives in this turn of the event loop belongs to the same group.
    await new Promise((next) => setImmediate(next));
    while (this.#queue.length > 0) {
      const startedMs = performance.now();
      try {
        await this.#lock();
      } catch (error) {
        for (const pending of this.#queue.splice(0)) pending.refuse(error);
        break;
      }
      const lockedMs = performance.now();
      this.#commitGroup(lockedMs);
      await this.#yieldLock(performance.now() - lockedMs, lockedMs - startedMs);
    }
    this.#draining = undefined;
  }

  async #lock(): Promise<void> {
    const deadlineMs = performance.now() + LOCK_PATIENCE_MS;
    while (!this.#sql.tryBegin()) {
      this.#courteousUntilMs = performance.now() + COURTESY_MS;
      if (performance.now() > deadlineMs) {
        throw new PhantomNetError('UNAVAILABLE', `database ${this.#sql.path} is locked by another process`, {
          hint: 'try again when the other process is done',
          details: { path: this.#sql.path },
        });
      }
      await pause(LOCK_PAUSE_MS);
    }
  }

  #commitGroup(lockedMs: number): void {
    const isAlone = this.#queue.length === 1;
    const group: { readonly pending: Pending; refusal?: Refusal | undefined }[] = [];
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const entry: (typeof group)[number] = { pending: next };
        group.push(entry);
        entry.refusal = this.#attempt(next, isAlone);
        if (performance.now() - lockedMs > MAX_GROUP_MS) break;
      }
      this.#sql.commit();
    } catch (error) {
      this.#sql.rollback();
      for (const { pending, refusal } of group)
        pending.refuse(refusal === undefined ? error : refusal.reason);
      return;
    }
    for (const { pending, refusal } of group) {
      if (refusal === undefined) pending.acknowledge();
      else pending.refuse(refusal.reason);
    }
  }

  #attempt({ attempt }: Pending, isAlone: boolean): Refusal | undefined {
    try {
      attempt(isAlone);
      return undefined;
    } catch (reason) {
      // Alone, or where SQLite gave the whole transaction up (a full disk), there is nothing left to commit.
      if (isAlone || !this.#sql.isInTransaction()) throw reason;
      return { reason };
    }
  }

  async #yieldLock(heldMs: number, waitedMs: number): Promise<void> {
    if (this.#sql.changedElsewhere() || waitedMs > LOCK_PAUSE_MS) {
      this.#courteousUntilMs = performance.now() + COURTESY_MS;
    }
    if (performance.now() < this.#courteousUntilMs) await pause(Math.min(heldMs, MAX_GROUP_MS) + 1);
    else await new Promise((next) => setImmediate(next));
  }
}
