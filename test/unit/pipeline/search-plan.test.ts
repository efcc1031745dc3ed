import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/core/index.js';
import { parseConfig, type SearchExperimentInput, searchExperimentSchema } from '#src/pipeline/index.js';
import { recipeOf } from '#src/pipeline/recipe.js';
import { planRungs, planSearch, type SearchPlan } from '#src/pipeline/search-plan.js';
import { expectThrown } from '../../support/expect-thrown.js';

type Search = NonNullable<SearchExperimentInput['search']>;

function plan(search: Search, config: Partial<SearchExperimentInput> = {}): SearchPlan {
  const parsed = parseConfig(searchExperimentSchema, { ...config, search }, 'config');
  return planSearch(parsed, recipeOf(parsed));
}

const params = (search: Search, config: Partial<SearchExperimentInput> = {}) =>
  plan(search, config).candidates.map((candidate) => candidate.params);

describe('the candidates of a space', () => {
  it('of a grid are every combination, the last name fastest, on top of what is fixed', () => {
    const got = params(
      { strategy: 'grid', space: { minSamplesLeaf: [1, 5], maxDepth: [null, 4] } },
      { estimator: { params: { nEstimators: 7 } } },
    );
    expect(got).toEqual([
      { nEstimators: 7, maxDepth: null, minSamplesLeaf: 1 },
      { nEstimators: 7, maxDepth: null, minSamplesLeaf: 5 },
      { nEstimators: 7, maxDepth: 4, minSamplesLeaf: 1 },
      { nEstimators: 7, maxDepth: 4, minSamplesLeaf: 5 },
    ]);
  });

  it('have the params of their estimator only, so some combinations are the same and tried once', () => {
    const { candidates, nCombinations } = plan({
      strategy: 'grid',
      space: { estimator: ['decision-tree', 'logistic-regression'], maxDepth: [2, 4], C: [0.1, 1, 10] },
    });
    expect(nCombinations).toBe(12);
    expect(candidates.map(({ estimator, params }) => [estimator, params])).toEqual([
      ['decision-tree', { maxDepth: 2 }],
      ['decision-tree', { maxDepth: 4 }],
      ['logistic-regression', { C: 0.1 }],
      ['logistic-regression', { C: 1 }],
      ['logistic-regression', { C: 10 }],
    ]);
  });

  it('may differ in features', () => {
    const { candidates } = plan({
      strategy: 'grid',
      space: { features: ['all', ['payload_length', 'port']] },
    });
    expect(candidates.map(({ features }) => features)).toEqual(['all', ['payload_length', 'port']]);
  });

  it('may differ in whatever makes the features, in the order of a grid', () => {
    const { candidates } = plan({
      strategy: 'grid',
      space: {
        maxDepth: [2, 4],
        'features.scale': [null, 'robust'],
        'features.encoding.categorical': ['ordinal', 'one-hot'],
      },
    });
    const told = candidates.map(({ params, settings }) => [params['maxDepth'], settings]);
    const settings = (encoder: string, scale: string | null) => ({
      'features.encoding.categorical': encoder,
      'features.scale': scale,
    });
    expect(told).toEqual([
      [2, settings('ordinal', null)],
      [4, settings('ordinal', null)],
      [2, settings('ordinal', 'robust')],
      [4, settings('ordinal', 'robust')],
      [2, settings('one-hot', null)],
      [4, settings('one-hot', null)],
      [2, settings('one-hot', 'robust')],
      [4, settings('one-hot', 'robust')],
    ]);
  });

  it('are drawn from ranges of such keys too, by the seed alone', () => {
    const bits = (randomState: number) =>
      plan({
        space: { 'features.encoding.hashing.bits': { low: 2, high: 9, integer: true } },
        ...{ randomState, maxTrials: 4 },
      }).candidates.map(({ settings }) => settings['features.encoding.hashing.bits']);
    expect(new Set(bits(1)).size).toBe(4);
    expect(
      bits(1).every((value) => Number.isInteger(value) && Number(value) >= 2 && Number(value) <= 9),
    ).toBe(true);
    expect(bits(1)).toEqual(bits(1));
    expect(bits(1)).not.toEqual(bits(2));
  });

  it('are the same where estimator, params and features are told by their paths', () => {
    const estimator = ['decision-tree', 'extra-trees'];
    const features = ['all', ['port']];
    const short = plan({ strategy: 'grid', space: { maxDepth: [1, 2], estimator, features } });
    const long = plan({
      strategy: 'grid',
      space: { 'features.names': features, 'estimator.name': estimator, 'estimator.params.maxDepth': [1, 2] },
    });
    expect(new Set(long.candidates.map(canonicalJson))).toEqual(new Set(short.candidates.map(canonicalJson)));
    expect(long.candidates).toHaveLength(8);
  });

  it('are 10 when nothing is said, all of a grid, and at most what there is', () => {
    expect(params({ space: { maxDepth: { low: 1, high: 100, integer: true } } })).toHaveLength(10);
    expect(params({ space: { maxDepth: [1, 2, 3] } })).toHaveLength(3);
    expect(params({ strategy: 'grid', space: { maxDepth: [1, 2, 3] }, maxTrials: 2 })).toHaveLength(2);
    const few = params({ space: { maxDepth: { low: 3, high: 7, integer: true } }, maxTrials: 50 });
    expect(few.map(({ maxDepth }) => maxDepth).sort()).toEqual([3, 4, 5, 6, 7]);
  });

  it('of a range lie in it, and by the logarithm half of them below the geometric mean', () => {
    const by = (log: boolean) =>
      params(
        { space: { C: { low: 0.01, high: 100, log } }, maxTrials: 1000 },
        {
          estimator: { name: 'logistic-regression' },
        },
      ).map(({ C }) => Number(C));
    expect(by(true).every((c) => c >= 0.01 && c <= 100)).toBe(true);
    const share = by(true).filter((c) => c < 1).length / 1000;
    // Five standard deviations of a fair coin tossed 1,000 times.
    expect(Math.abs(share - 0.5)).toBeLessThan(0.08);
    expect(by(false).filter((c) => c < 1).length / 1000).toBeLessThan(0.05);
  });

  it('are all found where many combinations are the same, and drawn where there are more than 2^32', () => {
    const wide = { minSamplesLeaf: many(50), minSamplesSplit: many(51).slice(1), maxDepth: [1, 2] };
    const one = { strategy: 'grid', space: { ...wide, estimator: ['majority', 'decision-tree'] } } as const;
    expect(params(one)).toHaveLength(1 + 5000);
    const names = ['maxDepth', 'minSamplesLeaf', 'maxLeafNodes', 'nEstimators', 'maxBins', 'minSamplesSplit'];
    const space = Object.fromEntries(names.map((name) => [name, many(51).slice(1)]));
    const { candidates, nCombinations } = plan({ space });
    expect(nCombinations).toBe(50 ** 6);
    for (const name of names)
      expect(new Set(candidates.map((one) => one.params[name])).size).toBeGreaterThan(3);
  });

  it('of whole numbers by the logarithm reach both ends', () => {
    const got = params({ space: { maxDepth: { low: 1, high: 8, log: true, integer: true } }, maxTrials: 8 });
    expect(got.map(({ maxDepth }) => maxDepth).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are a pure function of space and seed, differ from one another, and more of them begin with the fewer', () => {
    const space = { maxDepth: { low: 1, high: 50, integer: true }, maxFeatures: ['sqrt', 'log2', 0.5] };
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 20 }), (randomState, maxTrials) => {
        const fewer = params({ space, randomState, maxTrials });
        expect(params({ space, randomState, maxTrials })).toEqual(fewer);
        expect(params({ space, randomState, maxTrials: maxTrials + 7 }).slice(0, maxTrials)).toEqual(fewer);
        expect(new Set(fewer.map(canonicalJson)).size).toBe(maxTrials);
      }),
      { numRuns: 30 },
    );
    const bySplit = params({ space }, { split: { randomState: 5 } });
    expect(params({ space, randomState: 5 })).toEqual(bySplit);
    expect(params({ space, randomState: 6 })).not.toEqual(bySplit);
  });
});

