/**
 * Takes the report document of a run, a plain value; gives it as JSON, Markdown and one HTML page with charts.
 * Never reads or writes a file, never measures anything, and never lets a text from the data be markup.
 */
export { isSkipped, parseReport, REPORT_VERSION, type Report, reportJson, type Skipped } from './document.js';
export { reportHtml } from './html.js';
export { reportMarkdown } from './markdown.js';
