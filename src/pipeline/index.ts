/**
 * Takes a config and joins the stages: ingest → features → split → train → evaluate → track → register → deploy.
 * The one folder that knows them all; knows no terminal. Start reading at run-experiment.ts.
 */

export { adoptStore } from './adopt.js';
export { type AuditReport, auditFile } from './audit-file.js';
export { type BackupReport, backupStore } from './backup.js';
export { type RestoreReport, restoreStore } from './backup-restore.js';
export { REPORT_FILE } from './build-report.js';
export { checkDeployment, type DeploymentReport } from './check-deployment.js';
export { checkSample } from './check-sample.js';
export { collectGarbage, type GarbageItem, type GarbageReport } from './collect-garbage.js';
export { type ComparisonForm, compareRuns, renderComparison } from './compare-runs.js';
export {
  type ConfigFile,
  configFileSchema,
  configJsonSchema,
  type ExperimentConfig,
  type ExperimentConfigInput,
  experimentConfigSchema,
  overlay,
  parseConfig,
  readConfigFile,
} from './config.js';
export type { CrossValidation } from './cross-validation.js';
export { Detector, detectorOf } from './detector.js';
export { type Diagnosis, type DoctorReport, diagnose } from './diagnose.js';
export type { Baseline, ExperimentResult, Gate } from './experiment-parts.js';
export { type ExportOptions, type ExportReport, exportModel } from './export-model.js';
export { PREDICTIONS_FILE, type StoredPredictions } from './log-run.js';
export { matrixRecords } from './matrix-records.js';
export type { ExportedColumn, ExportForm, ExportFormat } from './model-file.js';
export {
  deleteVersion,
  type ModelDetails,
  setModelAlias,
  showModel,
  tagVersion,
  type VersionDetails,
} from './model-versions.js';
export { OnnxDetector } from './onnx-detector.js';
export {
  type PredictedEvent,
  type PredictFileOptions,
  type PredictReport,
  predictFile,
} from './predict-file.js';
export { type QuickstartResult, quickstart, REFERENCE_MODEL, SAMPLE_PATH } from './quickstart.js';
export { registerRun } from './register-run.js';
export {
  findVersion,
  type LoadedDetector,
  type LoadedOnnxDetector,
  listModels,
  loadAnyDetector,
  loadDetector,
  type ResolvedModel,
  resolveModel,
} from './resolve-model.js';
export { type ExperimentContext, runExperiment, type StageProgress, silent } from './run-experiment.js';
export {
  changeLifecycle,
  type LifecycleChange,
  listRuns,
  type RunDetails,
  type RunSummary,
  showRun,
} from './runs.js';
export type { Samples } from './samples.js';
export { runSearch, type SearchContext } from './search.js';
export type { Candidate } from './search-candidates.js';
export {
  type SearchExperimentConfig,
  type SearchExperimentInput,
  searchExperimentSchema,
} from './search-config.js';
export type { Rung } from './search-halving.js';
export { SEARCH_FILE, type SearchReport, type SearchTrial } from './search-report.js';
export type { SearchResult } from './search-stages.js';
export { type ShownReport, type ShowReportOptions, showReport } from './show-report.js';
export { type ShowTreeOptions, showTree, type TreeFormat, type TreeReport } from './show-tree.js';
export { PRODUCTION_TAGS, STAGING_TAGS, type StagingResult, stageVersion } from './stage-version.js';
export {
  type BenchmarkResult,
  benchmarkDetector,
  type EvaluationResult,
  evaluateDetector,
} from './use-detector.js';
export { type StorePlace, type StoreProblem, type StoreReport, verifyStore } from './verify.js';
export { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.js';
