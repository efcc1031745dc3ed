import { type Block, type Section, table, text } from './blocks.js';
import { isSkipped, type Report } from './document.js';
import { count, decimal, estimateText, metricTitle } from './format.js';
import { lineChart, shareAxis } from './line-chart.js';
import { shownText } from './text.js';
import { positives as positiveWords } from './words.js';

function skippedText({ skipped }: { readonly skipped: string }): Block[] {
  return [text(`Not shown: ${shownText(skipped, 300)}.`)];
}

/** Returns the precision-recall and ROC curves, with the threshold on them. */
export function curvesSection({ curves, operatingPoint, data, model }: Report): Section {
  const section = { id: 'curves', title: 'At every threshold' };
  if (isSkipped(curves)) return { ...section, blocks: skippedText(curves) };
  const point = isSkipped(operatingPoint) ? null : operatingPoint;
  const positives = data.test.perClass[model.classes.indexOf(model.positive ?? 1)] ?? 0;
  const share = data.test.rows === 0 ? 0 : positives / data.test.rows;
  const name = 'the threshold';
  const points = (list: readonly (readonly [number, number])[]) => list.map(([x, y]) => ({ x, y }));
  const recall = point?.recall?.value;
  const precision = point?.precision?.value;
  const rate = point?.falsePositiveRate?.value;
  const charts = [
    lineChart({
      id: 'chart-pr',
      title: 'Precision by recall',
      description: `Precision against recall at every threshold. An alert at random is real in ${decimal(share)} of the cases, drawn dashed.`,
      x: shareAxis('recall'),
      y: shareAxis('precision'),
      series: [{ name: 'model', points: points(curves.precisionRecall), as: 'line' }],
      reference: [
        [0, share],
        [1, share],
      ],
      ...(recall === undefined || precision === undefined ? {} : { mark: { x: recall, y: precision, name } }),
    }),
    lineChart({
      id: 'chart-roc',
      title: 'Recall by false-positive rate (ROC)',
      description: 'Recall against false-positive rate at every threshold. Chance is drawn dashed.',
      x: shareAxis('false-positive rate'),
      y: shareAxis('recall'),
      series: [{ name: 'model', points: points(curves.roc), as: 'line' }],
      reference: [
        [0, 0],
        [1, 1],
      ],
      ...(recall === undefined || rate === undefined ? {} : { mark: { x: rate, y: recall, name } }),
    }),
  ];
  const titles = ['Precision by recall', 'Recall by false-positive rate (ROC)'];
  return {
    ...section,
    blocks: [
      ...tiedText(curves.precisionRecall, positiveWords(model).many),
      ...charts.map((svg, c): Block => ({ kind: 'chart', title: titles[c]!, svg })),
    ],
  };
}

/** A curve that begins far from recall 0 looks as if something were missing. */
function tiedText([first]: readonly (readonly [number, number])[], many: string): Block[] {
  if (first === undefined || first[0] < 0.1) return [];
  return [
    text(
      `Precision by recall begins at recall ${decimal(first[0])}: so many of the ${many} share the highest score, and no threshold finds fewer.`,
    ),
  ];
}

/** Returns the reliability curve with Brier score and expected calibration error. */
export function calibrationSection({ calibration, model }: Report): Section {
  const section = { id: 'calibration', title: 'Can a score be taken for a probability?' };
  if (isSkipped(calibration)) return { ...section, blocks: skippedText(calibration) };
  const { bins, ece, brier, of } = calibration;
  const share = of === 'positive' ? `share of ${positiveWords(model).many}` : 'share that is right';
  const title =
    of === 'positive' ? `S${share.slice(1)} by score` : 'Share that is right by score of the class named';
  const svg = lineChart({
    id: 'chart-calibration',
    title,
    description: `The ${share} among the rows of each range of scores. A perfectly calibrated model follows the dashed line.`,
    x: shareAxis('score'),
    y: shareAxis(share),
    series: [
      {
        name: 'test rows',
        points: bins.map((bin) => ({ x: bin.meanScore, y: bin.share, ...ends(bin.interval) })),
        as: 'bars',
      },
    ],
    reference: [
      [0, 0],
      [1, 1],
    ],
  });
  return {
    ...section,
    blocks: [
      text(
        `On average a score is ${decimal(ece)} away from the ${share} (expected calibration error; 0 is perfect). Brier score${of === 'positive' ? '' : ' of being right'} ${decimal(brier)}.`,
      ),
      { kind: 'chart', title, svg },
      table(
        'Rows by score',
        ['scores', '#rows', '#mean score', `#${share}`],
        bins.map((bin) => [
          `${decimal(bin.low)} to ${decimal(bin.high)}`,
          count(bin.samples),
          decimal(bin.meanScore),
          estimateText({ value: bin.share, interval: bin.interval }),
        ]),
        'figures',
      ),
    ],
  };
}

/** Returns how a metric grows with the training rows. */
export function learningSection({ learningCurve, data }: Report): Section {
  const section = { id: 'learning-curve', title: 'Would more data help?' };
  if (isSkipped(learningCurve)) return { ...section, blocks: skippedText(learningCurve) };
  const { metric, points } = learningCurve;
  const name = metricTitle(metric);
  const drawn = points.flatMap(({ size, value, interval }) =>
    value === null ? [] : [{ x: size, y: value, ...ends(interval) }],
  );
  const most = Math.max(...points.map(({ size }) => size), 1);
  const y = shareAxis(name, Math.min(1, ...drawn.map((point) => point.low ?? point.y)));
  const svg = lineChart({
    id: 'chart-learning',
    title: `${name} by training rows`,
    description: `${name} on the test rows of models trained on some of the training rows and on all ${count(data.train.rows)}.`,
    x: {
      title: 'training rows',
      from: 0,
      to: most,
      ticks: points.filter(isApart(most)).map(({ size: at }) => ({ at, text: count(at) })),
    },
    y,
    series: [{ name, points: drawn, as: 'band' }],
  });
  return {
    ...section,
    blocks: [
      text(
        `Each model but the last was trained anew on rows drawn from the training part, and tested on the same test rows. Where the line still rises at its end, more data would help.${y.from === 0 ? '' : ` The axis begins at ${y.from}.`}`,
      ),
      { kind: 'chart', title: `${name} by training rows`, svg },
      table(
        `${name} by training rows`,
        ['training rows', `#${name}`],
        points.map(({ size, value, interval }) => [count(size), estimateText({ value, interval })]),
        'figures',
      ),
    ],
  };
}

/** Labels closer together than this would overlap. */
function isApart(most: number) {
  let last = Number.NEGATIVE_INFINITY;
  return ({ size }: { readonly size: number }): boolean => {
    if (size !== most && (size - last < most * 0.18 || most - size < most * 0.18)) return false;
    last = size;
    return true;
  };
}

/** Returns the ends of an interval as a chart takes them. */
export function ends(interval: { readonly low: number; readonly high: number } | null): {
  low?: number;
  high?: number;
} {
  return interval === null ? {} : { low: interval.low, high: interval.high };
}
