import { invalidParameter, PhantomNetError, show } from '../core/index.js';
import { isLongerThan, LIMITS } from './limits.js';

const KEY_CHARACTERS = /^[/\p{L}\p{N}_.\- :]+$/u;
/** What nearly all keys are made of: such a key breaks no rule but that of its length. */
const PLAIN_KEY = /^[\w\- :]+$/;
const KEY_RULE = 'letters, digits, _ - . : / and spaces';

/** Throws INVALID_PARAMETER unless `key` is a name MLflow takes for a metric, a param or a tag; `what` names it in the message. */
export function checkKey(what: string, key: string): void {
  checkKeyForm(what, key);
  if (isLongerThan(key, LIMITS.keyLength)) {
    invalidParameter(what, `at most ${LIMITS.keyLength} characters`, key);
  }
}

/** The same whatever the length of the key, which MLflow does not look at where a key is removed. */
export function checkKeyForm(what: string, key: string): void {
  if (PLAIN_KEY.test(key)) return;
  if (!KEY_CHARACTERS.test(key)) invalidParameter(what, `a name of ${KEY_RULE}`, key);
  // MLflow may keep a key as a file, so one that means another path when read as one is refused.
  const parts = key.split('/');
  if (key.startsWith('..') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    invalidParameter(
      what,
      'a name that is its own path (no leading, doubled or final /, no . or .. part)',
      key,
    );
  }
}

/** Throws INVALID_PARAMETER unless an experiment may have this tag. */
export function checkExperimentTag(key: string, value: string): void {
  checkKey('experiment tag key', key);
  const limit = LIMITS.experimentTagValueLength;
  if (isLongerThan(value, limit)) {
    invalidParameter(`experiment tag ${show(key)}`, `at most ${limit} characters`, value);
  }
}

/** Throws INVALID_PARAMETER unless `name` may name an experiment. */
export function checkExperimentName(name: string): void {
  if (typeof name !== 'string' || name === '')
    invalidParameter('experiment name', 'text that is not empty', name);
  if (isLongerThan(name, LIMITS.experimentNameLength)) {
    invalidParameter('experiment name', `at most ${LIMITS.experimentNameLength} characters`, name);
  }
}

/** Throws INVALID_PARAMETER unless `id` is an experiment id: a whole number as text. */
export function checkExperimentId(id: string): void {
  if (!/^-?\d{1,19}$/.test(id)) invalidParameter('experiment id', 'a whole number', id);
}

/** Throws INVALID_PARAMETER unless `name` may name a registered model. */
export function checkRegisteredModelName(name: string): void {
  if (typeof name !== 'string' || name.trim() === '' || /[/:]/.test(name)) {
    invalidParameter('registered model name', "text without '/' and ':' that is not empty", name);
  }
  // MLflow may keep a name as a folder.
  if (name === '.' || name.startsWith('..')) {
    invalidParameter('registered model name', "other than '.' and not led by '..'", name);
  }
}

/** Throws INVALID_PARAMETER unless `name` may name a logged model. */
export function checkLoggedModelName(name: string): void {
  if (typeof name !== 'string' || name === '' || /[/:.%"']/.test(name)) {
    invalidParameter('logged model name', 'text without / : . % " and \' that is not empty', name);
  }
}

/** Throws INVALID_PARAMETER unless `alias` is made of what aliases are made of; it may be one of the reserved. */
export function checkAliasCharacters(alias: string): void {
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias) || isLongerThan(alias, LIMITS.aliasLength)) {
    invalidParameter('alias', `1 to ${LIMITS.aliasLength} letters, digits, _ and -`, alias);
  }
}

/** Throws INVALID_PARAMETER unless `alias` may be given to a version: no `v1`, no `latest`. */
export function checkAlias(alias: string): void {
  checkAliasCharacters(alias);
  if (/^v\d+$/i.test(alias) || alias.toLowerCase() === 'latest') {
    throw new PhantomNetError('INVALID_PARAMETER', `alias ${show(alias)} is reserved`, {
      hint: 'versions are reached as models:/<name>/<version> and models:/<name>/latest; choose another word',
      details: { parameter: 'alias', given: alias },
    });
  }
}

/** Throws INVALID_PARAMETER unless `version` is a whole number from 1 as text. */
export function checkVersion(version: string): void {
  if (!/^[1-9]\d{0,8}$/.test(version)) invalidParameter('model version', 'a whole number from 1', version);
}
