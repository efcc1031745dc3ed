import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '#src/core/text-width.js';
import {
  type ComparisonEntry,
  compare,
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  type Interval,
} from '#src/evaluate/index.js';

const interval = (low: number, high: number): Interval => ({ low, high, level: 0.95, method: 'wilson' });

function entry(name: string, value: number, extra: Partial<ComparisonEntry> = {}): ComparisonEntry {
  const keys = ['accuracy', 'precision', 'recall', 'f1', 'rocAuc'];
  return {
    name,
    metrics: Object.fromEntries(keys.map((key) => [key, value])),
    intervals: Object.fromEntries(keys.map((key) => [key, interval(value - 0.1, Math.min(1, value + 0.05))])),
    ...extra,
  };
}

const predictions = (yPred: number[]) => ({ dataset: 'd', rows: [0, 1, 2, 3], yTrue: [0, 1, 0, 1], yPred });
const FOREST = entry('random-forest', 39 / 44, { latencyMs: 0.0123, predictions: predictions([0, 1, 0, 1]) });
const STUMP = entry('stump', 0.75, { latencyMs: 0.002, predictions: predictions([1, 1, 0, 1]) });
const BASELINE = entry('majority', 0.5, { latencyMs: 250 });
const HOSTILE = '=cmd|"x"\u001b[31m\u202e\n`<b>`';

describe('compare', () => {
  it('marks the best of each column, low being good for latency', () => {
    const { rows, against } = compare([FOREST, STUMP, BASELINE]);
    expect(against).toBeUndefined();
    expect(rows.map((row) => row.cells.accuracy!.best)).toEqual([true, false, false]);
    expect(rows.map((row) => row.cells.latencyMs!.best)).toEqual([false, true, false]);
    expect(rows[0]!.cells.accuracy).toEqual({
      value: 39 / 44,
      interval: FOREST.intervals!['accuracy'],
      best: true,
    });
    expect(rows[0]).not.toHaveProperty('tests');
  });

  it('marks all that tie, rounding aside, and nothing where only one has a figure', () => {
    const twin = entry('twin', 39 / 44 + 1e-15);
    const { rows } = compare([FOREST, twin, BASELINE]);
    expect(rows.map((row) => row.cells.f1!.best)).toEqual([true, true, false]);
    const alone = compare([FOREST, { name: 'bare', metrics: { accuracy: Number.NaN } }]).rows;
    expect(alone[0]!.cells.accuracy!.best).toBe(false);
    expect(alone[1]!.cells).toEqual({});
  });

  it('marks no entry beside one that was tested on other data or for another label', () => {
    const elsewhere = entry('elsewhere', 0.99, {
      predictions: { ...predictions([0, 1, 0, 1]), dataset: 'another' },
    });
    const entries = [elsewhere, FOREST, STUMP, BASELINE];
    const { rows, comparable } = compare(entries, { against: 'stump' });
    expect(comparable).toEqual(['random-forest', 'stump']);
    expect(rows.map((row) => row.cells.accuracy!.best)).toEqual([false, true, false, false]);
    expect(rows.map((row) => row.cells.latencyMs?.best)).toEqual([undefined, false, true, false]);
    expect(comparisonText(compare(entries, { against: 'stump' }))).toContain(
      '*: best of the 2 tested on the data and label of the chosen run\nms: mean latency;',
    );
    const unchosen = compare(entries);
    expect(unchosen.comparable).toEqual([]);
    expect(comparisonText(unchosen)).not.toContain('*');
    expect(comparisonText(unchosen)).toContain(
      'none is best: not all were tested on the same data and label',
    );
    // What has no predictions cannot be told apart, so it takes part as long as all others agree.
    expect(compare([FOREST, STUMP, BASELINE])).not.toHaveProperty('comparable');
  });

  it('tests each entry against the chosen one, by name or id', () => {
    const { rows, against } = compare([FOREST, STUMP, BASELINE], { against: 'random-forest' });
    expect(against).toEqual({ id: 'random-forest', name: 'random-forest' });
    expect(rows[0]).not.toHaveProperty('tests');
    expect(rows[1]!.tests![0]).toMatchObject({
      onlyThisRight: 0,
      onlyOtherRight: 1,
      pValue: 1,
      verdict: 'no difference shown',
    });
    expect(rows[2]!.tests![0]).toEqual({
      test: 'mcnemar',
      metric: 'accuracy',
      reason: 'it has no predictions by row',
    });
    const byId = compare(
      [
        { ...FOREST, id: 'r1' },
        { ...FOREST, id: 'r2' },
      ],
      { against: 'r2' },
    );
    expect(byId.against).toEqual({ id: 'r2', name: 'random-forest' });
    expect(byId.rows.map((row) => 'tests' in row)).toEqual([true, false]);
  });

  it('refuses what it cannot choose', () => {
    expect(() => compare([])).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: 'there is nothing to compare: no run and no baseline was given',
      }),
    );
    expect(() => compare([FOREST, STUMP], { against: 'stomp' })).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: 'no compared entry has the id or name "stomp"',
        hint: "did you mean 'stump'?",
      }),
    );
    expect(() => compare([FOREST, STUMP], { against: 'zzzzzzzzzzzz' })).toThrow(
      expect.objectContaining({ hint: 'choose one of "random-forest", "stump"' }),
    );
    expect(() =>
      compare(
        [
          { ...FOREST, id: 'r1' },
          { ...FOREST, id: 'r2' },
        ],
        { against: 'random-forest' },
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        message: '2 of the compared entries are named "random-forest"',
        hint: 'choose one by its id: "r1", "r2"',
      }),
    );
  });
});

