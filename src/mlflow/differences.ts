/** One way in which PhantomNet's server answers otherwise than MLflow's, on purpose. */
export interface MlflowDifference {
  readonly id: string;
  /** What is asked. */
  readonly what: string;
  /** What MLflow 3.17.2 answers. */
  readonly mlflow: string;
  /** What PhantomNet answers. */
  readonly phantomnet: string;
  readonly reason: string;
}

/** Every difference on purpose from MLflow 3.17.2's server. The parity suite fails at any other. */
export const MLFLOW_DIFFERENCES = [
  {
    id: 'not-implemented',
    what: 'traces beyond an empty search, evaluation datasets, scorers, gateway, webhooks, workspaces and what else serves language models, but for prompts, which are registered models',
    mlflow: 'its answer',
    phantomnet: '501 NOT_IMPLEMENTED, naming what is missing',
    reason: 'PhantomNet tracks and registers models; what it has not must not look like success.',
  },
  {
    id: 'refused-not-crashed',
    what: 'a request that MLflow does not foresee, such as a list for a body or a whole number of 30 digits',
    mlflow: '500, a page or INTERNAL_ERROR',
    phantomnet: '400 INVALID_PARAMETER_VALUE, naming the field',
    reason: 'The client is at fault, and can mend it.',
  },
  {
    id: 'errors-in-one-form',
    what: 'an unknown route, a wrong method, a Host or Origin that is not allowed, a download of a folder',
    mlflow: 'a page, a line of text, or another JSON form',
    phantomnet: 'the same status, in the JSON form of MLflow with an error code',
    reason: 'A client reads one form of error; nothing of the request is put into a page.',
  },
  {
    id: 'stricter-paths',
    what: 'an artifact path with a backslash, `?`, NUL, an empty or a dot segment, a drive letter, or a slash at the end',
    mlflow: 'takes it as part of a name, drops it or redirects',
    phantomnet: '400 INVALID_PARAMETER_VALUE',
    reason: 'One guard for every route; nearly all published holes of the proxy came in this way.',
  },
  {
    id: 'no-redirects',
    what: 'a route with a doubled slash',
    mlflow: '308 to the route without it',
    phantomnet: '404 ENDPOINT_NOT_FOUND',
    reason: 'A route has one spelling, so what may be asked is decided on what is answered.',
  },
  {
    id: 'unreadable-values',
    what: 'a body that is not a JSON object (NaN and Infinity without quotes are not JSON), a field of a query given twice, a value of the wrong kind, an unknown name of an enum, half a surrogate pair or NUL in a text, a page size below zero',
    mlflow: '200 more often than not: it drops the value, or all that follows it, and goes on',
    phantomnet: '400 INVALID_PARAMETER_VALUE, naming the field',
    reason: 'A metric stored as 0 that was NaN is worse than an error.',
  },
  {
    id: 'get-bodies',
    what: 'a GET with its fields in a JSON body',
    mlflow: 'reads the body',
    phantomnet: 'reads the query alone',
    reason: 'A body of a GET may be dropped on the way, and is not seen where requests are logged.',
  },
  {
    id: 'whole-batches',
    what: 'a batch of metrics of which one names a logged model that is not there',
    mlflow: '404, with the metrics stored',
    phantomnet: '404, with nothing stored',
    reason: 'A refused request leaves nothing behind.',
  },
  {
    id: 'safe-integers',
    what: 'a step or a time beyond ±(2^53 − 1)',
    mlflow: 'stores all 64 bits',
    phantomnet: '400 INVALID_PARAMETER_VALUE',
    reason: 'JSON readers in other languages round such numbers; no training has so many steps.',
  },
  {
    id: 'caps',
    what: 'a filter of more than 100 comparisons or 10 kB, an order of more than 30 terms or 10 kB; a history of more than 250,000 points asked for at once',
    mlflow: 'as many as its database can take',
    phantomnet: '400 INVALID_PARAMETER_VALUE, naming the limit; the first 250,000 points and a page token',
    reason: 'What a request costs is known before it is begun.',
  },
  {
    id: 'numbers-as-names',
    what: 'params, tags or metrics of which some have whole numbers for names',
    mlflow: 'in the order in which they were logged',
    phantomnet: 'those with numbers first, by their number; then the others as they were logged',
    reason:
      'They are one object with these names as keys in every answer to a program, and JavaScript orders it so.',
  },
  {
    id: 'id-of-path',
    what: "a logged model's id in the path and another one, or none, in the body",
    mlflow: "the body's counts, and must be there",
    phantomnet: "the path's counts",
    reason: 'What may be asked is decided on the address.',
  },
  {
    id: 'locations-kept',
    what: 'an artifact location that is a relative path',
    mlflow: "is resolved against the server's working folder",
    phantomnet: 'is kept as it was given',
    reason: 'A client neither learns nor uses where the server runs.',
  },
  {
    id: 'locations-outside',
    what: 'files of a run whose artifact location is outside the artifact root',
    mlflow: 'opens the location on its own disk',
    phantomnet: '400 INVALID_PARAMETER_VALUE, naming --artifacts',
    reason: 'A location that a client chose is a door to the disk.',
  },
  {
    id: 'search-datasets-path',
    what: 'POST /api/2.0mlflow/experiments/search-datasets, misspelt as MLflow publishes it',
    mlflow: '404; its pages ask another path, which PhantomNet has as well',
    phantomnet: 'the datasets',
    reason: 'It is what the published interface says.',
  },
  {
    id: 'no-traces',
    what: 'a search of traces with a filter or an order that is wrong',
    mlflow: '400 INVALID_PARAMETER_VALUE',
    phantomnet: 'no traces, as for any search',
    reason: 'There are none to search.',
  },
  {
    id: 'stricter-origin',
    what: 'a write with an empty Origin header',
    mlflow: 'takes it',
    phantomnet: '403 PERMISSION_DENIED',
    reason: 'Only a missing header says that no page asks.',
  },
  {
    id: 'version-as-text',
    what: 'GET /version',
    mlflow: 'text/html',
    phantomnet: 'text/plain',
    reason: 'It is text.',
  },
  {
    id: 'server-info',
    what: 'GET /api/3.0/mlflow/server-info',
    mlflow: 'says that it has a gateway and signed uploads',
    phantomnet: 'says that it has neither',
    reason: 'It has neither; clients then use the artifact proxy.',
  },
] as const satisfies readonly MlflowDifference[];

/** The name of a difference on purpose. */
export type MlflowDifferenceId = (typeof MLFLOW_DIFFERENCES)[number]['id'];
