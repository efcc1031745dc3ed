import type { Condition } from '../mlflow/index.js';
import type { SqlPart } from '../storage/index.js';

/** The tag by which MLflow tells its prompts, which are kept as registered models, from models. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/**
 * Returns the conditions that count, and the one that leaves prompts out: unless the first about the tag asks for
 * prompts, whatever a filter says about it means models only.
 */
export function withoutPrompts(
  conditions: readonly Condition[],
  from: { readonly table: string; readonly tagTable: string },
): { readonly counting: readonly Condition[]; readonly exclusion: readonly SqlPart[] } {
  const isAboutPrompts = ({ target, key }: Condition) => target === 'tag' && key === PROMPT_TAG;
  const first = conditions.find(isAboutPrompts);
  const wanted = String(first?.value).toLowerCase();
  const asksForPrompts =
    (first?.comparator === '=' && wanted === 'true') || (first?.comparator === '!=' && wanted === 'false');
  if (asksForPrompts) return { counting: conditions, exclusion: [] };
  const prompts = `SELECT p.name FROM ${from.tagTable} AS p
    WHERE p.workspace = 'default' AND p.key = '${PROMPT_TAG}' AND p.value = 'true'`;
  return {
    counting: conditions.filter((condition) => !isAboutPrompts(condition)),
    exclusion: [{ sql: `${from.table}.name NOT IN (${prompts})`, values: [] }],
  };
}
