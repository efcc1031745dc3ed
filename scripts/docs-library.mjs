/** The reference of what the library itself can list: features, columns, estimators, and the keys of the config file. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { page, table } from './docs-table.mjs';

const library = () => import(pathToFileURL(join(process.cwd(), 'dist/index.js')).href);
const code = (text) => (text === '' ? '' : `\`${text}\``);

/** Returns the page of the features a model can read and of the columns they are made from. */
export async function featuresPage() {
  const {
    describeFeatures,
    describeHistoryFeatures,
    WEEK6_SCHEMA,
    WEEK6_REQUIRED_COLUMNS,
    ATTACK_EVENTS,
    eventFieldName,
    WEEK6_FIELDS,
    TABLE_SOURCES,
    tableLabelNames,
  } = await library();
  const features = describeFeatures();
  return page([
    '# Features',
    'Name them with `--features`, or `features.names` in the config file. `all`, the default, is every one of them that the data has the fields for; those marked so are in the `all` of logs in event form alone, and may be named for any.',
    table(
      ['feature', 'type', 'made from', 'may be missing', 'in `all` of', 'what it is'],
      features.map((f) => [
        code(f.name),
        f.type,
        f.columns.map(code).join(', '),
        f.mayBeMissing ? 'yes' : 'no',
        f.set === 'every-log' ? 'every log' : 'the event form',
        f.description,
      ]),
    ),
    '## What came before an event',
    'From `EventHistory`, made of earlier events only ([how](../explanation/history-features.md)).',
    table(
      ['feature', 'unit', 'may be missing', 'what it is'],
      describeHistoryFeatures().map((f) => [
        code(f.name),
        f.unit,
        f.mayBeMissing ? 'yes' : 'no',
        f.description,
      ]),
    ),
    '## Columns',
    'Only a column of role `feature` can become one. The others are refused, with the reason. Wherever a column is named, either name is taken.',
    table(
      ['column', 'in the event form', 'role', 'required', 'why'],
      Object.keys(WEEK6_FIELDS).map((column) => {
        const { name, role, reason } = WEEK6_SCHEMA.find((c) => c.name === eventFieldName(column));
        return [
          code(column),
          code(name),
          role,
          WEEK6_REQUIRED_COLUMNS.includes(column) ? 'yes' : 'no',
          reason,
        ];
      }),
    ),
    '## The label `is_attack`',
    `1 where \`event\` is one of ${ATTACK_EVENTS.map(code).join(', ')}; else 0. \`--attack-events\` names others, \`--label\` a column whose values are the classes.`,
    ...Object.values(TABLE_SOURCES).flatMap((source) => [
      `## Rows of ${source.name}`,
      `With \`--format ${source.name}\` the columns of role \`feature\` are the features. Labels: ${tableLabelNames(source).map(code).join(', ')}.`,
      table(
        ['column', 'type', 'role', 'why'],
        source.columns.map((c) => [code(c.name), typeOf(c), c.role, c.reason]),
      ),
    ]),
  ]);
}

function typeOf({ type, isInteger }) {
  return isInteger ? 'whole number' : type === 'numeric' ? 'number' : 'category';
}

/** Returns the page of the estimators with their params and defaults. */
export async function estimatorsPage() {
  const { estimators } = await library();
  return page([
    '# Estimators',
    'Params have scikit-learn\'s names in camelCase and its meanings: `--param nEstimators=200`. A value is read as JSON where it is JSON (`12`, `0.5`, `true`, `null`, `--param \'classWeight={"0":1,"1":5}\'`), else as text (`--param maxFeatures=sqrt`). What each does, and where one differs, is in [the library\'s page](api/train.md). `randomState` is `--random-state` unless it is given.',
    ...estimators.flatMap((estimator) => [
      `## ${estimator.name}`,
      table(
        ['param', 'default'],
        Object.entries(estimator.params()).map(([name, value]) => [code(name), code(JSON.stringify(value))]),
      ),
    ]),
  ]);
}

/** The formatter's. */
const LINE_WIDTH = 110;

/** Returns the JSON schema of the config file as text. */
export async function configSchema() {
  const { configJsonSchema } = await library();
  // Short lists on one line, as the formatter has them.
  const text = JSON.stringify(configJsonSchema(), null, 2).replaceAll(
    /^(.*)\[\n\s+([^[\]{}]+?)\n\s+\](,?)$/gm,
    (whole, before, items, after) => {
      const short = `${before}[${items.replaceAll(/\n\s+/g, ' ')}]${after}`;
      return short.length <= LINE_WIDTH ? short : whole;
    },
  );
  return `${text}\n`;
}

/** Returns the page of the keys of the config file. */
export async function configPage() {
  const { configJsonSchema } = await library();
  return page([
    '# phantomnet.config.yaml',
    'Read from the current folder, or from where `--config` says. Every key may be left out; a flag wins over its key. A key that is not below is an error.',
    'An editor checks the file as you type when its first line is `# yaml-language-server: $schema=node_modules/phantomnet/schema/phantomnet.config.schema.json` (in a clone: `schema/phantomnet.config.schema.json`).',
    table(['key', 'value', 'default', 'what it is'], configRows(configJsonSchema())),
    'An example is [examples/phantomnet.config.yaml](../../examples/phantomnet.config.yaml).',
  ]);
}

function configRows({ properties }, path = '') {
  return Object.entries(properties).flatMap(([name, value]) => {
    if (name === '$schema') return [];
    if (value.properties !== undefined) return configRows(value, `${path}${name}.`);
    const fallback = value.default === undefined ? '' : JSON.stringify(value.default);
    return [[code(`${path}${name}`), kindOf(value), code(fallback), value.description ?? '']];
  });
}

const LISTS = { string: 'list of texts', number: 'list of numbers', object: 'list of names and values' };

function kindOf(schema) {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kindOf))].join(' or ');
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.type === 'array') return LISTS[schema.items?.type] ?? 'list';
  if (schema.type === 'object') return 'names and values';
  if (schema.type === 'string') return 'text';
  if (schema.type === 'boolean') return 'true or false';
  return `${schema.type === 'integer' ? 'whole number' : 'number'}${limits(schema)}`;
}

function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) {
  const parts = [];
  if (minimum !== undefined) parts.push(`from ${minimum}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) parts.push(`to ${maximum}`);
  if (exclusiveMaximum !== undefined) parts.push(`and below ${exclusiveMaximum}`);
  return parts.length > 0 ? ` ${parts.join(' ')}` : '';
}
