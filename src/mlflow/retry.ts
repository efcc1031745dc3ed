import { setTimeout as pause } from 'node:timers/promises';

/** Tries a call again while it fails for reasons that pass. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly maxRetries: number;
  /** The pause before the first of them; each next one is twice as long, up to `maxPauseMs`. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** Five tries within about four seconds. */
export const DEFAULT_RETRY: RetryPolicy = { maxRetries: 4, firstPauseMs: 250, maxPauseMs: 10_000 };

/** What a failed try says about the next: undefined is never, else the pause the other side asked for (0 when it named none). */
export type RetryAdvice = { readonly afterMs: number } | undefined;

/** Returns what `attempt` returns, trying again as the policy and the advice on each error say; throws the last error. */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  advise: (error: unknown) => RetryAdvice,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const advice = tried < policy.maxRetries ? advise(error) : undefined;
      if (advice === undefined) throw error;
      const backoffMs = policy.firstPauseMs * 2 ** tried * (1 + Math.random() / 4);
      await pause(Math.min(policy.maxPauseMs, Math.max(backoffMs, advice.afterMs)));
    }
  }
}
