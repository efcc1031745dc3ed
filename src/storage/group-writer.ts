import { setTimeout as pause } from 'node:timers/promises';
import { PhantomNetError } from '../core/index.js';
import type { SqlDatabase } from './sqlite.js';

/** How long a group may hold the write lock before it is committed and the rest waits for the next. */
const MAX_GROUP_MS = 50;
/** How long a write waits for another process's lock; MLflow waits as long. */
const LOCK_PATIENCE_MS = 20_000;
/** How long between two looks at a lock that another process holds. */
const LOCK_PAUSE_MS = 2;
/** For how long after another process was seen the lock is shared with it half and half. */
const COURTESY_MS = 2_000;
/** How often to look for writes of another process: far more often than they are remembered. */
const LOOK_MS = 20;
/** How long the lock is left free for a millisecond that it was held: with others about, and while none is seen. */
const FREE_SHARE = { shared: 1, alone: 0.15 } as const;
/** A free time that is still owed is left in pieces of at least this length, because a timer is no finer. */
const MIN_FREE_MS = 2;

/** How long nothing is to be written before the log is moved into the file. */
const IDLE_MS = 100;
/** How long must have been written, all together, for that to be worth while. */
const WORTH_MOVING_MS = 50;

/** A write that waits for its group. */
interface Pending {
  /** Runs it inside the group's transaction, in a savepoint of its own unless it is the only one. */
  readonly attempt: (isAlone: boolean) => void;
  /** It has looked for what its rows refer to. */
  readonly checksReferences: boolean;
  readonly acknowledge: () => void;
  readonly refuse: (reason: unknown) => void;
  /** When it was asked for, on the process's clock. */
  readonly askedMs: number;
}

/** A write that was tried, and why it was undone if it was. */
interface Tried {
  readonly pending: Pending;
  readonly refusal: Refusal | undefined;
}

/** What is known of a write before it runs. */
export interface WriteOptions {
  /** It looks for itself, and in its own transaction, whether all that its rows refer to is there: SQLite would look once a row. */
  readonly checksReferences?: boolean;
}

/** Why one write of a group was undone. */
interface Refusal {
  readonly reason: unknown;
}

/**
 * Commits writes that arrive together as one group, so that they share one fsync; each is acknowledged only after it.
 * Every write of a group has its own savepoint: one that throws leaves no trace and harms no other. A commit that fails
 * fails them all. The event loop never waits for the write lock, and none is held while nothing is written.
 *
 * In a pause after much was written the log is moved into the file: else SQLite does so in the midst of a later commit.
 *
 * Whoever waits for the lock elsewhere looks at it now and then (SQLite up to 100 ms apart) and leaves no trace that we
 * could see. So some of the time it is free even when we are busy, and while others are seen to write, half of it.
 */
