import { breakdown, calibrationCurve, decay, scoreCurves } from '../evaluate/index.js';
import type { Report } from '../report/index.js';
import { columnText, DAY_MS, reportColumns, timeSpan } from './report-columns.js';
import { MORE_CLASSES } from './report-headline.js';
import type { ReportInput, TestView } from './report-input.js';

/** Beyond so many days, periods are weeks. */
const MAX_DAYS = 60;

/** Returns the ROC and precision-recall curves. */
export function curvesOf(view: TestView): Report['curves'] {
  if (!view.isBinary) return MORE_CLASSES;
  const curves = scoreCurves(view);
  return curves.roc.length === 0 ? { skipped: 'the test rows have one class only' } : curves;
}

/** Returns how far scores can be taken for probabilities: of two classes of an attack, of more of being right. */
export function calibrationOf(view: TestView): Report['calibration'] {
  const { ece, brier, bins } = calibrationCurve({
    yTrue: view.isBinary ? view.yTrue : rightRows(view),
    scores: view.scores,
  });
  return { of: view.isBinary ? 'positive' : 'confidence', ece, brier, bins: [...bins] };
}

/** Of more than two classes, a row counts as found where its class is right. */
function rightRows({ yTrue, yPred }: TestView): Uint8Array {
  return Uint8Array.from(yTrue, (code, i) => Number(code === yPred[i]));
}

function foundRows(view: TestView) {
  if (view.isBinary) return { yTrue: view.yTrue, yPred: view.yPred };
  return { yTrue: new Uint8Array(view.yTrue.length).fill(1), yPred: rightRows(view) };
}

/** Returns the metrics of each day, or week, with the areas under them. */
export function decayOf(view: TestView): Report['decay'] {
  const span = timeSpan(view.times);
  if (span === null) return { skipped: 'the rows have no times' };
  const days = Math.floor(span.last / DAY_MS) - Math.floor(span.first / DAY_MS) + 1;
  if (days < 2) return { skipped: 'all test rows are of one day' };
  const found = decay(foundRows(view), view.times!, { period: days > MAX_DAYS ? 'week' : 'day' });
  const series = (name: 'recall' | 'precision') => ({
    name: view.isBinary ? name : 'accuracy',
    aut: found[name].aut,
    points: found.periods.map(({ start, index, samples, positives, alerts, [name]: estimate }) => ({
      ...{ start, index, samples, of: name === 'recall' ? positives : alerts },
      value: estimate?.value ?? null,
      interval: estimate?.interval ?? null,
    })),
  });
  const f1 = {
    name: 'f1Binary',
    aut: found.f1.aut,
    points: found.periods.map(({ start, index, samples, f1: value }) => ({
      start,
      index,
      samples,
      value,
      interval: null,
    })),
  };
  return {
    period: found.period,
    series: view.isBinary ? [series('recall'), series('precision'), f1] : [series('recall')],
    emptyPeriods: found.emptyPeriods,
    withoutTime: found.withoutTime,
  };
}

/** Returns figures by sensor, kind of attack, or the columns that were asked for. */
export function breakdownsOf({ config, data }: ReportInput, view: TestView): Report['breakdowns'] {
  const { samples } = data.test;
  return reportColumns(config, samples).flatMap((by) => {
    const values = columnText(samples, by);
    if (values === undefined) return [];
    const found = breakdown(foundRows(view), values);
    const measure = view.isBinary ? ('recall' as const) : ('accuracy' as const);
    const groups = found.groups.map(
      ({ group, samples: rows, positives, falsePositives, falseNegatives, recall }) => ({
        ...{ group, samples: rows, positives, falsePositives, falseNegatives },
        value: recall,
      }),
    );
    return [{ by, measure, nGroups: found.nGroups, groups }];
  });
}
