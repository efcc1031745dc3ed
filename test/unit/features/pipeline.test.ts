import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/core/index.js';
import {
  describeFeatures,
  featurePipelineFromJSON,
  fitFeatures,
  MAX_CATEGORIES,
  rowsSignature,
} from '#src/features/index.js';
import { eventOf, SCHEMA } from './events.js';

const fitted = (features: readonly string[], events = [eventOf()]) =>
  fitFeatures(events, { schema: SCHEMA, features });
const one = (feature: string, ...args: Parameters<typeof eventOf>) =>
  fitted([feature]).transform([eventOf(...args)]).values[0];

describe('payload features', () => {
  it('take the length of missing and empty data as 0', () => {
    const matrix = fitted(['payload_length']).transform([
      eventOf(),
      eventOf({}, {}),
      eventOf({}, { length: 120 }),
    ]);
    expect([...matrix.values]).toEqual([0, 0, 120]);
  });

  it('take it as 3 with emptyAs nan, as pandas writes nan', () => {
    const pipeline = fitFeatures([], { schema: SCHEMA, features: ['payload_length'], emptyAs: 'nan' });
    const matrix = pipeline.transform([eventOf(), eventOf({}, {}), eventOf({}, { length: 1 })]);
    expect([...matrix.values]).toEqual([3, 3, 1]);
  });

  it('refuse another emptyAs', () => {
    expect(() => fitFeatures([], { schema: SCHEMA, emptyAs: 'null' as 'nan' })).toThrow(
      `emptyAs must be 'zero' or 'nan', got "null"`,
    );
  });

  it.each([
    ['payload_entropy', { entropy: 3.5 }, 3.5],
    ['payload_digits', { digits: 4 }, 4],
    ['payload_letters', { letters: 4 }, 4],
    ['payload_uppercase', { uppercase: 4 }, 4],
    ['payload_spaces', { spaces: 4 }, 4],
    ['payload_specials', { specials: 4 }, 4],
    ['payload_quotes', { quotes: 4 }, 4],
    ['payload_non_ascii', { nonAscii: 4 }, 4],
    ['payload_keys', { keys: 4 }, 4],
    ['payload_max_value_length', { maxValueLength: 4 }, 4],
    ['payload_total_value_length', { totalValueLength: 4 }, 4],
    ['payload_empty_values', { emptyValues: 1 }, 1],
    ['payload_sql_signs', { sqlSigns: 4 }, 4],
    ['payload_shell_signs', { shellSigns: 4 }, 4],
    ['payload_digit_ratio', { digits: 4, length: 8 }, 0.5],
    ['payload_uppercase_ratio', { uppercase: 2, length: 8 }, 0.25],
    ['payload_special_ratio', { specials: 6, length: 8 }, 0.75],
  ])('%s reads its statistic, and 0 where there is no payload', (name, given, expected) => {
    expect(one(name, {}, given)).toBe(expected);
    expect(one(name, {}, null)).toBe(0);
    expect(one(name, {}, {})).toBe(0);
  });
});

describe('column features', () => {
  it.each([0, 22, 65_535])('read port %j', (port) => {
    expect(one('port', { 'destination.port': port })).toBe(port);
  });

  it('count invalid ports, not missing ones, and give NaN for both', () => {
    const values = [-1, 65_536, 22.5, Number.NaN, 'ssh', '22', null];
    const matrix = fitted(['port']).transform([
      ...values.map((port) => eventOf({ 'destination.port': port })),
      eventOf({}),
    ]);
    expect([...matrix.values].every(Number.isNaN)).toBe(true);
    expect(matrix.invalid).toEqual({ port: 6 });
  });

  it.each([
    ['/a/b/c.html', { path_length: 11, path_depth: 3, path_has_query: 0, path_specials: 1 }],
    ['/', { path_length: 1, path_depth: 0, path_has_query: 0, path_specials: 0 }],
    ["/x?q=1'/2", { path_length: 9, path_depth: 1, path_has_query: 1, path_specials: 3 }],
    [null, { path_length: 0, path_depth: 0, path_has_query: 0, path_specials: 0 }],
  ])('read path %j', (path, expected) => {
    for (const [name, value] of Object.entries(expected))
      expect(one(name, { 'url.original': path })).toBe(value);
  });

  it('read the length of the user agent', () => {
    expect(one('user_agent_length', { 'user_agent.original': 'curl/8.5' })).toBe(8);
    expect(one('user_agent_length', { 'user_agent.original': null })).toBe(0);
  });
});

describe('categories', () => {
  const training = ['ssh', 'FTP', 'ssh', ' http ', null].map((protocol) =>
    eventOf({ 'network.protocol': protocol }),
  );

  it('are those of the training rows, sorted, in one spelling', () => {
    const pipeline = fitted(['protocol'], training);
    expect(pipeline.features).toEqual([
      { name: 'protocol', type: 'categorical', categories: ['ftp', 'http', 'ssh'] },
    ]);
    expect([...pipeline.transform(training).values]).toEqual([2, 0, 2, 1, Number.NaN]);
  });

  it('count unseen values and give NaN for them, hostile names too', () => {
    const test = ['smtp', '__proto__', 'constructor', 'ssh', ''].map((protocol) =>
      eventOf({ 'network.protocol': protocol }),
    );
    const matrix = fitted(['protocol'], training).transform(test);
    expect([...matrix.values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 2, Number.NaN]);
    expect(matrix.unseen).toEqual({ protocol: 3 });
  });

  it('keep the commonest when there are too many', () => {
    const names = Array.from({ length: 300 }, (_, i) => `M${String(i).padStart(3, '0')}`);
    const events = [...names, ...names.slice(100)].map((method) =>
      eventOf({ 'http.request.method': method }),
    );
    const { categories } = fitted(['method'], events).features[0]!;
    expect(categories).toHaveLength(MAX_CATEGORIES);
    expect(categories).toEqual([...names.slice(0, 54), ...names.slice(100)].sort());
  });
});

