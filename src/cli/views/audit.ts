import { visible } from '../../core/index.js';
import type { AuditReport } from '../../pipeline/index.js';
import { renderFacts, renderTable } from './table.js';

const WORDS = { block: 'BLOCK', warn: 'warn', pass: 'pass', 'not-applicable': 'n/a' } as const;

const ASKED = {
  'every-column':
    'what if every column were used? training leaves out ids, times, the label and outcomes; --features asks of some',
  'columns-read': 'what of the features that are named?',
} as const;

/** Returns the verdicts as a table, and below it what was found and what to do about each that blocks or warns. */
export function renderAudit(report: AuditReport, options: { readonly color: boolean }): string {
  const facts = renderFacts([
    ['file', report.test === null ? report.file : `${report.file}, tested on ${report.test}`],
    [
      'label',
      `${report.label}: ${report.classes.slice(0, 10).join(', ')}${report.classes.length > 10 ? ', …' : ''}`,
    ],
    ['rows', String(report.rows)],
    ['asked', ASKED[report.asked]],
  ]);
  const rows = report.audits.map(({ verdict, name, columns, evidence }) => [
    WORDS[verdict],
    name,
    shortened(verdict === 'not-applicable' ? evidence.words : columns.join(', ')),
  ]);
  const told = report.audits
    .filter(({ verdict }) => verdict === 'block' || verdict === 'warn')
    .map(({ verdict, name, evidence, fix }) =>
      visible(
        `${WORDS[verdict]} ${name}${report.allowed.includes(name) ? ', which is allowed' : ''}: ${evidence.words}`,
      ).concat(fix === '' ? '' : `\n      fix: ${visible(fix)}`),
    );
  return [facts, '', renderTable(['', 'audit', 'columns, or why not'], rows, options), '', ...told]
    .join('\n')
    .trimEnd();
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
