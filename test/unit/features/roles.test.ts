import { describe, expect, it } from 'vitest';
import { resolveFeatures, withLabelColumn } from '#src/features/index.js';
import { SCHEMA } from './events.js';

const refused = (features: readonly string[] | 'all', message: string, hint: string, schema = SCHEMA) =>
  expect(() => resolveFeatures(features, schema)).toThrowError(
    expect.objectContaining({ code: 'INVALID_PARAMETER', message, hint: expect.stringContaining(hint) }),
  );

describe('resolveFeatures', () => {
  it('gives the named features in the order given', () => {
    expect(resolveFeatures(['port', 'payload_length'], SCHEMA).map((f) => f.name)).toEqual([
      'port',
      'payload_length',
    ]);
  });

  it('takes all for every feature', () => {
    expect(resolveFeatures(['all'], SCHEMA)).toEqual(resolveFeatures('all', SCHEMA));
    expect(resolveFeatures('all', SCHEMA).length).toBeGreaterThan(20);
  });

  it.each([
    ['event', 'it defines the label: is_attack is made from it'],
    ['level', 'it is written from the outcome: the sensor writes it after the event'],
    ['source_ip', 'it says who or where, not what: who sent it'],
    ['timestamp', 'it says when, not what: when it happened'],
    ['event.action', 'it defines the label: is_attack is made from it'],
    ['@timestamp', 'it says when, not what: when it happened'],
  ])('refuses %s with the reason', (name, reason) => {
    refused([name], `features: "${name}" cannot be a feature: ${reason}`, `leave "${name}" out`);
  });

  it('refuses a column that is no feature, and names the features made from it', () => {
    refused(['data'], 'features: "data" is a column, not a feature', 'payload_length, payload_entropy');
    refused(['payload'], 'features: "payload" is a column, not a feature', 'payload_length, payload_entropy');
    refused(['honeypot_type'], 'features: "honeypot_type" is a column, not a feature', 'protocol');
    const schema = [...SCHEMA, { name: 'sensor', role: 'feature', reason: 'known' } as const];
    refused(
      ['sensor'],
      'features: "sensor" is a column, not a feature',
      'no feature is made from this',
      schema,
    );
  });

  it('suggests the nearest name for an unknown one', () => {
    refused(['payload_lenght'], 'features: no feature "payload_lenght"', "did you mean 'payload_length'?");
    refused(['zzzzzzzz'], 'features: no feature "zzzzzzzz"', 'choose among payload_length, ');
    refused(['__proto__'], 'features: no feature "__proto__"', 'choose among');
    refused(['\u001b[2J'], 'features: no feature "\\u001b[2J"', 'choose among');
  });

  it('refuses repeated names and an empty list', () => {
    refused(['port', 'port'], 'features: "port" is named twice', 'once');
    refused([], 'features must name at least one feature, got none', 'choose among');
  });

  it('refuses a feature whose column the source does not have', () => {
    const schema = SCHEMA.filter((c) => c.name !== 'destination.port');
    refused(
      ['port'],
      'features: "port" is made from column "destination.port", which the source does not have',
      'leave "port" out',
      schema,
    );
    expect(resolveFeatures('all', schema).map((f) => f.name)).not.toContain('port');
    refused('all', 'features: no column of the source may be a feature', 'choose among', []);
  });
});

describe('withLabelColumn', () => {
  it.each(['honeypot_type', 'network.protocol'])('keeps features of the label column %s out', (column) => {
    const schema = withLabelColumn(SCHEMA, column);
    expect(resolveFeatures('all', schema).map((f) => f.name)).not.toContain('protocol');
    refused(
      ['protocol'],
      'features: "protocol" (made from column "network.protocol") cannot be a feature: it defines the label: the label is this column',
      'leave "protocol" out',
      schema,
    );
  });

  it('adds a column the schema does not have', () => {
    expect(withLabelColumn([], 'kind')).toEqual([
      { name: 'kind', role: 'label-defining', reason: 'the label is this column' },
    ]);
  });
});
