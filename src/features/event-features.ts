import type { EventFieldName, HoneypotEvent } from '../data/index.js';
import {
  category,
  fraction,
  type Numeric,
  numeric,
  rememberLast,
  textOf,
  type Unnamed,
} from './feature-definition.js';
import { agentFamily, portClass, portService, sshSoftware, userClass } from './known-names.js';
import { COMMAND_FEATURES, URL_FEATURES } from './text-features.js';

/** Returns what `read` makes of the number in a field: NaN where there is none, undefined for what is none that a feature can be. */
function numberOf(
  event: HoneypotEvent,
  field: EventFieldName,
  read: (value: number) => number = Number,
): number | undefined {
  const value = event.fields[field] ?? null;
  if (value === null) return Number.NaN;
  return typeof value === 'number' && Number.isFinite(Math.fround(value)) ? read(value) : undefined;
}

/** Returns a feature that is the number in a field, missing where there is none. */
const numberIn = (field: EventFieldName, description: string): Numeric => ({
  ...numeric([field])(description, (event) => numberOf(event, field)),
  mayBeMissing: true,
});

const portCategory = (
  field: EventFieldName,
  description: string,
  nameOf: (port: number) => string,
): Unnamed => ({
  ...category(field, description, (text) => text),
  read: (event: HoneypotEvent) => {
    const port = event.fields[field];
    return typeof port === 'number' && Number.isFinite(port) ? nameOf(port) : null;
  },
});

const lower = (text: string): string => text.toLowerCase();
const DAY_MS = 86_400_000;

const clock = (description: string, read: (timeMs: number) => number): Numeric => ({
  ...numberIn('@timestamp', description),
  isInteger: false,
  read: (event: HoneypotEvent) => numberOf(event, '@timestamp', read),
});
const dayAngle = (timeMs: number): number => (2 * Math.PI * (timeMs % DAY_MS)) / DAY_MS;
/** 1970-01-01 was a Thursday. */
const weekday = (timeMs: number): number => (((Math.floor(timeMs / DAY_MS) + 3) % 7) + 7) % 7;

const CREDENTIALS: Readonly<Record<string, Unnamed>> = {
  credential_length: numberIn('credential.length', 'Characters of the password.'),
  credential_digits: numberIn('credential.digits', 'Digits of the password.'),
  credential_letters: numberIn('credential.letters', 'Letters of the password.'),
  credential_uppercase: numberIn('credential.uppercase', 'Upper-case letters of the password.'),
  credential_specials: numberIn('credential.specials', 'Other characters of the password.'),
  credential_entropy: fraction(numberIn('credential.entropy', 'Shannon entropy of its characters, in bits.')),
  credential_is_user: numberIn('credential.is_user', '1 where the password is the name of the user.'),
  user_length: numeric(['user.name'])(
    'Characters of the name that was tried.',
    (event) => textOf(event, 'user.name').length,
  ),
  user_class: category(
    'user.name',
    'Kind of name: superuser, service, digits, letters, word, other.',
    userClass,
  ),
};

const CLIENT: Readonly<Record<string, Unnamed>> = {
  port_class: portCategory(
    'destination.port',
    'Range of the port: well-known, registered, dynamic.',
    portClass,
  ),
  port_service: portCategory(
    'destination.port',
    'What the port is used for most: ssh, telnet, http.',
    portService,
  ),
  source_port_class: portCategory('source.port', "Range of the client's port.", portClass),
  transport: category('network.transport', 'Transport: tcp, udp, icmp.', lower),
  category: category('event.category', 'Kind of event.', lower),
  ssh_fingerprint: category('ssh.client.hassh', "Fingerprint (hassh) of the SSH client's algorithms.", lower),
  ssh_client: category('ssh.client.version', 'What the SSH client says it is, whole.', (text) => text),
  ssh_software: category('ssh.client.version', 'Its software without the version.', sshSoftware),
  tls_version: category('tls.version', 'Version of TLS.', lower),
  tls_fingerprint: category('tls.client.ja3', 'Fingerprint (JA3) of the TLS client.', lower),
  user_agent_family: category(
    'user_agent.original',
    'Family of the user agent: curl, python, chrome, scanner.',
    rememberLast(agentFamily),
  ),
};

const TIME: Readonly<Record<string, Unnamed>> = {
  hour_sin: clock('Sine of the time of day, UTC.', (ms) => Math.sin(dayAngle(ms))),
  hour_cos: clock('Cosine of the time of day, UTC.', (ms) => Math.cos(dayAngle(ms))),
  weekday: { ...clock('Day of the week, UTC: 0 is Monday.', weekday), isInteger: true },
};

/** The features of logs in event form, in the order of a full matrix, behind those of every log. */
export const EVENT_FEATURES: Readonly<Record<string, Unnamed>> = Object.fromEntries(
  Object.entries({ ...COMMAND_FEATURES, ...URL_FEATURES, ...CREDENTIALS, ...CLIENT, ...TIME }).map(
    ([name, definition]) => [name, { ...definition, set: 'event-form' as const }],
  ),
);
