import { AUDIT_NAMES } from '../audit/index.js';
import { SEARCH_METRICS } from './search-schema.js';

/** What each key of a config must be, in the words of a message; a key that is not here is a section. */
const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['$schema', 'the address of a JSON schema'],
  ['store', 'a tracking uri such as sqlite:///phantomnet.db'],
  ['artifacts', 'the path of a folder'],
  ['experiment', 'the name of an experiment'],
  ['runName', 'the name of a run'],
  ['data.path', 'the path of an event file'],
  ['data.test', 'the path of a file to test on'],
  ['data.format', "one of 'csv', 'jsonl', 'parquet', 'nsl-kdd', 'table'"],
  ['data.roles', 'an object of columns with feature, label-defining, outcome, identifier or time'],
  ['data.maxRejects', 'a share from 0 to 1'],
  ['data.rejects', 'the path of a file to write'],
  ['data.keepSecrets', 'true or false'],
  ['sample.unit', "one of 'event', 'session'"],
  ['sample.where', 'a condition: fields with what they must be'],
  ['sample.until', 'a condition: fields with what they must be'],
  ['sample.maxSeconds', 'a number of seconds above 0'],
  ['sample.history', 'true or false'],
  ['label.when', 'a condition: fields with what they must be'],
  ['label.field', 'the name of an event field'],
  ['label.join.events', 'a condition: fields with what they must be'],
  ['label.join.on', 'a list of one or more event fields'],
  ['label.join.withinSeconds', 'a number of seconds above 0'],
  ['label.join.take', 'the name of an event field'],
  ['label.join.otherwise', 'the name of a class'],
  ['label.taxonomy', "one of 'attack-technique', 'session-stage'"],
  ['label.classes', 'an object of texts with the class that each is'],
  ['label.target', "'is_attack' or the name of a column"],
  ['label.attackEvents', 'a list of one or more event names'],
  ['features.names', "'all' or a list of feature names"],
  ['features.emptyAs', "one of 'zero', 'nan'"],
  ['features.encoding.categorical', "one of 'native', 'ordinal', 'one-hot', 'hashing', 'target'"],
  ['features.encoding.columns', 'an object of features with native, ordinal, one-hot, hashing or target'],
  ['features.encoding.ordinal.order', "one of 'text', 'frequency'"],
  ['features.encoding.ordinal.unknownValue', 'a number, or null for missing'],
  ['features.encoding.oneHot.maxCategories', 'a whole number from 2 to 1000'],
  ['features.encoding.oneHot.handleUnknown', "one of 'infrequent-if-exist', 'ignore'"],
  ['features.encoding.hashing.bits', 'a whole number from 1 to 10'],
  ['features.encoding.hashing.randomState', 'a whole number from 0 to 4294967295'],
  ['features.encoding.target.smooth', "'auto' or a number from 0"],
  ['features.encoding.target.folds', 'a whole number from 2'],
  ['features.impute.strategy', "one of 'mean', 'median', 'most-frequent', 'constant'"],
  ['features.impute.fillValue', 'a number'],
  ['features.impute.addIndicator', 'true or false'],
  ['features.scale', "one of 'standard', 'min-max', 'robust'"],
  ['split.method', "one of 'time', 'group', 'stratified-group', 'stratified', 'random'"],
  ['split.testSize', 'a share above 0 and below 1, or a whole number of rows from 1'],
  ['split.testFrom', 'a time such as 2018-05-25 or 2018-05-25T08:00:00Z'],
  ['split.gap', 'a length of time such as 30s, 10m, 1h or 1d'],
  ['split.groupBy', "one of 'source', 'subnet', 'session', 'sensor', or the name of a column"],
  ['split.randomState', 'a whole number from 0 to 4294967295'],
  ['crossValidation.folds', '0 for none or a whole number from 2'],
  [
    'crossValidation.method',
    "one of 'stratified', 'group', 'stratified-group', 'leave-one-group-out', 'time', 'time-series'",
  ],
  ['crossValidation.on', "one of 'train', 'all'"],
  ['crossValidation.repeats', 'a whole number from 1'],
  ['estimator.name', 'the name of an estimator'],
  ['estimator.params', 'an object of params by name'],
  ['estimator.from', 'the address of a model'],
  ['estimator.maxMemoryBytes', 'a whole number of bytes from 1'],
  ['audit.allow', `a list of audits: ${AUDIT_NAMES.join(', ')}`],
  ['audit.baseRate', 'a share above 0 and below 1'],
  ['defences.groupBy', "one of 'source', 'subnet', 'session', 'sensor', or the name of a column"],
  ['defences.maxSourceShare', 'a share above 0 and at most 1'],
  ['defences.equalSources', 'true or false'],
  ['defences.quarantine', 'a score above 0.5 and at most 1'],
  [
    'threshold',
    'a number from 0 to 1, or a rule: alert-budget with alertsADay and eventsADay, false-positive-rate with rate, cost with costFp and costFn, best-f1',
  ],
  ['threshold.alertsADay', 'a number of alerts of 0 or more'],
  ['threshold.eventsADay', 'a number of events above 0'],
  ['threshold.rate', 'a rate above 0 and below 1'],
  ['threshold.costFp', 'a number of 0 or more'],
  ['threshold.costFn', 'a number of 0 or more'],
  ['threshold.baseRate', 'a share above 0 and below 1'],
  ['calibration.method', "one of 'isotonic', 'sigmoid'"],
  ['baselines', 'a list of estimator names'],
  ['gates.minAccuracy', 'a number from 0 to 1'],
  ['gates.maxLatencyMs', 'a number of milliseconds above 0'],
  ['latency.repeat', 'a whole number from 1'],
  ['search.strategy', "one of 'grid', 'random', 'halving'"],
  ['search.space', 'params, or paths of keys of features, each with a list of values or a range'],
  ['search.metric', `one of ${SEARCH_METRICS.map((name) => `'${name}'`).join(', ')}`],
  ['search.maxTrials', 'a whole number from 1'],
  ['search.maxSeconds', 'a number of seconds above 0'],
  ['search.folds', 'a whole number from 2'],
  ['search.randomState', 'a whole number from 0 to 4294967295'],
  ['search.factor', 'a whole number from 2'],
  ['search.resource', "one of 'nSamples', 'nEstimators'"],
  ['report.baseRate', 'a share from 0 to 1'],
  ['report.eventsPerDay', 'a number above 0'],
  ['report.by', 'a list of columns'],
  ['check.input', 'a list of one or more rows or raw events'],
  ['check.expect', 'a list of one or more labels'],
  ['compare.against', 'the id or name of a run'],
  ['compare.sort', 'the name of a metric'],
  ['compare.as', "one of 'text', 'markdown', 'csv', 'json'"],
  ['compare.limit', 'a whole number from 1'],
  ['predict.id', 'the name of a column'],
  ['predict.threads', 'a whole number from 1'],
  ['predict.state', 'the path of a file'],
]);

