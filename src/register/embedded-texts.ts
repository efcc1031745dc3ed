import { bytesOf, fromPage, measureOf } from '../storage/index.js';
import { STAGES } from './port.js';

const OF_VERSION = bytesOf(
  'v.name',
  'v.description',
  'v.source',
  'v.run_id',
  'v.run_link',
  'v.user_id',
  'v.status_message',
);
const OF_TAG = bytesOf('t.key', 't.value');
const VERSIONS = fromPage('model_versions', 'v');
const MODELS = fromPage('registered_models', 'm');

const TAGS_OF_VERSION = `CROSS JOIN model_version_tags AS t
  ON t.workspace = 'default' AND t.name = v.name AND t.version = v.version`;

/** The newest version of each stage: a registered model is given with them. */
const LATEST_VERSIONS = `CROSS JOIN (VALUES ${STAGES.map((stage) => `('${stage}')`).join(', ')}) AS stage
  CROSS JOIN model_versions AS v ON v.workspace = 'default' AND v.name = m.name
    AND v.version = (SELECT max(version) FROM model_versions
      WHERE workspace = 'default' AND name = m.name AND current_stage = stage.column1)`;

/** The texts of a page's versions, for `withinBudget`: all but aliases, which are short and of one version each. */
export const VERSION_TEXTS = measureOf(
  `SELECT v.rowid AS item, ${OF_VERSION} ${VERSIONS}`,
  `SELECT v.rowid, ${OF_TAG} ${VERSIONS} ${TAGS_OF_VERSION}`,
);

/** The texts of a page's registered models, for `withinBudget`. */
export const MODEL_TEXTS = measureOf(
  `SELECT m.rowid AS item, ${bytesOf('m.name', 'm.description')} ${MODELS}`,
  `SELECT m.rowid, ${OF_TAG} ${MODELS}
   CROSS JOIN registered_model_tags AS t ON t.workspace = 'default' AND t.name = m.name`,
  `SELECT m.rowid, ${bytesOf('a.alias')} ${MODELS}
   CROSS JOIN registered_model_aliases AS a ON a.workspace = 'default' AND a.name = m.name`,
  `SELECT m.rowid, ${OF_VERSION} ${MODELS} ${LATEST_VERSIONS}`,
  `SELECT m.rowid, ${OF_TAG} ${MODELS} ${LATEST_VERSIONS} ${TAGS_OF_VERSION}`,
);
