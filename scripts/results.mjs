// Trains the examples on real data and writes docs/results.md: each with its split, intervals, baselines and time taken.
// npm run results -- [--data <folder>] [--out <file>]
// --data: default ../shared/data; the page names the public source of each file. --out: default docs/results.md, which is only
// written where .venv has Python: it holds the rows of scikit-learn.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NSL_KDD_ATTACK_CLASSES } from '../dist/features/index.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: { data: { type: 'string', default: at('../../shared/data') }, out: { type: 'string' } },
});
const PYTHON = at('../.venv/bin/python');
if (flags.out === undefined && !existsSync(PYTHON)) {
  process.stderr.write(
    'no .venv/bin/python for the rows of scikit-learn: docs/results.md is left as it is\n',
  );
  process.stderr.write(
    'help: write the page without them with --out results.md, or see CONTRIBUTING.md for .venv\n',
  );
  process.exit(1);
}
const MAIN = at('../dist/cli/main.js');
const work = mkdtempSync(join(tmpdir(), 'phantomnet-results-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const share = (value) => (value === undefined ? '–' : value.toFixed(4).replace(/^(-?)0\./, '$1.'));
const withInterval = (value, interval) =>
  interval === undefined ? share(value) : `${share(value)} [${share(interval.low)}, ${share(interval.high)}]`;

/** Runs the program and returns what it printed as JSON, its exit code and the seconds it took. */
function run(args) {
  process.stderr.write(`phantomnet ${args.join(' ')}\n`);
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--json', '--quiet'], {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - began) / 1000;
  const text = stdout.trim() === '' ? stderr : stdout;
  return { status, seconds, value: JSON.parse(text.trim().split('\n').at(-1)) };
}

function train(args) {
  const { status, seconds, value } = run(['train', ...args, '--min-accuracy', '0']);
  if (status !== 0) throw new Error(`train failed: ${JSON.stringify(value)}`);
  return { ...value, seconds };
}

const METRICS = [
  ['accuracy', 'accuracy'],
  ['macro F1', 'f1Macro'],
  ['ROC AUC', 'rocAuc'],
  ['PR AUC', 'prAuc'],
];

/** Returns the table of a result: the model, the same on new sources, and its baselines. */
function table(result, more = []) {
  const columns = METRICS.filter(([, name]) => result.metrics[name] !== undefined);
  const row = (title, { metrics, intervals = {} }) =>
    `| ${[title, ...columns.map(([, name]) => withInterval(metrics[name], intervals[name]))].join(' | ')} |`;
  const { unseenSources: unseen } = result;
  return [
    `| model | ${columns.map(([title]) => title).join(' | ')} |`,
    `| --- |${columns.map(() => ' --- |').join('')}`,
    row(result.estimator, result),
    ...(unseen === null || unseen.nSamples === result.split.nTest
      ? []
      : [row(`the same, on ${unseen.nSamples} rows of ${unseen.nSources} sources not trained on`, unseen)]),
    ...result.baselines.map((baseline) => row(`baseline ${baseline.name}`, baseline)),
    ...more.map(([title, metrics]) => row(title, { metrics })),
  ].join('\n');
}

/** Returns which baselines have higher figures than the model, by name, and which figures: the higher the better, all of them. */
function betterBaselines({ estimator, metrics, baselines }) {
  const above = baselines.flatMap((baseline) => {
    const figures = METRICS.filter(([, name]) => baseline.metrics[name] > metrics[name]).map(
      ([title, name]) => `${title} (${share(baseline.metrics[name])}, not ${share(metrics[name])})`,
    );
    return figures.length === 0 ? [] : [`${baseline.name} in ${figures.join(', ')}`];
  });
  return above.length === 0
    ? `No baseline is above the ${estimator} in any of these.`
    : `**Above the ${estimator}: ${above.join('; ')}.**`;
}

function facts({ split, seconds, data, crossValidation }) {
  const from = split.testFrom === undefined ? '' : ` from ${split.testFrom}`;
  const gap = split.gap === undefined ? '' : `, a gap of ${split.gap} (${split.nLeftOut} rows left out)`;
  const by = split.groupBy === undefined ? '' : ` by ${split.groupBy}`;
  const cv =
    crossValidation === null
      ? ''
      : ` Cross-validation (${crossValidation.method}, ${crossValidation.folds} folds of the training rows): accuracy ${share(crossValidation.mean.accuracy)} ± ${share(crossValidation.std.accuracy)}.`;
  return `Split: ${split.method}${by}${from}${gap}; ${split.nTrain} training rows, ${split.nTest} test rows, ${data.rejected} lines rejected.${cv} Took ${seconds.toFixed(1)} s from file to logged model, baselines included.`;
}

const listed = (result, most = 6) =>
  result.warnings
    .filter(
      (warning) => !/^columns that are no features|missing values|columns without any value/.test(warning),
    )
    .slice(0, most)
    .map((warning) => `- ${warning}`)
    .join('\n');

const command = (text) => `\`\`\`\n${text}\n\`\`\``;

function sklearn() {
  if (!existsSync(PYTHON)) return [];
  const classes = join(work, 'classes.json');
  writeFileSync(classes, JSON.stringify(Object.fromEntries(NSL_KDD_ATTACK_CLASSES)));
  process.stderr.write('scikit-learn on NSL-KDD\n');
  const printed = execFileSync(PYTHON, [at('./results-sklearn.py'), `${flags.data}/nsl-kdd`, classes], {
    encoding: 'utf8',
  });
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function nslKdd() {
  const peers = sklearn();
  const parts = [
    ['is_attack', 'normal or attack'],
    ['attack_class', 'normal and four kinds of attack'],
  ].map(([label, title]) => {
    const folder = `${flags.data}/nsl-kdd`;
    const result = train([
      `${folder}/KDDTrain+.txt.gz`,
      ...['--test', `${folder}/KDDTest+.txt.gz`, '--format', 'nsl-kdd', '--label', label],
      ...['--param', 'nEstimators=100', '--cv', '0'],
    ]);
    const peer = peers
      .filter((p) => p.label === label)
      .map((p) => ["scikit-learn's random forest, categories one-hot", p]);
    const text = `### ${title}\n\n${table(result, peer)}\n\n${betterBaselines(result)}\n\n${facts(result)}\n\n${listed(result)}`;
    return { text, accuracy: result.metrics.accuracy };
  });
  return `## NSL-KDD, tested on KDDTest+\n
The test file holds 17 attacks that the training file does not. The forest is right on ${parts.map(({ accuracy }) => `${(100 * accuracy).toFixed(1)} %`).join(' and ')} of the test rows,
of two and of five classes; scores of .99 come from splitting the training file at random.

${command('phantomnet train KDDTrain+.txt.gz --test KDDTest+.txt.gz --format nsl-kdd --label attack_class --cv 0 --param nEstimators=100 --min-accuracy 0')}

${parts.map(({ text }) => text).join('\n\n')}`;
}

function cowrie() {
  const events = join(work, 'events.parquet');
  const { value: ingest, seconds } = run([
    'ingest',
    `${flags.data}/cowrie/cowrie.json.2018-05-*.gz`,
    '--out',
    events,
    '--no-cache',
  ]);
  const login = train([events, '--config', at('../examples/cowrie-session.yaml')]);
  const acts = train([events, '--config', at('../examples/cowrie-session-acts.yaml')]);
  const positives = acts.confusionMatrix.at(-1).reduce((a, b) => a + b, 0);
  return `## Cowrie, May 2018: what a session will do\n
${ingest.events} events of ${ingest.files.length} days (read and sorted in ${seconds.toFixed(1)} s), trained on the days 6 to 23, tested on 25 to 31. A sample is a session,
seen up to its first attempt to log in, or its end, neither of which is seen; and what its source did before. Intervals
come from resampling whole sources: a few addresses make most sessions.

${command("phantomnet ingest 'cowrie.json.2018-05-*.gz' --out events.parquet\nphantomnet train events.parquet --config examples/cowrie-session.yaml")}

### (a) Which sessions will try to log in\n
${table(login)}

${betterBaselines(login)}

${facts(login)} The client's version tells most of it: some clients only connect, others always try.

${listed(login)}

### (b) Which sessions will run a command or fetch a file\n
${table(acts)}

${betterBaselines(acts)}

${facts(acts)} **This is weak.** There are ${positives} such sessions in the test part, most of them from one address: the interval of
the ROC AUC says so.

${listed(acts)}`;
}

function zeek() {
  const file = `${flags.data}/zeek/conn.log.labeled`;
  const { status, value } = run(['train', file, '--config', at('../examples/zeek-conn.yaml')]);
  if (status !== 1) throw new Error('the audits were expected to block the labelled Zeek log');
  return `## Zeek, a labelled capture: what the audits block\n
719 malicious and 44 benign connections, one family of malware within eight minutes: its port alone tells them apart. There
is nothing here to be proud of, so there is no score. Training stops:

${command(`phantomnet train conn.log.labeled --config examples/zeek-conn.yaml\nerror: ${value.error.message}\nhelp: ${value.error.hint}`)}`;
}

function suricata() {
  const result = train([
    `${flags.data}/suricata/eve.json.gz`,
    '--config',
    at('../examples/suricata-alert-class.yaml'),
  ]);
  return `## Suricata: which class of signature a flow raises\n
From the flow's own counters, ports and protocol; without addresses and without \`flow.alerted\`. The label is the category of
the alert of the same flow; flows without an alert are left out, and alerts whose flow has no record are counted below.

${command('phantomnet train eve.json.gz --config examples/suricata-alert-class.yaml')}

${table(result)}

${betterBaselines(result)}

${facts(result)} Small: read the intervals, not the points.

${listed(result)}`;
}

const SOURCES = `## Where the files come from\n
| file | public source |
| --- | --- |
| KDDTrain+, KDDTest+ | NSL-KDD of the Canadian Institute for Cybersecurity, University of New Brunswick; mirrors on GitHub: defcom17/NSL_KDD, dnyaneshpadol/Attack-Detection-ML |
| cowrie.json.2018-05-06 to -31 | GitHub: kareiva/cowrie-logs |
| conn.log.labeled, eve.json | GitHub: stratosphereips/StratosphereLinuxIPS |
`;

const page = [
  `# Results on real data\n
Made by \`npm run results -- --data <folder>\` with PhantomNet ${JSON.parse(readFileSync(at('../package.json'), 'utf8')).version}; nothing here is typed by hand. A share in brackets is a 95 % interval. Times are of one run on
two cores. The folder holds \`nsl-kdd\`, \`cowrie\`, \`zeek\` and \`suricata\` with the files named at the end.`,
  nslKdd(),
  cowrie(),
  zeek(),
  suricata(),
  SOURCES,
].join('\n\n');
// The page names files, not where they lie on the machine that made it.
const out = flags.out ?? at('../docs/results.md');
writeFileSync(out, `${page.replaceAll(`${flags.data}/`, '').trimEnd()}\n`);
process.stderr.write(`wrote ${out}\n`);
