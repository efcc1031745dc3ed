import { isSkipped, type Report } from './document.js';
import { count, counted, decimal, inWords, percent } from './format.js';
import { shownText } from './text.js';

type Point = Exclude<Report['operatingPoint'], { skipped: string }>;

/** What the class that alerts is called: one of it, and many. */
interface Nouns {
  readonly one: string;
  readonly many: string;
}

/** Returns what the class that alerts is called. */
export function positives({ label, positive }: Report['model']): Nouns {
  if (label === 'is_attack') return { one: 'attack', many: 'attacks' };
  const of = `of class ${shownText(positive ?? '', 40)}`;
  return { one: `row ${of}`, many: `rows ${of}` };
}

/** Returns what the threshold comes to, in sentences: the first with what matters most. */
export function operatingWords({ operatingPoint, model }: Report): string[] {
  if (isSkipped(operatingPoint)) return [];
  const nouns = positives(model);
  return [lead(operatingPoint, nouns), ...beside(operatingPoint, nouns.many)];
}

function lead(point: Point, nouns: Nouns): string {
  const { stated, threshold } = point;
  const at = threshold === null ? 'With no score high enough' : `At threshold ${decimal(threshold)}`;
  const missed = misses(point, nouns);
  if (stated.alertsADay !== null && stated.baseRate !== null && stated.eventsADay !== null) {
    const { value, interval } = stated.alertsADay;
    const volume = `${count(Math.round(stated.eventsADay))} events a day${stated.eventsFrom === 'data' ? ' (as in the data)' : ''}`;
    const span = interval === null ? '' : ` (${whole(interval.low)} to ${whole(interval.high)})`;
    const traffic = `with ${percent(stated.baseRate)} ${nouns.many} among ${volume}`;
    const alerts = value === 0 ? `no alerts${span}` : `about ${whole(value)} alerts a day${span}`;
    return `${at}, ${traffic}: ${alerts}${real(stated.precision)}, ${missed}.`;
  }
  const alerts = point.truePositives + point.falsePositives;
  const rows = alerts + point.falseNegatives + point.trueNegatives;
  return `${at}: ${counted(alerts, 'alert')} on ${counted(rows, 'test row')}${real(point.precision)}, ${missed}.`;
}

function whole(value: number): string {
  return value < 10 ? count(Number(value.toPrecision(2))) : count(Math.round(value));
}

function real(precision: Point['precision']): string {
  if (precision === null) return '';
  const { value, interval } = precision;
  return `, ${inWords(value)} of them real${between(interval)}`;
}

function misses({ recall }: Point, { one: noun, many }: Nouns): string {
  if (recall === null) return `there is no ${noun} to find`;
  const { value, interval } = recall;
  const missed = between(interval && { low: 1 - interval.high, high: 1 - interval.low });
  if (value === 1) return `misses no ${noun}${missed}`;
  if (value === 0) return `misses every ${noun}${missed}`;
  const share = inWords(1 - value);
  return `${share.startsWith('1 in ') ? `misses 1 ${noun} in ${share.slice(5)}` : `misses ${share} ${many}`}${missed}`;
}

function between(interval: { readonly low: number; readonly high: number } | null): string {
  return interval === null ? '' : ` (${percent(interval.low)} to ${percent(interval.high)})`;
}

/** Returns of more than two classes how often the right one is named, and which is found least. */
export function classWords({ headline, perClass }: Report): string[] {
  const accuracy = headline.find(({ name }) => name === 'accuracy');
  if (accuracy?.value == null) return [];
  const [worst] = perClass.filter(({ support }) => support > 0).sort((a, b) => a.recall - b.recall);
  const least =
    worst === undefined
      ? ''
      : ` Found least often: ${shownText(worst.label, 40)}, ${percent(worst.recall)} of ${counted(worst.support, 'row')}.`;
  return [
    `Names the right class for ${percent(accuracy.value)} of the test rows${between(accuracy.interval)}.${least}`,
  ];
}

/** What the data itself says, and what was not stated. */
function beside({ data, stated, precision }: Point, many: string): string[] {
  const volume = data.eventsADay === null ? '' : ` and ${count(Math.round(data.eventsADay))} events a day`;
  const alerts = data.alertsADay === null ? '' : `, which makes about ${whole(data.alertsADay)} alerts a day`;
  const own = `The data itself has ${percent(data.baseRate)} ${many} among the test rows${volume}${alerts}.`;
  if (stated.baseRate !== null) return [own];
  const missing =
    precision === null
      ? ''
      : ' The share of real alerts holds for that share only: in traffic with fewer of them it is lower.';
  return [`${own}${missing} State your own with --base-rate and --events-per-day.`];
}

/** Returns the split in words: the stamp of the run. */
export function splitWords({ split, data }: Report): string {
  const { method, groupBy, testFrom, gap, nLeftOut, randomState } = split;
  const by = groupBy === null ? '' : ` ${shownText(groupBy, 40)}`;
  const how: Readonly<Record<string, string>> = {
    time: `By time: tested on the last rows${testFrom === null ? '' : `, those from ${shownText(testFrom, 40)} on`}, trained on those before.`,
    group: `By whole groups of${by}: no group is on both sides.`,
    'stratified-group': `By whole groups of${by}, keeping the shares of the classes as they allow: no group is on both sides.`,
    stratified: `At random (seed ${randomState}), keeping the shares of the classes. Rows of one attacker or one minute can be on both sides: such numbers are often too good.`,
    random: `At random (seed ${randomState}). Rows of one attacker or one minute can be on both sides: such numbers are often too good.`,
    file: `By file: tested on ${fileName(data.testPath ?? 'another file')}, trained on all of ${fileName(data.path)}.`,
  };
  const words = Object.hasOwn(how, method) ? how[method]! : `By ${shownText(method, 40)}.`;
  const left =
    gap === null
      ? ''
      : ` ${counted(nLeftOut ?? 0, 'row')} within ${shownText(gap, 20)} of the test rows left out.`;
  return `${words}${left} ${counted(data.train.rows, 'training row')}, ${counted(data.test.rows, 'test row')}.`;
}

/** Returns a short title of the report. */
export function reportTitle({ run }: Report): string {
  return `Report of ${shownText(run.runName, 80)}`;
}

function fileName(path: string): string {
  return shownText(path.replace(/^.*[/\\]/, ''), 80);
}
