// biome-ignore-all format: a name a line makes a list that nobody reads
/**
 * PhantomNet as a library, in flow order: ingest → features → split → audit → train → evaluate → track → register → deploy,
 * the composers that join them, and the server.
 */

// Errors, seeded random numbers

export {
  type ErrorCode, PhantomNetError, type PhantomNetErrorOptions, RandomState, VERSION,
} from './core/index.js';

// Events, matrices, literals

export {
  type AcceptedInput, type ColumnRole, type ColumnSchema, 
  concatTables, EVENT_COLUMNS, EVENT_FIELDS, type EventColumn, type EventField, type EventFieldName,
  type EventFields, type EventFieldType, type EventValue, eventFieldName, type FeatureMatrix,
  type FeatureSpec, type HoneypotEvent, type Labels, type LiteralLimits, type PayloadStatistics,
  type Prediction, type PythonBytes, type PythonDict, type PythonList, type PythonTuple, type PythonValue, parseJsonLiteral, parsePayloadStatistics, parsePythonLiteral, payloadStatistics, pythonRepr, type Split, type SubnetPrefixes, subnetOf,type Table, type TableColumn, type TableSource, type TableValues, takeLabels, takeRows, takeTableRows, WEEK6_FIELDS, 
} from './data/index.js';

// Log files to events, labelled tables to rows

export {
  type ActionCount, type DayCount, type DeclaredTableFormat, 
  describeReject, EVENT_REQUIRED_COLUMNS, EVENT_SCHEMA,type EventFormat, type EventSource, type EventStream, 
  type EventsUse, type ExplainedField, type ExplainedLine, eventsFromRecords, explainLine, type FollowLogOptions, followLog,
  type IngestLogsOptions, type IngestReport, type InputFormat, inferColumn, ingestLogs, isEventFile, isTableFormat, type LineFault, LOG_SOURCES, type LogEvents, type LogFileReport, type LogIngestReport,
  type LogSource, NSL_KDD, type ReadLogEventsOptions, type ReadLogOptions, type ReadOptions, type ReadTableOptions, type RecordOptions, 
  type Reject, type RejectCode, type RejectsWriter, readAllEvents, readEventFile, readEvents, readLogEvents,readTable, readWholeTable,
  rejectsWriter, TABLE_SOURCES, type TableFormat, type TableStream, tableSource, WEEK6_REQUIRED_COLUMNS,
  WEEK6_SCHEMA,
} from './ingest/index.js';

// Events and rows of tables to numbers and labels

export {
  ATTACK_EVENTS, asLabelColumn, 
  type BuiltSamples, type ClassCount, checkTableLabel, columnLabels, columnNotes, countClasses,createLabelSource, createSampleBuilder,
  describeFeatures, type EmptyAs, type EncodedMatrix, type EventCondition, type FeatureDescription, FeaturePipeline, 
  type FeaturePipelineState, type FeatureSet,type FeatureSignature, type FieldTest, type FitFeaturesOptions, featurePipelineFromJSON,
  fitFeatures, fitTableFeatures, type InputKind, IS_ATTACK, inputKindOf, isAttackLabels, type LabelJoin, type LabelOptions,type LabelRule, type LabelSource, 
  labelEvents, MAX_CATEGORIES, NSL_KDD_ATTACK_CLASSES, type RowsOptions, resolveFeatures, resolveTableFeatures, roundingNotes,
  rowsSignature, rowsToMatrix, type SampleBuilder, type SampleSpec, SampleState, SESSION_FEATURES, type SessionFeature, tableLabelNames, tableLabelNotes, tableLabels, tableToMatrix, withLabelColumn,
} from './features/index.js';

// Encoders of columns, fitted on training rows

export {
  type CategoricalOptions, type ColumnState, columnRecords, type EncoderName, type EncodingTraining, type FeatureColumn,
  type FeatureColumns, FeatureEncoding, type FeatureEncodingOptions, type FeatureEncodingState, type FittedEncoding,
  featureEncodingFromJSON, fitEncoding, type HashingOptions, type ImputeOptions, type ImputeStrategy, type InputFeature,
  MAX_ENCODED_CATEGORIES, MAX_ENCODED_FEATURES, type OneHotOptions, type OrdinalOptions, rowsToColumns, type ScalerName,
  type Smoothing, type StoredEncoding, storedEncoding, type TargetOptions, tableToColumns,
} from './features/index.js';

// What came before an event, from its source and in its session

