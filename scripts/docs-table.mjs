/** Returns a Markdown table without the columns that are empty in every row; no table without rows. */
export function table(head, rows) {
  if (rows.length === 0) return '';
  const filled = head.map((_, i) => rows.some((row) => row[i] !== ''));
  const line = (cells) => {
    const shown = cells
      .filter((_, i) => filled[i])
      .map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' '));
    return `| ${shown.join(' | ')} |`;
  };
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Returns the sections that are not empty as one page. */
export function page(sections) {
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
