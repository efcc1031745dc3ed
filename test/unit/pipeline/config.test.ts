import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_NAMES } from '#src/audit/index.js';
import { show } from '#src/core/index.js';
import {
  configFileSchema,
  configJsonSchema,
  experimentConfigSchema,
  parseConfig,
  readConfigFile,
} from '#src/pipeline/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { expectThrown } from '../../support/expect-thrown.js';

/** A join that says all it must; a case replaces one key of it. */
const JOIN = { events: { 'event.dataset': 'suricata.alert' }, on: ['event.id'], take: 'rule.category' };

/** The message for a file in which `key` (with dots) is `value`. */
function refusal(key: string, value: unknown) {
  const config = key
    .split('.')
    .reverse()
    .reduce<unknown>((inner, part, i) => {
      const siblings = i === 0 && key.startsWith('label.join.') ? JOIN : {};
      return { ...siblings, [part]: inner };
    }, value);
  return expectThrown(() => parseConfig(configFileSchema, config, 'config'), 'INVALID_CONFIG');
}

const cases: [key: string, value: unknown, expected: string][] = [
  ['$schema', 1, 'the address of a JSON schema, got 1'],
  ['store', '', 'a tracking uri such as sqlite:///phantomnet.db, got ""'],
  ['artifacts', 7, 'the path of a folder, got 7'],
  ['experiment', '', 'the name of an experiment, got ""'],
  ['runName', false, 'the name of a run, got false'],
  ['data.path', [], 'the path of an event file, got []'],
  ['data.test', '', 'the path of a file to test on, got ""'],
  ['data.format', 'xml', "one of 'csv', 'jsonl', 'parquet', 'nsl-kdd', 'table', got \"xml\""],
  ['data.maxRejects', 2, 'a share from 0 to 1, got 2'],
  [
    'data.roles',
    'outcome',
    'an object of columns with feature, label-defining, outcome, identifier or time, got "outcome"',
  ],
  ['data.rejects', 1, 'the path of a file to write, got 1'],
  ['data.keepSecrets', 'yes', 'true or false, got "yes"'],
  ['label.target', null, "'is_attack' or the name of a column, got null"],
  ['label.attackEvents', [], 'a list of one or more event names, got []'],
  [
    'defences.groupBy',
    '',
    "one of 'source', 'subnet', 'session', 'sensor', or the name of a column, got \"\"",
  ],
  ['defences.maxSourceShare', 0, 'a share above 0 and at most 1, got 0'],
  ['defences.equalSources', 'yes', 'true or false, got "yes"'],
  ['defences.quarantine', 0.5, 'a score above 0.5 and at most 1, got 0.5'],
  ['label.when', 'login', 'a condition: fields with what they must be, got "login"'],
  ['label.field', 1, 'the name of an event field, got 1'],
  ['label.join.events', [], 'a condition: fields with what they must be, got []'],
  ['label.join.on', 'event.id', 'a list of one or more event fields, got "event.id"'],
  ['label.join.withinSeconds', 0, 'a number of seconds above 0, got 0'],
  ['label.join.take', '', 'the name of an event field, got ""'],
  ['label.join.otherwise', 0, 'the name of a class, got 0'],
  ['label.taxonomy', 'mitre', "one of 'attack-technique', 'session-stage', got \"mitre\""],
  ['label.classes', ['a'], 'an object of texts with the class that each is, got ["a"]'],
  ['sample.unit', 'day', "one of 'event', 'session', got \"day\""],
  ['sample.where', 7, 'a condition: fields with what they must be, got 7'],
  ['sample.until', 0, 'a condition: fields with what they must be, got 0'],
  ['sample.maxSeconds', -1, 'a number of seconds above 0, got -1'],
  ['sample.history', 'no', 'true or false, got "no"'],
  ['features.names', 'event', '\'all\' or a list of feature names, got "event"'],
  ['features.emptyAs', 3, "one of 'zero', 'nan', got 3"],
  [
    'features.encoding.categorical',
    'label',
    `one of 'native', 'ordinal', 'one-hot', 'hashing', 'target', got "label"`,
  ],
  [
    'features.encoding.columns',
    'target',
    `an object of features with native, ordinal, one-hot, hashing or target, got "target"`,
  ],
  ['features.encoding.ordinal.order', 'count', `one of 'text', 'frequency', got "count"`],
  ['features.encoding.ordinal.unknownValue', 'x', `a number, or null for missing, got "x"`],
  ['features.encoding.oneHot.maxCategories', 1, `a whole number from 2 to 1000, got 1`],
  ['features.encoding.oneHot.handleUnknown', 'error', `one of 'infrequent-if-exist', 'ignore', got "error"`],
  ['features.encoding.hashing.bits', 11, `a whole number from 1 to 10, got 11`],
  ['features.encoding.hashing.randomState', -1, `a whole number from 0 to 4294967295, got -1`],
  ['features.encoding.target.smooth', -1, `'auto' or a number from 0, got -1`],
  ['features.encoding.target.folds', 1, `a whole number from 2, got 1`],
  ['features.impute.strategy', 'knn', `one of 'mean', 'median', 'most-frequent', 'constant', got "knn"`],
  ['features.impute.fillValue', '0', `a number, got "0"`],
  ['features.impute.addIndicator', 'yes', `true or false, got "yes"`],
  ['features.scale', 'log', `one of 'standard', 'min-max', 'robust', got "log"`],
  [
    'split.method',
    'kfold',
    "one of 'time', 'group', 'stratified-group', 'stratified', 'random', got \"kfold\"",
  ],
  ['split.testSize', 2.5, 'a share above 0 and below 1, or a whole number of rows from 1, got 2.5'],
  ['split.testFrom', 'May', 'a time such as 2018-05-25 or 2018-05-25T08:00:00Z, got "May"'],
  ['split.gap', '1 week', 'a length of time such as 30s, 10m, 1h or 1d, got "1 week"'],
  ['split.groupBy', '', "one of 'source', 'subnet', 'session', 'sensor', or the name of a column, got \"\""],
  ['split.randomState', -1, 'a whole number from 0 to 4294967295, got -1'],
  ['crossValidation.folds', 1, '0 for none or a whole number from 2, got 1'],
  [
    'crossValidation.method',
    'leave',
    "one of 'stratified', 'group', 'stratified-group', 'leave-one-group-out', 'time', 'time-series', got \"leave\"",
  ],
  ['crossValidation.on', 'test', "one of 'train', 'all', got \"test\""],
  ['crossValidation.repeats', 0, 'a whole number from 1, got 0'],
  ['estimator.name', '', 'the name of an estimator, got ""'],
  ['estimator.params', 'deep', 'an object of params by name, got "deep"'],
  ['estimator.from', 1, 'the address of a model, got 1'],
  ['estimator.maxMemoryBytes', '2GB', 'a whole number of bytes from 1, got "2GB"'],
  ['audit.allow', ['leakage'], `a list of audits: ${AUDIT_NAMES.join(', ')}, got ["leakage"]`],
  ['audit.baseRate', 1, 'a share above 0 and below 1, got 1'],
  ['baselines', 'stump', 'a list of estimator names, got "stump"'],
  ['gates.minAccuracy', 1.5, 'a number from 0 to 1, got 1.5'],
  ['gates.maxLatencyMs', 0, 'a number of milliseconds above 0, got 0'],
  ['latency.repeat', 1.5, 'a whole number from 1, got 1.5'],
  ['search.strategy', 'bayes', "one of 'grid', 'random', 'halving', got \"bayes\""],
  ['search.space', [], 'params, or paths of keys of features, each with a list of values or a range, got []'],
  [
    'search.metric',
    'loss',
    "one of 'accuracy', 'balancedAccuracy', 'f1', 'f1Binary', 'f1Macro', 'precisionBinary', 'recallBinary', 'mcc', 'cohenKappa', 'rocAuc', 'prAuc', 'logLoss', 'brier', got \"loss\"",
  ],
  ['search.maxTrials', 0, 'a whole number from 1, got 0'],
  ['search.maxSeconds', 0, 'a number of seconds above 0, got 0'],
  ['search.folds', 1, 'a whole number from 2, got 1'],
  ['search.randomState', -1, 'a whole number from 0 to 4294967295, got -1'],
  ['search.factor', 1, 'a whole number from 2, got 1'],
  ['search.resource', 'time', "one of 'nSamples', 'nEstimators', got \"time\""],
  ['report.baseRate', 1.5, 'a share from 0 to 1, got 1.5'],
  ['report.eventsPerDay', 0, 'a number above 0, got 0'],
  ['report.by', 'sensor', 'a list of columns, got "sensor"'],
  ['check.input', [], 'a list of one or more rows or raw events, got []'],
  ['check.expect', [true], 'a list of one or more labels, got [true]'],
  ['compare.against', '', 'the id or name of a run, got ""'],
  ['compare.sort', 1, 'the name of a metric, got 1'],
  ['compare.as', 'html', "one of 'text', 'markdown', 'csv', 'json', got \"html\""],
  ['compare.limit', 0, 'a whole number from 1, got 0'],
  ['predict.id', '', 'the name of a column, got ""'],
  ['predict.threads', -1, 'a whole number from 1, got -1'],
  ['predict.state', '', 'the path of a file, got ""'],
];