export {
  compareEvents, describeHistoryFeatures, EventHistory, type EventOrder, type HistoryCounts,
  type HistoryEvent, type HistoryFeature, type HistoryOptions, type HistoryScopeName, LiveHistory,
  type LiveHistoryCounts, type LiveHistoryOptions, type ObservedEvent, replayHistory,
} from './features/index.js';

// What an event of a honeypot shows of an attack

export { ATTACK_STAGES, ATTACK_TECHNIQUES, type AttackTechnique, attackTechnique } from './features/index.js';

// Training and test rows

export {
  type BlockedTimeSeriesSplitOptions, blockedTimeSeriesSplit, type Group, type GroupSplit,
  type GroupTrainTestSplitOptions, groupKFold, groupTrainTestSplit, type KFoldOptions, kFold, leaveOneGroupOut,
  type RareClasses, type RepeatedKFoldOptions, type RepeatedStratifiedKFoldOptions, repeatedKFold,
  repeatedStratifiedKFold, type StratifiedGroupTrainTestSplitOptions, type StratifiedKFoldOptions,
  stratifiedGroupKFold, stratifiedGroupTrainTestSplit, stratifiedKFold, type TimeOrderedSplitOptions,
  type TimeSeriesSplitOptions, type TrainTestSplitOptions, timeOrderedSplit, timeSeriesSplit, trainTestSplit,
} from './split/index.js';

// What in the data would make a score too good to be true

export {
  AUDIT_NAMES, type Audit, type AuditColumn, type AuditInput, type AuditName, auditData, type DataAudit,
  type Verdict,
} from './audit/index.js';

// Estimators

export { type AnyEstimator, type CalibrationSamples, type CapSourceShareOptions, capSourceShare, type DecisionTreeParams, decisionTree, type Estimator, estimators, extraTrees, type FitOptions, type ForestParams, fitCalibration, getEstimator, inverseFrequencyWeights, type LogisticRegressionParams, logisticRegression, type MajorityParams, majority, type Progress, randomForest, type StumpParams, type SuspectLabel, stump, suspectLabels, type TreeParams, type WeightByClass } from './train/index.js';

// Fitted models and their bytes

export {
  applyCalibration, type Calibration, 
  type ColumnMatrix, createLogisticModel, createMajorityModel, createTreesModel, 
  type Decided, type Decision, type DrawTreeOptions,decide, decodeModel, describeTree, drawTree, encodeModel, exportOnnx, featureColumns, type IsotonicCalibration, isTreesModel,
  type LogisticModel, type LogisticModelParts, logitsToScores, type MajorityModel, type MajorityModelParts,
  type Model, modelDigest, type OnnxOptions, type ParallelOptions, type PrintTreeOptions, parseCalibration, predict,
  predictScoresParallel, printTree, type SigmoidCalibration,
  type ThresholdText, type TreeDrawing, type TreeFacts, type TreesModel,type TreesModelParts,thresholdText, 
} from './model/index.js';

// Metrics and comparisons

  export { type AreaUnderTime, alertsAbove, type BinaryCounts, type BinaryPredictions, type BinaryScores, type BootstrapDifferenceOptions, type Breakdown, type BreakdownOptions, benchmarkLatency, bootstrapDifferences, breakdown, type ChosenThreshold, type ClassMetrics, COMPARISON_COLUMNS, type ColumnKey, type CompareOptions, type Comparison, type ComparisonCell, type ComparisonEntry, type ComparisonRow, type ComparisonVerdict, type CorrectedTOptions, type CountedRates, type CrossValidationSummary, type CurvePoint, chooseThreshold, compare, comparisonCsv, comparisonJson, comparisonMarkdown, comparisonText, correctedResampledT, type Decay, type DecayOptions, decay, delongTest, describeMachine, type ErrorConcentration, type Estimate, type EvaluateOptions, type Evaluation, type EvaluationInput, type EvaluationWarning, evaluate, type FeatureImportance, type FoldMetrics, type GroupFigures, type Groups, holm, type Interval, type JudgedTest, judge, type LatencyOptions, type LatencyReport, type LatencyStatistics, type LatencyTarget, type LearningCurve, type LearningCurveInput, type LearningCurvePoint, learningCurve, type Machine, type McNemarTest, type Measure, type MetricSummary, mcnemarExact, mcnemarTest, type ObservedTraffic, type OperatingPoint, type OperatingPointInput, type OperatingPointOptions, operatingPoint, PAIRED_TESTS, type PairedPredictions, type PairedScores, type PairedTest, type PairedTestName, type Period, type PeriodFigures, type PermutationImportance, type PermutationImportanceInput, type PermutationImportanceOptions, permutationImportance, type RecallAtRate, type RecallAtRatesOptions, type RowPredictions, recallAtRates, type ScoreCurves, scoreCurves, summarise, type Testable, type TextOptions, type ThresholdRule, type Untested, type WorstErrors, type WrongSample, worstErrors,type ZeroDivision, 
} from './evaluate/index.js';