describe('comparisonText', () => {
  const table = compare([FOREST, STUMP, BASELINE], { against: 'random-forest' });

  it('sets the interval beside its figure where there is room', () => {
    const lines = comparisonText(table, { width: 140 }).split('\n');
    expect(lines[1]).toMatch(/^random-forest +\.886 \[\.79, \.94\]\* \.886 \[\.79, \.94\]\*.* 0\.012$/);
    expect(lines[2]).toMatch(/^stump +\.750 \[\.65, \.80\] .* 0\.002\*$/);
    expect(lines[3]).toMatch(/250$/);
  });

  it('sets it below where there is none, without a word lost', () => {
    const lines = comparisonText(table, { width: 80 }).split('\n');
    expect(lines[1]).toMatch(/^random-forest +\.886\* +\.886\*/);
    expect(lines[2]).toMatch(/^ +\.79-\.94 +\.79-\.94/);
  });

  it('explains its signs', () => {
    const text = comparisonText(table);
    expect(text).toContain('*: best; ms: mean latency; precision, recall, F1: weighted; 95 % intervals\n');
    expect(comparisonText(compare([FOREST]))).not.toContain('McNemar');
    expect(comparisonText(table, { tests: 'left out' })).not.toContain('McNemar');
  });

  it('says below it what the tests say, and which are missing', () => {
    const lines = comparisonText(table).split('\n');
    expect(lines.slice(lines.indexOf('Against random-forest'))).toEqual([
      'Against random-forest',
      '',
      '           difference               p  Holm verdict             test',
      'stump',
      '  accuracy -.250 [-.717, +.383]  1.00  1.00 no difference shown McNemar',
      expect.stringMatching(
        /^ {2}F1 {7}-\.267 \[-\.900, {2}\.000\] +\.\d{3} +1\.00 no difference shown bootstrap$/,
      ),
      '',
      'difference: value less that of random-forest; 95 % intervals',
      'Holm: p corrected for 2 tests; "no difference shown" does not mean equal',
      'no DeLong: it has no scores of one class by row (stump)',
      'no t over folds: the chosen run was not cross-validated (stump, majority)',
      'no McNemar, DeLong, bootstrap: it has no predictions by row (majority)',
      '',
    ]);
  });

  it('says so where there is no test at all', () => {
    const bare = { name: 'bare', metrics: {} };
    const lines = comparisonText(compare([FOREST, bare], { against: 'bare' })).split('\n');
    expect(lines.slice(lines.indexOf('Against bare'))).toEqual([
      'Against bare',
      '',
      'no McNemar, DeLong, bootstrap: the chosen run has no predictions by row (random-forest)',
      'no t over folds: the chosen run was not cross-validated (random-forest)',
      '',
    ]);
  });

  it('colours the best only when asked', () => {
    expect(comparisonText(table)).not.toContain('\u001b');
    expect(comparisonText(table, { color: true })).toContain('\u001b[32m.886*\u001b[39m');
  });

  it('shows what is missing as a dash and a perfect figure as 1.00', () => {
    const text = comparisonText(compare([entry('all', 1), { name: 'none', metrics: {} }]), { width: 140 });
    expect(text).toMatch(/^all +1\.00 \[\.90, 1\.0\]/m);
    expect(text).toMatch(/^none( +-){6}$/m);
  });

  it('shows that a figure is not perfect', () => {
    const names = ['accuracy', 'precision', 'recall', 'f1', 'rocAuc'];
    const near = {
      name: 'near',
      metrics: Object.fromEntries(names.map((name) => [name, 0.9996])),
      intervals: Object.fromEntries(
        names.map((name) => [name, { low: 0.9951, high: 0.9994, level: 0.95, method: 'wilson' as const }]),
      ),
      latencyMs: 0.05,
    };
    expect(comparisonText(compare([near]), { width: 140 })).toContain('.9996 [.995, .999]');
    const lines = comparisonText(compare([near]), { width: 80 }).split('\n');
    expect(lines.join()).toContain('.995-.999');
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  it('fits 80 columns and prints no control character, whatever the names', () => {
    const name = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean(), (names, long) => {
        const entries = names.map((n) =>
          entry(long ? n.repeat(20) : n, 0.8, { latencyMs: 1.5, predictions: predictions([1, 1, 0, 1]) }),
        );
        const against = entries[0]!.name;
        const isOne = entries.filter((e) => e.name === against).length === 1;
        const text = comparisonText(compare(entries, isOne ? { against } : {}), { width: 80 });
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }),
      {
        numRuns: 40,
        examples: [
          [['🇦', ''], true],
          [['\0', '䷀'], true],
          [['𠀀⺀', 'b'], true],
        ],
      },
    );
  });
});

