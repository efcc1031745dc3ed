import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#src/core/index.js';
import { audit, column, input, lastRows, made } from './rows.js';

const N = 200;
const y = made(N, (i) => (i * 7919) % 2);
const noise = (step: number) => made(N, (i) => ((i * step) % 101) / 101);

describe('declared roles', () => {
  const columns = [
    column('bad', y, 'label-defining'),
    column('event', y, 'label-defining'),
    column('level', y, 'outcome'),
    column('ip', y, 'identifier'),
    column('size', noise(37)),
  ];

  it('block a column that defines the label or tells the outcome, and not the label itself', () => {
    expect(audit('declared-roles', input(y, columns))).toMatchObject({
      verdict: 'block',
      columns: ['event', 'level'],
      evidence: {
        words: 'event defines the label: for the test; level is written from the outcome: for the test',
        numbers: { columns: 2 },
      },
      fix: 'leave event, level out of the features, as training does unless --features names them',
    });
  });

  it('put reasons that are sentences together as parts of one', () => {
    const level = { ...columns[2]!, reason: 'How it ended: SF, S0.' };
    const { evidence } = audit('declared-roles', input(y, [columns[0]!, columns[1]!, level]));
    expect(evidence.words).toBe(
      'event defines the label: for the test; level is written from the outcome: How it ended: SF, S0',
    );
  });

  it('pass where these columns are not used', () => {
    expect(audit('declared-roles', input(y, columns, { used: ['size', 'ip'] })).verdict).toBe('pass');
  });

  it('tell of columns without any value only where they are named', () => {
    const empty = [
      ...columns.filter(({ name }) => name !== 'level'),
      column(
        'packets',
        made(N, () => Number.NaN),
        'outcome',
      ),
      { ...column('result', y, 'outcome'), values: new Array<string | null>(N).fill(null) },
      { ...column('rare', y, 'outcome'), values: new Array<string | null>(N).fill(null, 1).fill('x', 0, 1) },
    ];
    expect(audit('declared-roles', input(y, empty)).columns).toEqual(['event', 'rare']);
    const used = ['packets', 'result'];
    expect(audit('declared-roles', input(y, empty, { used })).columns).toEqual(used);
  });
});

describe('a column that separates alone', () => {
  it.each([150, 300])('is found in bands of numbers that never recur, of %i rows', (nRows) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Xoshiro128(seed);
      const band = made(nRows, () => random.nextBelow(3));
      const leak = column(
        'leak',
        band.map((code) => [1, 5, 9][code]! + random.nextDouble()),
      );
      const chance = column(
        'chance',
        band.map(() => random.nextDouble()),
      );
      for (const codes of [band, band.map((code) => Number(code === 1))])
        expect(audit('separates-alone', input(codes, [leak, chance]))).toMatchObject({
          verdict: 'block',
          columns: ['leak'],
        });
    }
  });

  const middle = y.map((code, i) => (code === 1 ? 50 + (i % 9) : i % 4 < 2 ? i % 40 : 70 + (i % 30)));
  const leaks = [
    column(
      'up',
      y.map((code, i) => code * 2 + noise(37)[i]!),
    ),
    column(
      'down',
      y.map((code, i) => 5 - code * 2 + noise(37)[i]!),
    ),
    column('middle', middle),
    column(
      'word',
      y.map((code, i) => `${code}${i % 6}`),
    ),
    column(
      'gap',
      y.map((code, i) => (code === 1 ? null : String(i % 3))),
    ),
  ];
  const honest = [
    column('noise', noise(53)),
    column(
      'strong',
      y.map((code, i) => code * 0.9 + noise(29)[i]!),
    ),
    column(
      'each',
      made(N, (i) => `text ${i}`),
    ),
    column(
      'constant',
      made(N, () => 1),
    ),
  ];

  it('is found whether it rises, falls, peaks, is a word or a gap', () => {
    const found = audit('separates-alone', input(y, [...honest, ...leaks]));
    expect(found.verdict).toBe('block');
    expect(found.columns).toEqual(['up', 'down', 'middle', 'word', 'gap']);
    for (const low of Object.values(found.evidence.numbers)) expect(low).toBeGreaterThanOrEqual(0.99);
    expect(found.evidence.words).toContain('up (AUC 1, at least 1)');
  });

  it('is looked for among columns made from the raw ones, which are not read then', () => {
    const found = audit('separates-alone', input(y, [...honest, leaks[3]!], { derived: [leaks[0]!] }));
    expect([found.verdict, found.columns]).toEqual(['block', ['up']]);
    expect(found.fix).toBe(
      'find out how up came to be; leave out what is not known when a prediction is due: name the other features with --features',
    );
  });

  it('warns only where it is an id or a time, and is told whatever is not used', () => {
    const ip = { ...leaks[3]!, role: 'identifier' } as const;
    expect(audit('separates-alone', input(y, [...honest, ip]))).toMatchObject({
      verdict: 'warn',
      columns: ['word'],
      fix: 'find out how word came to be; leave out what is not known when a prediction is due: name the other features with --features',
    });
    expect(audit('separates-alone', input(y, [...honest, ip, leaks[0]!])).fix).toContain(
      'declare it (--role up=outcome)',
    );
    expect(
      audit('separates-alone', input(y, [...honest, ...leaks], { used: ['noise', 'each'] })).verdict,
    ).toBe('pass');
  });

  it('is told by training rows alone', () => {
    const late = column(
      'late',
      y.map((code, i) => (i < 100 ? noise(37)[i]! : code)),
    );
    expect(audit('separates-alone', input(y, [late], { split: lastRows(N, 100) })).verdict).toBe('pass');
  });

  it('must tell every class of several from the others', () => {
    const three = made(300, (i) => i % 3);
    const one = column(
      'one',
      three.map((code) => (code === 0 ? 1 : 0)),
    );
    const all = column(
      'all',
      three.map((code, i) => code * 3 + (i % 2)),
    );
    expect(audit('separates-alone', input(three, [one, all])).columns).toEqual(['all']);
  });

  it('warns only where a class has fewer than 30 rows', () => {
    const verdict = (count: number) => {
      const rare = made(N, (i) => (i < count ? 1 : 0));
      return audit('separates-alone', input(rare, [column('x', rare)])).verdict;
    };
    expect([10, 29, 30].map(verdict)).toEqual(['warn', 'warn', 'block']);
  });

  it('is no matter of few rows', () => {
    const few = made(60, (i) => (i < 9 ? 1 : 0));
    expect(audit('separates-alone', input(few, [column('x', few)]))).toMatchObject({
      verdict: 'not-applicable',
      evidence: { words: 'a class has fewer than 10 rows' },
    });
  });
});