// Reports

export {
  isSkipped, parseReport, REPORT_VERSION, type Report, reportHtml, reportJson, reportMarkdown, type Skipped,
} from './report/index.js';

// Searches

export {
  allPages, collectPages, type Page, quoteFilterKey, quoteFilterText, type SearchQuery,
} from './mlflow/index.js';

// Experiments and runs

export {
  type ActiveRun, type ArtifactEntry, type ArtifactStore, type DatasetInput, type Experiment, type GitState,
  type LifecycleStage, type LogBatch, type LoggedModel, type Metric, type OpenedTrackingStore,
  type OpenTrackingOptions, openTrackingStore, type RecoveredRun, type Run, type RunInfo, type RunOptions,
  type RunQuery, type RunStatus, readGitState, STATUS_REASON_TAG, selectExperiment, type TrackingStore,
  type ViewType, withRun,
} from './track/index.js';

// Versions and stages

export {
  type ModelVersion, type OpenRegistryOptions, openRegistryStore, type RegisteredModel, type RegistryStore,
  STAGES, type Stage,
} from './register/index.js';

// Packages and the checks of a deployment

export {
  type Check, createOnnxScorer, type DeployCheckOptions, type DeployReport, type DeployTarget,
  type ExpectedOutput, type OnnxPackage, type OnnxScorer, openAnyPackage, openPackage, PACKAGE_FILES,
  type PackageParts, packModel, type ReadyGraph, runDeployChecks, type StoredDecision, type StoredRule,signatureOf, 
  type VerifiedPackage,
} from './deploy/index.js';

// The stages joined

export {type AuditReport, 
  adoptStore, auditFile,type BackupReport, type Baseline, type BenchmarkResult, backupStore, benchmarkDetector, type Candidate, type ComparisonForm, type ConfigFile, type CrossValidation, changeLifecycle, checkDeployment, checkSample, 
  collectGarbage, compareRuns, configFileSchema, configJsonSchema, type DeploymentReport, Detector,
  type Diagnosis, type DoctorReport, deleteVersion, detectorOf, diagnose, type EvaluationResult,
  type ExperimentConfig, type ExperimentConfigInput, type ExperimentContext, type ExperimentResult,
  type ExportedColumn, type ExportForm, type ExportFormat, type ExportOptions, type ExportReport,
  evaluateDetector,
  experimentConfigSchema, exportModel, findVersion, type GarbageItem, type GarbageReport, type Gate,
  type LifecycleChange, type LoadedDetector, type LoadedOnnxDetector, listModels, listRuns, loadAnyDetector,
  loadDetector, type ModelDetails, matrixRecords, OnnxDetector, openWorkspace, overlay, PREDICTIONS_FILE,
  PRODUCTION_TAGS, type PredictedEvent, type PredictReport, parseConfig, predictFile, type QuickstartResult, quickstart,
  REFERENCE_MODEL, REPORT_FILE, type ResolvedModel, type RestoreReport, type RunDetails, type Rung, type RunSummary, readConfigFile,
  registerRun, renderComparison, resolveModel, restoreStore, runExperiment, runSearch,
  SAMPLE_PATH, type Samples, SEARCH_FILE, type SearchContext, type SearchExperimentConfig,
  type SearchExperimentInput, type SearchReport, type SearchResult, type SearchTrial, 
  type ShownReport, type ShowReportOptions, type ShowTreeOptions, STAGING_TAGS,
  type StageProgress, type StagingResult, type StoredPredictions, type StorePlace, type StoreProblem,
  type StoreReport, searchExperimentSchema,setModelAlias, showModel, showReport, showRun, showTree, silent, stageVersion, type TreeFormat,
  type TreeReport, tagVersion,
  type VersionDetails, verifyStore, type Workspace, type WorkspaceOptions,
} from './pipeline/index.js';

// MLflow's REST API on the stores

export {
  createLog, type LogFormat, type RunningServer, type ServerLog, type ServerOptions, startServer,
} from './server/index.js';
