import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import type { Prediction } from '#src/data/index.js';
import {
  type DeployReport,
  type DeployTarget,
  openPackage,
  packModel,
  runDeployChecks,
} from '#src/deploy/index.js';
import { detectorOf } from '#src/pipeline/detector.js';
import { type Files, partsOf, readerOf } from './package-of.js';

const NAMES = ['resolve', 'load', 'signature', 'warm-up', 'sanity', 'replay', 'latency'];
const NOT_REACHED = 'not reached: a check before it failed';

/** The package of package-of.ts, found and loaded as the composer does it. */
function targetOf(files: Files = new Map(packModel(partsOf()).files)): DeployTarget {
  return {
    resolve: async () => 'model version 1',
    open: () => openPackage(readerOf(files)),
    scorer: (pkg) => {
      const detector = detectorOf(pkg);
      return (records) => detector.predict(records);
    },
  };
}

/** Scores as the detector does, then changes what came out. */
function scoringAs(change: (predictions: readonly Prediction[], call: number) => readonly Prediction[]) {
  const honest = targetOf();
  let call = 0;
  return {
    ...honest,
    scorer: (pkg) => {
      const score = honest.scorer(pkg);
      return (records) => change(score(records), ++call);
    },
  } satisfies DeployTarget;
}

const failed = (report: DeployReport) => report.checks.filter((c) => !c.passed).map((c) => c.name);
const detail = (report: DeployReport, name: string) => report.checks.find((c) => c.name === name)?.detail;
const fails = (code: 'INTEGRITY' | 'BAD_DATA' | 'NOT_FOUND' | 'UNAVAILABLE') => () => {
  throw new PhantomNetError(code, 'the reason', { hint: 'the help' });
};

