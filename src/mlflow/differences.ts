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
    what: 'traces beyond an empty search, evaluation datasets, scorers, gateway, webhooks, workspaces and what else serves language models',
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
    id: 'server-info',
    what: 'GET /api/3.0/mlflow/server-info',
    mlflow: 'says that it has a gateway and signed uploads',
    phantomnet: 'says that it has neither',
    reason: 'It has neither; clients then use the artifact proxy.',
  },
] as const satisfies readonly MlflowDifference[];

/** The name of a difference on purpose. */
export type MlflowDifferenceId = (typeof MLFLOW_DIFFERENCES)[number]['id'];
