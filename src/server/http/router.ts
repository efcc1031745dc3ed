import type { Method } from '../../mlflow/index.js';
import type { AnyRoute } from './route.js';

/** A route that was found, and the values of the `{fields}` in its path as they stand there. */
export interface Match {
  readonly route: AnyRoute;
  /** Where the route is, with the names of its fields: `/api/2.0/mlflow/logged-models/{model_id}`. */
  readonly template: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a path leads to: a route, the methods that would, or nothing. */
export type Found = Match | { readonly allowed: readonly Method[]; readonly template: string } | undefined;

/** Finds the route of a method and a path, which is percent-encoded still. */
export type Router = (method: string, path: string) => Found;

/** All routes of one path. */
interface Place {
  readonly template: string;
  readonly methods: Map<string, AnyRoute>;
}

/** A place whose path has fields. */
interface FieldPlace extends Place {
  readonly segments: readonly string[];
  /** The name of the field that takes all that is left. */
  readonly restField: string | undefined;
}

/** MLflow's API under its two prefixes: clients use the first, its UI the second. */
const API = '/api/';
const PREFIXES = [API, '/ajax-api/'];

/**
 * Returns a function that finds the route of a method and a path; for a path without fields in time that does not
 * depend on how many there are. All paths stand below `staticPrefix`.
 */
export function createRouter(routes: readonly AnyRoute[], staticPrefix = ''): Router {
  const fixed = new Map<string, Place>();
  const withFields: FieldPlace[] = [];
  for (const route of routes) {
    const { path, method } = 'endpoint' in route ? route.endpoint : route;
    const template = path.startsWith('/') ? path : `${API}${path}`;
    const place = fixed.get(template) ?? newPlace(template, withFields);
    fixed.set(template, place);
    place.methods.set(method, route);
  }

  return (method, fullPath) => {
    const path = withoutPrefixes(fullPath, staticPrefix);
    if (path === undefined) return undefined;
    const exact = path.includes('{') ? undefined : fixed.get(path);
    let best = exact === undefined ? undefined : pick(exact, method, {});
    if (best !== undefined && 'route' in best) return best;
    const segments = path.split('/');
    for (const place of withFields) {
      const fields = matchFields(place, segments);
      if (fields === undefined) continue;
      const found = pick(place, method, fields);
      if ('route' in found) return found;
      best ??= found;
    }
    return best;
  };
}

function newPlace(template: string, withFields: FieldPlace[]): Place {
  const methods = new Map<string, AnyRoute>();
  if (!template.includes('{')) return { template, methods };
  const segments = template.split('/');
  const restField = /^\{(\w+)\.\.\.\}$/.exec(segments.at(-1) ?? '')?.[1];
  const place = { template, methods, restField, segments: restField ? segments.slice(0, -1) : segments };
  withFields.push(place);
  return place;
}

/** Returns the path below the server's root, that of the UI's twin of a call as the call's; undefined when it is elsewhere. */
function withoutPrefixes(fullPath: string, staticPrefix: string): string | undefined {
  if (!fullPath.startsWith(staticPrefix)) return undefined;
  const path = fullPath.slice(staticPrefix.length);
  const prefix = PREFIXES.find((start) => path.startsWith(start));
  if (prefix !== undefined) return prefix === API ? path : API + path.slice(prefix.length);
  return path === '' && staticPrefix !== '' ? '/' : path;
}

function pick(place: Place, method: string, fields: Match['fields']): Exclude<Found, undefined> {
  const { methods, template } = place;
  const route = methods.get(method === 'HEAD' ? 'GET' : method);
  if (route !== undefined) return { route, template, fields };
  return { allowed: [...methods.keys()] as Method[], template };
}

function matchFields(place: FieldPlace, segments: readonly string[]): Record<string, string> | undefined {
  const { segments: parts, restField } = place;
  if (restField === undefined ? segments.length !== parts.length : segments.length <= parts.length) {
    return undefined;
  }
  const fields: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const segment = segments[i]!;
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else fields[part.slice(1, -1)] = segment;
  }
  if (restField !== undefined) fields[restField] = segments.slice(parts.length).join('/');
  return fields;
}
