import { type Finding, short } from './audit.js';

/** Returns the finding of an audit of copies with the share of right test rows, all of them and those that are no copies. */
export function withoutCopies(
  found: Finding,
  { isRight, copies }: { readonly isRight: Uint8Array; readonly copies: readonly Uint8Array[] },
): Finding {
  const rest = isRight.filter((_, i) => copies.every((copy) => copy[i] !== 1));
  if (found.verdict === 'not-applicable' || rest.length === isRight.length) return found;
  const numbers: Record<string, number> = { score: accuracy(isRight), rowsWithout: rest.length };
  if (rest.length > 0) numbers['scoreWithout'] = accuracy(rest);
  const without =
    rest.length > 0
      ? `without them ${short(accuracy(rest))} on ${rest.length} rows`
      : 'without them no row is left';
  const words = `${found.evidence.words}; accuracy ${short(accuracy(isRight))}, ${without}`;
  return { ...found, evidence: { words, numbers: { ...found.evidence.numbers, ...numbers } } };
}

function accuracy(isRight: Uint8Array): number {
  return isRight.reduce((sum, one) => sum + one, 0) / isRight.length;
}
