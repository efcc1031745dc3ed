import { BURST_EVENTS, BURST_GAP_MS, WINDOWS } from './windows.js';

/** Whose history a feature tells: that of the event's source address, or of its session. */
export type HistoryScopeName = 'source' | 'session';

/** What one feature of the history is; the docs are generated from these. */
export interface HistoryFeature {
  readonly name: string;
  readonly scope: HistoryScopeName;
  readonly unit: string;
  /** Whether the value may be missing (NaN). Of an event without a session all features of the session are. */
  readonly mayBeMissing: boolean;
  /** Whether every value is a whole number. */
  readonly isInteger: boolean;
  readonly description: string;
}

/** Fields whose different values are counted, by scope; their order belongs to the stored format. */
export const VALUES = {
  source: ['sensors', 'ports', 'users', 'actions', 'sessions'],
  session: ['ports', 'users', 'actions'],
} as const;

const VALUE_WORDS = {
  sensors: 'sensors',
  ports: 'destination ports',
  users: 'user names',
  actions: 'actions',
  sessions: 'sessions',
} as const;

type Draft = Omit<HistoryFeature, 'scope' | 'name'> & { readonly name: string };

const count = (name: string, unit: string, description: string): Draft => ({
  name,
  unit,
  mayBeMissing: false,
  isInteger: true,
  description,
});

function windowed(scope: HistoryScopeName): Draft[] {
  const each = (name: string, unit: string, what: string): Draft[] =>
    WINDOWS.map((window) => count(`${name}_${window.name}`, unit, `${what} in the last ${window.words}.`));
  const rates = WINDOWS.map((window) => ({
    ...count(
      `rate_${window.name}`,
      'events/s',
      `Earlier events a second in the last ${window.words}, or since the ${scope} was first seen where that is shorter.`,
    ),
    isInteger: false,
  }));
  return [
    ...each('events', 'events', `Earlier events of the ${scope}`),
    ...rates,
    ...each('failures', 'events', `Earlier events of the ${scope} with outcome failure`),
    ...VALUES[scope].flatMap((value) =>
      each(value, value, `Different ${VALUE_WORDS[value]} of its earlier events`),
    ),
  ];
}

/** Features of a scope's whole life, in the order `writeLife` writes them. */
function life(scope: HistoryScopeName): Draft[] {
  const seconds = (name: string, unit: string, description: string): Draft => ({
    ...count(name, unit, description),
    mayBeMissing: true,
    isInteger: false,
  });
  const burst = `each at most ${BURST_GAP_MS / 1000} s after the one before`;
  return [
    seconds('gap', 's', `Time since the ${scope}'s previous event; missing for its first.`),
    seconds(
      'gap_mean',
      's',
      `Mean time between earlier events of the ${scope}; missing with fewer than two.`,
    ),
    seconds('gap_variance', 's²', `Variance of the times between them, divided by their number.`),
    count(
      'burst_length',
      'events',
      `Earlier events of the run that this event goes on with, ${burst}; 0 for none.`,
    ),
    count('bursts', 'bursts', `Runs of at least ${BURST_EVENTS} earlier events, ${burst}.`),
    count('longest_burst', 'events', `Earlier events of the longest run, ${burst}.`),
    count('successes', 'events', `Earlier events of the ${scope} with outcome success.`),
    count(
      'failures_before_success',
      'events',
      'Failures before the first success; while there is none, all so far.',
    ),
    count('success_after_failure', '0 or 1', '1 where the first success came after at least one failure.'),
    {
      ...count('age', 's', `Time since the ${scope} was first seen; 0 for its first event.`),
      isInteger: false,
    },
    count('index', 'events', `Earlier events of the ${scope}: 0 for its first.`),
    { ...count('bytes', 'bytes', `Bytes of all earlier events of the ${scope}.`), isInteger: false },
  ];
}

function ofScope(scope: HistoryScopeName): HistoryFeature[] {
  return [...windowed(scope), ...life(scope)].map((draft) => ({
    ...draft,
    name: `${scope}_${draft.name}`,
    scope,
    mayBeMissing: draft.mayBeMissing || scope === 'session',
  }));
}

/** Every feature of the history, in the order of a row. Order and meanings belong to the stored format. */
export const HISTORY_FEATURES: readonly HistoryFeature[] = [...ofScope('source'), ...ofScope('session')];

const widthOf = (scope: HistoryScopeName): number =>
  HISTORY_FEATURES.filter((feature) => feature.scope === scope).length;

/** Numbers of a row that each scope takes. */
export const WIDTHS: Readonly<Record<HistoryScopeName, number>> = {
  source: widthOf('source'),
  session: widthOf('session'),
};

/** Returns what each feature of the history is, in the order of a row of them. */
export function describeHistoryFeatures(): HistoryFeature[] {
  return HISTORY_FEATURES.map((feature) => ({ ...feature }));
}
