import { describe, expect, it } from 'vitest';
import { type Report, reportHtml, reportMarkdown } from '#src/report/index.js';
import { sampleReport } from './sample-report.js';

const INVISIBLE = ['\u202e', '\u0000', '\u001b'];
const HOSTILE = `</script></style><img src=x onerror="alert(1)"><a href='http://evil.example/'>\`|x|\u202e\u0000\u001b[31m`;

/** The sample with the same hostile text wherever the data may put one. */
function hostileReport(text: string): Report {
  const report = sampleReport();
  const [breakdown] = report.breakdowns;
  return sampleReport({
    run: { runId: text, runName: text, experiment: text, startedAt: text },
    model: { ...report.model, estimator: text, label: text, classes: [text, `${text}2`], positive: text },
    data: { ...report.data, path: text, testPath: text, digest: text, first: text, last: text },
    split: { ...report.split, method: text, gap: text, testFrom: text, groupBy: text },
    intervals: { level: 0.95, by: text, nGroups: 3 },
    headline: [{ name: text, value: null, interval: null, reason: text }],
    weaknesses: [text],
    perClass: report.perClass.map((c) => ({ ...c, label: text })),
    breakdowns: [{ ...breakdown!, by: text, groups: [{ ...breakdown!.groups[0]!, group: text }] }],
    learningCurve: { skipped: text },
    importances: {
      ...(report.importances as Extract<Report['importances'], { features: unknown }>),
      features: [{ feature: text, mean: 0.1, std: 0 }],
    },
    errors: {
      total: 1,
      rows: [{ ...report.errors.rows[0]!, file: text, actual: text, columns: [{ name: text, value: text }] }],
    },
    baselines: [{ name: text, metrics: {} }],
    warnings: [text],
    gates: [{ name: text, passed: false, value: 1, limit: 2 }],
    audits: [{ name: text, verdict: text, evidence: text, fix: text }],
  });
}

const TAGS =
  'html head meta title style body header nav ul li a main section h1 h2 p strong dl div dt dd span table caption thead tbody tr th td details summary figure figcaption svg desc g path line circle rect text';
const tagsOf = (html: string) => new Set([...html.matchAll(/<\/?([a-zA-Z0-9]+)/g)].map(([, tag]) => tag));

