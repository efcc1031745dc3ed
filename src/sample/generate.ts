import type { EVENT_COLUMNS } from '../data/index.js';
import { Dice } from './dice.js';
import { dataText } from './plain-value.js';
import type { Service, SessionKind, Step } from './session.js';
import { FTP } from './sessions-ftp.js';
import { HTTP } from './sessions-http.js';
import { SMTP } from './sessions-smtp.js';
import { SSH } from './sessions-ssh.js';

/** One event of the sample, with the session it came from, which the file does not tell. */
export interface SampleRow {
  /** Cells by column; null is missing, '' is present but empty. */
  readonly fields: Readonly<Record<(typeof EVENT_COLUMNS)[number], string | null>>;
  readonly session: number;
  readonly sessionKind: SessionKind;
}

/** What to generate. */
export interface SampleOptions {
  /** Default SAMPLE_SEED, which makes the shipped file. */
  readonly seed?: number;
  /** Sessions are added until there are this many events; default 5,000. */
  readonly minEvents?: number;
}

/** The seed of the shipped file. */
export const SAMPLE_SEED = 2026;

const SERVICES: readonly Service[] = [SSH, SSH, FTP, FTP, SMTP, SMTP, SMTP, HTTP, HTTP];
const SOURCES = 168;
const START_MS = Date.UTC(2026, 0, 12);
const DURATION_MS = 7 * 86_400_000;

/** What a sensor writes as level for each event: from the outcome, but not the same every time. */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  login_failed: ['WARN', 'WARN', 'ERROR'],
  sqli_attempt: ['ERROR', 'ERROR', 'WARN'],
  mail_from: ['WARN', 'INFO'],
  rcpt_to: ['WARN', 'INFO'],
  data: ['ERROR', 'WARN'],
  data_response: ['ERROR', 'INFO'],
  login_attempt: ['WARN', 'INFO'],
  login_success: ['WARN', 'INFO'],
  file_download: ['ERROR', 'WARN'],
  transfer: ['WARN', 'INFO'],
};

interface TimedRow extends SampleRow {
  readonly timeMicros: number;
}

/** Returns source addresses: documentation ranges (IPv4 and IPv6) and private ones, all different. */
function sourceAddresses(dice: Dice): string[] {
  const addresses = new Set<string>();
  const prefixes = ['192.0.2', '198.51.100', '203.0.113', '10.20.0', '192.168.7', '172.18.0'];
  while (addresses.size < SOURCES)
    addresses.add(
      dice.chance(5) ? `2001:db8::${dice.hex(3)}` : `${dice.pick(prefixes)}.${dice.between(1, 254)}`,
    );
  return [...addresses];
}

/**
 * Returns the events of the sample, oldest first: sessions of many sources over seven days.
 * Every source has an attack and a benign session before any has a third. Deterministic given the seed: whole-number
 * arithmetic only.
 */
export function generateSample(options: SampleOptions = {}): SampleRow[] {
  const { seed = SAMPLE_SEED, minEvents = 5000 } = options;
  const dice = new Dice(seed);
  const sources = sourceAddresses(dice);
  const rows: TimedRow[] = [];
  for (let session = 0; rows.length < minEvents; session++) {
    const first = session < 2 * SOURCES;
    const source = first ? sources[session >> 1]! : sources[dice.between(0, dice.between(0, SOURCES - 1))]!;
    const attack = first ? session % 2 === 0 : dice.chance(55);
    rows.push(...playSession(session, attack ? 'attack' : 'benign', source, dice));
  }
  rows.sort((a, b) => a.timeMicros - b.timeMicros);
  return rows.map(({ timeMicros: _time, ...row }) => row);
}

function playSession(session: number, sessionKind: SessionKind, source: string, dice: Dice): TimedRow[] {
  const service = dice.pick(SERVICES);
  const port = dice.pick(service.ports) || null;
  const userAgent = dice.pick(service.userAgents) || null;
  let timeMicros = (START_MS + dice.between(0, DURATION_MS - 3_600_000)) * 1000;
  return service.script(sessionKind, dice).map((step) => {
    timeMicros += dice.between(30_000, 4_000_000);
    const fields = {
      timestamp: isoMicros(timeMicros),
      honeypot_type: service.honeypotType,
      event: step.event,
      source_ip: source,
      port,
      method: step.method ?? null,
      path: step.path ?? null,
      user_agent: userAgent,
      level: dice.pick(LEVELS[step.event] ?? ['INFO']),
      data: dataCell(step, dice),
    };
    return { timeMicros, session, sessionKind, fields };
  });
}

/** Sensors differ in what they write where there is nothing: most leave the cell out, some write an empty text. */
function dataCell(step: Step, dice: Dice): string | null {
  if (step.data === undefined) return dice.chance(20) ? '' : null;
  return dataText(step.data);
}

function isoMicros(timeMicros: number): string {
  const ms = Math.floor(timeMicros / 1000);
  const micros = String(timeMicros - ms * 1000).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${micros}+00:00`);
}
