import type { Method } from '../../mlflow/index.js';
import type { Route } from './route.js';

/** A route that was found, and the values of the `{fields}` in its path. */
export interface Match {
  readonly route: Route;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a path leads to: a route, the methods that would, or nothing. */
export type Found = Match | { readonly allowed: readonly Method[] } | undefined;

/** MLflow's API under its two prefixes: clients use the first, its UI the second. */
const PREFIXES = ['/api/', '/ajax-api/'];

/** Returns a function that finds the route of a method and a path, in time that does not depend on how many there are. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Found {
  const fixed = new Map<string, Map<string, Route>>();
  const templates: { readonly segments: readonly string[]; readonly methods: Map<string, Route> }[] = [];
  for (const route of routes) {
    const { path, method, alsoMethods = [] } = route.endpoint;
    let methods = fixed.get(path);
    if (methods === undefined) {
      methods = new Map();
      fixed.set(path, methods);
      if (path.includes('{')) templates.push({ segments: path.split('/'), methods });
    }
    for (const each of [method, ...alsoMethods]) methods.set(each, route);
  }

  return (method, path) => {
    const prefix = PREFIXES.find((start) => path.startsWith(start));
    if (prefix === undefined) return undefined;
    const rest = path.slice(prefix.length);
    const exact = rest.includes('{') ? undefined : fixed.get(rest);
    if (exact !== undefined) return pick(exact, method, {});
    const segments = rest.split('/');
    for (const template of templates) {
      const fields = matchTemplate(template.segments, segments);
      if (fields !== undefined) return pick(template.methods, method, fields);
    }
    return undefined;
  };
}

function pick(methods: ReadonlyMap<string, Route>, method: string, fields: Match['fields']): Found {
  const route = methods.get(method);
  return route === undefined ? { allowed: [...methods.keys()] as Method[] } : { route, fields };
}

/** Ids in paths are plain words: what would need decoding is no id. */
function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [i, part] of template.entries()) {
    const segment = segments[i]!;
    if (part.startsWith('{')) fields[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return fields;
}