export class GroupWriter {
  readonly #sql: SqlDatabase;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;
  #courteousUntilMs = 0;
  #lookedMs = 0;
  #owedFreeMs = 0;
  #freeSinceMs = 0;
  #writtenMs = 0;
  #moving: NodeJS.Timeout | undefined;
  #lockPatienceMs = LOCK_PATIENCE_MS;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  /**
   * Runs `work`, which must be synchronous, in the next group; resolves with what it returned when that is durable.
   * Foreign keys are enforced, unless all writes of the group check references themselves.
   * Rejects with what `work` threw, with the error of the commit, or with UNAVAILABLE after 20 s behind another's lock.
   */
  write<T>(work: () => T, { checksReferences = false }: WriteOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        attempt: (isAlone) => {
          result = isAlone ? work() : this.#sql.savepoint(work);
        },
        acknowledge: () => resolve(result),
        refuse: reject,
        askedMs: performance.now(),
        checksReferences,
      });
      this.#draining ??= this.#drain();
    });
  }

  /**
   * Resolves when every write that was asked for is settled. Until then none waits for another process's lock: those
   * that find it taken are refused with UNAVAILABLE at once.
   */
  async finish(): Promise<void> {
    this.#lockPatienceMs = 0;
    await this.#draining;
    this.#lockPatienceMs = LOCK_PATIENCE_MS;
  }

  async #drain(): Promise<void> {
    // What else arrives in this turn of the event loop belongs to the same group.
    await nextTurn();
    while (this.#queue.length > 0) {
      const trusted = this.#queue.every(({ checksReferences }) => checksReferences);
      if (!(await this.#lock(trusted))) continue;
      const lockedMs = performance.now();
      const group = this.#takeGroup(lockedMs, trusted);
      settle(group, this.#commit(group));
      await this.#leaveFree(lockedMs);
    }
    this.#draining = undefined;
    if (this.#writtenMs < WORTH_MOVING_MS) return;
    if (this.#moving === undefined) this.#moving = setTimeout(() => this.#moveLog(), IDLE_MS).unref();
    else this.#moving.refresh();
  }

  /** Ends what goes on while nothing is written: to be called when it has finished, before the database is closed. */
  end(): void {
    clearTimeout(this.#moving);
  }

  #moveLog(): void {
    this.#moving = undefined;
    if (this.#draining !== undefined) return;
    this.#writtenMs = 0;
    try {
      this.#sql.moveLog();
    } catch {
      // What is not moved is in the log as before, and whoever writes next is told of a disk that fails.
    }
  }

  /** Begins a transaction as soon as the lock is free; returns false when no write is left that waits for it. */
  async #lock(trusted: boolean): Promise<boolean> {
    try {
      while (!this.#sql.tryBegin({ checksReferences: !trusted })) {
        this.#courteousUntilMs = performance.now() + COURTESY_MS;
        this.#refuseExpired();
        if (this.#queue.length === 0) return false;
        await pause(LOCK_PAUSE_MS);
      }
      this.#lookForOthers();
      return true;
    } catch (error) {
      this.#rollback();
      for (const { refuse } of this.#queue.splice(0)) refuse(error);
      return false;
    }
  }

  #lookForOthers(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    if (this.#sql.changedElsewhere()) this.#courteousUntilMs = nowMs + COURTESY_MS;
  }

  #refuseExpired(): void {
    const oldestMs = performance.now() - this.#lockPatienceMs;
    const expired = this.#queue.findIndex(({ askedMs }) => askedMs > oldestMs);
    for (const { refuse } of this.#queue.splice(0, expired === -1 ? this.#queue.length : expired)) {
      refuse(lockedElsewhere(this.#sql.path));
    }
  }

  /** Tries the writes that wait, in the order they were asked for, until all are tried or the group has lasted long enough. */
  #takeGroup(lockedMs: number, trusted: boolean): Tried[] {
    const waiting = this.#queue;
    this.#queue = [];
    const group: Tried[] = [];
    for (const pending of waiting) {
      // It came after the transaction began without foreign keys.
      if (trusted && !pending.checksReferences) break;
      const refusal = this.#attempt(pending, waiting.length === 1);
      group.push({ pending, refusal });
      if (!this.#sql.isInTransaction() || performance.now() - lockedMs > MAX_GROUP_MS) break;
    }
    // A write that asked for another has put it behind those that still wait.
    this.#queue = [...waiting.slice(group.length), ...this.#queue];
    return group;
  }

  #attempt({ attempt }: Pending, isAlone: boolean): Refusal | undefined {
    try {
      attempt(isAlone);
      return undefined;
    } catch (reason) {
      if (isAlone) this.#rollback();
      return { reason };
    }
  }

  /** Returns why none of the group is kept, or undefined when all of it that was not refused is on the disk. */
  #commit(group: readonly Tried[]): Refusal | undefined {
    // Where SQLite gave the whole transaction up (a full disk), the last write's refusal is everyone's.
    if (!this.#sql.isInTransaction()) return group.at(-1)?.refusal;
    try {
      this.#sql.commit();
      return undefined;
    } catch (reason) {
      this.#rollback();
      return { reason };
    }
  }

  #rollback(): void {
    try {
      this.#sql.rollback();
    } catch {
      // SQLite has undone it by itself; what went wrong first is what the writers are told.
    }
  }

  async #leaveFree(lockedMs: number): Promise<void> {
    const nowMs = performance.now();
    this.#writtenMs += nowMs - lockedMs;
    const share = nowMs < this.#courteousUntilMs ? FREE_SHARE.shared : FREE_SHARE.alone;
    const wasFreeMs = lockedMs - this.#freeSinceMs;
    this.#owedFreeMs = Math.max(0, this.#owedFreeMs - wasFreeMs) + (nowMs - lockedMs) * share;
    this.#freeSinceMs = nowMs;
    if (this.#owedFreeMs >= MIN_FREE_MS) await pause(this.#owedFreeMs);
    else await nextTurn();
  }
}

function settle(group: readonly Tried[], failure: Refusal | undefined): void {
  for (const { pending, refusal } of group) {
    const why = refusal ?? failure;
    if (why === undefined) pending.acknowledge();
    else pending.refuse(why.reason);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((next) => setImmediate(next));
}

function lockedElsewhere(path: string): PhantomNetError {
  return new PhantomNetError('UNAVAILABLE', `database ${path} is locked by another process`, {
    hint: 'try again when the other process is done',
    details: { path },
  });
}
