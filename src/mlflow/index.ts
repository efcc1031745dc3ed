/**
 * Takes and gives what MLflow speaks: addresses, names, limits, error codes, REST messages and their client, the
 * MLmodel file. Never opens a file or a database.
 */

export { type ModelAddress, parseModelAddress } from './addresses.js';
export { checkArtifactPath, parseProxyUri } from './artifact-path.js';
export { type Batch, type BatchMetric, prepareBatch, prepareRunTags } from './batch.js';
export type { Environment } from './credentials.js';
export { MLFLOW_DIFFERENCES, type MlflowDifference, type MlflowDifferenceId } from './differences.js';
export { errorClassOnTheWire } from './error-classes.js';
export { errorFromAnswer, errorOnTheWire, MLFLOW_ERRORS, type MlflowErrorCode } from './error-codes.js';
export {
  explainOpaque,
  loadableFlavor,
  ONNX_FLAVOR,
  type OpaqueModel,
  PHANTOMNET_FLAVOR,
} from './flavors.js';
export type { UploadBody } from './http.js';
export { checkJsonParts, JSON_LIMITS } from './json-parts.js';
export { cutTo, isLongerThan, LIMITS } from './limits.js';
export { splitBatch, type WireBatch } from './log-batches.js';
export {
  ARTIFACT_PROXY_PATH,
  artifactEndpoints,
  listArtifacts,
  NO_MULTIPART_UPLOAD,
} from './messages/artifacts.js';
export { type Endpoint, endpoint, type Method, type Permission } from './messages/endpoint.js';
export { loggedModelEndpoints, wireLoggedModel } from './messages/logged-models.js';
export { registryEndpoints, wireModelVersion, wireRegisteredModel } from './messages/registry.js';
export { traceEndpoints } from './messages/traces.js';
export { trackingEndpoints, wireExperiment, wireMetric, wireRun, wireRunInfo } from './messages/tracking.js';
export { doubleToWire, flag, int64, list, toKeyValues, toPairs, toRecord } from './messages/wire.js';
export { type Flavors, formatMlModel, type MlModel, parseMlModel } from './ml-model.js';
export {
  checkAlias,
  checkAliasCharacters,
  checkExperimentId,
  checkExperimentName,
  checkExperimentTag,
  checkKey,
  checkKeyForm,
  checkLoggedModelName,
  checkRegisteredModelName,
  checkVersion,
} from './names.js';
export { createRestClient, type RestClient, type RestClientOptions } from './rest-client.js';
export type { RetryPolicy } from './retry.js';
export type { Comparator, Condition, SearchTarget } from './search/condition.js';
export { parseExperimentFilter, parseExperimentOrder } from './search/experiment-search.js';
export {
  type DatasetFilter,
  type LoggedModelOrder,
  type LoggedModelSort,
  parseLoggedModelFilter,
  parseLoggedModelOrder,
} from './search/logged-model-search.js';
export type { Order } from './search/order-by.js';
export { decodePageToken, encodePageToken } from './search/page-token.js';
export { allPages, collectPages, PAGE_SIZES, type Page, pageSize, type SearchQuery } from './search/query.js';
export { quoteFilterKey, quoteFilterText } from './search/quote.js';
export {
  parseModelVersionFilter,
  parseModelVersionOrder,
  parseRegisteredModelFilter,
  parseRegisteredModelOrder,
} from './search/registry-search.js';
export { parseRunFilter, parseRunOrder } from './search/run-search.js';
export { toPage, toSearchRequest } from './search/wire-search.js';
export {
  type ColumnType,
  parseSignature,
  type Signature,
  type SignatureColumn,
  type SignatureOther,
} from './signature.js';
export { DEFAULT_TRACKING_URI, parseTrackingUri, showUri, type TrackingAddress } from './tracking-uri.js';
export { type UnsupportedCall, unsupportedCalls } from './unsupported.js';
