import { PhantomNetError, show } from '../../core/index.js';

/** Throws the INVALID_PARAMETER of a search that cannot be understood: what was wrong, what was given, what to write. */
export function refuseSearch(what: string, given: string, hint: string): never {
  throw new PhantomNetError('INVALID_PARAMETER', `${what}: ${show(given)}`, { hint, details: { given } });
}
