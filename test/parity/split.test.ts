import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { RandomState } from '#src/core/index.js';
import type { Labels, Split } from '#src/data/index.js';
import { takeLabels } from '#src/data/index.js';
import {
  groupKFold,
  groupTrainTestSplit,
  kFold,
  leaveOneGroupOut,
  repeatedKFold,
  repeatedStratifiedKFold,
  stratifiedGroupKFold,
  stratifiedKFold,
  timeSeriesSplit,
  trainTestSplit,
} from '#src/split/index.js';

/** What `split-frozen.py` wrote. `is`: whole arrays of small cases, a digest of large ones, null where scikit-learn refuses. */
interface Frozen {
  readonly streams: {
    seed: number;
    words: number[];
    wordsDigest: string;
    permutation: number[];
    permutationDigest: string;
  }[];
  readonly week6: { file: string; test: number[]; trainDigest: string; crossValidationDigest: string }[];
  readonly cases: Case[];
}
interface Case {
  readonly kind: keyof typeof makers;
  readonly n: number;
  readonly labels?: string;
  /** Two characters a row. */
  readonly groups?: string;
  readonly options: Record<string, number | boolean>;
  readonly is: string | number[][][] | null;
}

const frozen: Frozen = JSON.parse(readFileSync(new URL('frozen/split.json', import.meta.url), 'utf8'));

const makers = {
  holdout: ({ n, options }: Case) => [trainTestSplit(n, options)],
  stratified: (c: Case) => [trainTestSplit(c.n, { ...c.options, stratify: labelsOf(c) })],
  kFold: ({ n, options }: Case) => kFold(n, options),
  stratifiedKFold: (c: Case) => stratifiedKFold(labelsOf(c), { ...c.options, rareClasses: 'allow' }),
  repeated: ({ n, options }: Case) => repeatedKFold(n, options),
  repeatedStratified: (c: Case) =>
    repeatedStratifiedKFold(labelsOf(c), { ...c.options, rareClasses: 'allow' }),
  groupHoldout: (c: Case) => [groupTrainTestSplit(groupsOf(c), c.options)],
  groupKFold: (c: Case) => groupKFold(groupsOf(c), c.options),
  stratifiedGroupKFold: (c: Case) =>
    stratifiedGroupKFold(labelsOf(c), groupsOf(c), { ...c.options, rareClasses: 'allow' }),
  leaveOneGroupOut: (c: Case) => leaveOneGroupOut(groupsOf(c)),
  time: ({ n, options }: Case) =>
    timeSeriesSplit(
      Float64Array.from({ length: n }, (_, i) => 5 * i),
      options,
    ),
};

const week6 = new URL('../../../shared/data/week6/', import.meta.url);
if (!existsSync(week6)) console.log('skipped: the reference split, as ../shared/data/week6 is absent');

const digits = [...'0123456789abcdefghijklmnopqrstuvwxyz'];

function labelsOf({ labels = '' }: Case): Labels {
  return { classes: digits, codes: Uint16Array.from(labels, (digit) => digits.indexOf(digit)) };
}

function groupsOf({ groups = '' }: Case): string[] {
  return groups.match(/../g) ?? [];
}

function digest(splits: readonly Uint32Array[][]): string {
  const hash = createHash('sha256');
  for (const part of splits.flat()) hash.update(Uint32Array.of(part.length)).update(part);
  return hash.digest('hex');
}

function plain(splits: readonly Split[]): Uint32Array[][] {
  return splits.map(({ train, test }) => [train, test]);
}

describe('scikit-learn 1.9.1, frozen', () => {
  it.each(frozen.streams)('gives the stream of NumPy for seed $seed', (stream) => {
    const random = new RandomState(stream.seed);
    const words = Uint32Array.from({ length: 2000 }, () => random.nextUint32());
    expect([...words.subarray(0, 4)]).toEqual(stream.words);
    expect(digest([[words]])).toBe(stream.wordsDigest);
    expect([...new RandomState(stream.seed).permutation(11)]).toEqual(stream.permutation);
    expect(digest([[new RandomState(stream.seed).permutation(3000)]])).toBe(stream.permutationDigest);
  });

  it.each(Object.keys(makers) as Case['kind'][])('gives the same rows in the same order: %s', (kind) => {
    const cases = frozen.cases.filter((c) => c.kind === kind);
    expect(cases.length).toBeGreaterThan(40);
    for (const c of cases) {
      const where = JSON.stringify({ ...c, is: undefined });
      if (c.is === null) expect(() => makers[kind](c), where).toThrow();
      else {
        const splits = plain(makers[kind](c));
        const got = typeof c.is === 'string' ? digest(splits) : splits.map((s) => s.map((p) => [...p]));
        expect(got, where).toEqual(c.is);
      }
    }
  });

  it.skipIf(!existsSync(week6)).each(frozen.week6)('gives the reference split of $file', (reference) => {
    const file = new URL(reference.file, week6);
    const attacks = ['login_failed', 'sqli_attempt', 'command', 'connect', 'mail_from', 'rcpt_to', 'data'];
    const events: { event: string }[] = parse(readFileSync(file), { columns: true });
    const labels = {
      classes: [0, 1],
      codes: Uint16Array.from(events, (e) => Number(attacks.includes(e.event))),
    };
    const split = trainTestSplit(events.length, { testSize: 0.2, stratify: labels, randomState: 42 });
    expect([...split.test]).toEqual(reference.test);
    expect(split.test).toHaveLength(44);
    expect(digest([[split.train]])).toBe(reference.trainDigest);
    const folds = stratifiedKFold(takeLabels(labels, split.train), {
      nSplits: 10,
      shuffle: true,
      randomState: 42,
    });
    expect(digest(plain(folds))).toBe(reference.crossValidationDigest);
  });
});
