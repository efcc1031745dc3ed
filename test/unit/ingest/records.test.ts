import { describe, expect, it } from 'vitest';
import { eventsFromRecords } from '#src/ingest/index.js';
import { readText } from './read-text.js';

const event = (fields: object) => ({ honeypot_type: 'http', event: 'connect', ...fields });
const failure = (record: unknown, options = {}) => {
  try {
    eventsFromRecords([event({}), record], options);
  } catch (error) {
    return error;
  }
  throw new Error('was read');
};

describe('eventsFromRecords', () => {
  it('makes the events JSON lines make', async () => {
    const records = [
      event({ port: 8080, data: { a: [1, 2.5, null, true] }, user_agent: undefined }),
      event({ data: '' }),
      event({ data: "{'a': 1}" }),
    ];
    const { events } = await readText(records.map((r) => `${JSON.stringify(r)}\n`).join(''));
    expect(eventsFromRecords(records, { name: '-' })).toEqual([
      { ...events[0], fields: { ...events[0]!.fields, 'user_agent.original': null } },
      events[1],
      events[2],
    ]);
  });

  it('redacts unless secrets are kept', () => {
    const records = [event({ data: { password: 'hunter22' } })];
    expect(eventsFromRecords(records)[0]!.fields.payload).toBe("{'password': '[redacted:8]'}");
    expect(eventsFromRecords(records, { keepSecrets: true })[0]!.fields.payload).toBe(
      "{'password': 'hunter22'}",
    );
  });

  it('needs no event for a prediction', () => {
    expect(
      eventsFromRecords([{ honeypot_type: 'ssh' }], { requiredColumns: ['honeypot_type'] })[0]!.payload,
    ).toBeNull();
  });

  const circle: Record<string, unknown> = {};
  circle['x'] = circle;
  it.each([
    [7, 'records[1]: must be an object of fields by name', undefined],
    [null, 'records[1]: must be an object of fields by name', undefined],
    [[], 'records[1]: must be an object of fields by name', undefined],
    [{ honeypot_type: 'x' }, 'records[1].event: the field is required and absent', 'event'],
    [event({ event: '' }), 'records[1].event: the field is required and has no value', 'event'],
    [
      event({ port: Number.NaN }),
      'records[1].port: must be a finite number; leave the field out where it has no value',
      'port',
    ],
    [
      event({ port: () => 1 }),
      'records[1].port: must be text, a number, a bool, a list or an object, not a function',
      'port',
    ],
    [event({ data: circle }), 'records[1].data: must not be nested deeper than 100', 'data'],
    [
      event({ data: 'hunter2!' }),
      'records[1].data: neither a Python literal nor JSON: a Python literal has a word that is not None, True or False at character 1',
      'data',
    ],
    [
      event({ 'a\nb': Number.NaN }),
      'records[1]["a\\nb"]: must be a finite number; leave the field out where it has no value',
      'a\nb',
    ],
  ])('refuses case %#, naming record and field', (record, message, field) => {
    expect(failure(record)).toMatchObject({
      code: 'BAD_DATA',
      message,
      hint: 'give one object an event, with the fields of the honeypot schema',
      details: { position: 1, ...(field === undefined ? {} : { field }) },
    });
  });
});
