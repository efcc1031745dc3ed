import { type Block, type Section, table, text } from './blocks.js';
import { ends } from './chart-sections.js';
import { isSkipped, type Report } from './document.js';
import { count, counted, day, decimal, estimateText, metricTitle } from './format.js';
import { lineChart, shareAxis } from './line-chart.js';
import { rowChart } from './row-chart.js';
import { shownText } from './text.js';
import { positives } from './words.js';

type Decay = Exclude<Report['decay'], { skipped: string }>;

/** Rows of a chart: more are only in the table. */
const MAX_CHART_ROWS = 12;
const MAX_TABLE_ROWS = 50;

/** Returns metrics from period to period, and the area under them. */
export function decaySection({ decay }: Report): Section {
  const section = { id: 'decay', title: 'Does it hold over time?' };
  if (isSkipped(decay)) return { ...section, blocks: [text(`Not shown: ${shownText(decay.skipped, 300)}.`)] };
  const areas = decay.series.map(
    ({ name, aut }) =>
      `${metricTitle(name)} ${aut === null ? 'not estimable (fewer than two periods)' : decimal(aut)}`,
  );
  return {
    ...section,
    blocks: [
      text(
        `Area under each metric over time (AUT; 1 is perfect on every ${decay.period}): ${areas.join(', ')}.`,
      ),
      ...missingPeriods(decay),
      ...decay.series.flatMap((series, s): Block[] => decayChart(decay, series, s)),
      table(
        `By ${decay.period}`,
        [decay.period, '#rows', ...decay.series.map(({ name }) => `#${metricTitle(name)}`)],
        (decay.series[0]?.points ?? []).slice(0, 400).map(({ start, samples }, p) => [
          day(start),
          count(samples),
          ...decay.series.map(({ points }) => {
            const { value = null, interval = null } = points[p] ?? {};
            return estimateText({ value, interval });
          }),
        ]),
        'figures',
      ),
    ],
  };
}

function missingPeriods({ emptyPeriods, withoutTime, period }: Decay): Block[] {
  const blocks: Block[] = [];
  if (emptyPeriods > 0)
    blocks.push(text(`${counted(emptyPeriods, period)} between the first and the last without a test row.`));
  if (withoutTime > 0) blocks.push(text(`${counted(withoutTime, 'test row')} without a time left out.`));
  return blocks;
}

/** One chart a metric: bands of several would hide each other. F1 has no interval, and is in the table. */
function decayChart({ period }: Decay, { name, points }: Decay['series'][number], s: number): Block[] {
  const drawn = points.flatMap(({ index, value, interval }) =>
    value === null ? [] : [{ x: index, y: value, ...ends(interval) }],
  );
  if (drawn.length < 2 || drawn.every((point) => !('low' in point))) return [];
  const title = `${metricTitle(name)} by ${period}`;
  const last = points.at(-1)!.index;
  const svg = lineChart({
    id: `chart-decay-${s}`,
    title,
    description: `${metricTitle(name)} of each ${period}, with its interval, from ${day(points[0]!.start)} to ${day(points.at(-1)!.start)}.`,
    x: { title: `${period}, UTC`, from: 0, to: Math.max(1, last), ticks: dateTicks(points, last) },
    y: shareAxis(metricTitle(name)),
    series: [{ name: metricTitle(name), points: drawn, as: 'band', maxStep: 1 }],
  });
  return [{ kind: 'chart', title, svg }];
}

/** As many dates as there is room for, at even steps. */
const MAX_DATES = 6;

function dateTicks(points: Decay['series'][number]['points'], last: number) {
  const step = Math.ceil((last + 1) / MAX_DATES);
  return points
    .filter(({ index }) => index % step === 0)
    .map(({ index, start }) => ({ at: index, text: day(start).slice(5) }));
}

