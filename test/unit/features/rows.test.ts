import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitFeatures, inputKindOf, rowsToMatrix } from '#src/features/index.js';
import { eventOf, SCHEMA } from './events.js';

const LENGTH = [{ name: 'payload_length', type: 'numeric' }] as const;
const THREE = [
  ...LENGTH,
  { name: 'port', type: 'numeric' },
  { name: 'protocol', type: 'categorical', categories: ['ftp', 'ssh'] },
] as const;
const pipeline = fitFeatures([eventOf()], { schema: SCHEMA, features: ['payload_length'] });

const bad = (call: () => unknown, message: string, hint: string) =>
  expect(call).toThrowError(
    expect.objectContaining({ code: 'BAD_DATA', message, hint: expect.stringContaining(hint) }),
  );

describe('rowsToMatrix', () => {
  it('reads the sanity input', () => {
    const matrix = rowsToMatrix(LENGTH, [{ payload_length: 120 }]);
    expect(matrix).toEqual({
      nSamples: 1,
      features: LENGTH,
      values: new Float32Array([120]),
      unseen: {},
      invalid: {},
    });
  });

  it('reads numbers and categories by name, missing ones as null, unseen ones counted', () => {
    const matrix = rowsToMatrix(THREE, [
      { protocol: 'ssh', port: 22, payload_length: 1 },
      { payload_length: 2, port: null, protocol: null },
      { payload_length: 3, port: 0, protocol: 'gopher' },
    ]);
    expect([...matrix.values]).toEqual([1, 22, 1, 2, Number.NaN, Number.NaN, 3, 0, Number.NaN]);
    expect(matrix.unseen).toEqual({ protocol: 1 });
  });

  it('names the row and the field that is missing', () => {
    bad(
      () =>
        rowsToMatrix(THREE, [
          { payload_length: 1, port: 2, protocol: 'ssh' },
          { payload_length: 1, port: 2 },
        ]),
      'row 1: field "protocol" is missing',
      'give every feature a value: {"protocol": ...}',
    );
    bad(() => rowsToMatrix(LENGTH, [{}]), 'row 0: field "payload_length" is missing', 'give every feature');
  });

  it('names the row and the field that is unknown', () => {
    bad(
      () => rowsToMatrix(LENGTH, [{ payload_lenght: 1 }]),
      'row 0: unknown field "payload_lenght"',
      "did you mean 'payload_length'?",
    );
    bad(
      () => rowsToMatrix(LENGTH, [{ payload_length: 1, zzzzz: 1 }]),
      'row 0: unknown field "zzzzz"',
      'the model takes payload_length',
    );
    bad(
      () => rowsToMatrix(LENGTH, JSON.parse('[{"payload_length": 1, "__proto__": 1}]')),
      'row 0: unknown field "__proto__"',
      'the model takes payload_length',
    );
  });

  it.each([
    ['"12"', 'text'],
    ['true', 'true'],
    ['[1]', 'a list'],
    ['{"a":1}', 'an object'],
    ['null', 'null'],
    ['1e39', '1e+39'],
  ])('refuses %s as a number, without showing text', (json, kind) => {
    bad(
      () => rowsToMatrix(LENGTH, JSON.parse(`[{"payload_length": ${json}}]`)),
      `row 0: field "payload_length" must be a number, got ${kind}`,
      'give a number',
    );
  });

  it('says that null is allowed where it is', () => {
    bad(
      () => rowsToMatrix(THREE, [{ payload_length: 1, port: '22', protocol: 'ssh' }]),
      'row 0: field "port" must be a number or null, got text',
      'give a number or null',
    );
    bad(
      () => rowsToMatrix(THREE, [{ payload_length: 1, port: 22, protocol: 6 }]),
      'row 0: field "protocol" must be text or null, got 6',
      'give text or null',
    );
  });

  it.each([
    ['1', '1'],
    ['"x"', 'text'],
    ['[120]', 'a list'],
    ['null', 'null'],
  ])('refuses %s as a record', (json, kind) => {
    bad(
      () => rowsToMatrix(LENGTH, JSON.parse(`[${json}]`)),
      `row 0: expected an object, got ${kind}`,
      'list of objects',
    );
  });

  it('reads back what a pipeline made of events', () => {
    const all = fitFeatures([eventOf({ 'network.protocol': 'ssh', 'http.request.method': 'GET' })], {
      schema: SCHEMA,
    });
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(65_535), (length, port) => {
        const event = eventOf(
          { 'network.protocol': 'ssh', 'http.request.method': 'GET', 'destination.port': port },
          { length },
        );
        const matrix = all.transform([event]);
        const record = Object.fromEntries(
          all.features.map((f, j) => [f.name, f.categories?.[matrix.values[j]!] ?? matrix.values[j]]),
        );
        expect(rowsToMatrix(all.features, [record]).values).toEqual(matrix.values);
      }),
      { numRuns: 50 },
    );
  });
});

describe('inputKindOf', () => {
  it('tells raw events from rows of features', () => {
    expect(inputKindOf([{ honeypot_type: 'ssh' }, { data: 'x' }, { event: 'connect' }], pipeline)).toBe(
      'events',
    );
    expect(
      inputKindOf([{ 'network.protocol': 'ssh' }, { payload: 'x' }, { '@timestamp': 0, port: 22 }], pipeline),
    ).toBe('events');
    expect(inputKindOf([{ payload_length: 1 }, { port: 22 }, { method: 'GET' }], pipeline)).toBe('rows');
    expect(inputKindOf([{ payload_length: 1 }], undefined)).toBe('rows');
    expect(inputKindOf([], pipeline)).toBe('rows');
  });

  it('refuses a batch of both, naming row and field', () => {
    bad(
      () => inputKindOf([{ payload_length: 1 }, { data: 'x' }], pipeline),
      'row 1: field "data" makes it one of events, but row 0 is one of rows',
      'only raw events or only rows',
    );
    bad(
      () => inputKindOf([{ data: 'x' }, { payload_length: 1 }], pipeline),
      'row 1: field "payload_length" makes it one of rows, but row 0 is one of events',
      'only raw events or only rows',
    );
  });

  it('refuses a record that is both', () => {
    bad(
      () => inputKindOf([{ data: 'x', payload_length: 1 }], pipeline),
      'row 0: field "payload_length" is a feature, but field "data" makes the row a raw event',
      'only raw events or only rows',
    );
  });

  it('refuses raw events where there is no pipeline', () => {
    bad(
      () => inputKindOf([{ event: 'connect' }], undefined),
      'row 0: field "event" is a field of a raw event, and this model takes only rows of its features',
      'only raw events or only rows',
    );
  });

  it('refuses anything but objects', () => {
    bad(() => inputKindOf([7], pipeline), 'row 0: expected an object, got 7', 'list of objects');
  });
});
