import type { ConfigFile } from '../pipeline/index.js';
import type { FORMATS, ThresholdFlag } from './options.js';

/** The methods that --split takes. */
export const SPLITS = ['time', 'group', 'stratified-group', 'stratified', 'random'] as const;
/** The methods that --cv-method takes. */
export const CV_METHODS = [
  'stratified',
  'group',
  'stratified-group',
  'leave-one-group-out',
  'time',
  'time-series',
] as const;
/** The methods that --calibrate takes. */
export const CALIBRATIONS = ['isotonic', 'sigmoid'] as const;

/** The flags that say what a labelled file is. */
export interface DataFlags {
  readonly format?: (typeof FORMATS)[number];
  readonly test?: string;
  readonly maxRejects?: number;
  readonly rejects?: string;
  readonly keepSecrets?: true;
  readonly role?: Record<string, string>;
  readonly label?: string;
  readonly attackEvents?: string[];
}

/** The flags of `train`. */
export interface TrainFlags extends DataFlags {
  readonly experiment?: string;
  readonly runName?: string;
  readonly features?: string[];
  readonly emptyAs?: 'zero' | 'nan';
  readonly split?: (typeof SPLITS)[number];
  readonly testSize?: number;
  readonly testFrom?: string;
  readonly gap?: string;
  readonly groupBy?: string;
  readonly randomState?: number;
  readonly cv?: number;
  readonly cvMethod?: (typeof CV_METHODS)[number];
  readonly cvOn?: 'train' | 'all';
  readonly cvRepeats?: number;
  readonly estimator?: string;
  readonly param?: Record<string, unknown>;
  readonly from?: string;
  readonly maxMemory?: number;
  readonly allow?: string[];
  readonly threshold?: ThresholdFlag;
  readonly calibrate?: (typeof CALIBRATIONS)[number];
  readonly baselines?: string[] | false;
  readonly repeat?: number;
  readonly minAccuracy?: number;
  readonly maxLatencyMs?: number;
  readonly baseRate?: number;
  readonly eventsPerDay?: number;
}

/** Returns what the flags of `train` say, in the words of the config. */
export function flagsToConfig(file: string | undefined, flags: TrainFlags): ConfigFile {
  const given = {
    experiment: flags.experiment,
    runName: flags.runName,
    ...dataConfig(file, flags),
    features: {
      names: flags.features?.length === 1 && flags.features[0] === 'all' ? ('all' as const) : flags.features,
      emptyAs: flags.emptyAs,
    },
    split: {
      method: flags.split,
      testSize: flags.testSize,
      testFrom: flags.testFrom,
      gap: flags.gap,
      groupBy: flags.groupBy,
      randomState: flags.randomState,
    },
    crossValidation: {
      folds: flags.cv,
      method: flags.cvMethod,
      on: flags.cvOn,
      repeats: flags.cvRepeats,
    },
    estimator: {
      name: flags.estimator,
      params: flags.param,
      from: flags.from,
      maxMemoryBytes: flags.maxMemory,
    },
    audit: { allow: flags.allow, baseRate: auditedRate(flags.baseRate) },
    threshold: flags.threshold,
    calibration: flags.calibrate === undefined ? undefined : { method: flags.calibrate },
    baselines: flags.baselines === false ? [] : flags.baselines,
    latency: { repeat: flags.repeat },
    gates: { minAccuracy: flags.minAccuracy, maxLatencyMs: flags.maxLatencyMs },
    report: { baseRate: flags.baseRate, eventsPerDay: flags.eventsPerDay },
  };
  return dropUndefined(given) as ConfigFile;
}

/** Returns what the flags of a labelled file say, in the words of the config; what they leave out is undefined. */
export function dataConfig(file: string | undefined, flags: DataFlags) {
  return {
    data: {
      path: file,
      test: flags.test,
      format: flags.format,
      maxRejects: flags.maxRejects,
      rejects: flags.rejects,
      keepSecrets: flags.keepSecrets,
      roles: flags.role,
    },
    label: { target: flags.label, attackEvents: flags.attackEvents },
  };
}

/** The audit of the class ratio takes a share between 0 and 1; what is wrong is told of the report's. */
function auditedRate(share: number | undefined): number | undefined {
  return share !== undefined && share > 0 && share < 1 ? share : undefined;
}

/** Returns an object without the keys, at any depth, that are undefined. */
export function dropUndefined(value: object): object {
  const kept = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => [k, typeof v === 'object' && v !== null && !Array.isArray(v) ? dropUndefined(v) : v]);
  return Object.fromEntries(kept);
}
