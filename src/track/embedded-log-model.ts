import { invalidParameter } from '../core/index.js';
import { checkJsonParts, JSON_LIMITS, LIMITS, prepareRunTags } from '../mlflow/index.js';
import type { MlflowDatabase } from '../storage/index.js';
import { setTags } from './embedded-batch.js';
import { requireActiveRun } from './embedded-run-state.js';

/** The tag in which MLflow 2 lists the models of a run. */
const HISTORY_TAG = 'mlflow.log-model.history';
const REQUIRED = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'] as const;

/**
 * Adds a model, described by the JSON of its MLmodel, to the tag of the run. Throws INVALID_PARAMETER for what is no such
 * JSON, too deep or too long.
 */
export function recordLoggedModel(db: MlflowDatabase, runId: string, modelJson: string): void {
  const model = readModel(modelJson);
  requireActiveRun(db, runId);
  const tag = db.sql.get('SELECT value FROM tags WHERE run_uuid = ? AND key = ?', [runId, HISTORY_TAG]);
  const history = tag === undefined ? [] : parseHistory(String(tag['value'] ?? ''));
  const text = pythonJson([...history, model]);
  checkLength(text);
  setTags(db, runId, prepareRunTags({ [HISTORY_TAG]: text }));
}

function checkLength(text: string): void {
  if (text.length <= LIMITS.runTagValueLength) return;
  invalidParameter(`tag ${HISTORY_TAG}`, `at most ${LIMITS.runTagValueLength} characters`, text.length);
}

function readModel(modelJson: string): Record<string, unknown> {
  checkJsonParts(Buffer.from(modelJson), { what: 'model_json' });
  const model = parseJson(modelJson);
  if (typeof model !== 'object' || model === null || Array.isArray(model)) {
    return invalidParameter('model_json', 'the JSON of an MLmodel', modelJson);
  }
  const fields = model as Record<string, unknown>;
  const missing = REQUIRED.filter((name) => fields[name] === undefined);
  if (missing.length > 0) invalidParameter('model_json', `JSON with ${missing.join(', ')}`, modelJson);
  const { run_id, artifact_path, utc_time_created, model_uuid = null, flavors } = fields;
  const kept = { run_id, artifact_path, utc_time_created, model_uuid, flavors: withoutConfig(flavors) };
  // MLflow's spelling of it, which takes longer to write, is no shorter.
  checkLength(JSON.stringify(kept));
  return kept;
}

/** The tag leaves the flavors' configuration out. */
function withoutConfig(flavors: unknown): Record<string, unknown> {
  if (typeof flavors !== 'object' || flavors === null) return {};
  return Object.fromEntries(
    Object.entries(flavors).map(([name, flavor]) => {
      if (typeof flavor !== 'object' || flavor === null) return [name, flavor];
      const { config: _config, ...rest } = flavor as Record<string, unknown>;
      return [name, rest];
    }),
  );
}

function parseHistory(text: string): unknown[] {
  // Anyone may set the tag. Models as deep as may be are one deeper in its list.
  checkJsonParts(Buffer.from(text), { what: `tag ${HISTORY_TAG}`, depth: JSON_LIMITS.depth + 1 });
  const history = parseJson(text);
  return Array.isArray(history) ? history : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns JSON spelt as MLflow writes it: a space after each comma and colon, and nothing but ASCII. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
