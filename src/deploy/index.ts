/**
 * Takes the files of a model package and gives a verified model; says pass or fail of everything it must fulfil before
 * anyone depends on it. Never runs code from an artifact, and opens neither store nor file system itself.
 */
export {
  type Check,
  type DeployCheckOptions,
  type DeployReport,
  type DeployTarget,
  names,
  type ReadyGraph,
  runDeployChecks,
  type ScoreAtOnce,
  type ScoreRecords,
} from './checks.js';
export type { StoredDecision, StoredRule } from './decision-file.js';
export type { ExpectedOutput } from './examples.js';
export { type Manifest, type OpenOptions, type ReadFile, readManifest } from './manifest.js';
export type { InputColumn } from './onnx-inputs.js';
export type { OnnxPackage } from './onnx-package.js';
export { createOnnxScorer, type OnnxScorer } from './onnx-scorer.js';
export { openAnyPackage, openPackage, type VerifiedPackage } from './open-package.js';
export { type PackageParts, packModel } from './pack-model.js';
export { PACKAGE_FILES, type SignatureOptions, signatureOf } from './package-format.js';