describe('reportHtml', () => {
  const page = reportHtml(sampleReport());

  it('has the numbers with their intervals, and says what is not estimable', () => {
    expect(page).toContain(
      '<dt>Recall</dt><dd><strong>0.950</strong><span>95 % interval 0.764 to 0.991</span></dd>',
    );
    expect(page).toContain(
      '<dt>PR AUC</dt><dd><strong>–</strong><span>prAuc is undefined: no scores</span></dd>',
    );
    expect(page).toContain('not estimable: needs 10000 negatives');
    expect(page).toContain('<p class="weak"><strong>Weak:</strong> Few test rows of the class 1 (20)');
    expect(page).toContain('<td class="n right h10">78</td><td class="n wrong h1">2</td>');
  });

  it('stands alone: no script, no request, a policy that forbids both', () => {
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
    for (const html of [page, reportHtml(hostileReport(HOSTILE))]) {
      expect([...tagsOf(html)].filter((tag) => !TAGS.split(' ').includes(tag!))).toEqual([]);
      const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag).join('\n');
      const attributes = [...tags.replace(/="[^"]*"/g, '=').matchAll(/([\w-]+)=/g)].map(([, name]) => name!);
      expect([...new Set(attributes)].filter((name) => /^(?:on|src|style|action|data)/.test(name))).toEqual(
        [],
      );
      expect([...tags.matchAll(/href="([^"]*)"/g)].every(([, to]) => to!.startsWith('#'))).toBe(true);
      expect(html.match(/<style>.*<\/style>/s)![0]).not.toMatch(/url\(|@import|http/);
    }
  });

  it('shows hostile text as text, control characters visible', () => {
    const html = reportHtml(hostileReport(HOSTILE));
    expect(html).not.toMatch(/<img|<\/script|onerror="|<a href='/);
    for (const character of INVISIBLE) expect(html).not.toContain(character);
    expect(html).toContain('&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(html).toContain('\\u202e\\u0000\\u001b[31m');
  });

  it('cuts long text', () => {
    const html = reportHtml(hostileReport('y'.repeat(1_000_000)));
    expect(html.length).toBeLessThan(120_000);
    expect(html).not.toContain('y'.repeat(1002));
  });

  it('has as many opened as closed tags, and ids only once', () => {
    for (const tag of ['section', 'table', 'svg', 'figure', 'details', 'p', 'tr', 'div'])
      expect([tag, page.split(new RegExp(`<${tag}[ >]`)).length]).toEqual([
        tag,
        page.split(`</${tag}>`).length,
      ]);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names every table, head cell and drawing for those who cannot see it', () => {
    expect(page.split('<table').length).toBe(page.split('<caption>').length);
    expect(page).not.toMatch(/<th(?! scope=)[ >]/);
    expect(page.split('<svg').length).toBeGreaterThan(5);
    expect(page.split('<svg').length).toBe(page.split('<desc').length);
    expect(page.split('<svg').length).toBe(page.split('role="img"').length);
  });

  it('draws a line no further than data goes, and its band', () => {
    // Two days apart with an empty one between them: no line, but an interval at each.
    const decay = page.match(/<svg[^>]*chart-decay-0.*?<\/svg>/s)![0];
    expect(decay).not.toContain('class="line s0"');
    expect(decay.split('class="whisker s0"').length - 1).toBe(2);
    // Recall 0.025, 0.95 of the plot from x 56 to 388 and from y 236 up by 208.
    const roc = page.match(/<svg[^>]*chart-roc.*?<\/svg>/s)![0];
    expect(roc).toContain('d="M56 236L64.3 38.4L388 28"');
    expect(roc).toContain('<circle class="mark" cx="64.3" cy="38.4" r="5"/>');
  });

  it('begins the learning curve near its lowest end, and says so', () => {
    const points = [0.96, 0.97].map((value, i) => ({ size: 100 + 100 * i, value, interval: null }));
    const near = reportHtml(sampleReport({ learningCurve: { metric: 'f1Macro', points } }));
    expect(near).toContain('more data would help. The axis begins at 0.95.');
    const curve = near.match(/<svg[^>]*chart-learning.*?<\/svg>/s)![0];
    // From y 216 up by 208: 0.97 is two fifths of the way from 0.95 to 1.
    expect(curve).toContain('cx="388" cy="132.8"');
    expect(curve).toContain('>0.96</text>');
    const text = page.match(/<svg[^>]*chart-learning.*?<\/svg>/s)![0];
    expect(text).toContain('>0.5</text>');
  });

  it('marks 0, a half and 1 below shares of groups', () => {
    const groups = page.match(/<svg[^>]*chart-by-0.*?<\/svg>/s)![0];
    expect(
      [...groups.matchAll(/text-anchor="(\w+)">([\d.]+)</g)].map(([, side, text]) => [side, text]),
    ).toEqual([
      ['start', '0'],
      ['middle', '0.5'],
      ['end', '1'],
    ]);
  });

  it('explains a curve that begins far from recall 0', () => {
    const words =
      'Precision by recall begins at recall 0.950: so many of the attacks share the highest score';
    expect(page).toContain(words);
    const curves = {
      roc: [],
      precisionRecall: [[0.05, 1] as [number, number], [1, 0.2] as [number, number]],
    };
    expect(reportHtml(sampleReport({ curves }))).not.toContain('begins at recall');
  });

  it('dates each of few days', () => {
    const points = [0, 1, 2, 3, 4].map((index) => ({
      ...{ start: index * 86_400_000, index, samples: 9, value: 0.9 },
      interval: { low: 0.8, high: 1, level: 0.95, method: 'wilson' },
    }));
    const decay = { period: 'day' as const, series: [{ name: 'recall', aut: 0.9, points }] };
    const html = reportHtml(sampleReport({ decay: { ...decay, emptyPeriods: 0, withoutTime: 0 } }));
    for (const date of ['01-01', '01-02', '01-03', '01-04', '01-05'])
      expect(html).toContain(`>${date}</text>`);
  });

  it('says of thresholds where they were found only where there are some', () => {
    const none = { rate: 0.01, recall: null, threshold: null, needs: 1000, reason: 'not estimable' };
    expect(page).toContain('These thresholds were found on the test rows');
    expect(reportHtml(sampleReport({ recallAtRates: [none] }))).not.toContain('These thresholds');
  });

  it('says why a part is missing', () => {
    const report = sampleReport({ curves: { skipped: 'one class only' }, decay: { skipped: 'no times' } });
    expect(reportHtml(report)).toContain('<p>Not shown: one class only.</p>');
    expect(reportMarkdown(report)).toContain('Not shown: no times.');
  });
});

describe('reportMarkdown', () => {
  it('has a row for each feature whose shuffling changed something, and counts the others', () => {
    const text = reportMarkdown(sampleReport());
    expect(text).toContain('Shuffling 1 feature of 2 changed nothing.');
    expect(text).toContain('| payload\\_length | 0.410 | 0.020 |');
    expect(text).not.toContain('| protocol | 0.000 |');
  });

  it('shows hostile text as text: no tag, no link, no cell more', () => {
    const text = reportMarkdown(hostileReport(HOSTILE));
    expect(text).not.toMatch(/[^\\]</);
    expect(text).not.toMatch(/https?:\/\//);
    for (const character of INVISIBLE) expect(text).not.toContain(character);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const cells = (line: string) => line.replace(/\\\\/g, '').replace(/\\\|/g, '').split('|').length;
    let width = 0;
    for (const line of text.split('\n')) {
      if (!line.startsWith('|')) width = 0;
      else if (width === 0) width = cells(line);
      else expect([line, cells(line)]).toEqual([line, width]);
    }
    expect(rows.length).toBeGreaterThan(20);
  });

  it('has the figures of the charts as tables', () => {
    const text = reportMarkdown(sampleReport());
    expect(text).toContain('| 1970-01-03 | 40 | 0.900 (0.600 to 0.980) |');
    expect(text).toContain('| Recall | 0.500 (0.190 to 0.810) | 0.950 (0.764 to 0.991) |');
    expect(text).toContain('| payload\\_length | 0.410 | 0.020 |');
    expect(text).toContain('| events.csv:77 | 1 | 0 | 0.120 | USER x |');
    expect(text).toContain('| (no value) | 60 | 0 | – | 0 | 1 |');
    expect(text).toContain(
      '| true class | predicted 0 | predicted 1 |\n| --- | ---: | ---: |\n| 0 | 78 | 2 |',
    );
    expect(text).toContain('| baseline majority | 0.800 | 0.444 | – | – |');
  });
});
