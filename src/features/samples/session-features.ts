import type { EventFieldName, EventValue, TableColumn } from '../../data/index.js';
import type { SessionWindow } from './session-window.js';

/** A feature of a session: what was seen until its window closed. */
export interface SessionFeature extends TableColumn {
  /** NaN, or null of a category, where there is no value. */
  readonly read: (window: SessionWindow) => number | string | null;
}

const DAY_MS = 86_400_000;

const numeric = (name: string, reason: string, read: (window: SessionWindow) => number): SessionFeature => ({
  ...{ name, reason, read },
  type: 'numeric',
  role: 'feature',
  isInteger: false,
});

const counted = (name: string, reason: string, read: (window: SessionWindow) => number): SessionFeature => ({
  ...numeric(name, reason, read),
  isInteger: true,
});

const category = (name: string, field: EventFieldName, reason: string): SessionFeature => ({
  ...{ name, reason },
  type: 'categorical',
  role: 'feature',
  isInteger: false,
  read: (window) => textOrNull(window.first[field]),
});

const textOrNull = (value: EventValue | undefined) =>
  value === undefined || value === null ? null : String(value);
const ratio = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);
const dayShare = ({ startMs }: SessionWindow): number => (startMs % DAY_MS) / DAY_MS;

/** Every feature of a session, in the order of its table. All are made of the events inside its window alone. */
export const SESSION_FEATURES: readonly SessionFeature[] = [
  counted('session_events', 'Events.', (w) => w.events),
  numeric(
    'session_seconds',
    'Seconds from the first to the last event.',
    (w) => (w.lastMs - w.startMs) / 1000,
  ),
  numeric(
    'session_longest_gap',
    'Longest time between two events, in seconds.',
    (w) => w.longestGapMs / 1000,
  ),
  counted('session_actions', 'Different actions.', (w) => w.actions.size),
  counted('session_logins', 'Log-in attempts.', (w) => w.logins),
  counted('session_failures', 'Log-in attempts that failed.', (w) => w.failures),
  counted('session_successes', 'Log-in attempts that succeeded.', (w) => w.successes),
  counted(
    'session_failures_before_success',
    'Failures before the first success.',
    (w) => w.failuresBeforeSuccess,
  ),
  counted('session_users', 'Different names that were tried, to 256.', (w) => w.users.size),
  counted('session_passwords', 'Different passwords that were tried, to 256.', (w) => w.passwords.size),
  numeric('session_password_length', 'Mean characters of a password.', (w) =>
    ratio(w.passwordCharacters, w.logins),
  ),
  numeric(
    'session_password_specials',
    'Share of their characters that are neither letters nor digits.',
    (w) => ratio(w.passwordSpecials, w.passwordCharacters),
  ),
  numeric('session_password_digits', 'Share of their characters that are digits.', (w) =>
    ratio(w.passwordDigits, w.passwordCharacters),
  ),
  numeric('session_password_is_user', 'Share of the attempts whose password is the name of the user.', (w) =>
    ratio(w.passwordsOfUser, w.logins),
  ),
  counted('session_commands', 'Commands.', (w) => w.commands),
  numeric('session_command_length', 'Mean characters of a command.', (w) =>
    ratio(w.commandCharacters, w.commands),
  ),
  counted('session_longest_command', 'Characters of the longest command.', (w) => w.longestCommand),
  counted('session_urls', 'Addresses that were fetched or asked for.', (w) => w.urls),
  counted('session_payloads', 'Pieces of data that were sent.', (w) => w.payloads),
  counted('session_payload_length', 'Characters of data that were sent.', (w) => w.payloadCharacters),
  counted(
    'session_targets',
    'Different ports that connections were asked for, to 256.',
    (w) => w.targets.size,
  ),
  numeric('source_port', 'Port of the client.', (w) => Number(w.first['source.port'] ?? Number.NaN)),
  numeric('destination_port', 'Port that was talked to first.', (w) =>
    Number(w.first['destination.port'] ?? Number.NaN),
  ),
  category('transport', 'network.transport', 'Transport.'),
  category('protocol', 'network.protocol', 'Protocol.'),
  category('ssh_version', 'ssh.client.version', 'What the SSH client says it is.'),
  category('ssh_hassh', 'ssh.client.hassh', "Fingerprint of the SSH client's algorithms."),
  category('tls_ja3', 'tls.client.ja3', 'Fingerprint of the TLS client.'),
  category('http_method', 'http.request.method', 'HTTP method.'),
  category('user_agent', 'user_agent.original', 'What the HTTP client says it is.'),
  numeric('hour_sin', 'Time of day the session began, in UTC, as the sine of a turn.', (w) =>
    Math.sin(2 * Math.PI * dayShare(w)),
  ),
  numeric('hour_cos', 'The same as the cosine.', (w) => Math.cos(2 * Math.PI * dayShare(w))),
  counted('weekday', 'Day of the week the session began, in UTC: 0 is Sunday.', (w) =>
    new Date(w.startMs).getUTCDay(),
  ),
];