describe('a functional dependence', () => {
  it('warns of a column whose every value has one class, and never blocks', () => {
    const found = audit(
      'functional-dependence',
      input(y, [
        column(
          'path',
          y.map((c, i) => `/${c}${i % 20}`),
        ),
      ]),
    );
    expect(found).toMatchObject({
      verdict: 'warn',
      columns: ['path'],
      evidence: {
        words: 'path: each of its values occurs with one class only',
        numbers: { 'values.path': 20 },
      },
    });
  });

  it('is none where one value has two classes, where nearly all values are different, or all are one', () => {
    const path = y.map((c, i) => (i === 4 ? '/9' : `/${c}${i % 20}`)).with(7, '/9');
    const rare = made(N, (i) => `u${Math.min(i, 195)}`);
    const columns = [
      column('path', path),
      column('rare', rare),
      column(
        'constant',
        made(N, () => 'x'),
      ),
    ];
    expect(audit('functional-dependence', input(y.with(4, 1).with(7, 0), columns)).verdict).toBe('pass');
  });
});

describe('a column that gives the sensor away', () => {
  const sensor = column(
    'sensor',
    made(N, (i) => `s${i % 2}`),
    'identifier',
  );
  const skewed = made(N, (i) => (i % 10 < (i % 2 ? 8 : 2) ? 1 : 0));
  const banner = column(
    'banner',
    made(N, (i) => `${i % 2 ? 'x' : 'y'}${i % 4}`),
  );
  const port = column('port', noise(37));

  it('warns where sensors differ in their share of a class', () => {
    expect(
      audit('sensor-shortcut', input(skewed, [sensor, banner, port], { sensor: 'sensor' })),
    ).toMatchObject({
      verdict: 'warn',
      columns: ['banner'],
      evidence: { numbers: { sensors: 2 } },
    });
  });

  it('passes where they do not, or no column does, and needs two sensors', () => {
    const even = made(N, (i) => (i % 4 < 2 ? 1 : 0));
    expect(audit('sensor-shortcut', input(even, [sensor, banner], { sensor: 'sensor' })).verdict).toBe(
      'pass',
    );
    const none = audit('sensor-shortcut', input(skewed, [sensor, port], { sensor: 'sensor' }));
    expect([none.verdict, none.evidence.words]).toEqual([
      'pass',
      expect.stringContaining('no column gives the sensor away'),
    ]);
    const one = column(
      'sensor',
      made(N, () => 's'),
    );
    expect(audit('sensor-shortcut', input(y, [one], { sensor: 'sensor' })).evidence.words).toBe(
      'all rows come from one sensor',
    );
    expect(audit('sensor-shortcut', input(y, [port])).evidence.words).toBe('no column names a sensor');
  });
});
