import type { Dice } from './dice.js';
import type { PlainValue } from './plain-value.js';

/** Why a session was scripted: its events are labelled by what they are, not by this. */
export type SessionKind = 'attack' | 'benign';

/** One event of a session. */
export interface Step {
  readonly event: string;
  /** The dict of the column `data`; absent where the sensor writes none. */
  readonly data?: PlainValue;
  readonly method?: string;
  readonly path?: string;
}

/** A scripted honeypot service. */
export interface Service {
  readonly honeypotType: 'ssh' | 'ftp' | 'smtp' | 'http';
  /** Ports it listens on; '' where its sensor writes no port. */
  readonly ports: readonly string[];
  readonly userAgents: readonly string[];
  script(kind: SessionKind, dice: Dice): Step[];
}
