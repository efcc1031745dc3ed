/**
 * Indexes beside MLflow's own, for searches of many runs: the runs of an experiment by start and by end, and runs by the
 * value of a metric, param or tag; and for the newest version of each stage of a model with many. Those of values hold
 * the whole value, so that a search with any comparator reads nothing else. That of ends leaves out what has none: SQLite
 * would take it for other orders too. A database made here has them from the
 * start; MLflow neither needs nor minds them.
 */
export const PHANTOMNET_INDEXES: readonly string[] = [
  `CREATE INDEX IF NOT EXISTS phantomnet_runs_newest
     ON runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_runs_ended
     ON runs (experiment_id, lifecycle_stage, end_time, start_time DESC, run_uuid) WHERE end_time IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS phantomnet_latest_metrics_value
     ON latest_metrics ("key", is_nan, value, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_params_value
     ON params ("key", value, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_tags_value
     ON tags ("key", value, run_uuid)`,
  `CREATE INDEX IF NOT EXISTS phantomnet_model_versions_stage
     ON model_versions (workspace, name, current_stage, version)`,
];
