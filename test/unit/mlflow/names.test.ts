import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkAlias,
  checkArtifactPath,
  checkExperimentId,
  checkExperimentName,
  checkKey,
  checkLoggedModelName,
  checkRegisteredModelName,
  checkVersion,
  cutTo,
  prepareBatch,
  splitBatch,
} from '#src/mlflow/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('names', () => {
  it.each<[string, () => void, RegExp]>([
    ['key characters', () => checkKey('param key', 'a?b'), /param key must be a name of letters, digits/],
    ['empty key', () => checkKey('tag key', ''), /tag key must be a name/],
    ['long key', () => checkKey('tag key', 'k'.repeat(251)), /at most 250 characters/],
    ['climbing key', () => checkKey('tag key', 'a/../b'), /its own path/],
    ['absolute key', () => checkKey('tag key', '/a'), /its own path/],
    ['empty experiment', () => checkExperimentName(''), /experiment name must be text that is not empty/],
    ['long experiment', () => checkExperimentName('e'.repeat(501)), /at most 500 characters/],
    ['experiment id', () => checkExperimentId('1; DROP'), /experiment id must be a whole number/],
    ['model with slash', () => checkRegisteredModelName('a/b'), /registered model name must be text without/],
    ['blank model', () => checkRegisteredModelName('  '), /registered model name must be text without/],
    ['model that is a folder above', () => checkRegisteredModelName('..'), /other than '\.' and not led/],
    ['logged model', () => checkLoggedModelName("it's"), /logged model name must be text without/],
    ['alias', () => checkAlias('a b'), /alias must be 1 to 255 letters/],
    ['version alias', () => checkAlias('V12'), /alias "V12" is reserved/],
    ['latest alias', () => checkAlias('Latest'), /alias "Latest" is reserved/],
    ['version', () => checkVersion('01'), /model version must be a whole number from 1/],
  ])('refuses a bad %s', (_, check, message) => {
    expect(expectThrown(check, 'INVALID_PARAMETER').message).toMatch(message);
  });

  it('takes what MLflow takes', () => {
    checkKey('param key', 'system/cpu.util: é-1_');
    checkKey('param key', 'k'.repeat(250));
    checkAlias('champion-2');
    checkRegisteredModelName('PhantomNet_Attack_Detector');
    checkVersion('12');
  });

  it('cuts by characters, not by halves of them', () => {
    expect(cutTo('\u{1f36f}'.repeat(3), 2)).toBe('\u{1f36f}'.repeat(2));
    expect(cutTo('abc', 3)).toBe('abc');
  });
});

describe('artifact paths', () => {
  it.each<[string, RegExp]>([
    ['../x', /has a '\.\.' part/],
    ['a/./b', /empty or '\.' part/],
    ['a//b', /empty or '\.' part/],
    ['a/', /empty or '\.' part/],
    ['/etc', /is absolute/],
    ['c:x', /drive letter/],
    ['a/c:', /drive letter/],
    ['a\\b', /has a '\\'/],
    ['a#b', /'#' or '\?'/],
    ['a\u0000', /control character/],
    ['%2e%2e/x', /has a '\.\.' part/],
    ['%25252e%25252e/x', /has a '\.\.' part/],
    ['%2fetc', /is absolute/],
    ['a'.repeat(5_000), /longer than 4096/],
  ])('refuses %j', (path, message) => {
    expect(expectThrown(() => checkArtifactPath(path), 'INVALID_PARAMETER').message).toMatch(message);
  });

  it('looks through ten encodings, and takes what is encoded more often for one that hides something', () => {
    expect(checkArtifactPath(`%${'25'.repeat(10)}`)).toHaveLength(21);
    expect(() => checkArtifactPath(`%${'25'.repeat(9)}2e%${'25'.repeat(9)}2e`)).toThrow("a '..' part");
    for (const times of [11, 2_000]) {
      expect(() => checkArtifactPath(`%${'25'.repeat(times)}`)).toThrow('encoded too many times');
    }
  });

  it('gives ordinary paths back', () => {
    for (const path of ['', 'model/forest.bin', 'plots/réseau é.txt', '100%.txt', '...', 'a..b']) {
      expect(checkArtifactPath(path)).toBe(path);
    }
  });
});

describe('batches', () => {
  const metric = (key: string, change: object = {}) => ({ key, value: 1, timestamp: 1, step: 0, ...change });

  it.each<[object, RegExp]>([
    [{ metrics: [metric('a'), metric('b?')] }, /metrics\[1\] key must be/],
    [{ metrics: [metric('a', { value: '1' })] }, /metrics\[0\] 'a' value must be a number/],
    [{ metrics: [metric('a', { timestamp: -1 })] }, /metrics\[0\] 'a' timestamp must be a whole number/],
    [{ metrics: [metric('a', { step: 0.5 })] }, /metrics\[0\] 'a' step must be a whole number/],
    [{ params: { p: 3 } }, /param 'p' must be text/],
    [{ tags: { t: null } }, /tag 't' must be text/],
  ])('refuses %j', (batch, message) => {
    expect(expectThrown(() => prepareBatch(batch), 'INVALID_PARAMETER').message).toMatch(message);
  });

  it('splits into requests within the limits, keeping all and the order', () => {
    const text = fc.string({ maxLength: 20 });
    const sizes = fc.record({ metrics: fc.nat(2_500), params: fc.nat(350), tags: fc.nat(350), filler: text });
    fc.assert(
      fc.property(sizes, ({ metrics, params, tags, filler }) => {
        const batch = {
          metrics: Array.from({ length: metrics }, (_, i) => metric('m', { step: i })),
          params: Array.from({ length: params }, (_, i) => [`p${i}`, filler] as const),
          tags: Array.from({ length: tags }, (_, i) => [`t${i}`, filler] as const),
        };
        const requests = splitBatch(batch);
        for (const r of requests) {
          expect(r.metrics.length).toBeLessThanOrEqual(1_000);
          expect(r.params.length).toBeLessThanOrEqual(100);
          expect(r.tags.length).toBeLessThanOrEqual(100);
          expect(r.metrics.length + r.params.length + r.tags.length).toBeLessThanOrEqual(1_000);
        }
        expect(requests.flatMap((r) => r.metrics)).toEqual(batch.metrics);
        expect(requests.flatMap((r) => r.params.map((p) => p.key))).toEqual(batch.params.map(([key]) => key));
        expect(requests.flatMap((r) => r.tags.map((t) => t.key))).toEqual(batch.tags.map(([key]) => key));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps every request below 1 MB', () => {
    const params = Array.from({ length: 100 }, (_, i) => [`p${i}`, '漢'.repeat(6_000)] as const);
    const requests = splitBatch({ metrics: [], params, tags: [] });
    expect(requests).toHaveLength(2);
    for (const request of requests) {
      const size = Buffer.byteLength(JSON.stringify({ run_id: 'f'.repeat(32), ...request }));
      expect(size).toBeLessThanOrEqual(1_000_000);
    }
  });

  it('sends one request when all fits, even when there is nothing', () => {
    expect(splitBatch({ metrics: [], params: [], tags: [] })).toEqual([
      { metrics: [], params: [], tags: [] },
    ]);
    const nan = splitBatch({ metrics: [metric('a', { value: Number.NaN })], params: [], tags: [] });
    expect(nan[0]?.metrics[0]?.value).toBe('NaN');
  });
});
