/** MLflow's limits on what one request and one field may hold; lengths are in Unicode characters unless said otherwise. */
export const LIMITS = {
  /** Points of one metric in one answer; ours, since MLflow has none. Its client asks for 25,000. */
  historyPointsPerPage: 250_000,
  metricsPerBatch: 1_000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1_000,
  batchSizeBytes: 1_000_000,
  keyLength: 250,
  paramValueLength: 6_000,
  runTagValueLength: 8_000,
  experimentNameLength: 500,
  experimentTagValueLength: 20_000,
  registryTagValueLength: 100_000,
  aliasLength: 255,
  datasetNameLength: 500,
  datasetDigestLength: 36,
  datasetSourceLength: 65_535,
  datasetSchemaLength: 1_048_575,
  datasetProfileLength: 16_777_215,
  inputTagKeyLength: 255,
  inputTagValueLength: 500,
} as const;

/** Returns true when `text` has more than `limit` Unicode characters; O(1) for most text. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  return [...text].length > limit;
}

/** Returns the first `limit` Unicode characters of `text`, never half of a surrogate pair. */
export function cutTo(text: string, limit: number): string {
  return isLongerThan(text, limit) ? [...text.slice(0, limit * 2)].slice(0, limit).join('') : text;
}
