import { PhantomNetError } from '../core/index.js';
import type { FeatureSpec } from '../data/index.js';
import { FOREIGN } from './examples.js';
import { PACKAGE_FILES } from './package-format.js';

type Input = Pick<FeatureSpec, 'name' | 'type'>;

/**
 * Returns the features that a caller gives, as `encoding.json` lists them; undefined where there is no such file. All else in
 * it is for features to read. Throws INTEGRITY where it lists none.
 */
export function encodedInputs(encoding: string | undefined): readonly Input[] | undefined {
  if (encoding === undefined) return undefined;
  const columns = columnsIn(encoding);
  if (Array.isArray(columns) && columns.length > 0 && columns.every(isInput))
    return columns.map(({ name, type }) => ({ name, type }));
  throw new PhantomNetError('INTEGRITY', `${PACKAGE_FILES.encoding} must hold a list of columns`, {
    hint: FOREIGN,
    details: { file: PACKAGE_FILES.encoding },
  });
}

function columnsIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly columns?: unknown } | null)?.columns;
  } catch {
    return undefined;
  }
}

function isInput(column: unknown): column is Input {
  const { name, type } = (column ?? {}) as Partial<Input>;
  return typeof name === 'string' && (type === 'numeric' || type === 'categorical');
}
