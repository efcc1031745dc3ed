import type { EventFieldName, EventFields, EventValue } from '../../data/index.js';

/** Most distinct values of a session that are told apart. */
const MAX_DISTINCT = 256;

/** The fields a window looks at. */
export const WINDOW_FIELDS = [
  '@timestamp',
  'event.action',
  'event.category',
  'event.outcome',
  'source.port',
  'destination.port',
  'network.transport',
  'network.protocol',
  'user.name',
  'credential.length',
  'credential.specials',
  'credential.digits',
  'credential.is_user',
  'credential.hmac',
  'process.command_line',
  'url.original',
  'payload',
  'ssh.client.version',
  'ssh.client.hassh',
  'tls.client.ja3',
  'user_agent.original',
  'http.request.method',
] as const satisfies readonly EventFieldName[];

/** What was seen of one session until its window closed. */
export class SessionWindow {
  readonly startMs: number;
  lastMs: number;
  events = 0;
  logins = 0;
  failures = 0;
  successes = 0;
  failuresBeforeSuccess = 0;
  commands = 0;
  commandCharacters = 0;
  longestCommand = 0;
  urls = 0;
  payloads = 0;
  payloadCharacters = 0;
  passwordCharacters = 0;
  passwordSpecials = 0;
  passwordDigits = 0;
  passwordsOfUser = 0;
  longestGapMs = 0;
  readonly actions = new Set<EventValue>();
  readonly users = new Set<EventValue>();
  readonly passwords = new Set<EventValue>();
  readonly targets = new Set<EventValue>();
  /** The first value seen of each field that names something. */
  readonly first: { [Name in EventFieldName]?: EventValue } = {};

  constructor(startMs: number) {
    this.startMs = startMs;
    this.lastMs = startMs;
  }

  /** Takes the next event of the session. */
  see(event: EventFields): void {
    const timeMs = event['@timestamp'] as number;
    this.longestGapMs = Math.max(this.longestGapMs, timeMs - this.lastMs);
    this.lastMs = timeMs;
    this.events++;
    addTo(this.actions, event['event.action']);
    for (const name of FIRST_OF) if (event[name] !== undefined) this.first[name] ??= event[name];
    if (event['event.category'] === 'authentication') this.#seeLogin(event);
    if (event['event.category'] === 'network') addTo(this.targets, event['destination.port']);
    this.#seeTexts(event);
  }

  #seeLogin(event: EventFields): void {
    const outcome = event['event.outcome'];
    // Sensors that let nobody in log a try without an outcome; what else is of this kind, as a key that is shown, is no try.
    if (typeof outcome !== 'string' && typeof event['credential.length'] !== 'number') return;
    this.logins++;
    if (outcome === 'success') {
      if (this.successes === 0) this.failuresBeforeSuccess = this.failures;
      this.successes++;
    } else if (outcome === 'failure') this.failures++;
    addTo(this.users, event['user.name']);
    addTo(this.passwords, event['credential.hmac']);
    this.passwordCharacters += Number(event['credential.length'] ?? 0);
    this.passwordSpecials += Number(event['credential.specials'] ?? 0);
    this.passwordDigits += Number(event['credential.digits'] ?? 0);
    this.passwordsOfUser += Number(event['credential.is_user'] ?? 0);
  }

  #seeTexts(event: EventFields): void {
    const command = event['process.command_line'];
    if (typeof command === 'string') {
      this.commands++;
      this.commandCharacters += command.length;
      this.longestCommand = Math.max(this.longestCommand, command.length);
    }
    if (typeof event['url.original'] === 'string') this.urls++;
    const payload = event.payload;
    if (typeof payload === 'string') {
      this.payloads++;
      this.payloadCharacters += payload.length;
    }
  }
}

const FIRST_OF = [
  'source.port',
  'destination.port',
  'network.transport',
  'network.protocol',
  'ssh.client.version',
  'ssh.client.hassh',
  'tls.client.ja3',
  'user_agent.original',
  'http.request.method',
] as const satisfies readonly EventFieldName[];

function addTo(values: Set<EventValue>, value: EventValue | undefined): void {
  if (value !== undefined && value !== null && values.size < MAX_DISTINCT) values.add(value);
}
