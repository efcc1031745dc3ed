import type { Block, MatrixBlock, TableBlock } from './blocks.js';
import type { Report } from './document.js';
import { count } from './format.js';
import { reportSections } from './sections.js';
import { escapeMarkdown } from './text.js';
import { reportTitle } from './words.js';

/**
 * Returns the report as Markdown: what stands on the page but for the charts, whose figures are tables. Text from the data
 * is never markup. Deterministic. Cost O(length of the report).
 *
 * @example
 * ```ts no-run
 * import { readFileSync, writeFileSync } from 'node:fs';
 * writeFileSync('report.md', reportMarkdown(parseReport(readFileSync('report.json', 'utf8'))));
 * ```
 */
export function reportMarkdown(report: Report): string {
  const parts = reportSections(report).map(({ title, blocks }) =>
    [`## ${escapeMarkdown(title)}`, ...blocks.flatMap(blockMarkdown)].join('\n\n'),
  );
  return `# ${escapeMarkdown(reportTitle(report))}\n\n${parts.join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string[] {
  switch (block.kind) {
    case 'text':
      return [escapeMarkdown(block.text)];
    case 'lead':
      return [`**${escapeMarkdown(block.text)}**`];
    case 'weak':
      return [`**Weak:** ${escapeMarkdown(block.text)}`];
    case 'list':
      return [block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n')];
    case 'figures':
      return tableMarkdown({
        caption: block.caption,
        head: ['metric', 'value', 'interval'],
        numeric: [false, true, false],
        rows: block.items.map(({ title, value, note }) => [title, value, note]),
      });
    case 'table':
      return tableMarkdown(block);
    case 'matrix':
      return tableMarkdown(matrixTable(block));
    case 'chart':
      return [];
  }
}

function matrixTable({ caption, labels, counts }: MatrixBlock): Omit<TableBlock, 'kind'> {
  return {
    caption,
    head: ['true class', ...labels.map((label) => `predicted ${label}`)],
    numeric: [false, ...labels.map(() => true)],
    rows: labels.map((label, i) => [label, ...(counts[i] ?? []).map(count)]),
  };
}

function tableMarkdown({ caption, head, numeric, rows }: Omit<TableBlock, 'kind'>): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `|${numeric.map((isNumber) => (isNumber ? ' ---: ' : ' --- ')).join('|')}|`;
  return [`${escapeMarkdown(caption)}:`, [line(head), rule, ...rows.map(line)].join('\n')];
}
