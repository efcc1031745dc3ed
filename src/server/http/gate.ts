import { createHash, timingSafeEqual } from 'node:crypto';
import { PhantomNetError } from '../../core/index.js';
import type { RawRoute } from './route.js';

/** The variable that holds the token callers must show. */
export const TOKEN = 'PHANTOMNET_TOKEN';
const MIN_TOKEN_LENGTH = 16;

/** How a caller is told to say who they are. */
export const CHALLENGES = ['Bearer realm="phantomnet"', 'Basic realm="phantomnet", charset="UTF-8"'];

/** Throws UNAUTHENTICATED unless a caller with this Authorization header may do what the permission says. */
export type Gate = (permission: RawRoute['permission'], authorization: string | undefined) => void;

/**
 * Returns the one place where permissions are enforced. Without a token everyone who reaches the server may do all; with
 * one, only those who show it, as a Bearer token or as the password of Basic with any user name. Throws
 * INVALID_PARAMETER for a token that is too short or that no header can carry.
 */
export function createGate(token: string | undefined): Gate {
  if (token === undefined) return () => undefined;
  checkToken(token);
  const expected = digest(token);
  return (permission, authorization) => {
    if (permission === 'open') return;
    const shown = readToken(authorization);
    // Equal lengths whatever was shown, so that the time of the comparison tells nothing.
    if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return;
    throw new PhantomNetError('PERMISSION_DENIED', 'this server needs a token', {
      hint: 'set MLFLOW_TRACKING_TOKEN to it, or send it as the password of any user',
      details: { mlflowCode: 'UNAUTHENTICATED' },
    });
  };
}

function checkToken(token: string): void {
  const wrong =
    token.length < MIN_TOKEN_LENGTH
      ? `is shorter than ${MIN_TOKEN_LENGTH} characters`
      : /[^\x21-\x7e]/.test(token)
        ? 'has a space or a character beyond ASCII'
        : undefined;
  if (wrong === undefined) return;
  throw new PhantomNetError('INVALID_PARAMETER', `${TOKEN} ${wrong}`, {
    hint: `make one with: openssl rand -hex 32`,
    details: { parameter: TOKEN },
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function readToken(authorization = ''): string | undefined {
  const space = authorization.indexOf(' ');
  const scheme = authorization.slice(0, Math.max(space, 0)).toLowerCase();
  const rest = authorization.slice(space + 1).trim();
  if (scheme === 'bearer') return rest;
  if (scheme !== 'basic') return undefined;
  const pair = Buffer.from(rest, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}
