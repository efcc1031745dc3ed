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
] as const satisfies readonly MlflowDifference[];

/** The name of a difference on purpose. */
export type MlflowDifferenceId = (typeof MLFLOW_DIFFERENCES)[number]['id'];
