import { describe, expect, it } from 'vitest';
import { count, decimal, estimateText, figureText, percent } from '#src/report/format.js';
import { escapeMarkdown, shownText } from '#src/report/text.js';

describe('numbers in words', () => {
  it('hides no error behind rounding', () => {
    expect([0.5, 1, 0, 0.9996, 0.99999, 0.00004].map(decimal)).toEqual([
      '0.500',
      '1.000',
      '0.000',
      '0.9996',
      '>0.9999',
      '0.00004',
    ]);
    expect([0, 1, 0.5, 0.0004, 0.9999].map(percent)).toEqual(['0 %', '100 %', '50 %', '0.04 %', '99.99 %']);
  });

  it('says how an interval was made where that is told', () => {
    const estimate = { value: 0.106, interval: { low: 0.057, high: 0.189, level: 0.95 } };
    expect(estimateText(estimate)).toBe('0.106 (0.057 to 0.189)');
    expect(estimateText({ ...estimate, reason: 'by rows' })).toBe('0.106 (0.057 to 0.189, by rows)');
    expect(estimateText({ value: null, interval: null })).toBe('–');
  });

  it('marks an interval of rows among those of groups', () => {
    const estimate = (method: string) => ({
      value: 0.9,
      interval: { low: 0.8, high: 0.95, level: 0.95, method },
    });
    expect(figureText(estimate('wilson'), 'source')).toBe('0.900 (0.800 to 0.950, by rows)');
    expect(figureText(estimate('clusterBootstrap'), 'source')).toBe('0.900 (0.800 to 0.950)');
    expect(figureText(estimate('wilson'), null)).toBe('0.900 (0.800 to 0.950)');
    expect(figureText({ value: 1, interval: null }, 'source')).toBe('1.000');
    expect(figureText(null, 'source')).toBe('–');
  });

  it('counts', () => {
    expect([0, 999, 1000, 1234567, 1.234, -1200].map(count)).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
      '1.23',
      '-1,200',
    ]);
  });
});

describe('text of the data', () => {
  it('is cut by characters, never inside one', () => {
    expect(shownText('😀'.repeat(10), 3)).toBe('😀😀😀…');
    expect(shownText('a\u0007b')).toBe('a\\u0007b');
  });

  it('is no markup in Markdown', () => {
    expect(escapeMarkdown('# a')).toBe('\\# a');
    expect(escapeMarkdown('1. a')).toBe('1\\. a');
    expect(escapeMarkdown('0.5')).toBe('0.5');
    expect(escapeMarkdown('[x](y) `c` a|b *d* <e> &amp;')).toBe(
      '\\[x\\](y) \\`c\\` a\\|b \\*d\\* &lt;e\\> &amp;amp;',
    );
  });
});
