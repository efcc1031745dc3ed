import {
  type ClassMetrics,
  type Estimate,
  type Evaluation,
  type Interval,
  operatingPoint,
  recallAtRates,
} from '../evaluate/index.js';
import type { Report } from '../report/index.js';
import type { Detector } from './detector.js';
import { DAY_MS, timeSpan, timesOf } from './report-columns.js';
import type { ReportInput, TestView } from './report-input.js';
import { countSamples } from './samples.js';

/** Why a part of two classes is missing where there are more. */
export const MORE_CLASSES = {
  skipped: 'there are more than two classes, so no threshold separates attacks from the rest',
};

/**
 * Returns headline numbers with their intervals; without one, the reason. A value that no resample of the groups varies
 * (a perfect one) takes the interval of rows, and says so.
 */
export function headline({ evaluation, byRows, isBinary, groups }: TestView): Report['headline'] {
  const isGrouped = groups !== undefined;
  const names = isBinary
    ? ['recallBinary', 'precisionBinary', 'f1Binary', 'prAuc', 'rocAuc', 'f1Macro', 'accuracy']
    : ['f1Macro', 'accuracy', 'recallMacro', 'precisionMacro', 'prAuc', 'rocAuc'];
  return names.map((name) => {
    const undefinedAs = isBinary ? NOT_ESTIMABLE[name]?.(evaluation.perClass[1]!) : undefined;
    if (undefinedAs !== undefined) return { name, value: null, interval: null, reason: undefinedAs };
    const value = evaluation.metrics[name] ?? null;
    const ofClass = isBinary && isGrouped ? OF_CLASS[name] : undefined;
    const interval = withWidth(
      ofClass === undefined ? evaluation.intervals[name] : evaluation.perClass[1]!.intervals[ofClass],
    );
    const ofRows = withWidth(byRows.intervals[name]);
    if (value !== null && interval === null && ofRows !== null)
      return { name, value, interval: ofRows, reason: BY_ROWS };
    const reason = reasonOf(name, evaluation.warnings);
    return { name, value, interval, reason: value === null || interval === null ? reason : null };
  });
}

/** What the warnings say of a metric: one may be of several metrics that have no interval for the same reason. */
function reasonOf(name: string, warnings: Evaluation['warnings']): string | null {
  for (const { metric, message } of warnings) {
    const [names, why] = message.split(/ ha(?:s|ve) no interval: /);
    if (why !== undefined && names!.split(', ').includes(name)) return `no interval: ${why}`;
    if (metric === name) return message;
  }
  return null;
}

/** A resample without an attack has no recall; the intervals of a class leave it out, those of all count it as 0. */
const OF_CLASS: Readonly<Record<string, string>> = {
  recallBinary: 'recall',
  precisionBinary: 'precision',
  f1Binary: 'f1',
};

/** Values that are 0 by convention say nothing. */
const NOT_ESTIMABLE: Readonly<Record<string, (positive: ClassMetrics) => string | undefined>> = {
  precisionBinary: ({ predicted }) => (predicted === 0 ? 'not estimable: there is no alert' : undefined),
  recallBinary: ({ support }) => (support === 0 ? 'not estimable: there is no attack' : undefined),
};

function withWidth(interval: Interval | undefined): Interval | null {
  return interval === undefined || interval.high - interval.low < 1e-12 ? null : interval;
}

/** How the interval was made where no resample of the groups varies a value. */
export const BY_ROWS = 'by rows';

/** Returns what the threshold finds, misses and costs, in the traffic as stated and as the data has it. */
export function operatingFigures(
  { config, data, detector }: ReportInput,
  view: TestView,
): Report['operatingPoint'] {
  if (!view.isBinary) return MORE_CLASSES;
  const { eventsPerDay } = config.report;
  const baseRate = config.report.baseRate ?? config.audit.baseRate;
  const ownVolume = eventsADay(data);
  const volume = eventsPerDay ?? ownVolume ?? undefined;
  // Resampled as the evaluation is, so that recall and precision have the same intervals here.
  const point = operatingPoint(view, thresholdOf(detector), { baseRate, eventsADay: volume });
  const { confusion, stated } = point;
  // Where no resample of the groups varies a rate (a perfect one), rows are all there is to tell how sure it is.
  const byRows = operatingPoint({ ...view, groups: undefined }, point.threshold, {
    baseRate,
    eventsADay: volume,
  });
  const orRows = (estimate: Estimate | null, ofRows: Estimate | null) =>
    estimate?.interval == null ? ofRows : estimate;
  const isVaried = point.recall?.interval != null && point.falsePositiveRate?.interval != null;
  const inTraffic = isVaried ? stated : byRows.stated;
  const alertShare = (confusion.truePositives + confusion.falsePositives) / view.yTrue.length;
  return {
    threshold: Number.isFinite(point.threshold) ? point.threshold : null,
    ...confusion,
    recall: orRows(point.recall, byRows.recall),
    falsePositiveRate: orRows(point.falsePositiveRate, byRows.falsePositiveRate),
    precision: orRows(point.precision, byRows.precision),
    stated: {
      ...stated,
      precision: orRows(inTraffic.precision, byRows.stated.precision),
      alertsADay: orRows(inTraffic.alertsADay, byRows.stated.alertsADay),
      falseAlertsADay: orRows(inTraffic.falseAlertsADay, byRows.stated.falseAlertsADay),
      eventsFrom: volume === undefined ? null : eventsPerDay === undefined ? 'data' : 'config',
    },
    data: {
      baseRate: point.observed.baseRate,
      eventsADay: ownVolume,
      alertsADay: ownVolume === null ? null : ownVolume * alertShare,
    },
  };
}

function thresholdOf({ threshold }: Detector): number {
  return threshold ?? 0.5;
}

/** Events a day of the whole file: a random split leaves only some of a day's rows in the test part. */
function eventsADay({ all, testSource }: ReportInput['data']): number | null {
  const samples = testSource?.samples ?? all.samples;
  const span = timeSpan(timesOf(samples));
  const days = span === null ? 0 : (span.last - span.first) / DAY_MS;
  return days >= 1 ? countSamples(samples) / days : null;
}

/** Returns recall at false-positive rates of 1e-2, 1e-3 and 1e-4. */
export function ratesOf(view: TestView): Report['recallAtRates'] {
  if (!view.isBinary) return MORE_CLASSES;
  const { resamples, randomState } = view;
  return recallAtRates(view, { resamples, randomState }).map((found) =>
    found.estimable
      ? {
          rate: found.rate,
          recall: { value: found.recall, interval: found.interval },
          threshold: Number.isFinite(found.threshold) ? found.threshold : null,
          needs: null,
          reason: null,
        }
      : { rate: found.rate, recall: null, threshold: null, needs: found.needs, reason: found.reason },
  );
}