describe('the whole set', () => {
  it('is the catalogue in its order, and no feature reads label, outcome, time or identifier', () => {
    const pipeline = fitFeatures([eventOf()], { schema: SCHEMA });
    const ofEveryLog = describeFeatures().filter((f) => f.set === 'every-log');
    expect(ofEveryLog).toHaveLength(26);
    expect(pipeline.features.map((f) => f.name)).toEqual(ofEveryLog.map((f) => f.name));
    expect(pipeline.signature.columns).toEqual([
      'payload',
      'destination.port',
      'network.protocol',
      'http.request.method',
      'url.original',
      'user_agent.original',
    ]);
    expect(pipeline.signature.inputKind).toBe('both');
    expect(pipeline.signature.features).toContainEqual({ name: 'protocol', type: 'categorical' });
  });

  it('gives every event one value a feature, whatever the event says', () => {
    const pipeline = fitFeatures([eventOf({ 'network.protocol': 'ssh' })], { schema: SCHEMA });
    const text = fc.option(fc.string({ unit: 'binary' }));
    const fields = fc.record({
      'network.protocol': text,
      'destination.port': fc.option(fc.oneof(fc.integer(), fc.double(), fc.string())),
      'http.request.method': text,
      'url.original': text,
      'user_agent.original': text,
    });
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 5 }), (rows) => {
        const matrix = pipeline.transform(rows.map((row) => eventOf(row)));
        expect(matrix.values).toHaveLength(rows.length * pipeline.features.length);
        const numeric = [...matrix.values].filter((value) => !Number.isNaN(value));
        expect(numeric.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('transforms each event by itself', () => {
    const events = ['ssh', 'ftp', 'ssh'].map((protocol) =>
      eventOf({ 'network.protocol': protocol }, { length: 7 }),
    );
    const pipeline = fitFeatures(events, { schema: SCHEMA });
    const alone = events.flatMap((event) => [...pipeline.transform([event]).values]);
    expect([...pipeline.transform(events).values]).toEqual(alone);
  });
});

describe('the stored pipeline', () => {
  const pipeline = fitFeatures(
    [eventOf({ 'network.protocol': 'ssh' }), eventOf({ 'network.protocol': 'ftp' })],
    {
      schema: SCHEMA,
      features: ['payload_length', 'protocol'],
      emptyAs: 'nan',
    },
  );
  const stored = JSON.parse(JSON.stringify(pipeline));

  it('has fixed bytes and comes back equal', () => {
    expect(canonicalJson(pipeline)).toBe(
      '{"emptyAs":"nan","features":[{"name":"payload_length","type":"numeric"},' +
        '{"categories":["ftp","ssh"],"name":"protocol","type":"categorical"}],"version":1}',
    );
    const back = featurePipelineFromJSON(stored);
    expect(canonicalJson(back)).toBe(canonicalJson(pipeline));
    const events = [
      eventOf({ 'network.protocol': 'ssh' }),
      eventOf({ 'network.protocol': 'x' }, { length: 5 }),
    ];
    expect(back.transform(events)).toEqual(pipeline.transform(events));
  });

  it.each([
    ['no object', null, 'feature pipeline: at the top level: Invalid input: expected object, received null'],
    ['another version', { ...stored, version: 2 }, 'feature pipeline: at version: Invalid input: expected 1'],
    [
      'a field too many',
      { ...stored, code: 'x' },
      'feature pipeline: at the top level: Unrecognized key: "code"',
    ],
    ['no features', { ...stored, features: [] }, 'feature pipeline: at features: Too small'],
    ['a bad emptyAs', { ...stored, emptyAs: 'one' }, 'feature pipeline: at emptyAs: Invalid option'],
    [
      'repeated features',
      { ...stored, features: [stored.features[0], stored.features[0]] },
      'feature pipeline: at features: features must be unique',
    ],
    [
      'repeated categories',
      { ...stored, features: [{ name: 'protocol', type: 'categorical', categories: ['a', 'a'] }] },
      'feature pipeline: at features.0.categories: categories must be unique',
    ],
    [
      'categories of a number',
      { ...stored, features: [{ name: 'port', type: 'numeric', categories: ['a'] }] },
      'feature pipeline: at features.0: Unrecognized key: "categories"',
    ],
    [
      'an unknown feature',
      { ...stored, features: [{ name: 'payload_magic', type: 'numeric' }] },
      "feature pipeline: no numeric feature 'payload_magic' in this version",
    ],
    [
      'a feature of another type',
      { ...stored, features: [{ name: 'protocol', type: 'numeric' }] },
      "feature pipeline: no numeric feature 'protocol' in this version",
    ],
  ])('is refused with %s', (_, value, message) => {
    expect(() => featurePipelineFromJSON(value)).toThrowError(
      expect.objectContaining({ code: 'INTEGRITY', message: expect.stringContaining(message) }),
    );
  });
});

describe('rowsSignature', () => {
  it('says that only rows are taken', () => {
    expect(rowsSignature([{ name: 'a', type: 'categorical', categories: ['x'] }])).toEqual({
      inputKind: 'rows',
      features: [{ name: 'a', type: 'categorical' }],
      columns: [],
    });
  });
});

describe('describeFeatures', () => {
  it('has a sentence, snake_case name and source column for each', () => {
    for (const { name, description, columns } of describeFeatures()) {
      expect(name).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
      expect(description).toMatch(/^[A-Z0-9].+\.$/);
      expect(columns).toHaveLength(1);
    }
  });
});
