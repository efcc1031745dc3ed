import { describe, expect, it } from 'vitest';
import { encodeModel } from '#src/model/index.js';
import { failure, forged, models, putTogether, sha256, takeApart } from './model-files.js';

describe('a file with right checksums', () => {
  it('is accepted when nothing was changed, so that the forger forges well', () => {
    for (const kind of Object.keys(models))
      expect(forged(kind, () => {})).toEqual(encodeModel(models[kind]!));
  });

  it('headers that are no canonical JSON object, no JSON, no UTF-8, or too deep', () => {
    const { sections } = takeApart(encodeModel(models['majority']!));
    const withHeader = (json: string) => failure(putTogether(json, sections.values())).message;
    expect(withHeader('{"b":1,"a":2}')).toContain('it is not in canonical form');
    expect(withHeader('{"a":1,"a":2}')).toContain('it is not in canonical form');
    expect(withHeader('{"__proto__":{"kind":"majority"}}')).toContain('it has no section table');
    expect(withHeader('[]')).toContain('it is not a JSON object');
    expect(withHeader('{')).toContain('it is not valid JSON');
    expect(withHeader('['.repeat(100_000))).toContain('it nests deeper than 6 levels');
    expect(withHeader('{"a":"\\"[[[[[[[["}')).toContain('it has no section table');
    const bytes = putTogether('{"a":"xx"}', []);
    bytes.set([0xff, 0xfe], 54);
    bytes.set(sha256(Buffer.concat([bytes.subarray(0, 16), bytes.subarray(48)])), 16);
    expect(failure(bytes).message).toContain('it is not valid UTF-8');
  });

  it('a header that claims more than 16 MiB, padding that is not zero, other magic, a later version', () => {
    const bytes = encodeModel(models['majority']!);
    const long = bytes.slice();
    new DataView(long.buffer).setUint32(12, 2 ** 31, true);
    expect(failure(long).message).toContain('it claims 2147483648 bytes, at most 16777216 are allowed');
    expect(failure(new TextEncoder().encode(`${'x'.repeat(60)}`)).message).toContain('magic bytes');
    const padded = Object.values(models)
      .map((model) => encodeModel(model))
      .find((b) => new DataView(b.buffer).getUint32(12, true) % 8 !== 0)!;
    const end = 48 + new DataView(padded.buffer).getUint32(12, true);
    padded[end] = 1;
    expect(failure(padded).message).toContain(`the padding before it is not zero at byte ${end}`);
    const later = bytes.slice();
    new DataView(later.buffer).setUint32(8, 2, true);
    const headerEnd = 48 + new DataView(later.buffer).getUint32(12, true);
    later.set(sha256(Buffer.concat([later.subarray(0, 16), later.subarray(48, headerEnd)])), 16);
    expect(failure(later)).toMatchObject({
      code: 'UNSUPPORTED',
      message: 'model file has format version 2, this PhantomNet reads 1',
    });
  });
});
