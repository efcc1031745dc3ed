import { binomialUpperTail } from '../audit/index.js';
import type { Report } from '../report/index.js';
import type { ReportInput, TestView } from './report-input.js';

/** Below this many rows of a class, its recall is known to about ten points at best. */
const FEW_ROWS = 30;
/** Below this many groups, intervals by group are often too narrow. */
const FEW_GROUPS = 20;
const WIDE = 0.2;

/** A metric that is lower by this much is worth a line. */
const DROP = 0.1;
/** Chance of any false alarm among all days. */
const MAX_CHANCE = 0.05;

/**
 * Returns in sentences why the numbers rest on little or promise too much: few rows, few or one source, wide intervals, no
 * gain; classes, days and new sources on which it does far worse than on all test rows.
 */
export function weaknessesOf(
  { baselines, data }: ReportInput,
  view: TestView,
  {
    headline,
    operatingPoint,
    unseenSources,
    decay,
  }: Pick<Report, 'headline' | 'operatingPoint' | 'unseenSources' | 'decay'>,
): string[] {
  return [
    ...fewRows(view),
    ...hardlyFound(view),
    ...hardlyRight(view),
    ...worseOnNewSources(unseenSources, headline),
    ...worseOnSomeDays(decay, view),
    ...oneSource(view),
    ...wideIntervals(headline),
    ...wideInTraffic(operatingPoint),
    ...noGain(baselines, headline),
    ...randomSplit(data.split.method, view),
  ];
}

function fewRows({ yTrue, classes }: TestView): string[] {
  const counts = classes.map((_, c) => yTrue.reduce((sum, code) => sum + Number(code === c), 0));
  const few = classes.flatMap((label, c) => (counts[c]! < FEW_ROWS ? [`${label} (${counts[c]})`] : []));
  if (few.length === 0) return [];
  const more = few.length > 8 ? `, and ${few.length - 8} more` : '';
  const what = few.length === 1 ? 'class' : 'classes';
  return [
    `Few test rows of the ${what} ${few.slice(0, 8).join(', ')}${more}: what is said of ${few.length === 1 ? 'it' : 'them'} can be chance.`,
  ];
}

/** Classes of which less than half of the rows are found; a mean over all rows hides them. */
function hardlyFound({ evaluation }: TestView): string[] {
  const hard = evaluation.perClass.filter(({ support, recall }) => support > 0 && recall < 0.5);
  if (hard.length === 0) return [];
  const named = hard.slice(0, 8).map(({ label, recall }) => `${label} (${(recall * 100).toFixed(1)} %)`);
  return [`Less than half of the test rows are found of class ${named.join(', ')}.`];
}

/** Classes whose name is wrong more often than right; a mean over all rows hides them too. */
function hardlyRight({ evaluation }: TestView): string[] {
  const hard = evaluation.perClass.filter(({ predicted, precision }) => predicted > 0 && precision < 0.5);
  if (hard.length === 0) return [];
  const named = hard
    .slice(0, 8)
    .map(({ label, precision }) => `${label} (${(precision * 100).toFixed(1)} %)`);
  return [`Less than half of the test rows named as a class are of it: ${named.join(', ')}.`];
}

function worseOnNewSources(unseen: Report['unseenSources'], headline: Report['headline']): string[] {
  const f1 = (numbers: Report['headline']) => numbers.find(({ name }) => name === 'f1Macro')?.value ?? null;
  const [onNew, onAll] = [unseen && f1(unseen.headline), f1(headline)];
  if (onNew === null || onAll === null || onAll - onNew < DROP) return [];
  return [
    `On sources never seen in training F1 (mean of classes) is ${onNew.toFixed(3)}; on all test rows it is ${onAll.toFixed(3)}.`,
  ];
}

/**
 * Days of few rows differ by chance: counted are those on which so few rows are right with a chance, at the share of all days,
 * that is small among so many days (exact binomial test; Bonferroni).
 */
