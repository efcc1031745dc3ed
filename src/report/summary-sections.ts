import { type Block, type Section, table, text } from './blocks.js';
import { isSkipped, type Report } from './document.js';
import {
  count,
  counted,
  decimal,
  estimateText,
  figureText,
  intervalWords,
  metricTitle,
  percent,
  range,
} from './format.js';
import { shownText } from './text.js';
import { classWords, operatingWords, positives, scored, splitWords } from './words.js';

/** Returns the part that is read first: numbers with their intervals, what is weak, and what the threshold comes to. */
export function summarySection(report: Report): Section {
  const [lead, ...more] = isSkipped(report.operatingPoint) ? classWords(report) : operatingWords(report);
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      ...(lead === undefined ? [] : [{ kind: 'lead' as const, text: lead }]),
      ...report.weaknesses.map((words): Block => ({ kind: 'weak', text: shownText(words, 400) })),
      {
        kind: 'figures',
        caption: 'Headline numbers on the test rows',
        items: report.headline.map(({ name, value, interval, reason }) => ({
          title: metricTitle(name),
          value: value === null ? '–' : decimal(value),
          note: headlineNote({ value, interval, reason }),
        })),
      },
      text(splitWords(report)),
      text(intervalWords(report.intervals)),
      ...more.map(text),
    ],
  };
}

function headlineNote({ value, interval, reason }: Omit<Report['headline'][number], 'name'>): string {
  const why = reason === null ? '' : shownText(reason, 200);
  if (value === null || interval === null) return why || 'no interval';
  return `${percent(interval.level)} interval ${range(interval)}${why && ` (${why})`}`;
}

/** Returns the numbers on sources that are new to the model, beside those on all test rows; nothing where there are none. */
export function unseenSection({ unseenSources, headline }: Report): Section[] {
  if (unseenSources === null) return [];
  const { rows, sources, headline: unseen } = unseenSources;
  const onAll = (name: string) => headline.find((all) => all.name === name) ?? null;
  const caption = 'On sources never seen in training';
  return [
    {
      id: 'unseen-sources',
      title: caption,
      blocks: [
        text(
          `${counted(rows, 'test row')} of ${counted(sources, 'source')} that had no training row: what is new is what a model will meet.`,
        ),
        table(
          caption,
          ['metric', '#on new sources', '#on all test rows'],
          unseen.map((found) => [
            metricTitle(found.name),
            estimateText(found),
            estimateText(onAll(found.name)),
          ]),
        ),
      ],
    },
  ];
}

/** Returns recall, false alerts, precision and alerts a day at the threshold, and recall at false-positive rates. */
export function operatingSection({
  operatingPoint: point,
  recallAtRates,
  model,
  data: read,
  intervals: { by },
}: Report): Section {
  const nouns = positives(model);
  const blocks: Block[] = [];
  if (isSkipped(point)) blocks.push(text(`Not shown: ${shownText(point.skipped)}.`));
  else {
    const { stated, data } = point;
    const none = stated.baseRate === null ? 'not stated' : '–';
    const figures = (estimate: typeof point.recall) => (estimate === null ? none : figureText(estimate, by));
    const perDay = (estimate: typeof point.recall) => {
      if (estimate === null) return none;
      const { value, interval } = estimate;
      return interval === null
        ? count(value)
        : `${count(value)} (${count(interval.low)} to ${count(interval.high)})`;
    };
    blocks.push(
      table(
        point.threshold === null ? 'With no score high enough' : `At threshold ${decimal(point.threshold)}`,
        ['figure', '#on the test rows', '#in the traffic as stated'],
        [
          [`recall: ${nouns.many} found`, figureText(point.recall, by), 'the same'],
          ['false-positive rate: others that alert', figureText(point.falsePositiveRate, by), 'the same'],
          ['precision: alerts that are real', figureText(point.precision, by), figures(stated.precision)],
          [
            `share of ${nouns.many}`,
            percent(data.baseRate),
            stated.baseRate === null ? none : percent(stated.baseRate),
          ],
          [
            `${scored(read)} a day${stated.eventsFrom === 'data' ? ' (as in the data)' : ''}`,
            data.eventsADay === null ? 'unknown' : count(Math.round(data.eventsADay)),
            stated.eventsADay === null ? 'not stated' : count(Math.round(stated.eventsADay)),
          ],
          [
            'alerts a day',
            data.alertsADay === null ? 'unknown' : count(Number(data.alertsADay.toPrecision(3))),
            perDay(stated.alertsADay),
          ],
          ['false alerts a day', falseAlerts(point), perDay(stated.falseAlertsADay)],
        ],
      ),
    );
  }
  if (!isSkipped(recallAtRates))
    blocks.push(
      table(
        'Recall where at most so many others may alert',
        ['false-positive rate', '#recall', '#threshold'],
        recallAtRates.map(({ rate, recall, threshold, reason }) => [
          percent(rate),
          recall === null ? shownText(reason ?? 'not estimable') : figureText(recall, by),
          recall === null
            ? ''
            : threshold === null
              ? 'no score is high enough'
              : String(Number(threshold.toPrecision(4))),
        ]),
      ),
      ...(recallAtRates.every(({ recall }) => recall === null)
        ? []
        : [
            text(
              'These thresholds were found on the test rows: they say what the scores could do, not which threshold to use.',
            ),
          ]),
    );
  return { id: 'operating-point', title: 'At the operating point', blocks };
}

/** Of the alerts that the volume of the data makes, the share that is false on the test rows. */
function falseAlerts({
  data,
  truePositives,
  falsePositives,
}: Exclude<Report['operatingPoint'], { skipped: string }>): string {
  const alerts = truePositives + falsePositives;
  if (data.alertsADay === null) return 'unknown';
  return count(Number((alerts === 0 ? 0 : (data.alertsADay * falsePositives) / alerts).toPrecision(3)));
}

/** Returns the confusion matrix and the figures of each class. */
export function classesSection({ confusionMatrix, perClass, model, intervals: { by } }: Report): Section {
  return {
    id: 'classes',
    title: 'What is taken for what',
    blocks: [
      {
        kind: 'matrix',
        caption: `Confusion matrix of ${shownText(model.label, 60)}`,
        labels: perClass.map(({ label }) => shownText(label, 40)),
        counts: confusionMatrix,
      },
      table(
        'Each class against all others',
        ['class', '#test rows', '#recall', '#precision', '#F1'],
        perClass.map(({ label, support, predicted, recall, precision, f1, intervals: of }) => [
          shownText(label, 40),
          count(support),
          support === 0 ? '–' : figureText({ value: recall, interval: of['recall'] ?? null }, by),
          predicted === 0 ? '–' : figureText({ value: precision, interval: of['precision'] ?? null }, by),
          figureText({ value: f1, interval: of['f1'] ?? null }, by),
        ]),
      ),
    ],
  };
}
