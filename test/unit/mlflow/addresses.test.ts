import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ModelAddress, parseModelAddress } from '#src/mlflow/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

const runId = '0123456789abcdef0123456789abcdef';

/** Writes an address the way people do. */
function printed(address: ModelAddress): string {
  switch (address.kind) {
    case 'version':
      return `models:/${address.name}/${address.version}`;
    case 'stage':
      return `models:/${address.name}/${address.stage}`;
    case 'latest':
      return `models:/${address.name}/latest`;
    case 'alias':
      return `models:/${address.name}@${address.alias}`;
    case 'logged-model':
      return `models:/${address.modelId}`;
    case 'run':
      return `runs:/${address.runId}/${address.path}`;
  }
}

describe('model addresses', () => {
  it.each<[string, ModelAddress]>([
    ['models:/detector/3', { kind: 'version', name: 'detector', version: '3' }],
    ['models:/detector/Staging', { kind: 'stage', name: 'detector', stage: 'Staging' }],
    ['models:/detector/production', { kind: 'stage', name: 'detector', stage: 'Production' }],
    ['models:/detector/latest', { kind: 'latest', name: 'detector' }],
    ['models:/detector@champion', { kind: 'alias', name: 'detector', alias: 'champion' }],
    ['models:/a@b@c', { kind: 'alias', name: 'a@b', alias: 'c' }],
    ['models:/with space ü/1', { kind: 'version', name: 'with space ü', version: '1' }],
    [`models:/m-${runId}`, { kind: 'logged-model', modelId: `m-${runId}` }],
    [`runs:/${runId}/model`, { kind: 'run', runId, path: 'model' }],
    [`runs:/${runId}/a/deep path`, { kind: 'run', runId, path: 'a/deep path' }],
  ])('reads %s', (text, address) => {
    expect(parseModelAddress(text)).toEqual(address);
  });

  it.each<[string, RegExp]>([
    ['detector', /is not an address of a model/],
    ['models:detector/1', /is not an address/],
    ['models://host/detector/1', /names another registry by host/],
    ['models:/detector', /names no version, stage or alias/],
    ['models:/detector/', /has "" where a version/],
    ['models:/detector/0', /has "0" where a version/],
    ['models:/detector/-1', /has "-1" where a version/],
    ['models:/detector/1.5', /where a version from 1, a stage \(None, Staging, Production, Archived\)/],
    ['models:/detector/99999999999', /where a version/],
    ['models:/a/b/1', /too many '\/'/],
    ['models:/../1', /has "\.\." where the name/],
    ['models:/./1', /has "\." where the name/],
    ['models://1', /names another registry/],
    ['models:/a:b/1', /has "a:b" where the name/],
    ['models:/@alias', /has "" where the name/],
    ['models:/a@', /has an alias of other than letters/],
    ['models:/a@b c', /has an alias of other than letters/],
    ['models:/a%2e%2e/1', /percent escape/],
    ['models:/a#b/1', /'\?', '#'/],
    ['models:/a?b/1', /'\?', '#'/],
    ['models:/a\\b/1', /'\\'/],
    ['models:/a\u0000b/1', /control character/],
    ['models:/a\nb/1', /control character/],
    ['runs:/abc/model', /has no run id of 32 hex digits/],
    [`runs:/${runId.toUpperCase()}/model`, /has no run id/],
    [`runs:/${runId}`, /names no folder of the run/],
    [`runs:/${runId}/`, /names no folder of the run/],
    [`runs:/${runId}/../other`, /has a path that has a '\.\.' part/],
    [`runs:/${runId}//etc`, /has a path that is absolute/],
    [`runs:/${runId}/c:/x`, /drive letter/],
    [`models:/${'a'.repeat(5_000)}/1`, /longer than 4096 characters/],
  ])('refuses %j', (text, message) => {
    const error = expectThrown(() => parseModelAddress(text), 'INVALID_PARAMETER');
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.hint).toContain('models:/<name>@<alias>');
  });

  it('reads every address that can be written', () => {
    const name = fc.stringMatching(/^[\w .@-]{1,20}$/).filter((n) => n !== '.' && n !== '..');
    const id = fc.stringMatching(/^[0-9a-f]{32}$/);
    const address: fc.Arbitrary<ModelAddress> = fc.oneof(
      fc.record({
        kind: fc.constant('version' as const),
        name,
        version: fc.integer({ min: 1, max: 999_999_999 }).map(String),
      }),
      fc.record({ kind: fc.constant('stage' as const), name, stage: fc.constantFrom('None', 'Archived') }),
      fc.record({ kind: fc.constant('latest' as const), name }),
      fc.record({ kind: fc.constant('alias' as const), name, alias: fc.stringMatching(/^[\w-]{1,20}$/) }),
      fc.record({ kind: fc.constant('logged-model' as const), modelId: id.map((hex) => `m-${hex}`) }),
      fc.record({
        kind: fc.constant('run' as const),
        runId: id,
        path: fc.stringMatching(/^[a-z]{1,5}(\/[a-z ]{1,5}){0,3}$/),
      }),
    );
    fc.assert(
      fc.property(address, (value) => {
        expect(parseModelAddress(printed(value))).toEqual(value);
      }),
    );
  });

  it('never takes a climbing path, however it is written', () => {
    const piece = fc.constantFrom('..', '.', '', 'a', '%2e%2e', '%252e', '\\', '#', '?', '/', '\0', 'c:');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const text = `runs:/${runId}/${pieces.join('/')}`;
        let path: string;
        try {
          const address = parseModelAddress(text);
          path = address.kind === 'run' ? address.path : '';
        } catch {
          return;
        }
        expect(path.split('/').every((part) => part === 'a')).toBe(true);
      }),
    );
  });
});