describe('runDeployChecks', () => {
  it('passes a sound package, check by check, in order', async () => {
    const report = await runDeployChecks(targetOf(), {
      sanityInput: [{ payload_length: 20 }, { payload_length: 180 }],
      expect: [0, 1],
    });
    expect(report.passed).toBe(true);
    expect(report.checks.map((c) => c.name)).toEqual(NAMES);
    expect(report.predictions).toEqual([0, 1]);
    // 2 · (180 − 100) / 50 = 3.2
    expect(report.scores[1]).toBeCloseTo(1 / (1 + Math.exp(-3.2)), 12);
    expect(report.latencyMs).toBeGreaterThan(0);
    expect(detail(report, 'resolve')).toBe('model version 1');
    expect(detail(report, 'load')).toMatch(
      /^safe mode: every digest agrees, no code was run \(logistic-regression, /,
    );
    expect(detail(report, 'signature')).toBe('takes raw events or rows of payload_length');
    expect(detail(report, 'warm-up')).toBe('2 rows of the input example scored');
    expect(detail(report, 'sanity')).toBe('predicted [0,1], as expected');
    expect(detail(report, 'replay')).toBe('2 rows and 1 events give the outputs of training time to the bit');
    expect(detail(report, 'latency')).toMatch(/^mean \d+\.\d{3} ms a call, limit 100 ms$/);
  });

  it('takes the first row of the stored example when there is no sanity input, and raw events too', async () => {
    expect(await runDeployChecks(targetOf())).toMatchObject({ passed: true, predictions: [0] });
    const sanityInput = [{ honeypot_type: 'ssh', data: { username: 'x'.repeat(170) } }];
    expect(await runDeployChecks(targetOf(), { sanityInput })).toMatchObject({
      passed: true,
      predictions: [1],
    });
  });

  it.each([
    ['resolve', { resolve: async () => fails('INTEGRITY')() }],
    ['load', { open: async () => fails('INTEGRITY')() }],
    ['signature', { scorer: fails('INTEGRITY') }],
    ['warm-up', { scorer: () => fails('BAD_DATA') }],
  ] as [string, Partial<DeployTarget>][])(
    '%s alone fails, and nothing after it is reached',
    async (name, broken) => {
      const report = await runDeployChecks({ ...targetOf(), ...broken });
      const at = NAMES.indexOf(name);
      expect(report.checks.map((c) => [c.name, c.passed])).toEqual(NAMES.map((n, i) => [n, i < at]));
      expect(detail(report, name)).toBe('the reason; the help');
      for (const after of NAMES.slice(at + 1)) expect(detail(report, after)).toBe(NOT_REACHED);
      expect(report).toMatchObject({ passed: false, predictions: [], latencyMs: null });
    },
  );

  it('fails the sanity check alone when --expect differs in a label, in its type or in number', async () => {
    for (const expected of [[1], ['0'], [0, 0], []]) {
      const report = await runDeployChecks(targetOf(), {
        sanityInput: [{ payload_length: 20 }],
        expect: expected,
      });
      expect(failed(report)).toEqual(['sanity']);
      expect(report).toMatchObject({ passed: false, predictions: [0] });
    }
    const report = await runDeployChecks(targetOf(), { sanityInput: [{ payload_length: 20 }], expect: [1] });
    expect(detail(report, 'sanity')).toBe('predicted [0], expected [1]');
  });

  it.each([
    [{ label: 7, score: 0.5, scores: [0.5, 0.5] }],
    [{ label: 0, score: 0.5, scores: [0.5, 0.4] }],
    [{ label: 0, score: Number.NaN, scores: [Number.NaN, 1] }],
  ])('fails the sanity check for an output that the signature does not allow: %j', async (wrong) => {
    // The second call is the sanity input; the first is the warm-up.
    const report = await runDeployChecks(scoringAs((out, call) => (call === 2 ? [wrong] : out)));
    expect(failed(report)).toEqual(['sanity']);
    expect(detail(report, 'sanity')).toMatch(/^the output .* does not fit the signature$/);
  });

  it('names row and field of a sanity input that is mixed, incomplete or mistyped', async () => {
    const cases: [unknown[], string][] = [
      [[{}], 'row 0: field "payload_length" is missing'],
      [[{ payload_length: 1 }, { payload_lenght: 2 }], 'row 1: unknown field "payload_lenght"'],
      [[{ payload_length: 'long' }], 'row 0: field "payload_length" must be a number, got text'],
      [
        [{ payload_length: 1 }, { data: 'x' }],
        'row 1: field "data" makes it one of events, but row 0 is one of rows',
      ],
      [
        [{ data: 'x', payload_length: 1 }],
        'row 0: field "payload_length" is a feature, but field "data" makes the row a raw event',
      ],
    ];
    for (const [sanityInput, message] of cases) {
      const report = await runDeployChecks(targetOf(), { sanityInput });
      // The help follows the message.
      expect(detail(report, 'sanity')?.split('; ')[0]).toBe(message);
      expect(report.passed).toBe(false);
      expect(failed(report)).toContain('sanity');
    }
  });

  it('fails the replay alone, naming the row or event, when a stored output is off in the last bit', async () => {
    const parts = partsOf();
    const nudged = ([first, ...rest]: readonly Prediction[], by: number) => [
      { ...first!, score: first!.score * (1 + by) },
      ...rest,
    ];
    for (const side of ['rows', 'events'] as const) {
      const expectedOutput = {
        ...parts.expectedOutput,
        [side]: nudged(parts.expectedOutput[side], Number.EPSILON),
      };
      const files: Files = new Map(packModel({ ...parts, expectedOutput }).files);
      const report = await runDeployChecks(targetOf(files));
      expect(failed(report)).toEqual(['replay']);
      expect(detail(report, 'replay')).toMatch(
        new RegExp(`^${side.slice(0, -1)} 0 of the stored example now gives .*, at training time `),
      );
    }
  });

  it('fails the latency alone beyond the limit, and at the limit itself', async () => {
    const report = await runDeployChecks(targetOf(), { latencyLimitMs: 0.000001, repeat: 3 });
    expect(failed(report)).toEqual(['latency']);
    expect(detail(report, 'latency')).toMatch(/^mean \d+\.\d{3} ms a call, limit 0\.000001 ms$/);
    expect(report.latencyMs).toBeGreaterThan(0.000001);
  });

  it.each(['NOT_FOUND', 'UNAVAILABLE'] as const)(
    'throws %s, which says nothing of the model',
    async (code) => {
      const target = { ...targetOf(), open: async () => fails(code)() };
      await expect(runDeployChecks(target)).rejects.toMatchObject({ code, message: 'the reason' });
    },
  );
});
