import { z } from 'zod';
import { VERSION } from '../../core/index.js';
import { MLFLOW_ERRORS } from '../../mlflow/index.js';
import { send } from '../http/answer.js';
import type { AnyRoute, RawRoute, Route } from '../http/route.js';

/** Any part of a JSON document. */
type Json = Record<string, unknown>;

/** Answers with the OpenAPI document of the routes, which is made when it is asked for the first time. */
export function openApiRoute(routes: readonly AnyRoute[], staticPrefix: string): RawRoute {
  let body: string | undefined;
  return {
    method: 'GET',
    path: '/openapi.json',
    permission: 'read',
    handle: ({ response }) => {
      body ??= JSON.stringify(openApiDocument(routes, staticPrefix));
      send(response, 200, { type: 'application/json', body });
    },
  };
}

/**
 * Returns an OpenAPI 3.1 document of the routes: requests and answers from the schemas that check them, and what each
 * caller must be allowed to do as `x-permission`. Takes tens of milliseconds.
 */
function openApiDocument(routes: readonly AnyRoute[], staticPrefix = ''): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const { path, method } = 'endpoint' in route ? route.endpoint : route;
    const at = (path.startsWith('/') ? path : `/api/${path}`).replaceAll('...}', '}');
    const operations = paths[at] ?? {};
    paths[at] = operations;
    operations[method.toLowerCase()] = { operationId: operationId(method, at), ...operation(route, method) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'PhantomNet',
      version: VERSION,
      description:
        "The REST API of MLflow's tracking server and model registry. All below /api/ stands below /ajax-api/ too. " +
        'x-permission says what a caller must be allowed to do.',
    },
    servers: [{ url: staticPrefix === '' ? '/' : staticPrefix }],
    security: [{ bearer: [] }, { basic: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
      },
      schemas: { Error: errorSchema() },
      responses: { Error: { description: 'refused', content: json({ $ref: '#/components/schemas/Error' }) } },
    },
  };
}

function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api\//, '').match(/[A-Za-z0-9.]+/g) ?? ['root'];
  return [method.toLowerCase(), ...words].join('_');
}

function operation(route: AnyRoute, method: string): Json {
  if ('endpoint' in route) return jsonOperation(route, method);
  const parameters = fieldsOf(route.path).map((name) => pathParameter(name, { type: 'string' }));
  return {
    'x-permission': route.permission,
    ...(route.permission === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(['PUT', 'POST'].includes(method) ? { requestBody: { content: { '*/*': {} } } } : {}),
    responses: { 200: { description: 'done', content: { '*/*': {} } }, ...REFUSED },
  };
}

const REFUSED = { default: { $ref: '#/components/responses/Error' } };

/** Fields of the path are parameters; the others are parameters of the query, or of the body. */
function jsonOperation({ endpoint }: Route, method: string): Json {
  const request = schemaOf(endpoint.request);
  const fields = (request['properties'] ?? {}) as Record<string, Json>;
  const required = (request['required'] ?? []) as readonly string[];
  const ofPath = fieldsOf(endpoint.path);
  const rest = Object.entries(fields).filter(([name]) => !ofPath.includes(name));
  const inQuery = method === 'GET';
  const parameters = [
    ...ofPath.map((name) => pathParameter(name, fields[name] ?? { type: 'string' })),
    ...(inQuery
      ? rest.map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
      : []),
  ];
  const body = {
    ...request,
    properties: Object.fromEntries(rest),
    required: required.filter((name) => !ofPath.includes(name)),
  };
  return {
    'x-permission': endpoint.permission,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(inQuery ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: { 200: { description: 'done', content: json(schemaOf(endpoint.response)) }, ...REFUSED },
  };
}

function fieldsOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map(([, name]) => name!);
}

function pathParameter(name: string, schema: Json): Json {
  return { name, in: 'path', required: true, schema };
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

/** What goes over the wire, before anything is filled in or changed. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function errorSchema(): Json {
  return {
    type: 'object',
    properties: {
      error_code: { enum: Object.keys(MLFLOW_ERRORS) },
      message: { type: 'string' },
      sqlstate: { type: 'string' },
      error_class: { type: 'string' },
    },
    required: ['error_code', 'message'],
  };
}
