import { PhantomNetError, show } from '../core/index.js';
import { countClasses, IS_ATTACK } from '../features/index.js';
import { recogniseLog } from '../ingest/index.js';
import type { ExperimentConfig } from './config.js';
import type { LabelledSamples } from './fit-detector.js';
import { dataPath } from './read-data.js';
import { isTable, type Samples } from './samples.js';

/** Sensors that nobody has a reason to talk to: what they log is a scan or an attack. */
const HONEYPOTS: readonly string[] = ['cowrie', 'dionaea', 'opencanary'];

/** What a config file says for a model of the log of a sensor, by the start of the log's name; the first that fits. */
const OFFERS: readonly (readonly [dataset: string, config: readonly string[]])[] = [
  [
    'cowrie',
    [
      'sample:',
      '  unit: session',
      '  until: { event.action: [cowrie.login.*, cowrie.session.closed] }',
      'label:',
      '  target: stage',
      '  taxonomy: session-stage',
      '  classes: { connect: scan, login-attempt: guessing, login: break-in, proxy: break-in,',
      '    command: break-in, discovery: break-in, evasion: break-in, persistence: break-in,',
      '    transfer: break-in, impact: break-in }',
    ],
  ],
  [
    'suricata',
    [
      'sample: { unit: event, where: { event.dataset: suricata.flow } }',
      'label:',
      '  target: alert',
      '  join: { events: { event.dataset: suricata.alert }, on: [session], take: rule.category, otherwise: none }',
    ],
  ],
  [
    'zeek',
    [
      'sample: { unit: event }',
      'label: { target: kind, field: label, classes: { Benign: benign, Malicious: malicious } }',
    ],
  ],
  ['', ['sample: { unit: event }', 'label: { target: technique, taxonomy: attack-technique }']],
];

/** Returns the lines of a config file that trains on the log of a sensor, indented, and how they are used. */
function offer(dataset: string, path: string): string {
  const [, lines] = OFFERS.find(([start]) => dataset.startsWith(start))!;
  const config = lines.map((line) => `  ${line}`).join('\n');
  return `write to a file such as labels.yaml\n${config}\nand run: phantomnet train ${show(path)} --config labels.yaml (docs/how-to/label-events.md)`;
}

/**
 * Throws BAD_DATA for the log of a sensor where the config does not say what its samples and labels are, with what to write.
 * A log of week 6 is labelled by its own rule.
 */
export async function requireSampleRule({ data, sample }: ExperimentConfig): Promise<void> {
  const path = dataPath(data);
  if (sample !== undefined || data.format !== undefined || path === '-') return;
  const source = await recogniseLog(path);
  if (source === undefined || source === 'week6') return;
  throw new PhantomNetError(
    'BAD_DATA',
    `${show(path)} is a log of ${source}, and nothing says what its samples are and how they are labelled`,
    { hint: offer(source, path), details: { file: path, source } },
  );
}

/** Returns the names of the logs that events come from, where they are in the event form. */
export function datasetsOf(samples: Samples): string[] {
  if (isTable(samples)) return [];
  return [...new Set(samples.flatMap(({ fields }) => fields['event.dataset'] ?? []).map(String))];
}

/**
 * Throws BAD_DATA where all samples are of one class, unless the model needs no other: with the reason, and what can be
 * learnt from such data, where they are of a honeypot.
 */
export function requireTwoClasses(
  { labels }: LabelledSamples,
  config: ExperimentConfig,
  datasets: readonly string[],
): void {
  const present = countClasses(labels).filter(({ count }) => count > 0);
  if (present.length !== 1 || config.estimator.name === 'majority') return;
  const one = present[0]!.class;
  const { why = '', hint } =
    one === 0 ? (unfulfilled(config) ?? reasonFor(config, datasets)) : reasonFor(config, datasets);
  throw new PhantomNetError(
    'BAD_DATA',
    `all samples are of class ${show(one)}, a classifier needs at least two classes to tell apart${why}`,
    { hint, details: { class: one, datasets } },
  );
}

/** Returns why all samples are of class 0 where a condition makes the label. */
function unfulfilled({
  label,
}: ExperimentConfig): { readonly why: string; readonly hint: string } | undefined {
  if (label.when === undefined) return undefined;
  return {
    why: ': no event of a sample fulfils label.when',
    hint: 'check label.when against what the events are, which phantomnet ingest <logs> lists, or give logs in which some fulfil it',
  };
}

/** Returns why all samples of some logs may be of one class, and what to do. */
function reasonFor(
  { data, label, sample }: ExperimentConfig,
  datasets: readonly string[],
): { readonly why?: string; readonly hint: string } {
  const [first] = datasets;
  if (first === undefined)
    return { hint: "give rows of another class, check the label rule, or use the 'majority' baseline" };
  const names = datasets.join(', ');
  const offered = offer(first, dataPath(data));
  if (isHoneypot(datasets))
    return {
      why: `: a honeypot (${names}) has no benign traffic, all it logs is a scan or an attack`,
      hint: `for attack or benign, add logs of benign traffic, such as those of a sensor beside machines in use, and label them; for the type of attack, ${offered}`,
    };
  if (sample === undefined && label.target === IS_ATTACK)
    return {
      why: `: the rule of ${IS_ATTACK} is for events of week 6, these are of ${names}`,
      hint: offered,
    };
  return { hint: 'give logs that hold another class, or check the label rule' };
}

/** Returns whether all events are of honeypots. */
function isHoneypot(datasets: readonly string[]): boolean {
  const isOne = (dataset: string) =>
    HONEYPOTS.some((name) => dataset === name || dataset.startsWith(`${name}.`));
  return datasets.length > 0 && datasets.every(isOne);
}

/** Returns a warning where, of two classes, that of samples for which no event holds a label would be the one that alerts. */
export function joinNotes(
  { join, classes = {} }: ExperimentConfig['label'],
  labels: LabelledSamples['labels'],
): string[] {
  const otherwise = join?.otherwise;
  if (otherwise === undefined || labels.classes.length !== 2) return [];
  const none = Object.hasOwn(classes, otherwise) ? classes[otherwise] : otherwise;
  if (String(labels.classes[1]) !== String(none)) return [];
  return [
    `class ${show(none)}, which is where no event holds a label, is the second by name and so the one that alerts: give the other a name that comes after it (label.classes)`,
  ];
}

/** Returns a warning where a label of honeypot events has the name of a label that tells attacks from benign traffic. */
export function honeypotNotes({ target }: ExperimentConfig['label'], datasets: readonly string[]): string[] {
  if (target !== IS_ATTACK || !isHoneypot(datasets)) return [];
  return [
    `${IS_ATTACK}: a honeypot has no benign traffic, so this tells attacks from other attacks; label.taxonomy names their types`,
  ];
}
