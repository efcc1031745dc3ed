import type { Condition, Order } from '#src/mlflow/index.js';
import type { Run } from '#src/track/index.js';

/** Returns the names of the runs that meet all conditions, in order: what the store must find, said in plain code. */
export function evaluate(
  runs: readonly Run[],
  conditions: readonly Condition[],
  orders: readonly Order[],
): string[] {
  return runs
    .filter((run) => conditions.every((condition) => isMet(run, condition)))
    .sort((a, b) => compareRuns(a, b, orders))
    .map((run) => run.info.runId);
}

function isMet(run: Run, condition: Condition): boolean {
  const { comparator, target, key } = condition;
  if (target === 'dataset') {
    return run.datasets.some((data) => {
      const value = { name: data.name, digest: data.digest, context: data.tags['mlflow.data.context'] }[key];
      return value !== undefined && holds(value, condition);
    });
  }
  const value = fieldOf(run, target, key);
  if (comparator === 'IS NULL') return value === undefined;
  if (comparator === 'IS NOT NULL') return value !== undefined;
  return value !== undefined && holds(value, condition);
}

function fieldOf(run: Run, target: string, key: string): string | number | undefined {
  if (target === 'metric') return run.metrics[key]?.value;
  if (target === 'param') return run.params[key];
  if (target === 'tag') return run.tags[key];
  const { runId: run_id, runName: run_name, userId: user_id, startTime: start_time, endTime } = run.info;
  return { run_id, run_name, user_id, start_time, end_time: endTime ?? undefined, status: run.info.status }[
    key
  ];
}

function holds(value: string | number, { comparator, value: wanted }: Condition): boolean {
  if (comparator === 'IN') return (wanted as readonly string[]).includes(value as string);
  if (comparator === 'NOT IN') return !(wanted as readonly string[]).includes(value as string);
  if (comparator === 'LIKE') return isLike([...String(value)], [...String(wanted)]);
  if (comparator === 'ILIKE') return isLike([...lower(String(value))], [...lower(String(wanted))]);
  const other = wanted as string | number;
  return {
    '=': value === other,
    '!=': value !== other,
    '<': value < other,
    '<=': value <= other,
    '>': value > other,
    '>=': value >= other,
  }[comparator as '='];
}

/** SQLite knows the case of ASCII letters only. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === '%') return isLike(text, rest) || (text.length > 0 && isLike(text.slice(1), pattern));
  return text.length > 0 && (sign === '_' || sign === text[0]) && isLike(text.slice(1), rest);
}

function compareRuns(a: Run, b: Run, orders: readonly Order[]): number {
  for (const { target, key, ascending } of orders) {
    const [x, y] = [fieldOf(a, target, key), fieldOf(b, target, key)];
    const byRank = rank(x) - rank(y);
    if (byRank !== 0) return byRank;
    if (rank(x) === 0 && x !== y) return x! < y! === ascending ? -1 : 1;
  }
  const isByStart = orders.some(({ key, target }) => target === 'attribute' && key === 'start_time');
  const byStart = isByStart ? 0 : b.info.startTime - a.info.startTime;
  return byStart || (a.info.runId < b.info.runId ? -1 : 1);
}

/** Numbers and text first, then NaN, then nothing. */
function rank(value: string | number | undefined): number {
  if (value === undefined) return 2;
  return Number.isNaN(value) ? 1 : 0;
}
