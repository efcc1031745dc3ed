/**
 * Takes the files of a model package and gives a verified model; says pass or fail of everything it must fulfil before
 * anyone depends on it. Never runs code from an artifact, and opens neither store nor file system itself.
 */
export {
  type Check,
  type DeployCheckOptions,
  type DeployReport,
  type DeployTarget,
  runDeployChecks,
} from './checks.js';
export type { ExpectedOutput } from './examples.js';
export { openPackage, type VerifiedPackage } from './open-package.js';
export { type PackageParts, packModel } from './pack-model.js';
export { PACKAGE_FILES, signatureOf } from './package-format.js';
