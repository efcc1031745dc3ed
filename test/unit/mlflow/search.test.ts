import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import {
  allPages,
  collectPages,
  decodePageToken,
  encodePageToken,
  pageSize,
  parseExperimentFilter,
  parseLoggedModelFilter,
  parseLoggedModelOrder,
  parseModelVersionFilter,
  parseRegisteredModelFilter,
  parseRunFilter,
  parseRunOrder,
  quoteFilterKey,
  quoteFilterText,
} from '#src/mlflow/index.js';
import { parseStringList } from '#src/mlflow/search/string-list.js';
import { tokenize } from '#src/mlflow/search/tokens.js';
import { expectThrown } from '../../support/expect-thrown.js';

const seed = Date.now() % 2 ** 31;
const kindsOf = (text: string) => tokenize(text).map(({ kind, text: piece }) => `${kind} ${piece}`);
const refused = (work: () => unknown) => expectThrown(work, 'INVALID_PARAMETER');

describe('the pieces of a filter', () => {
  it.each([
    ['metrics.loss>=-1.5e-3', ['word metrics', 'mark .', 'word loss', 'comparator >=', 'number -1.5e-3']],
    ['a.1abc < .5', ['word a', 'mark .', 'word 1abc', 'comparator <', 'number .5']],
    ['a.12 = 1.', ['word a', 'number .12', 'comparator =', 'number 1.']],
    ["'it''s' 'C:\\' x", ["single quotes 'it''s'", "single quotes 'C:\\'", 'word x']],
    ['`a``b` "x\\"y"', ['backticks `a``b`', 'double quotes "x\\"y"']],
    ['größe ; 1e5x', ['word größe', 'unknown ;', 'number 1e5', 'word x']],
    ["'open", ["unknown '", 'word open']],
    ["'a''", ["single quotes 'a'", "unknown '"]],
    ['(\u00a0,)', ['mark (', 'mark ,', 'mark )']],
  ])('of %s', (text, pieces) => {
    expect(kindsOf(text)).toEqual(pieces);
  });

  it('are the whole text but white space, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'\'"`\\ .a1-e=(') }));
    fc.assert(
      fc.property(text, (source) => {
        const pieces = tokenize(source);
        expect(pieces.map((piece) => piece.text).join('')).toBe(
          source
            .split('')
            .filter((c, i) => pieces.some((p) => p.start <= i && i < p.end) || !/\s/.test(c))
            .join(''),
        );
        for (const piece of pieces) expect(source.slice(piece.start, piece.end)).toBe(piece.text);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('a list of texts', () => {
  it.each([
    [`('a', "b")`, ['a', 'b']],
    [`('a',)`, ['a']],
    [`('a' 'b', '')`, ['ab', '']],
    [`()`, []],
    [String.raw`('\x41\u00e4\U0001F600\'\n\101\q')`, ["Aä😀'\nA\\q"]],
  ])('%s', (text, items) => {
    expect(parseStringList(text)).toEqual(items);
  });
  it.each(["('a',,)", '(,)', '(1)', '(a)', "('a)", String.raw`('\x4')`, String.raw`('\U00110000')`])(
    'refuses %s',
    (text) => {
      refused(() => parseStringList(text));
    },
  );
});

describe('a filter', () => {
  it('of runs has typed comparisons with names resolved', () => {
    const filter = 'metrics.`a b` > 1e2 AND param.lr LIKE \'0.%\' attr.created = 5 and `Run Name` != "x"';
    expect(parseRunFilter(filter)).toEqual([
      { target: 'metric', key: 'a b', comparator: '>', value: 100 },
      { target: 'param', key: 'lr', comparator: 'LIKE', value: '0.%' },
      { target: 'attribute', key: 'start_time', comparator: '=', value: 5 },
      { target: 'attribute', key: 'run_name', comparator: '!=', value: 'x' },
    ]);
    expect(parseRunFilter("run_id NOT IN ('a') AND tags.t IS NOT NULL")).toEqual([
      { target: 'attribute', key: 'run_id', comparator: 'NOT IN', value: ['a'] },
      { target: 'tag', key: 't', comparator: 'IS NOT NULL', value: null },
    ]);
    expect(parseRunFilter('start_time > 9007199254740993')[0]?.value).toBe(9007199254740993n);
  });

  it('of the others knows what they have', () => {
    expect(parseExperimentFilter("experiment_id IN ('1', ' 2 ')")[0]?.value).toEqual(['1', '2']);
    expect(parseRegisteredModelFilter("attribute.name ilike 'A'")[0]).toMatchObject({
      comparator: 'ILIKE',
      value: 'A',
    });
    expect(parseModelVersionFilter("version_number >= ' 3 '")[0]).toMatchObject({
      key: 'version_number',
      value: 3,
    });
    expect(parseLoggedModelFilter('creation_time < inf AND name = bare')).toEqual([
      { target: 'attribute', key: 'creation_timestamp_ms', comparator: '<', value: Number.POSITIVE_INFINITY },
      { target: 'attribute', key: 'name', comparator: '=', value: 'bare' },
    ]);
    expect(parseLoggedModelOrder([{ fieldName: 'metrics.f1.x', ascending: false }])).toEqual([
      { target: 'metric', key: 'f1.x', ascending: false },
    ]);
  });

  it('says what is wrong, what was given and what to write', () => {
    expect(refused(() => parseRunFilter('metrics.loss ! 5')).message).toContain('"!"');
    expect(refused(() => parseRunFilter('nothing = 5')).message).toContain('start_time');
    expect(refused(() => parseRunFilter('params.a = 5')).hint).toContain("'value'");
    expect(refused(() => parseRunFilter("tags.a = 'x' OR tags.b = 'y'")).message).toContain('OR tags.b');
    expect(refused(() => parseRunFilter('tags.a\u202e\u0007 = 5')).message).not.toContain('\u0007');
  });

  it('has at most 10 kB and 100 comparisons', () => {
    const clauses = (count: number) => Array(count).fill("tags.a = 'b'").join(' AND ');
    expect(parseRunFilter(clauses(100))).toHaveLength(100);
    expect(refused(() => parseRunFilter(clauses(101))).details['limit']).toBe(100);
    const text = (bytes: number) => `tags.a = '${'ä'.repeat((bytes - 11) / 2)}'`;
    expect(Buffer.byteLength(text(9_999))).toBe(9_999);
    expect(parseRunFilter(text(9_999))).toHaveLength(1);
    expect(refused(() => parseRunFilter(text(10_001))).details['limit']).toBe(10_000);
    refused(() => parseRunOrder(Array.from({ length: 51 }, (_, i) => `metrics.m${i}`)));
    refused(() => parseRunOrder([`metrics.${'a'.repeat(10_001)}`]));
  });

  it('is read or refused, never anything else, whatever is sent', () => {
    const words = fc.constantFrom(
      'metrics.',
      'tags.`a`',
      'name',
      'IN',
      '(',
      ')',
      ',',
      "'x'",
      '"',
      '`',
      '=',
      '!=',
      'AND',
      'IS',
      'NOT',
      'NULL',
      '5',
      '-',
      '.',
      '__proto__',
      'constructor',
    );
    const filters = fc.oneof(
      fc.string(),
      fc.array(words).map((all) => all.join(' ')),
      fc.array(words).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(filters, (filter) => {
        for (const read of [
          parseRunFilter,
          parseExperimentFilter,
          parseRegisteredModelFilter,
          parseModelVersionFilter,
          parseLoggedModelFilter,
        ]) {
          try {
            read(filter);
          } catch (error) {
            if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') throw error;
          }
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('gets back every text and key that quoting allows', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, text) => {
        let filter: string;
        try {
          filter = `tags.${quoteFilterKey(key)} = ${quoteFilterText(text)} AND params.x IS NULL`;
        } catch (error) {
          if (!(error instanceof PhantomNetError) || error.code !== 'INVALID_PARAMETER') throw error;
          return;
        }
        const trimmed = /^(['"])(.*)\1$/s.exec(key) === null ? key : undefined;
        const [tag, param] = parseRunFilter(filter);
        if (trimmed !== undefined) expect(tag).toEqual({ target: 'tag', key, comparator: '=', value: text });
        expect(param?.comparator).toBe('IS NULL');
      }),
      { seed, numRuns: 500 },
    );
    for (const text of ['it\'s "both"', 'ends with \\']) refused(() => quoteFilterText(text));
    refused(() => quoteFilterKey('a`b'));
  });
});

describe('an order', () => {
  it('is a name with a direction', () => {
    expect(parseRunOrder(['metrics.`a b` DESC', 'created', 'param."x" asc'])).toEqual([
      { target: 'metric', key: 'a b', ascending: false },
      { target: 'attribute', key: 'start_time', ascending: true },
      { target: 'param', key: 'x', ascending: true },
    ]);
  });
  it.each([
    ['metrics.a', 'metrics.a DESC'],
    ['created', 'start_time'],
    ['metrics.a b'],
    ['metrics.a DESC x'],
    ['run name'],
    [''],
  ])('is refused: %s', (...orderBy) => {
    refused(() => parseRunOrder(orderBy));
  });
});

describe('pages', () => {
  it('have tokens that belong to their search', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.string(), fc.string(), (offset, one, other) => {
        expect(decodePageToken(encodePageToken(offset))).toBe(offset);
        expect(decodePageToken(encodePageToken(offset, [one]), [one])).toBe(offset);
        if (one !== other) refused(() => decodePageToken(encodePageToken(offset, [one]), [other]));
      }),
      { seed },
    );
    expect(decodePageToken(undefined)).toBe(0);
    expect(decodePageToken('', 'query')).toBe(0);
    refused(() => decodePageToken(encodePageToken(5), 'query'));
  });
  it.each([
    'x',
    '!!!!',
    'e30=',
    'W10=',
    'MQ==',
    'bnVsbA==',
    '{"offset":1}',
    Buffer.from('{"offset":-1}').toString('base64'),
    Buffer.from('{"offset":1.5}').toString('base64'),
    Buffer.from('{"offset":"1"}').toString('base64'),
    `${encodePageToken(1)}\n`,
  ])('take no token %s', (token) => {
    refused(() => decodePageToken(token));
  });
  it('have the sizes of MLflow', () => {
    expect(pageSize('runs', undefined)).toBe(1_000);
    expect(pageSize('modelVersions', 200_000)).toBe(200_000);
    expect(pageSize('registeredModels', 0)).toBe(0);
    for (const size of [0, -1, 1.5, 50_001, Number.NaN]) refused(() => pageSize('runs', size));
  });
  it('are asked for one after the other, and no further than needed', async () => {
    const asked: (string | undefined)[] = [];
    const search = async ({ pageToken }: { readonly pageToken?: string }) => {
      asked.push(pageToken);
      const start = Number(pageToken ?? 0);
      return start < 4 ? { items: [start, start + 1], nextPageToken: String(start + 2) } : { items: [start] };
    };
    expect(await collectPages(search)).toEqual([0, 1, 2, 3, 4]);
    expect(asked.splice(0)).toEqual([undefined, '2', '4']);
    expect(await collectPages(search, 2)).toEqual([0, 1]);
    expect(asked.splice(0)).toEqual([undefined]);
    for await (const item of allPages(search)) if (item === 2) break;
    expect(asked).toEqual([undefined, '2']);
  });
});