function worseOnSomeDays(decay: Report['decay'], view: TestView): string[] {
  if ('skipped' in decay) return [];
  const [positive] = view.evaluation.perClass.slice(1);
  const overall: Readonly<Record<string, number | undefined>> = view.isBinary
    ? { recall: positive?.recall, precision: positive?.precision }
    : { accuracy: view.evaluation.metrics['accuracy'] };
  const shares = decay.series.flatMap(({ name, points }) => {
    const usual = overall[name];
    return usual === undefined ? [] : [{ name, usual, points: points.filter(({ value }) => value !== null) }];
  });
  const nTests = shares.reduce((sum, { points }) => sum + points.length, 0);
  return shares.flatMap(({ name, usual, points }) => {
    const low = points
      .flatMap(({ start, value, of = 0 }) => {
        const share = value!;
        if (usual - share < DROP) return [];
        const chance = binomialUpperTail(Math.round((1 - share) * of), of, 1 - usual);
        return chance < MAX_CHANCE / nTests
          ? [{ value: share, day: new Date(start).toISOString().slice(0, 10) }]
          : [];
      })
      .sort((a, b) => a.value - b.value);
    const [worst] = low;
    if (worst === undefined) return [];
    const title = `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const others = low.length === 1 ? '' : `, and is lower on ${low.length - 1} more ${decay.period}s`;
    const when = decay.period === 'day' ? `on ${worst.day}` : `in the week of ${worst.day}`;
    return [
      `${title} falls to ${worst.value.toFixed(3)} ${when}${others}; on all test rows it is ${usual.toFixed(3)}.`,
    ];
  });
}

function oneSource({ sources, yTrue, isBinary, classes, groups, groupedBy }: TestView): string[] {
  if (sources === undefined) return [];
  const nSources = new Set(sources).size;
  if (nSources === 1)
    return ['All test rows are of one source: nothing is known of others, and the intervals are too narrow.'];
  const weak: string[] = [];
  const counts = new Map<number | string, number>();
  let rows = 0;
  sources.forEach((source, i) => {
    if (isBinary && yTrue[i] !== 1) return;
    counts.set(source, (counts.get(source) ?? 0) + 1);
    rows++;
  });
  const most = Math.max(0, ...counts.values());
  if (rows > 1 && most > rows / 2)
    weak.push(
      `${most} of the ${rows} rows${isBinary ? ` of class ${classes[1]}` : ''} in the test part are of one source.`,
    );
  const nGroups = groups === undefined ? 0 : new Set(groups).size;
  if (groups !== undefined && nGroups < FEW_GROUPS)
    weak.push(
      `The intervals come from ${nGroups} groups (${groupedBy}): of so few they are often too narrow.`,
    );
  return weak;
}

const TITLES: Readonly<Record<string, string>> = {
  recallBinary: 'Recall',
  precisionBinary: 'Precision',
  f1Macro: 'F1 (mean of classes)',
};

function wideIntervals(headline: Report['headline']): string[] {
  return headline.flatMap(({ name, interval }) => {
    const title = TITLES[name];
    if (title === undefined || interval === null || interval.high - interval.low <= WIDE) return [];
    return [`${title} can be anything from ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}.`];
  });
}

function wideInTraffic(point: Report['operatingPoint']): string[] {
  const interval = 'skipped' in point ? null : (point.stated.precision?.interval ?? null);
  if (interval === null || interval.high - interval.low <= WIDE) return [];
  return [
    `In the traffic as stated, the share of alerts that are real can be anything from ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}.`,
  ];
}

/** A gain over the best simple model that the interval does not show is none yet. */
function noGain(baselines: ReportInput['baselines'], headline: Report['headline']): string[] {
  const own = headline.find(({ name }) => name === 'f1Macro');
  if (own?.value == null) return [];
  const least = own.interval?.low ?? own.value;
  const best = baselines.reduce<{ name: string; f1: number } | undefined>((found, { name, metrics }) => {
    const f1 = metrics['f1Macro'] ?? 0;
    return found === undefined || f1 > found.f1 ? { name, f1 } : found;
  }, undefined);
  if (best === undefined || best.f1 < least) return [];
  return [
    `No clear gain: the baseline ${best.name} has F1 ${best.f1.toFixed(3)} (mean of classes), this model ${own.value.toFixed(3)}.`,
  ];
}

function randomSplit(method: string, { times, sources }: TestView): string[] {
  if (method !== 'random' && method !== 'stratified') return [];
  const known = [...(times === undefined ? [] : ['times']), ...(sources === undefined ? [] : ['sources'])];
  if (known.length === 0) return [];
  return [
    `The test rows were drawn at random although the rows have ${known.join(' and ')}: on what comes later it can do worse.`,
  ];
}
