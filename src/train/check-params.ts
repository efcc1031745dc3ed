import { didYouMean, invalidParameter, PhantomNetError, show } from '../core/index.js';

/** What one param allows, and how to say so. */
export interface ParamRule {
  readonly allowed: string;
  readonly test: (value: unknown) => boolean;
  readonly default: unknown;
}

/** Rules of all params of an estimator, by name. */
export type ParamRules<Params extends object> = { readonly [K in keyof Params]: ParamRule };

/**
 * Returns the defaults overlaid with what was given; `undefined` means the default. Throws INVALID_PARAMETER for a name
 * the estimator does not know (with the nearest one) and for a value that is not allowed, or where no object was given.
 */
export function checkParams<Params extends object>(
  estimator: string,
  rules: ParamRules<Params>,
  params: object = {},
): Params {
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    invalidParameter('params', 'an object of params by name', params);
  const given = params as Readonly<Record<string, unknown>>;
  const names = Object.keys(rules);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(rules, name)) continue;
    const allowed = names.join(', ');
    throw new PhantomNetError('INVALID_PARAMETER', `${estimator} has no param ${show(name)}`, {
      hint: didYouMean(name, names) ?? `its params are ${allowed}`,
      details: { parameter: name, allowed: names, given: given[name] },
    });
  }
  const entries = (Object.entries(rules) as [string, ParamRule][]).map(([name, rule]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined) return [name, rule.default];
    if (!rule.test(value)) invalidParameter(name, rule.allowed, value);
    return [name, value];
  });
  return Object.fromEntries(entries) as Params;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A whole number of at least `least`, and at most `most` where given. */
export function integer(fallback: number, least: number, most = Number.MAX_SAFE_INTEGER): ParamRule {
  const allowed =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`;
  return {
    allowed,
    default: fallback,
    test: (v) => isNumber(v) && Number.isInteger(v) && v >= least && v <= most,
  };
}

/** A finite number that `test` accepts. */
export function number(fallback: number, allowed: string, test: (value: number) => boolean): ParamRule {
  return { allowed, default: fallback, test: (v) => isNumber(v) && test(v) };
}

/** One of a few words (null among them where listed). */
export function oneOf(fallback: string | null, values: readonly (string | null)[]): ParamRule {
  const allowed = values.map((v) => (v === null ? 'null' : `'${v}'`)).join(', ');
  return {
    allowed: `one of ${allowed}`,
    default: fallback,
    test: (v) => values.includes(v as string | null),
  };
}

/** true or false. */
export function flag(fallback: boolean): ParamRule {
  return { allowed: 'true or false', default: fallback, test: (v) => typeof v === 'boolean' };
}

/** `rule`, or null, which is then the default. */
export function orNull(rule: ParamRule): ParamRule {
  return { allowed: `${rule.allowed}, or null`, default: null, test: (v) => v === null || rule.test(v) };
}

/** `first` or `second`, with the default of the first. */
export function either(first: ParamRule, second: ParamRule): ParamRule {
  return {
    allowed: `${first.allowed}, or ${second.allowed}`,
    default: first.default,
    test: (v) => first.test(v) || second.test(v),
  };
}

/** The seed: every estimator takes it, those that draw nothing ignore it. Always a number, so that runs repeat. */
export const randomStateRule = integer(0, 0, 4294967295);

/** The number of workers: -1 is all cores, -2 all but one, as in joblib. Never changes the model. Every estimator takes it. */
export const nJobsRule = number(
  -1,
  'a whole number other than 0 (-1: all cores)',
  (v) => Number.isInteger(v) && v !== 0,
);
