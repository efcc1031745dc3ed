import type { Block, MatrixBlock, Section, TableBlock } from './blocks.js';
import type { Report } from './document.js';
import { count } from './format.js';
import { reportSections } from './sections.js';
import { PAGE_STYLE } from './style.js';
import { escapeHtml, shownText } from './text.js';
import { reportTitle } from './words.js';

/** Nothing is loaded and nothing runs, whatever a text from the data would have it do. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * Returns the report as one HTML page that stands alone: charts inside, light or dark as the reader has it, no script, no
 * request to anywhere. Text from the data is never markup. Deterministic. Cost O(length of the report).
 *
 * @example
 * ```ts no-run
 * import { readFileSync, writeFileSync } from 'node:fs';
 * writeFileSync('report.html', reportHtml(parseReport(readFileSync('report.json', 'utf8'))));
 * ```
 */
export function reportHtml(report: Report): string {
  const title = escapeHtml(reportTitle(report));
  const { model, run } = report;
  const about = `${shownText(model.estimator, 40)} for ${shownText(model.label, 60)}, experiment ${shownText(run.experiment, 80)}, ${shownText(run.startedAt.slice(0, 10))}`;
  const sections = reportSections(report);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><h1>${title}</h1><p>${escapeHtml(about)}</p></header>`,
    contents(sections),
    `<main>${sections.map(sectionHtml).join('\n')}</main>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function contents(sections: readonly Section[]): string {
  const links = sections.map(
    ({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav aria-label="Parts of the report"><ul>${links.join('')}</ul></nav>`;
}

function sectionHtml({ id, title, blocks }: Section): string {
  const heading = `<h2 id="${escapeHtml(id)}-heading">${escapeHtml(title)}</h2>`;
  const isCharted = blocks.some(({ kind }) => kind === 'chart');
  const body = isCharted ? withCharts(blocks) : blocks.map(blockHtml).join('\n');
  return `<section id="${escapeHtml(id)}" aria-labelledby="${escapeHtml(id)}-heading">${heading}${body}</section>`;
}

/** Charts stand beside each other where there is room. */
function withCharts(blocks: readonly Block[]): string {
  const first = blocks.findIndex(({ kind }) => kind === 'chart');
  const before = blocks.slice(0, first).map(blockHtml).join('\n');
  const charts = blocks.filter(({ kind }) => kind === 'chart').map(blockHtml);
  const after = blocks.slice(first).filter(({ kind }) => kind !== 'chart');
  return `${before}<div class="charts">${charts.join('\n')}</div>${after.map(blockHtml).join('\n')}`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${prose(block.text)}</p>`;
    case 'lead':
      return `<p class="lead">${prose(block.text)}</p>`;
    case 'weak':
      return `<p class="weak"><strong>Weak:</strong> ${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'figures':
      return `<dl class="figures">${block.items.map(figureHtml).join('')}</dl>`;
    case 'table':
      return block.role === 'figures'
        ? `<details><summary>The figures: ${escapeHtml(block.caption)}</summary>${tableHtml(block)}</details>`
        : tableHtml(block);
    case 'matrix':
      return matrixHtml(block);
    case 'chart':
      return `<figure>${block.svg}<figcaption>${escapeHtml(block.title)}</figcaption></figure>`;
  }
}

/** A number and its sign stay on one line. */
function prose(words: string): string {
  return escapeHtml(words.replace(/(\d) %/g, '$1\u00a0%'));
}

function figureHtml({ title, value, note }: { title: string; value: string; note: string }): string {
  return `<div><dt>${escapeHtml(title)}</dt><dd><strong>${escapeHtml(value)}</strong><span>${escapeHtml(note)}</span></dd></div>`;
}

function tableHtml({ caption, head, numeric, rows }: TableBlock): string {
  const side = (c: number) => (numeric[c] ? ' class="n"' : '');
  const titles = head.map((title, c) => `<th scope="col"${side(c)}>${escapeHtml(title)}</th>`);
  const body = rows.map(([first = '', ...cells]) => {
    const rest = cells.map((cell, c) => `<td${side(c + 1)}>${escapeHtml(cell)}</td>`);
    return `<tr><th scope="row">${escapeHtml(first)}</th>${rest.join('')}</tr>`;
  });
  return `<div class="wide" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${titles.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** Cells are shaded by their share of the true class, in ten steps. */
function matrixHtml({ caption, labels, counts }: MatrixBlock): string {
  const head = labels.map((label) => `<th scope="col" class="n">${escapeHtml(label)}</th>`);
  const body = labels.map((label, i) => {
    const row = counts[i] ?? [];
    const total = row.reduce((a, b) => a + b, 0);
    const cells = row.map((value, j) => {
      const shade = total === 0 ? 0 : Math.ceil((value / total) * 10);
      return `<td class="n ${i === j ? 'right' : 'wrong'} h${shade}">${count(value)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(label)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table class="matrix"><caption>${escapeHtml(caption)}</caption><thead><tr><th scope="col">true \\ predicted</th>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
