/**
 * Draws docs/quickstart.svg: runs the quickstart in an empty folder and writes what it printed, letter by letter, but for
 * the path of this folder. Needs the build.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const LETTER_WIDTH = 7.83;
const LINE_HEIGHT = 18;
const MARGIN = 20;

const root = fileURLToPath(new URL('../', import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'phantomnet-picture-')));
// The program says where the sample is as seen from the folder it runs in.
const wayToRoot = `${relative(scratch, realpathSync(root))}/`;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_')));
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(root, 'dist/cli/main.js'), 'quickstart'],
  {
    cwd: scratch,
    env,
    encoding: 'utf8',
  },
);
rmSync(scratch, { recursive: true, force: true });
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const lines = [
  '$ phantomnet quickstart',
  '',
  ...stdout.replaceAll(wayToRoot, '').replaceAll(root, '').replace(/^\n+/, '').trimEnd().split('\n'),
];
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * LETTER_WIDTH + 2 * MARGIN);
const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
const drawn = lines.flatMap((line, i) => {
  if (line === '') return [];
  const y = MARGIN + (i + 0.75) * LINE_HEIGHT;
  const fill = line.startsWith('$') ? ' fill="#7ee787"' : '';
  // The length is set, so that columns stay columns in every font.
  const length = (line.length * LETTER_WIDTH).toFixed(1);
  return [
    `<text x="${MARGIN}" y="${y}" textLength="${length}" xml:space="preserve"${fill}>${escapeXml(line)}</text>`,
  ];
});
writeFileSync(
  join(root, 'docs/quickstart.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What phantomnet quickstart prints at its end">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e6edf3">
${drawn.join('\n')}
</g>
</svg>
`,
);
console.log(`docs/quickstart.svg: ${lines.length} lines`);