/** Returns one section a column: the worst groups first. */
export function breakdownSections({ breakdowns, model }: Report): Section[] {
  return breakdowns.map(({ by, measure, nGroups, groups }, b) => {
    const rated = groups.filter(({ value }) => value !== null);
    const listed = groups.slice(0, MAX_TABLE_ROWS);
    const title = `${metricTitle(measure)} by ${shownText(by, 40)}`;
    const rows = rated.slice(0, MAX_CHART_ROWS).map(({ group, positives, falseNegatives, value }) => ({
      name: groupName(group),
      value: value!.value,
      ...ends(value!.interval),
      text: `${count(positives - falseNegatives)} of ${count(positives)}`,
    }));
    const svg = rowChart({
      id: `chart-by-${b}`,
      title,
      description: `${title}, the worst first, each with its interval on a line from 0 to 1.`,
      as: 'dots',
      rows,
      from: 0,
      to: 1,
      ticks: [0, 0.5, 1],
    });
    const shown = nGroups > listed.length ? ` The ${listed.length} worst are listed.` : '';
    return {
      id: `by-${b}`,
      title: `By ${shownText(by, 60)}`,
      blocks: [
        text(
          `${counted(nGroups, 'group')}, the worst first.${shown} A group with a long line has too few rows to say much.`,
        ),
        ...(rows.length > 0 ? [{ kind: 'chart' as const, title, svg }] : []),
        table(
          title,
          ['group', '#rows', `#${positives(model).many}`, `#${measure}`, '#missed', '#false alerts'].filter(
            (_, c) => measure === 'recall' || c < 2 || c === 3,
          ),
          listed.map((g) =>
            measure === 'recall'
              ? [
                  groupName(g.group),
                  count(g.samples),
                  count(g.positives),
                  estimateText(g.value),
                  count(g.falseNegatives),
                  count(g.falsePositives),
                ]
              : [groupName(g.group), count(g.samples), estimateText(g.value)],
          ),
          'figures',
        ),
      ],
    };
  });
}

function groupName(group: number | string): string {
  return group === '' ? '(no value)' : shownText(group, 60);
}

/** Returns what the model looks at. */
export function importancesSection({ importances }: Report): Section {
  const section = { id: 'importances', title: 'What the model looks at' };
  if (isSkipped(importances))
    return { ...section, blocks: [text(`Not shown: ${shownText(importances.skipped, 300)}.`)] };
  const { features, metric, baseline, rows, repeats } = importances;
  const name = metricTitle(metric);
  const telling = features.filter(({ mean, std }) => mean !== 0 || std !== 0);
  const shown = telling.slice(0, MAX_CHART_ROWS);
  const silent = features.length - telling.length;
  const title = `Drop of ${name} when one feature is shuffled`;
  const svg = rowChart({
    id: 'chart-importances',
    title,
    description: `${title}: its values were exchanged among the test rows. The most important first.`,
    as: 'bars',
    rows: shown.map(({ feature, mean, std }) => ({
      name: feature,
      value: mean,
      low: mean - std,
      high: mean + std,
      text: `${signed(mean)} ± ${std.toFixed(3)}`,
    })),
    from: Math.min(0, ...shown.map(({ mean, std }) => mean - std)),
    to: Math.max(0.001, ...shown.map(({ mean, std }) => mean + std)),
  });
  return {
    ...section,
    blocks: [
      text(
        `How much ${name} (${decimal(baseline)} on these ${counted(rows, 'test row')}) drops when the values of one feature are shuffled, mean of ${counted(repeats, 'time')} ± standard deviation. Features that say the same cover for each other, and then all look unimportant.${silent === 0 ? '' : ` Shuffling ${counted(silent, 'feature')} of ${count(features.length)} changed nothing.`}`,
      ),
      ...(shown.length === 0
        ? []
        : [
            { kind: 'chart' as const, title, svg },
            table(
              title,
              ['feature', '#drop', '#standard deviation'],
              telling
                .slice(0, MAX_TABLE_ROWS)
                .map(({ feature, mean, std }) => [shownText(feature, 60), signed(mean), std.toFixed(3)]),
              'figures',
            ),
          ]),
    ],
  };
}

function signed(value: number): string {
  const digits = value.toFixed(3);
  return digits === '-0.000' ? '0.000' : digits;
}
