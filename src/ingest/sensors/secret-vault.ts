import { createHmac, hash } from 'node:crypto';
import type { EventFields } from '../../data/index.js';
import { hideClientText, hideParts, NO_SECRETS } from '../redact.js';
import { CLIENT_TEXTS, type Secrets, secretsOf } from '../secrets.js';
import { hideRawLine } from './raw-line.js';

/** Passwords whose facts are kept, so that the few that everyone tries are worked out once. */
const MAX_KEPT = 16_384;
const MAX_KEPT_LENGTH = 128;
/** Longest password that is counted; a longer one is no password but still hidden. */
const MAX_COUNTED = 65_536;
/** Fields that most sources write in lower case. */
const LOWERED_TEXTS = ['url.domain', 'dns.question.name', 'tls.client.server_name'] as const;
/** Such passwords may be words of the sensor: who tries them must not be able to change its sentences. */
const PLAIN_WORDS = /^[\p{L} ._-]*$/u;

type Credential = Pick<
  EventFields,
  | 'credential.length'
  | 'credential.digits'
  | 'credential.letters'
  | 'credential.uppercase'
  | 'credential.specials'
  | 'credential.entropy'
  | 'credential.hmac'
>;

/** What is worked out once of a password. */
interface Known {
  readonly credential: Credential;
  /** How it may be spelled inside other text, once that was asked. */
  secrets?: Secrets;
}

/** How a vault treats what it is given. */
interface VaultOptions {
  /** Key of the HMAC, 32 bytes. */
  readonly key: Buffer;
  /** Leave secrets where they are, and note the password itself too. */
  readonly keepSecrets: boolean;
}

/** Turns passwords into what may be kept of them: character counts, and an HMAC that is equal where they are. */
export class SecretVault {
  readonly #key: Buffer;
  readonly #keyText: string;
  readonly #keepSecrets: boolean;
  readonly #known = new Map<string, Known>();

  constructor({ key, keepSecrets }: VaultOptions) {
    this.#key = key;
    this.#keyText = key.toString('hex');
    this.#keepSecrets = keepSecrets;
  }

  /** Notes in the fields of an event what may be known of its password. */
  note(password: string, fields: EventFields): void {
    Object.assign(fields, this.#knownOf(password).credential);
    const user = fields['user.name'];
    fields['credential.is_user'] =
      typeof user === 'string' && user.toLowerCase() === password.toLowerCase() ? 1 : 0;
    if (this.#keepSecrets) fields['credential.text'] = password;
  }

  /** Replaces, in what the client wrote, these passwords and those that the text itself says are one. */
  hide(fields: EventFields, passwords: readonly string[]): void {
    if (this.#keepSecrets) return;
    const secrets = this.#secretsOf(passwords);
    for (const name of CLIENT_TEXTS) {
      const value = fields[name];
      if (typeof value === 'string')
        fields[name] = hideClientText(name, value, secrets, (secret) => this.mark(secret));
    }
    if (passwords.length > 0) this.#hideElsewhere(fields, passwords, secrets);
  }

  /**
   * Replaces passwords that a sensor wrote in lower case, and those in its own fields where no client can mean to change
   * what an event is called: a session that is nothing but the password, an action that is a sentence.
   */
  #hideElsewhere(fields: EventFields, passwords: readonly string[], secrets: Secrets): void {
    for (const name of LOWERED_TEXTS) {
      const value = fields[name];
      if (typeof value === 'string' && value !== '') fields[name] = this.#hideLowered(value, passwords);
    }
    for (const name of ['session', 'event.id'] as const) {
      const value = fields[name];
      if (typeof value === 'string' && secrets.whole.has(value)) fields[name] = this.mark(value);
    }
    const action = fields['event.action'];
    if (typeof action !== 'string' || !action.includes(' ')) return;
    const typed = passwords.filter((password) => !PLAIN_WORDS.test(password));
    fields['event.action'] = hideParts(action, this.#secretsOf(typed), (secret) => this.mark(secret));
  }

  #hideLowered(value: string, passwords: readonly string[]): string {
    const lowered = new Map(passwords.map((password) => [password.toLowerCase(), password]));
    const hasCapitals = passwords.some((password) => !lowered.has(password));
    if (!hasCapitals) return value;
    return hideParts(value, secretsOf(new Set(lowered.keys())), (secret) =>
      this.mark(lowered.get(secret) ?? secret),
    );
  }

  /** Returns a raw line without the passwords of its event. */
  hideLine(line: string, passwords: readonly string[]): string {
    return this.#keepSecrets ? line : hideRawLine(line, passwords, (secret) => this.mark(secret));
  }

  /**
   * Returns 32 hex digits that are equal for equal lines. They are made under the key: from a plain hash of a line a short
   * password in it could be guessed, as everything around it is known.
   */
  digest(line: string): string {
    return hash('sha256', this.#keyText + line).slice(0, 32);
  }

  /** Returns what stands in place of a secret: `[redacted:8:0123456789abcdef]`, its length in characters and its HMAC. */
  mark(secret: string): string {
    const { 'credential.length': length, 'credential.hmac': hmac } = this.#knownOf(secret).credential;
    return `[redacted:${length}:${hmac}]`;
  }

  #secretsOf(passwords: readonly string[]): Secrets {
    const [first] = passwords;
    if (first === undefined) return NO_SECRETS;
    if (passwords.length > 1) return secretsOf(new Set(passwords));
    const known = this.#knownOf(first);
    // A copy, as of the password itself.
    known.secrets ??= secretsOf(new Set([Buffer.from(first, 'utf16le').toString('utf16le')]));
    return known.secrets;
  }

  #knownOf(password: string): Known {
    const before = this.#known.get(password);
    if (before !== undefined) return before;
    // A copy: the text may be a slice of a whole line or chunk, which would be kept with it.
    const copy = Buffer.from(password, 'utf16le').toString('utf16le');
    const credential = {
      ...characterCounts(copy.slice(0, MAX_COUNTED)),
      'credential.hmac': createHmac('sha256', this.#key).update(copy).digest('hex').slice(0, 16),
    };
    const known: Known = { credential };
    if (copy.length <= MAX_KEPT_LENGTH && this.#known.size < MAX_KEPT) this.#known.set(copy, known);
    return known;
  }
}

function characterCounts(password: string): Omit<Credential, 'credential.hmac'> {
  const counts = new Map<string, number>();
  const kinds = { digits: 0, letters: 0, uppercase: 0, specials: 0 };
  let length = 0;
  for (const character of password) {
    length++;
    counts.set(character, (counts.get(character) ?? 0) + 1);
    if (/\p{Nd}/u.test(character)) kinds.digits++;
    else if (/\p{L}/u.test(character)) {
      kinds.letters++;
      if (/\p{Lu}/u.test(character)) kinds.uppercase++;
    } else kinds.specials++;
  }
  let entropy = 0;
  for (const n of counts.values()) entropy -= (n / length) * Math.log2(n / length);
  return {
    'credential.length': length,
    'credential.digits': kinds.digits,
    'credential.letters': kinds.letters,
    'credential.uppercase': kinds.uppercase,
    'credential.specials': kinds.specials,
    'credential.entropy': entropy + 0,
  };
}