describe('the digest of a plan', () => {
  const search: Search = { space: { maxDepth: [1, 2] } };
  const { digest } = plan(search);

  it('changes with what changes a trial', () => {
    const others = [
      plan({ space: { maxDepth: [1, 3] } }),
      plan({ ...search, folds: 3 }),
      plan({ ...search, randomState: 1 }),
      plan({ ...search, metric: 'mcc' }),
      plan(search, { split: { randomState: 1 } }),
      plan(search, { label: { target: 'level' } }),
      plan(search, { features: { names: ['port'] } }),
      plan(search, { estimator: { params: { nEstimators: 3 } } }),
      plan(search, { defences: { equalSources: true } }),
      plan(search, { threshold: 0.4 }),
      plan(search, { calibration: { method: 'sigmoid' } }),
      plan({ space: { ...search.space, 'features.scale': ['standard'] } }),
      plan({ space: { ...search.space, 'features.scale': ['robust'] } }),
    ];
    expect(new Set([digest, ...others.map((other) => other.digest)]).size).toBe(others.length + 1);
  });

  it('does not change with when it ends and where it is logged', () => {
    const same = plan(
      { ...search, maxSeconds: 5 },
      { experiment: 'x', runName: 'y', data: { path: 'z.csv' } },
    );
    expect(same.digest).toBe(digest);
  });
});

