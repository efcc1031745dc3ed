import { PhantomNetError } from '../core/index.js';

/** The flag that says a key of the config, where the config checks what it says. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['data.roles', '--role'],
  ['data.maxRejects', '--max-rejects'],
  ['label.attackEvents', '--attack-events'],
  ['features.names', '--features'],
  ['split.testSize', '--test-size'],
  ['split.testFrom', '--test-from'],
  ['split.gap', '--gap'],
  ['split.randomState', '--random-state'],
  ['crossValidation.folds', '--cv'],
  ['audit.allow', '--allow'],
  ['audit.baseRate', '--base-rate'],
  ['threshold', '--threshold'],
  ['gates.minAccuracy', '--min-accuracy'],
  ['gates.maxLatencyMs', '--max-latency-ms'],
  ['report.baseRate', '--base-rate'],
  ['report.eventsPerDay', '--events-per-day'],
  ['search.maxSeconds', '--max-seconds'],
]);

/** Returns what `body` returns; a value that the config refuses and a flag said is told by the flag. */
export async function namingFlags<T>(flagged: object, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof PhantomNetError && error.code === 'INVALID_CONFIG'
      ? byFlag(error, flagged)
      : error;
  }
}

function byFlag(error: PhantomNetError, flagged: object): PhantomNetError {
  const { key } = error.details;
  const [path, flag] = [...FLAGS].find(([path]) => key === path || String(key).startsWith(`${path}.`)) ?? [];
  if (path === undefined || valueAt(flagged, path) === undefined) return error;
  const told = `config: ${String(key)}`;
  if (!error.message.startsWith(told)) return error;
  const name = `${flag} ${String(key).slice(path.length + 1)}`.trim();
  return new PhantomNetError('INVALID_CONFIG', name + error.message.slice(told.length), {
    hint: error.hint?.startsWith('see schema/') ? 'run the command with --help' : (error.hint ?? ''),
    details: { ...error.details, flag },
  });
}

function valueAt(config: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], config);
}
