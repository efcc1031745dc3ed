import { PhantomNetError, show } from '../core/index.js';

/** What each sample belongs to: a source, a session, a sensor. */
export type Groups = ArrayLike<number | string>;

/** Groups as numbers from 0 on, in the order in which they first occur. */
interface CodedGroups {
  /** Group of each sample, as an index into `values`. */
  readonly codes: Uint32Array;
  readonly values: readonly (number | string)[];
}

/** Returns the groups as numbers. Throws BAD_DATA for another length or a value that is no text or number. Cost O(n). */
export function codeGroups(name: string, groups: Groups, nSamples: number): CodedGroups {
  if (groups.length !== nSamples)
    throw new PhantomNetError('BAD_DATA', `${name} must have ${nSamples} values, got ${groups.length}`, {
      hint: `give one value of ${name} a sample, in the same order`,
      details: { parameter: name, expected: nSamples, given: groups.length },
    });
  const codeOf = new Map<number | string, number>();
  const codes = new Uint32Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    const value = groups[i]!;
    let code = codeOf.get(value);
    if (code === undefined) {
      if (typeof value !== 'string' && !Number.isFinite(value)) refuse(name, i, value);
      code = codeOf.size;
      codeOf.set(value, code);
    }
    codes[i] = code;
  }
  return { codes, values: [...codeOf.keys()] };
}

function refuse(name: string, sample: number, given: unknown): never {
  throw new PhantomNetError(
    'BAD_DATA',
    `${name} of sample ${sample} must be text or a finite number, got ${show(given)}`,
    {
      hint: `name what is missing, for instance as "unknown", or leave the sample out`,
      details: { parameter: name, sample },
    },
  );
}