const RULES =
  'a number from 0 to 1, or a rule: alert-budget with alertsADay and eventsADay, false-positive-rate with rate, cost with costFp and costFn, best-f1';
cases.push(
  ['threshold', 2, `${RULES}, got 2`],
  ['calibration.method', 'platt', "one of 'isotonic', 'sigmoid', got \"platt\""],
);

describe('a config that says what it may not', () => {
  it.each(cases)('%s: %j', (key, value, expected) => {
    const error = refusal(key, value);
    expect(error.message).toBe(`config: ${key} must be ${expected}`);
    expect(error.details).toMatchObject({ file: 'config', key });
    expect(error.hint).toBe('see schema/phantomnet.config.schema.json for what is allowed');
  });

  it('names the nearest of the words there are', () => {
    expect(refusal('features.scale', 'min_max').hint).toBe("did you mean 'min-max'?");
    const byColumn = refusal('features.encoding.columns', { agent: 'onehot' });
    expect(byColumn.message).toBe(
      "config: features.encoding.columns.agent must be one of 'native', 'ordinal', 'one-hot', 'hashing', 'target', got \"onehot\"",
    );
    expect(byColumn.hint).toBe("did you mean 'one-hot'?");
  });

  it('has a case for every key there is', () => {
    const keysOf = (schema: unknown): string[] =>
      Object.entries((schema as { properties?: object }).properties ?? {}).flatMap(([name, member]) => {
        const inner = keysOf(member);
        return inner.length === 0 ? [name] : inner.map((key) => `${name}.${key}`);
      });
    expect(cases.map(([key]) => key).sort()).toEqual(keysOf(configJsonSchema()).sort());
  });

  it('says of a threshold which rules there are, and what of one is wrong', () => {
    const said = (threshold: unknown) => refusal('threshold', threshold).message;
    for (const rule of [{}, { rule: 'youden' }, { rule: 'false-positive-rate' }, { rule: 'cost', costFp: 1 }])
      expect(said(rule)).toBe(`config: threshold must be ${RULES}, got ${show(rule)}`);
    const cost = { rule: 'cost', costFp: 0, costFn: 0 };
    expect(said(cost)).toBe(`config: threshold must be ${RULES}, got ${show(cost)}`);
    const cases: [object, string][] = [
      [{ rule: 'false-positive-rate', rate: 1 }, 'rate must be a rate above 0 and below 1, got 1'],
      [{ rule: 'cost', costFp: -1, costFn: 1 }, 'costFp must be a number of 0 or more, got -1'],
      [{ rule: 'cost', costFp: 1, costFn: -1 }, 'costFn must be a number of 0 or more, got -1'],
      [
        { rule: 'cost', costFp: 1, costFn: 1, baseRate: 1 },
        'baseRate must be a share above 0 and below 1, got 1',
      ],
      [
        { rule: 'alert-budget', alertsADay: -1, eventsADay: 9 },
        'alertsADay must be a number of alerts of 0 or more, got -1',
      ],
      [
        { rule: 'alert-budget', alertsADay: 1, eventsADay: 0 },
        'eventsADay must be a number of events above 0, got 0',
      ],
    ];
    for (const [rule, message] of cases) expect(said(rule)).toBe(`config: threshold.${message}`);
    expect(said({ rule: 'best-f1', rate: 0.1 })).toBe('config: unknown key "threshold.rate"');
  });

  it('shows the whole list of which one item is wrong', () => {
    expect(refusal('baselines', ['stump', 7]).message).toBe(
      'config: baselines must be a list of estimator names, got ["stump",7]',
    );
    expect(refusal('features.names', ['']).message).toBe(
      'config: features.names must be \'all\' or a list of feature names, got [""]',
    );
  });

  it('wants keys and values of a section and of the whole', async () => {
    expect(refusal('split', null).message).toBe('config: split must be keys with values, got null');
    const whole = expectThrown(() => parseConfig(experimentConfigSchema, 'x', 'config'), 'INVALID_CONFIG');
    expect(whole.message).toBe('config: the whole must be keys with values, got "x"');
    const path = join(await mkdtemp(join(tmpdir(), 'config-')), 'phantomnet.config.yaml');
    await writeFile(path, 'split:\n  testSize: 0\n');
    const inFile = await expectCode(readConfigFile(path), 'INVALID_CONFIG');
    expect(inFile.message).toBe(
      `${path}: split.testSize must be a share above 0 and below 1, or a whole number of rows from 1, got 0`,
    );
  });

  it('still names an unknown key and the nearest one', () => {
    const error = refusal('split.testsize', 0.2);
    expect(error.message).toBe('config: unknown key "split.testsize"');
    expect(error.hint).toBe("did you mean 'testSize'?");
  });
});
