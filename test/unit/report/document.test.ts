import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSkipped, parseReport, reportHtml, reportJson, reportMarkdown } from '#src/report/index.js';
import { expectThrown } from '../../support/expect-thrown.js';
import { sampleReport } from './sample-report.js';

describe('parseReport', () => {
  it('reads what reportJson writes', () => {
    expect(parseReport(reportJson(sampleReport()))).toEqual(sampleReport());
    const skipped = sampleReport({ decay: { skipped: 'the rows have no times' } });
    expect(parseReport(reportJson(skipped)).decay).toEqual({ skipped: 'the rows have no times' });
    expect(isSkipped(skipped.decay)).toBe(true);
  });

  it('keeps audits, and leaves out keys it does not know', () => {
    const audits = [{ name: 'label columns', verdict: 'pass', evidence: 'none', fix: null }];
    const text = reportJson({ ...sampleReport({ audits }), later: 1 } as never);
    expect(parseReport(text)).toEqual(sampleReport({ audits }));
  });

  it('refuses another version, other documents and values of another type', () => {
    const thrown = (text: string, code: 'INTEGRITY' | 'UNSUPPORTED' = 'INTEGRITY') =>
      expectThrown(() => parseReport(text), code);
    expect(thrown('{"format":"phantomnet-report","version":2}', 'UNSUPPORTED')).toMatchObject({
      code: 'UNSUPPORTED',
      message: 'the report has version 2, not 1',
    });
    for (const text of ['', '{', '[]', 'null', '{}', '{"__proto__":{"version":1}}'])
      expect(thrown(text)).toMatchObject({
        code: 'INTEGRITY',
        message: expect.stringMatching(/^report.json is no report of this program: /),
      });
    const bad = {
      ...sampleReport(),
      headline: [{ name: 'f1', value: 'high', interval: null, reason: null }],
    };
    expect(thrown(JSON.stringify(bad)).message).toContain('"headline.0.value"');
  });

  it('renders any report it accepts, whatever its numbers', () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(number, fc.string(), (value, text) => {
        const report = parseReport(
          reportJson(
            sampleReport({
              headline: [{ name: text, value, interval: null, reason: text }],
              confusionMatrix: [
                [value, 0],
                [0, value],
              ],
              learningCurve: { metric: text, points: [{ size: value, value, interval: null }] },
            }),
          ),
        );
        expect(reportHtml(report)).not.toMatch(/NaN|undefined|\[object/);
        expect(reportMarkdown(report)).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: 50 },
    );
  });
});
