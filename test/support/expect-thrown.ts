import { expect } from 'vitest';
import { type ErrorCode, PhantomNetError } from '#src/core/index.js';

/** Returns the error that `call` must throw, which must be one of ours with the code and a hint. */
export function expectThrown(call: () => unknown, code: ErrorCode): PhantomNetError {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof PhantomNetError))
    throw thrown ?? new Error(`expected ${code}, but nothing was thrown`);
  expect(thrown.code, thrown.message).toBe(code);
  expect(thrown.hint, `${thrown.message}: no hint`).toBeTruthy();
  return thrown;
}
