import type { MlflowDifferenceId } from '#src/mlflow/index.js';
import type { Answer, Call, Query } from './call.js';

export type { Query } from './call.js';

/** One call of an area's sequence. */
export interface Step {
  /** Which endpoint it counts for, as in endpoints.json: `POST /api/2.0/mlflow/runs/create`. */
  readonly endpoint: string;
  readonly call: Call;
  /** Names for values of the answer, each with where it is: `{ run: 'run.info.run_id' }`. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly differs?: Difference;
}

/** A difference on purpose: the entry of the table that gives the reason, and what ours answers. */
export interface Difference {
  readonly id: MlflowDifferenceId;
  readonly ours: Expected;
  /** The answers may be equal as well: for a list of calls of which some differ. */
  readonly orEqual?: boolean;
}

/** What ours answers; without a body only the status counts, with `errorCode` the body is MLflow's error form. */
export interface Expected {
  readonly status: number;
  readonly errorCode?: string;
  readonly body?: unknown;
}

/** What a step may say beside its call. */
export interface StepOptions {
  readonly keep?: Step['keep'];
  readonly differs?: Difference;
  readonly headers?: Call['headers'];
  readonly text?: Call['text'];
  readonly query?: Query;
  /** Where the path holds a value: the endpoint it belongs to. */
  readonly endpoint?: string;
}

const API = '/api/2.0/mlflow/';

/** A GET with a query. A path without a slash in front is one of MLflow's tracking or registry API. */
export const get = (path: string, query?: Query, options: StepOptions = {}): Step =>
  step('GET', path, undefined, { ...(query === undefined ? {} : { query }), ...options });
/** A POST of JSON. */
export const post = (path: string, json?: unknown, options?: StepOptions): Step =>
  step('POST', path, json, options);
/** A PATCH of JSON. */
export const patch = (path: string, json?: unknown, options?: StepOptions): Step =>
  step('PATCH', path, json, options);
/** A DELETE with a JSON body. */
export const del = (path: string, json?: unknown, options?: StepOptions): Step =>
  step('DELETE', path, json, options);
/** A PUT of text. */
export const put = (path: string, text: string | Uint8Array, options?: StepOptions): Step =>
  step('PUT', path, undefined, { text, ...options });

/** Any call. */
export function step(method: string, path: string, json?: unknown, options: StepOptions = {}): Step {
  const full = path.startsWith('/') ? path : API + path;
  return {
    endpoint: options.endpoint ?? `${method} ${full}`,
    call: {
      method,
      path: full,
      ...(options.query === undefined ? {} : { query: options.query }),
      ...(json === undefined ? {} : { json }),
      ...(options.text === undefined ? {} : { text: options.text }),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    },
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.differs === undefined ? {} : { differs: options.differs }),
  };
}

/** `value` with every `{{name}}` in its strings replaced; a name that was not kept stays, for the answer to show. */
export function fill<T>(value: T, kept: ReadonlyMap<string, string>): T {
  if (typeof value === 'string')
    return value.replace(/\{\{([\w-]+)\}\}/g, (whole, name: string) => kept.get(name) ?? whole) as T;
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part: unknown) => fill(part, kept)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [fill(key, kept), fill(part as unknown, kept)]),
  ) as T;
}

/** The value at `path` (`runs.0.info.run_id`) of an answer's body, as text; undefined where there is none. */
export function pick(answer: Answer, path: string): string | undefined {
  let value: unknown = answer.body;
  for (const part of path.split('.'))
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return value === undefined || value === null ? undefined : String(value);
}

/** The step with a difference on purpose: ours refuses what the difference is about, as MLflow may too. */
export function refused(id: MlflowDifferenceId, { call, ...rest }: Step): Step {
  const ours = { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' };
  return { ...rest, call, differs: { id, ours, orEqual: true } };
}

/** The step, which ours refuses because something in it cannot be read. */
export const unreadable = (hopeless: Step): Step => refused('unreadable-values', hopeless);
