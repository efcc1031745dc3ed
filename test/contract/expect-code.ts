import { expect } from 'vitest';
import { type ErrorCode, PhantomNetError } from '#src/core/index.js';

/** Awaits a call that must fail with one of the codes; returns the error, for its message. */
export async function expectCode(call: Promise<unknown>, ...codes: ErrorCode[]): Promise<PhantomNetError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`expected ${codes.join(' or ')}, but the call returned`);
  if (!(outcome.error instanceof PhantomNetError)) throw outcome.error;
  expect(codes, outcome.error.message).toContain(outcome.error.code);
  expect(outcome.error.message).not.toBe('');
  return outcome.error;
}

let counter = 0;

/** A name no other test of this process or of another uses, so suites can share one store. */
export function uniqueName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}
