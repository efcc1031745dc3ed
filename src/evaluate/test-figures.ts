import type { Comparison } from './comparison.js';
import { formatDifference, formatPValue } from './comparison-figures.js';
import type { PairedTestName, Untested } from './paired-test.js';
import type { JudgedTest } from './verdict.js';

/** What the tests are called. */
const TEST_TITLES: Readonly<Record<PairedTestName, string>> = {
  mcnemar: 'McNemar',
  delong: 'DeLong',
  bootstrap: 'bootstrap',
  correctedT: 't over folds',
};

const METRIC_TITLES: Readonly<Record<string, string>> = { accuracy: 'accuracy', rocAuc: 'AUC', f1: 'F1' };

/** The titles of `testFigures`. */
export const TEST_COLUMNS: readonly string[] = ['', 'difference', 'p', 'Holm', 'verdict', 'test'];

/** Returns what stands of a test in a row: metric, difference with its interval, p before and after Holm, verdict, test. */
export function testFigures(test: JudgedTest): string[] {
  return [
    METRIC_TITLES[test.metric] ?? test.metric,
    formatDifference(test),
    formatPValue(test.pValue),
    formatPValue(test.adjustedPValue),
    test.verdict,
    TEST_TITLES[test.test],
  ];
}

/** Returns whether there is a test. */
export function isJudged(test: JudgedTest | Untested): test is JudgedTest {
  return 'verdict' in test;
}

/** Returns each reason for which tests are missing, with what it is for: once, however many rows it holds for. */
export function missingTests({ rows }: Comparison): { tests: string; reason: string; names: string[] }[] {
  const missing = new Map<string, { tests: string; reason: string; names: string[] }>();
  for (const { name, tests = [] } of rows) {
    const untested = tests.filter((test) => !isJudged(test)) as Untested[];
    for (const reason of new Set(untested.map((test) => test.reason))) {
      const titles = untested.filter((test) => test.reason === reason).map(({ test }) => TEST_TITLES[test]);
      const what = titles.length === tests.length ? 'test' : titles.join(', ');
      const found = missing.get(`${what}:${reason}`);
      if (found) found.names.push(name);
      else missing.set(`${what}:${reason}`, { tests: what, reason, names: [name] });
    }
  }
  return [...missing.values()];
}
