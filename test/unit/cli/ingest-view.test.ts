import { describe, expect, it } from 'vitest';
import { renderIngest } from '#src/cli/views/ingest.js';
import type { LogFileReport, LogIngestReport } from '#src/ingest/index.js';

const file = (name: string, rowsRead: number, rejected: number): LogFileReport => {
  const events = rowsRead - rejected;
  return { file: name, source: 'cowrie', rowsRead, events, rejected, withoutEvent: 0, blankLines: 0 };
};

describe('the summary of ingest', () => {
  it('lists the files of which every line was rejected', () => {
    const report: LogIngestReport = {
      ...{ out: null, file: null, events: 3, repeats: 0, rowsRead: 9, rejected: 6, withoutEvent: 0 },
      ...{ blankLines: 0, rejectsByReason: { 'bad-json': 6 }, firstRejects: [], actions: [], days: [] },
      ...{ otherActions: { actions: 0, events: 0 }, cached: false },
      files: [file('good.log', 4, 1), file('odd.log', 5, 5), { ...file('empty.log', 0, 0), source: null }],
    };
    const text = renderIngest(report, { color: false, describeReject: () => '' });
    expect(text).toMatch(/all rejected +1 file of which no line was read: odd\.log\n/);
    expect(text).toMatch(/sources +cowrie\nempty +1 file without a line: empty\.log\n/);
  });
});
