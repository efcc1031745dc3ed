import { isSkipped, type Report } from './document.js';
import { count, counted, decimal, percent } from './format.js';
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

/** Returns what a volume counts: what the model scores. */
export function scored({ unit }: Report['data']): string {
  return unit === 'session' ? 'sessions' : 'events';
}

/** Returns what the threshold comes to, in sentences: the first with what matters most. */
export function operatingWords({ operatingPoint, model, data }: Report): string[] {
  if (isSkipped(operatingPoint)) return [];
  const nouns = positives(model);
  const many = scored(data);
  return [lead(operatingPoint, nouns, many), ...beside(operatingPoint, nouns.many, many)];
}

function lead(point: Point, nouns: Nouns, many: string): string {
  const { stated, threshold } = point;
  const at = threshold === null ? 'With no score high enough' : `At threshold ${decimal(threshold)}`;
  const missed = misses(point, nouns);
  if (stated.alertsADay !== null && stated.baseRate !== null && stated.eventsADay !== null) {
    const { value, interval } = stated.alertsADay;
    const volume = `${count(Math.round(stated.eventsADay))} ${many} a day${stated.eventsFrom === 'data' ? ' (as in the data)' : ''}`;
    const span = interval === null ? '' : ` (${whole(interval.low)} to ${whole(interval.high)})`;
    const traffic = `with ${percent(stated.baseRate)} ${nouns.many} among ${volume}`;
    const alerts = value === 0 ? `no alerts${span}` : `about ${whole(value)} alerts a day${span}`;
    return `${at}, ${traffic}: ${alerts}${real(point, stated.precision)}, ${missed}.`;
  }
  const alerts = point.truePositives + point.falsePositives;
  const rows = alerts + point.falseNegatives + point.trueNegatives;
  return `${at}: ${counted(alerts, 'alert')} on ${counted(rows, 'test row')}${real(point, point.precision)}, ${missed}.`;
}

function whole(value: number): string {
  return value < 10 ? count(Number(value.toPrecision(2))) : count(Math.round(value));
}

/** That no test row was a false alert does not make every alert real. */
function real({ falsePositives }: Point, precision: Point['precision']): string {
  if (precision === null) return '';
  const { value, interval } = precision;
  if (falsePositives > 0) return `, ${percent(value)} of them real${between(interval)}`;
  const rest =
    interval === null ? '' : ` (${percent(interval.low)} to ${percent(interval.high)} of alerts may be real)`;
  return `, no false alert among the test rows${rest}`;
}

function misses({ recall }: Point, { one: noun, many }: Nouns): string {
  if (recall === null) return `there is no ${noun} to find`;
  const { value, interval } = recall;
  const missed = between(interval && { low: 1 - interval.high, high: 1 - interval.low });
  if (value === 1) return `misses no ${noun}${missed}`;
  if (value === 0) return `misses every ${noun}${missed}`;
  return `misses ${percent(1 - value)} of the ${many}${missed}`;
}

function between(interval: { readonly low: number; readonly high: number } | null): string {
  return interval === null ? '' : ` (${percent(interval.low)} to ${percent(interval.high)})`;
}

/** Returns of more than two classes how often the right one is named, and for which class it does worst. */
export function classWords({ headline, perClass }: Report): string[] {
  const accuracy = headline.find(({ name }) => name === 'accuracy');
  if (accuracy?.value == null) return [];
  const [worst] = perClass.filter(({ support }) => support > 0).sort((a, b) => a.f1 - b.f1);
  const least =
    worst === undefined
      ? ''
      : ` Worst is ${shownText(worst.label, 40)} (F1 ${decimal(worst.f1)}): ${percent(worst.recall)} of its ${counted(worst.support, 'row')} found, ${percent(worst.precision)} of the rows named so are of it.`;
  return [
    `Names the right class for ${percent(accuracy.value)} of the test rows${between(accuracy.interval)}.${least}`,
  ];
}

/** What the data itself says, and what was not stated. */
function beside({ data, stated, precision }: Point, many: string, unit: string): string[] {
  const volume = data.eventsADay === null ? '' : ` and ${count(Math.round(data.eventsADay))} ${unit} a day`;
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
