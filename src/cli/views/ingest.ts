import { visible } from '../../core/index.js';
import type { EventValue } from '../../data/index.js';
import type { ExplainedLine, LogIngestReport, Reject } from '../../ingest/index.js';
import { renderFacts, renderTable } from './table.js';

const MAX_ROWS = 25;
const MAX_DAYS = 10;
const MAX_UNREAD = 50;

/** Returns what became of some logs: files, kinds of events, days, and what was rejected. */
export function renderIngest(
  report: LogIngestReport,
  options: { readonly color: boolean; readonly describeReject: (reject: Reject) => string },
): string {
  const { files, actions, days, firstRejects } = report;
  const read = files.filter(({ passedOver }) => passedOver === undefined);
  const facts: [string, string][] = [
    ['events', `${report.events} from ${report.rowsRead} lines in ${plural(read.length, 'file')}`],
    ['repeats', `${report.repeats} left out: the same line came before`],
    ['rejected', `${report.rejected}${reasons(report)}`],
  ];
  if (report.withoutEvent > 0)
    facts.push(['no event', `${report.withoutEvent} lines, such as headers and comments`]);
  facts.push(['sources', [...new Set(read.flatMap(({ source }) => source ?? []))].join(', ')]);
  const empty = read.filter(({ source }) => source === null);
  if (empty.length > 0)
    facts.push([
      'empty',
      `${plural(empty.length, 'file')} without a line: ${shortList(empty.map(({ file }) => file))}`,
    ]);
  if (read.length < files.length)
    facts.push([
      'passed over',
      `${plural(files.length - read.length, 'file')} without a log that can be read: ${shortList(files.flatMap(({ file, passedOver }) => (passedOver === undefined ? [] : [file])))}`,
    ]);
  const broken = read.flatMap(({ file, brokenAt }) => (brokenAt === undefined ? [] : [{ file, brokenAt }]));
  if (broken.length > 0)
    facts.push([
      'cut short',
      `${plural(broken.length, 'file')} with more that could not be expanded, from ${shortList(broken.map(({ file, brokenAt }) => `line ${brokenAt} of ${file}`))}`,
    ]);
  const barren = read.filter(({ rowsRead, rejected }) => rowsRead > 0 && rejected === rowsRead);
  if (barren.length > 0 && read.length > 1)
    facts.push([
      'all rejected',
      `${plural(barren.length, 'file')} of which no line was read: ${shortList(barren.map(({ file }) => file))}`,
    ]);
  const unread = new Set(files.flatMap(({ unreadColumns = [] }) => unreadColumns));
  if (unread.size > 0) facts.push(['not read', `columns ${shortList([...unread])}`]);
  if (days.length > 0)
    facts.push(['days', `${days.length}, from ${days[0]!.day} to ${days.at(-1)!.day} UTC`]);
  if (report.file !== null) facts.push([report.out === null ? 'kept in' : 'written to', report.file]);
  const parts = [renderFacts(facts), '', renderActions(report, options)];
  const unknown = actions.filter((action) => !action.isKnown);
  if (unknown.length > 0)
    parts.push(
      `kept, though the source does not know them: ${unknown
        .slice(0, 5)
        .map((a) => visible(a.action))
        .join(', ')}`,
    );
  if (days.length > 1) parts.push('', renderDays(days, options));
  if (firstRejects.length > 0)
    parts.push(
      '',
      ...firstRejects.slice(0, 3).map((reject) => `rejected: ${options.describeReject(reject)}`),
    );
  if (report.out === null) parts.push('', 'write the events to a file with --out events.parquet');
  return parts.join('\n');
}

function reasons({ rejectsByReason }: LogIngestReport): string {
  const list = Object.entries(rejectsByReason).map(([code, count]) => `${code} ${count}`);
  return list.length === 0 ? '' : ` (${list.join(', ')})`;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function renderActions(
  { actions, otherActions }: LogIngestReport,
  options: { readonly color: boolean },
): string {
  const rows = actions.slice(0, MAX_ROWS).map((a) => [a.dataset, a.action, String(a.events)]);
  const rest = actions.slice(MAX_ROWS);
  const more = rest.length + otherActions.actions;
  const events = rest.reduce((sum, action) => sum + action.events, otherActions.events);
  if (more > 0) rows.push(['', `${more} more`, String(events)]);
  return renderTable(['source', 'action', 'events'], rows, { ...options, right: [2] });
}

function renderDays(days: LogIngestReport['days'], options: { readonly color: boolean }): string {
  const rows = days.slice(-MAX_DAYS).map(({ day, events }) => [day, String(events)]);
  const title = days.length > MAX_DAYS ? `day (last ${MAX_DAYS})` : 'day';
  return renderTable([title, 'events'], rows, { ...options, right: [1] });
}

/** Returns how one line was read: a table a event, then what was not read, or why it was rejected. */
export function renderExplanation(explained: ExplainedLine, options: { readonly color: boolean }): string {
  const { file, line, source, events, fault, unread, secrets } = explained;
  const parts = [`${visible(file)}, line ${line}, read as ${source}`];
  if (fault !== null)
    parts.push(
      `rejected${fault.column === undefined ? '' : `, column ${visible(fault.column)}`}: ${fault.reason} (${fault.code})`,
    );
  if (fault === null && events.length === 0) parts.push('the line gives no event');
  for (const fields of events) {
    const rows = fields.map(({ field, value, from }) => [field, short(readable(field, value)), from ?? '']);
    parts.push('', renderTable(['field', 'value', 'read from'], rows, options));
  }
  if (secrets.length + unread.length > 0) parts.push('');
  if (secrets.length > 0) parts.push(`replaced as a secret: ${shortList(secrets)}`);
  if (unread.length > 0) parts.push(`not read: ${shortList(unread)}`);
  return parts.join('\n');
}

/** Times and durations are numbers that nobody reads. */
function readable(field: string, value: EventValue): string {
  if (typeof value !== 'number') return String(value);
  if (field === '@timestamp') return `${value} (${new Date(value).toISOString()})`;
  return field === 'event.duration' ? `${value} ns (${value / 1e9} s)` : String(value);
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, MAX_UNREAD).map((name) => visible(short(name)));
  if (names.length > MAX_UNREAD) shown.push(`${names.length - MAX_UNREAD} more`);
  return shown.join(', ');
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
