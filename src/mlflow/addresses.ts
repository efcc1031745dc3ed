import { PhantomNetError, show } from '../core/index.js';
import { checkArtifactPath } from './artifact-path.js';

/** What an address of a model names. Stages are spelt as MLflow spells them. */
export type ModelAddress =
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
  | {
      readonly kind: 'stage';
      readonly name: string;
      readonly stage: 'None' | 'Staging' | 'Production' | 'Archived';
    }
  | { readonly kind: 'latest'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  | { readonly kind: 'logged-model'; readonly modelId: string }
  | { readonly kind: 'run'; readonly runId: string; readonly path: string };

const FORMS =
  'models:/<name>/<version>, models:/<name>/<stage>, models:/<name>/latest, models:/<name>@<alias>, ' +
  'models:/m-<id> or runs:/<run id>/<path>';
const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
const MAX_ADDRESS_LENGTH = 4_096;

/**
 * Returns what a `models:/` or `runs:/` address names. Names are taken as they stand: nothing in them is decoded, so
 * `%2e%2e` and the like are refused, not read. Throws INVALID_PARAMETER with the forms that are taken.
 *
 * @example
 * ```ts
 * parseModelAddress('models:/PhantomNet_Attack_Detector/Staging');
 * // { kind: 'stage', name: 'PhantomNet_Attack_Detector', stage: 'Staging' }
 * ```
 */
export function parseModelAddress(address: string): ModelAddress {
  if (address.length > MAX_ADDRESS_LENGTH) {
    throw refuse(address, `is longer than ${MAX_ADDRESS_LENGTH} characters`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\?#]/.test(address) || /%[0-9a-f]{2}/i.test(address)) {
    throw refuse(address, "has a control character, '\\', '?', '#' or a percent escape");
  }
  if (address.startsWith('models:/')) return parseModels(address, address.slice('models:/'.length));
  if (address.startsWith('runs:/')) return parseRuns(address, address.slice('runs:/'.length));
  throw refuse(address, 'is not an address of a model');
}

function parseModels(address: string, rest: string): ModelAddress {
  if (rest.startsWith('/')) throw refuse(address, 'names another registry by host');
  const parts = rest.split('/');
  if (parts.length > 2) throw refuse(address, "has too many '/'");
  const [first = '', second] = parts;
  if (second !== undefined) return parseNameAndSuffix(address, checkName(address, first), second);
  if (/^m-[0-9a-f]{32}$/.test(first)) return { kind: 'logged-model', modelId: first };
  const at = first.lastIndexOf('@');
  if (at < 0) throw refuse(address, 'names no version, stage or alias');
  const alias = first.slice(at + 1);
  if (!/^[\p{L}\p{N}_-]{1,255}$/u.test(alias)) {
    throw refuse(address, 'has an alias of other than letters, digits, _ and -');
  }
  return { kind: 'alias', name: checkName(address, first.slice(0, at)), alias };
}

/** MLflow takes stages and `latest` in any case. */
function parseNameAndSuffix(address: string, name: string, suffix: string): ModelAddress {
  if (/^[1-9]\d{0,8}$/.test(suffix)) return { kind: 'version', name, version: suffix };
  if (suffix.toLowerCase() === 'latest') return { kind: 'latest', name };
  const stage = STAGES.find((known) => known.toLowerCase() === suffix.toLowerCase());
  if (stage !== undefined) return { kind: 'stage', name, stage };
  throw refuse(
    address,
    `has ${show(suffix)} where a version from 1, a stage (${STAGES.join(', ')}) or latest goes`,
  );
}

function checkName(address: string, name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes(':')) {
    throw refuse(address, `has ${show(name)} where the name of a registered model goes`);
  }
  return name;
}

function parseRuns(address: string, rest: string): ModelAddress {
  const slash = rest.indexOf('/');
  const runId = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash + 1);
  if (!/^[0-9a-f]{32}$/.test(runId)) throw refuse(address, 'has no run id of 32 hex digits');
  if (path === '') throw refuse(address, 'names no folder of the run');
  try {
    checkArtifactPath(path);
  } catch (cause) {
    throw refuse(address, `has a path that ${reasonOf(cause)}`, cause);
  }
  return { kind: 'run', runId, path };
}

function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : '';
  return message.replace(/^artifact path "(?:[^"\\]|\\.)*"\s*/, '');
}

function refuse(address: string, reason: string, cause?: unknown): PhantomNetError {
  return new PhantomNetError('INVALID_PARAMETER', `model address ${show(address)} ${reason}`, {
    hint: `write ${FORMS}`,
    details: { parameter: 'address', given: address },
    ...(cause === undefined ? {} : { cause }),
  });
}
