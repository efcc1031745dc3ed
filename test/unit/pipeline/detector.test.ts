import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/core/index.js';
import { openPackage, packModel } from '#src/deploy/index.js';
import { fitFeatures } from '#src/features/index.js';
import { detectorOf } from '#src/pipeline/detector.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { partsOf, readerOf } from '../deploy/package-of.js';
import { eventOf, SCHEMA } from '../features/events.js';

const opened = (features?: string) => {
  const { features: own, ...rest } = partsOf();
  return openPackage(readerOf(packModel({ ...rest, features: features ?? own! }).files));
};

describe('a detector', () => {
  it('scores raw events as it scores the rows made of them', async () => {
    const detector = detectorOf(await opened());
    const data = "{'username': 'root'}";
    const [byEvent] = detector.predict([{ honeypot_type: 'ssh', data }]);
    const [byRow] = detector.predict([{ payload_length: data.length }]);
    expect(byEvent).toEqual(byRow);
    expect(detector.predict([{ 'network.protocol': 'ssh', payload: data }])).toEqual([byEvent]);
    expect(detector).toMatchObject({ inputKind: 'both', threshold: 0.5, classes: [0, 1] });
  });

  it('names the field that an event lacks by both of its names', async () => {
    const detector = detectorOf(await opened());
    const absent = (record: object) => expectThrown(() => detector.predict([record]), 'BAD_DATA');
    expect(absent({ event: 'x' }).message).toBe(
      'row 0: field "payload" (or "data") is missing, and a feature is made from it',
    );
    expect(absent({ event: 'x', dta: 'x' }).hint).toBe("did you mean 'dta'?");
    expect(absent({ event: 'x' }).hint).toBe(
      'give every event "payload" (or "data"); null where there is no value',
    );
  });

  it('refuses features that are not those of the model file', async () => {
    const other = fitFeatures([eventOf()], { schema: SCHEMA, features: ['port'] });
    const pkg = await opened(canonicalJson(other));
    const error = expectThrown(() => detectorOf(pkg), 'INTEGRITY');
    expect(error.message).toBe('the stored features are not the features of the model file');
  });

  it('refuses a feature state that is no JSON or none of ours', async () => {
    const broken = await opened('{');
    expect(expectThrown(() => detectorOf(broken), 'INTEGRITY').message).toBe('features.json is not JSON');
    for (const state of ['null', '{}', '[]', '{"version":99}']) {
      const pkg = await opened(state);
      expectThrown(() => detectorOf(pkg), 'INTEGRITY');
    }
  });

  it('without a feature pipeline takes rows only, and says so', async () => {
    const { features: _features, ...parts } = partsOf();
    const expectedOutput = { ...parts.expectedOutput, events: [] };
    const detector = detectorOf(await openPackage(readerOf(packModel({ ...parts, expectedOutput }).files)));
    expect(detector.inputKind).toBe('rows');
    expect(detector.predict([{ payload_length: 20 }])[0]?.label).toBe(0);
    expect(expectThrown(() => detector.predict([{ data: 'x' }]), 'BAD_DATA').message).toBe(
      'row 0: field "data" is a field of a raw event, and this model takes only rows of its features',
    );
    expect(expectThrown(() => detector.predictEvents([eventOf()]), 'BAD_DATA').message).toBe(
      'this model takes rows of its features, not raw events',
    );
  });
});
