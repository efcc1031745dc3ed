import type { HoneypotEvent, PayloadStatistics } from '../data/index.js';
import { EVENT_FEATURES } from './event-features.js';
import {
  category,
  type EmptyAs,
  type FeatureDefinition,
  type FeatureDescription,
  numeric,
  share,
  textOf,
  type Unnamed,
} from './feature-definition.js';

const payload = (description: string, read: (statistics: PayloadStatistics) => number) =>
  numeric(['payload'])(description, (event) => (event.payload === null ? 0 : read(event.payload)));

const payloadFraction: typeof payload = (description, read) => ({
  ...payload(description, read),
  isInteger: false,
});

const path = (description: string, read: (path: string) => number) =>
  numeric(['url.original'])(description, (event) => read(textOf(event, 'url.original')));

function payloadLength(event: HoneypotEvent, emptyAs: EmptyAs): number {
  const length = event.payload?.length ?? 0;
  return length === 0 && emptyAs === 'nan' ? 'nan'.length : length;
}

function port(event: HoneypotEvent): number | undefined {
  const value = event.fields['destination.port'] ?? null;
  if (value === null) return Number.NaN;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
    ? value
    : undefined;
}

const depth = (text: string): number => text.split(/[?#]/, 1)[0]!.split('/').filter(Boolean).length;

const definitions: Readonly<Record<string, Unnamed>> = {
  payload_length: numeric(['payload'])(
    'Characters of the raw payload text; missing and empty are 0, or 3 with emptyAs nan.',
    payloadLength,
  ),
  payload_entropy: payloadFraction('Shannon entropy of the payload characters, in bits.', (s) => s.entropy),
  payload_digits: payload('Digits in the payload.', (s) => s.digits),
  payload_letters: payload('Letters in the payload.', (s) => s.letters),
  payload_uppercase: payload('Upper-case letters in the payload.', (s) => s.uppercase),
  payload_spaces: payload('White space in the payload.', (s) => s.spaces),
  payload_specials: payload(
    'Payload characters that are no letter, digit or white space.',
    (s) => s.specials,
  ),
  payload_quotes: payload('Quotes in the payload.', (s) => s.quotes),
  payload_non_ascii: payload('Payload characters outside ASCII.', (s) => s.nonAscii),
  payload_keys: payload('Keys of the top-level dict, 0 where the payload is no dict.', (s) => s.keys),
  payload_max_value_length: payload('Characters of the longest text value.', (s) => s.maxValueLength),
  payload_total_value_length: payload('Characters of all text values together.', (s) => s.totalValueLength),
  payload_empty_values: payload('Values that are None or an empty text, list or dict.', (s) => s.emptyValues),
  payload_sql_signs: payload('Signs of SQL in the payload (union, select, or 1=1, --).', (s) => s.sqlSigns),
  payload_shell_signs: payload('Signs of a shell in the payload (wget, /bin/, pipes).', (s) => s.shellSigns),
  payload_digit_ratio: payloadFraction('Digits as a share of the payload.', (s) => share(s.digits, s.length)),
  payload_uppercase_ratio: payloadFraction('Upper-case letters as a share of the payload.', (s) =>
    share(s.uppercase, s.length),
  ),
  payload_special_ratio: payloadFraction('Special characters as a share of the payload.', (s) =>
    share(s.specials, s.length),
  ),
  port: {
    ...numeric(['destination.port'])('Port of the honeypot, 0 to 65535; missing and invalid are NaN.', port),
    mayBeMissing: true,
  },
  protocol: category('network.protocol', 'Protocol the honeypot speaks, in lower case.', (t) =>
    t.toLowerCase(),
  ),
  method: category('http.request.method', 'HTTP method, in upper case.', (t) => t.toUpperCase()),
  path_length: path('Characters of the path, 0 when missing.', (t) => t.length),
  path_depth: path('Segments of the path before its query.', depth),
  path_has_query: path('1 where the path has a query.', (t) => (t.includes('?') ? 1 : 0)),
  path_specials: path(
    'Path characters other than ASCII letters, digits and slashes.',
    (t) => t.replace(/[a-z0-9/]/gi, '').length,
  ),
  user_agent_length: numeric(['user_agent.original'])(
    'Characters of the user agent, 0 when missing.',
    (event) => textOf(event, 'user_agent.original').length,
  ),
};

/** Every feature there is, in the order of a full matrix. The order and the meanings belong to the stored format. */
export const CATALOGUE: ReadonlyMap<string, FeatureDefinition> = new Map(
  Object.entries({ ...definitions, ...EVENT_FEATURES }).map(([name, definition]) => [
    name,
    { name, ...definition },
  ]),
);

/** Returns every feature with its type, source columns and meaning, in the order of a full matrix. */
export function describeFeatures(): FeatureDescription[] {
  return [...CATALOGUE.values()].map(({ read: _read, ...description }) => description);
}
