import { extname, resolve } from 'node:path';
import { PhantomNetError, sha256Hex, show } from '../core/index.js';
import { parseReport, type Report, reportHtml, reportJson, reportMarkdown } from '../report/index.js';
import type { Run } from '../track/index.js';
import { REPORT_FILE } from './build-report.js';
import { findRun } from './find-runs.js';
import type { Workspace } from './workspace.js';
import { checkTarget, writeWholeFile } from './write-whole-file.js';

/** Where a report is written to. */
export interface ShowReportOptions {
  /** A file that ends in .html, .md or .json; none by default. */
  readonly out?: string | undefined;
  /** What becomes of a file that is there: refused by default. */
  readonly existing?: 'refuse' | 'replace';
  readonly signal?: AbortSignal;
}

/** A report that was shown. */
export interface ShownReport {
  readonly runId: string;
  readonly report: Report;
  /** As Markdown, or as the file has it. */
  readonly content: string;
  /** The file it was written to; null where none was asked for. */
  readonly file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string } | null;
}

const FORMS: ReadonlyMap<string, (report: Report) => string> = new Map([
  ['.html', reportHtml],
  ['.htm', reportHtml],
  ['.md', reportMarkdown],
  ['.json', reportJson],
]);

/**
 * Returns the report of a run, by its id, the beginning of it, or its name, rendered from what was logged, and writes it to
 * `out` where that is given: whole or not at all. Throws NOT_FOUND for the run or its report, CONFLICT for the name of several, INVALID_PARAMETER for
 * another ending, INTEGRITY for a report that was changed, ALREADY_EXISTS for a file that is there.
 */
export async function showReport(
  workspace: Workspace,
  wanted: string,
  { out, existing = 'refuse', signal }: ShowReportOptions = {},
): Promise<ShownReport> {
  const render = out === undefined ? reportMarkdown : formOf(out);
  const path = out === undefined ? undefined : resolve(out);
  if (path !== undefined) await checkTarget(path, existing);
  const run = await findRun(workspace, wanted);
  const report = parseReport(await loggedReport(workspace, run));
  const content = render(report);
  const bytes = Buffer.from(content);
  if (path !== undefined) await writeWholeFile(path, bytes, { existing, signal });
  return {
    ...{ runId: run.info.runId, report, content },
    file: path === undefined ? null : { path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) },
  };
}

function formOf(out: string): (report: Report) => string {
  const form = FORMS.get(extname(out).toLowerCase());
  if (form !== undefined) return form;
  throw new PhantomNetError('INVALID_PARAMETER', `out must end in .html, .md or .json, got ${show(out)}`, {
    hint: 'name the file report.html, report.md or report.json',
    details: { parameter: 'out', given: out },
  });
}

async function loggedReport({ tracking }: Workspace, { info }: Run): Promise<string> {
  try {
    return Buffer.from(await tracking.artifacts(info.artifactUri).get(REPORT_FILE)).toString('utf8');
  } catch (cause) {
    if (!(cause instanceof PhantomNetError) || cause.code !== 'NOT_FOUND') throw cause;
    throw new PhantomNetError('NOT_FOUND', `run ${info.runId} (${show(info.runName)}) has no report`, {
      cause,
      hint: 'runs of phantomnet train and search have one; trials, baselines and runs of older versions have none',
      details: { run: info.runId },
    });
  }
}