/** The keys that say what features are made of and how. */
export const FEATURE_KEYS: readonly string[] = [...EXPECTED.keys()].filter((key) =>
  key.startsWith('features.'),
);

/** What keys must be that the config itself names, by their section. */
const EXPECTED_IN: readonly (readonly [section: string, expected: string])[] = [
  ['data.roles.', "one of 'feature', 'label-defining', 'outcome', 'identifier', 'time'"],
  ['features.encoding.columns.', "one of 'native', 'ordinal', 'one-hot', 'hashing', 'target'"],
];

/** What a config says wrongly: the key (empty for the whole), what it must be, and what it is. */
interface Misfit {
  readonly key: string;
  readonly expected: string;
  readonly given: unknown;
}

/** Returns what is wrong at a path into `config`; a wrong item of a list makes the list wrong. */
export function misfitAt(config: unknown, path: readonly PropertyKey[]): Misfit {
  const item = path.findIndex((part) => typeof part === 'number');
  const keys = (item < 0 ? path : path.slice(0, item)).map(String);
  const key = keys.join('.');
  const named = EXPECTED_IN.find(([section]) => key.startsWith(section))?.[1];
  const expected = EXPECTED.get(key) ?? named ?? 'keys with values';
  return { key, expected, given: valueAt(config, keys) };
}

function valueAt(config: unknown, keys: readonly string[]): unknown {
  let value = config;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
