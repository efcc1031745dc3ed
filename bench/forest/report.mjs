// What the benchmark prints for people.

/** Returns the lines of one row's result. */
export function rowText(row) {
  const lines = [`${row.name}: ${row.title}${row.data ? ` (${row.data})` : ''}`];
  if (row.skipped) return [...lines, `  ${whyNot(row)}`, ''];
  const width = Math.max(...row.contestants.map(({ name }) => name.length), 12);
  for (const contestant of row.contestants) lines.push(`  ${contestantText(contestant, width, row.unit)}`);
  for (const { name, reason } of row.absent ?? []) lines.push(`  ${name.padEnd(width)}  absent: ${reason}`);
  for (const check of row.checks) lines.push(`  → ${checkText(check)}`);
  return [...lines, ''];
}

function contestantText(contestant, width, unit) {
  const { name, nodes, auc, auc20, p50Us, p99Us, peakMB, note, failed } = contestant;
  const figures =
    contestant.seconds ??
    contestant.meanUs ??
    (p50Us?.median === undefined ? null : p50Us) ??
    (peakMB?.median === undefined ? null : peakMB) ??
    (auc?.median === undefined ? null : auc);
  const parts = [
    figures && `${rangeText(figures)} ${unit.split(',')[0]}`,
    typeof p50Us === 'number' && `p50 ${short(p50Us)} p99 ${short(p99Us)}`,
    typeof peakMB === 'number' && `${Math.round(peakMB)} MB`,
    nodes && `${nodes.toLocaleString('en')} nodes`,
    typeof auc === 'number' && `AUC ${auc.toFixed(4)}`,
    auc20 && `80/20 ${rangeText(auc20)}`,
    note && `(${note})`,
    failed && `failed: ${failed}`,
  ];
  return `${name.padEnd(width)}  ${parts.filter(Boolean).join('  ')}`;
}

/** Returns one check as a line: what was measured, its spread, the limits and the verdict. */
export function checkText(check) {
  const { name, value, min, max, rounds, unit = '×', bestPeer, target, floor, less } = check;
  if (value === null) return `${name}: ${check.verdict ?? 'not measured'}`;
  const against = bestPeer ? ` against ${bestPeer}` : '';
  const spread = rounds > 1 ? ` [${short(min)} to ${short(max)}, ${rounds} rounds]` : ' [1 round]';
  const limits = check.verdict
    ? `: ${check.verdict} (target ${less ? '≤' : '≥'} ${target}, floor ${less ? '≤' : '≥'} ${floor})`
    : '';
  return `${name} ${short(value)} ${unit}${against}${spread}${limits}`;
}

const rangeText = ({ median, min, max, n }) =>
  `${short(median)}${n > 1 ? ` [${short(min)} to ${short(max)}]` : ''}`;

function short(value) {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.01) return value.toFixed(5);
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(4)));
}

/** Returns the table of all checks, one line each, and the count of verdicts. */
export function closingText(rows) {
  const checks = rows.flatMap((row) => row.checks ?? []).filter((check) => check.verdict);
  const count = (verdict) => checks.filter((check) => check.verdict === verdict).length;
  const skipped = rows.filter((row) => row.skipped);
  return [
    'all limits',
    ...checks.map((check) => `  ${checkText(check)}`),
    ...skipped.map((row) => `  ${row.name}: ${whyNot(row)}`),
    '',
    `${count('reached')} reached, ${count('below target')} below target, ${count('BELOW FLOOR')} BELOW FLOOR, ` +
      `${count('not measured') + skipped.length} not measured`,
  ];
}

const whyNot = ({ skipped, failed }) => `${failed ? 'FAILED' : 'left out'}: ${skipped}`;