describe('comparisonMarkdown', () => {
  it('has one line a row, the best bold', () => {
    const lines = comparisonMarkdown(compare([FOREST, BASELINE], { against: 'random-forest' })).split('\n');
    expect(lines[0]).toBe('| name | accuracy | precision | recall | F1 | AUC | ms |');
    expect(lines[2]).toMatch(/^\| random-forest \| \*\*\.886 \[\.79, \.94\]\*\* \|.*\| \*\*0\.012\*\* \|$/);
    expect(lines[3]).toMatch(/^\| majority \| \.500 \[\.40, \.55\] \|.*\| 250 \|$/);
    expect(lines.slice(4)).toEqual([
      '',
      'Against random-forest; Holm: p corrected for 0 tests',
      '',
      '- no McNemar, DeLong, bootstrap: it has no predictions by row (majority)',
      '- no t over folds: the chosen run was not cross-validated (majority)',
      '',
    ]);
  });

  it('has the tests as a table below', () => {
    const lines = comparisonMarkdown(compare([FOREST, STUMP], { against: 'random-forest' })).split('\n');
    expect(lines.slice(5, 9)).toEqual([
      'Against random-forest; Holm: p corrected for 2 tests',
      '',
      '| name | metric | difference | p | Holm | verdict | test |',
      '| --- | --- | ---: | ---: | ---: | --- | --- |',
    ]);
    expect(lines[9]).toBe(
      '| stump | accuracy | -.250 [-.717, +.383] | 1.00 | 1.00 | no difference shown | McNemar |',
    );
  });

  it('keeps a hostile name in its cell and as text', () => {
    const text = comparisonMarkdown(compare([entry(HOSTILE, 0.5)]));
    expect(text.split('\n')[2]).toMatch(
      /^\| =cmd\\\|"x"\\\\u001b\\\[31m\\\\u202e\\\\u000a\\`\\<b\\>\\` \| \.500/,
    );
  });
});

describe('comparisonCsv', () => {
  const read = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

  it('reads back as the figures, in full', () => {
    const [forest, majority] = read(comparisonCsv(compare([FOREST, BASELINE], { against: 'random-forest' })));
    expect(Number(forest!['accuracy'])).toBe(39 / 44);
    expect(forest!['accuracyBest']).toBe('true');
    expect(Number(forest!['accuracyLow'])).toBe(39 / 44 - 0.1);
    expect(forest!['mcnemarPValue']).toBe('');
    const [, stump] = read(comparisonCsv(compare([FOREST, STUMP], { against: 'random-forest' })));
    expect(stump).toMatchObject({
      mcnemarDifference: '-0.25',
      mcnemarPValue: '1',
      mcnemarHolmPValue: '1',
      mcnemarVerdict: 'no difference shown',
      mcnemarReason: '',
      delongReason: 'it has no scores of one class by row',
      bootstrapVerdict: 'no difference shown',
      correctedTReason: 'the chosen run was not cross-validated',
    });
    expect(Number(stump!['mcnemarLow'])).toBeCloseTo(-0.717, 3);
    expect(majority!['mcnemarReason']).toBe('it has no predictions by row');
    expect(majority!['latencyMs']).toBe('250');
  });

  it('disarms formulas and quotes what needs it', () => {
    for (const sign of ['=', '+', '-', '@', ' =', '\t=', '＝'])
      expect(read(comparisonCsv(compare([entry(`${sign}1`, 0.5)])))[0]!['name'], sign).toMatch(/^'/);
    expect(read(comparisonCsv(compare([entry(HOSTILE, 0.5)])))[0]!['name']).toBe(
      `'=cmd|"x"\\u001b[31m\\u202e\\u000a\`<b>\``,
    );
    expect(read(comparisonCsv(compare([entry('a, "b"', 0.5)])))[0]!['name']).toBe('a, "b"');
  });

  it('has one record a row, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (names) => {
        const records = read(comparisonCsv(compare(names.map((name) => entry(name, 0.5)))));
        expect(records.map((r) => r['accuracy'])).toEqual(names.map(() => '0.5'));
      }),
    );
  });
});

describe('comparisonJson', () => {
  it('reads back as the comparison, and holds no control character', () => {
    const table = compare([entry(HOSTILE, 0.5), entry('\u007f\u{e0041}', 0.4)]);
    const text = comparisonJson(table);
    expect(JSON.parse(text)).toEqual(table);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
