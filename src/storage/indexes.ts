/**
 * Indexes beside MLflow's own, for searches of many runs: the newest runs of an experiment, and runs by the value of a
 * metric; and for the newest version of each stage of a model with many. A database made here has them from the start; MLflow neither needs nor minds them.
 */
export const PHANTOMNET_INDEXES: readonly string[] = [
  `CREATE INDEX IF NOT EXISTS phantomnet_runs_newest
     ON runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_latest_metrics_value
     ON latest_metrics ("key", is_nan, value, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_model_versions_stage
     ON model_versions (workspace, name, current_stage, version)`,
];