describe('the rungs of a plan', () => {
  it('share out trees up to those of the config, or rows but for two of each class and fold', () => {
    const rungs = (search: Search, nSamples: number) => {
      const parsed = parseConfig(
        searchExperimentSchema,
        { search, estimator: { params: { nEstimators: 90 } } },
        'config',
      );
      const recipe = recipeOf(parsed);
      return planRungs(parsed, planSearch(parsed, recipe), { recipe, nSamples, nClasses: 2 });
    };
    const space = { maxDepth: { low: 1, high: 50, integer: true } };
    const trees: Search = { strategy: 'halving', resource: 'nEstimators', space, maxTrials: 9 };
    expect(rungs(trees, 500)).toEqual([
      { nCandidates: 9, nResources: 10 },
      { nCandidates: 3, nResources: 30 },
      { nCandidates: 1, nResources: 90 },
    ]);
    expect(rungs({ strategy: 'halving', space, maxTrials: 9, folds: 4 }, 100)).toEqual([
      { nCandidates: 9, nResources: 16 },
      { nCandidates: 3, nResources: 48 },
    ]);
    expect(rungs({ space, maxTrials: 9 }, 500)).toEqual([{ nCandidates: 9, nResources: 500 }]);
  });
});

describe('a search that cannot be done', () => {
  const cases: [what: string, search: Search, key: string, message: string, hint: RegExp][] = [
    ['an empty space', { space: {} }, 'search.space', 'is empty', /maxDepth: \[4, 8, 16\]/],
    [
      'an empty list',
      { space: { maxDepth: [] } },
      'search.space.maxDepth',
      'is an empty list',
      /leave the key out/,
    ],
    [
      'a single value',
      { space: { maxDepth: 4 } },
      'search.space.maxDepth',
      'must be a list of values or a range, got 4',
      /estimator\.params/,
    ],
    [
      'an unknown key of a range',
      { space: { maxDepth: { low: 1, hihg: 2 } } },
      'search.space.maxDepth.hihg',
      'is no key of a range',
      /did you mean 'high'/,
    ],
    [
      'a range without an end',
      { space: { maxDepth: { low: 1 } } },
      'search.space.maxDepth.high',
      'must be a number, got undefined',
      /two ends/,
    ],
    [
      'an end that is no whole number',
      { space: { maxDepth: { low: 1.5, high: 2, integer: true } } },
      'search.space.maxDepth.low',
      'must be a whole number, got 1.5',
      /two ends/,
    ],
    [
      'a flag that is none',
      { space: { C: { low: 1, high: 2, log: 'yes' } } },
      'search.space.C.log',
      'must be true or false, got "yes"',
      /write true/,
    ],
    [
      'a range upside down',
      { space: { maxDepth: { low: 9, high: 2, integer: true } } },
      'search.space.maxDepth',
      'has low 9 above high 2',
      /swap/,
    ],
    [
      'a range by the logarithm that touches 0',
      { space: { ccpAlpha: { low: 0, high: 1, log: true } } },
      'search.space.ccpAlpha.low',
      'must be above 0 in a range by the logarithm, got 0',
      /begin above 0/,
    ],
    [
      'a range beyond what is drawn',
      { space: { maxDepth: { low: 0, high: 2 ** 33, integer: true } } },
      'search.space.maxDepth',
      'holds more than 4294967296 whole numbers',
      /smaller range/,
    ],
    [
      'an unknown param',
      { space: { maxDpeth: [1] } },
      'search.space.maxDpeth',
      'is no param of random-forest',
      /did you mean 'maxDepth'/,
    ],
    [
      'a param of none of several',
      { space: { estimator: ['stump', 'majority'], maxDepth: [1] } },
      'search.space.maxDepth',
      'is a param of none of stump, majority',
      /the params are criterion/,
    ],
    [
      'a value that no estimator takes',
      { space: { maxDepth: [4, 0] } },
      'search.space.maxDepth',
      ': maxDepth must be a whole number of at least 1, or null, got 0',
      /set maxDepth/,
    ],
    [
      'an end that no estimator takes',
      { space: { minSamplesLeaf: { low: 0, high: 5, integer: true } } },
      'search.space.minSamplesLeaf',
      ': minSamplesLeaf must be',
      /set minSamplesLeaf/,
    ],
    [
      'numbers where whole ones are meant',
      { space: { maxDepth: { low: 1, high: 5 } } },
      'search.space.maxDepth',
      ': maxDepth must be a whole number of at least 1, or null, got ',
      /set maxDepth/,
    ],
    [
      'an unknown estimator',
      { space: { estimator: ['random-forrest'] } },
      'search.space.estimator',
      ': no estimator "random-forrest"',
      /did you mean 'random-forest'/,
    ],
    [
      'an estimator that is no name',
      { space: { estimator: [1] } },
      'search.space.estimator',
      'must be a list of names, got 1',
      /write/,
    ],
    [
      'a range of estimators',
      { space: { estimator: { low: 1, high: 2 } } },
      'search.space.estimator',
      'must be a list of names',
      /write/,
    ],
    [
      'features that are no lists',
      { space: { features: ['port'] } },
      'search.space.features',
      'must be a list of \'all\' and of lists of names, got "port"',
      /write \[all, /,
    ],
    [
      'a feature there is not',
      { space: { features: ['all', ['prot']] } },
      'search.space',
      ': features: no feature "prot"',
      /port/,
    ],
    [
      'a key of features without its section',
      { space: { 'encoding.categorical': ['ordinal'] } },
      'search.space.encoding.categorical',
      'is no param of random-forest',
      /did you mean 'features\.encoding\.categorical'/,
    ],
    [
      'what is there twice',
      { space: { maxDepth: [1], 'estimator.params.maxDepth': [2] } },
      'search.space.maxDepth',
      'is search.space.estimator.params.maxDepth too',
      /leave one of the two out/,
    ],
    [
      'a section and a part of it',
      { space: { 'features.impute': [{}], 'features.impute.strategy': ['mean'] } },
      'search.space.features.impute.strategy',
      'is a part of features.impute, which the space has too',
      /list whole sections/,
    ],
    [
      'a key that a schema passes over',
      { space: { 'features.encoding.columns.__proto__': ['target'] } },
      'search.space.features.encoding.columns.__proto__',
      'is no key of the config',
      /leave it out/,
    ],
    [
      'a grid of a range',
      { strategy: 'grid', space: { maxDepth: { low: 1, high: 5, integer: true } } },
      'search.space.maxDepth',
      'is a range, and a grid is made of lists',
      /random or halving/,
    ],
    [
      'a grid that is far too large',
      { strategy: 'grid', space: { maxDepth: many(101), minSamplesLeaf: many(100) } },
      'search.space',
      'has 10100 combinations, more than the 10000 a grid tries unasked',
      /search\.maxTrials/,
    ],
    [
      'trees that are rationed and searched for',
      { strategy: 'halving', resource: 'nEstimators', space: { nEstimators: [10, 20] } },
      'search.space.nEstimators',
      'is what halving shares out, so it cannot be searched for',
      /estimator\.params\.nEstimators/,
    ],
    [
      'trees of what has none',
      { strategy: 'halving', resource: 'nEstimators', space: { estimator: ['random-forest', 'stump'] } },
      'search.resource',
      'is nEstimators, which stump does not have',
      /nSamples/,
    ],
  ];

  it.each(cases)('says so of %s', (_, search, key, message, hint) => {
    const error = expectThrown(() => plan(search), 'INVALID_CONFIG');
    const whole = message.startsWith(': ') ? `${key}${message}` : `${key} ${message}`;
    expect(error.message.slice(0, whole.length)).toBe(whole);
    expect(error.details).toMatchObject({ key });
    expect(error.hint).toMatch(hint);
  });

  it('says so of keys and values that the config does not know, with the nearest that it does', () => {
    const refused = (space: Search['space']) => {
      const { message, hint } = expectThrown(() => plan({ space }), 'INVALID_CONFIG');
      return [message, hint];
    };
    expect(refused({ 'features.encodng.categorical': ['ordinal'] })).toEqual([
      'search.space: unknown key "features.encodng"',
      "did you mean 'encoding'?",
    ]);
    expect(refused({ 'features.encoding.categorical': ['ordinal', 'onehot'] })).toEqual([
      "search.space: features.encoding.categorical must be one of 'native', 'ordinal', 'one-hot', 'hashing', 'target', got \"onehot\"",
      "did you mean 'one-hot'?",
    ]);
    expect(refused({ 'features.encoding.columns.prtocol': ['ordinal'] })).toEqual([
      'search.space: features.encoding.columns.prtocol: no feature "prtocol"',
      "did you mean 'protocol'?",
    ]);
    expect(refused({ 'features.encoding.columns.protocol': ['tagret'] })).toEqual([
      "search.space: features.encoding.columns.protocol must be one of 'native', 'ordinal', 'one-hot', 'hashing', 'target', got \"tagret\"",
      "did you mean 'target'?",
    ]);
    expect(refused({ 'features.encoding.hashing.bits': { low: 0, high: 4, integer: true } })[0]).toBe(
      'search.space: features.encoding.hashing.bits must be a whole number from 1 to 10, got 0',
    );
  });

  it('says so of everything at once, drawn or not', () => {
    const space = {
      'features.scale': ['standrad', 'robust'],
      'features.encoding.columns.port': ['target'],
      maxDepth: [0, 4],
      maxDpeth: [4],
    };
    const { message, details } = expectThrown(() => plan({ space, maxTrials: 1 }), 'INVALID_CONFIG');
    const told = [
      'search.space: features.encoding.columns.port: "port" is a feature of numbers, and target is for text',
      "search.space: features.scale must be one of 'standard', 'min-max', 'robust', got \"standrad\"",
      'search.space.maxDepth: maxDepth must be a whole number of at least 1, or null, got 0',
      'search.space.maxDpeth is no param of random-forest',
    ];
    const problems = details['problems'] as { readonly message: string; readonly hint: string }[];
    expect(problems.map((problem) => problem.message)).toEqual(told);
    expect(message).toBe(
      `4 things of the search cannot be: ${problems.map(({ message, hint }) => `${message} (${hint})`).join('; ')}`,
    );
    expect(problems[1]!.hint).toBe("did you mean 'standard'?");
    expect(problems[3]!.hint).toBe("did you mean 'maxDepth'?");
    const many = { 'features.scale': Array.from({ length: 14 }, (_, i) => `scale ${i}`) };
    expect(expectThrown(() => plan({ space: many }), 'INVALID_CONFIG').message).toMatch(
      /^14 things of the search cannot be: .*"scale 9" \([^)]*\); and 4 more$/,
    );
  });

  it('says so of a key that MLflow takes for no name of a param', () => {
    const error = expectThrown(
      () =>
        plan(
          { space: { 'features.encoding.columns.agent (raw)': ['target'] } },
          { data: { format: 'table' } },
        ),
      'INVALID_CONFIG',
    );
    expect(error.message).toMatch(
      /^search\.space\.features\.encoding\.columns\.agent \(raw\): what is searched for must be a name of letters/,
    );
    expect(
      plan(
        { space: { 'features.encoding.columns': [{ 'agent (raw)': 'target' }, {}] } },
        { data: { format: 'table' } },
      ).candidates,
    ).toHaveLength(2);
  });

  it('says so of what stands beside the search', () => {
    const space = { maxDepth: [1, 2] };
    const refused = (config: Partial<SearchExperimentInput>) =>
      expectThrown(() => plan({ space }, config), 'INVALID_CONFIG').message;
    expect(refused({ crossValidation: { on: 'all' } })).toBe(
      "crossValidation.on must be 'train' in a search: no trial may see a test row",
    );
    expect(refused({ crossValidation: { folds: 0 } })).toBe(
      'crossValidation.folds is 0, and a search scores its trials by folds',
    );
    expect(refused({ estimator: { from: 'models:/x/1' } })).toBe(
      'estimator.from cannot be searched with: every trial starts anew',
    );
    expect(refused({ estimator: { params: { nTrees: 1 } } })).toBe(
      'estimator.params.nTrees is no param of random-forest',
    );
    expect(plan({ space, folds: 3 }, { crossValidation: { folds: 0 } }).folds).toBe(3);
  });

  it('takes values that go with the other params only', () => {
    const space = { oobScore: [true], bootstrap: [true] };
    expect(params({ strategy: 'grid', space }, { estimator: { name: 'extra-trees' } })).toEqual([
      { bootstrap: true, oobScore: true },
    ]);
  });
});

function many(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
