/** The reference of what the server answers of MLflow's API, from the tables that the server itself uses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { page, table } from './docs-table.mjs';

const built = (file) => pathToFileURL(join(process.cwd(), 'dist', file)).href;
const code = (text) => `\`${text}\``;

/** Calls of the server that are none of MLflow's. */
const OURS = ['/metrics', '/openapi.json'];

/** Calls that are checked like any other and then refused, whatever the store. */
const REFUSED = new Map([
  ['/mlflow-artifacts/mpu/', '501: a file is sent in one piece'],
  ['/mlflow-artifacts/presigned/', '501: no url is signed'],
  [
    '/mlflow/artifacts/presigned-',
    '400 where artifacts are reached through the server, else 501: no url is signed',
  ],
]);

/** Returns the page of MLflow's calls: answered with which permission, or left out and why, and where answers differ. */
export async function mlflowPage() {
  const { allRoutes } = await import(built('server/server.js'));
  const { SPOKEN_MLFLOW } = await import(built('server/pages/site-routes.js'));
  const { unsupportedCalls } = await import(built('mlflow/unsupported.js'));
  const left = new Set(unsupportedCalls.map(({ method, path }) => `${method} ${path}`));
  const calls = allRoutes({ staticPrefix: '', meter: undefined })
    .map(callOf)
    .filter(({ method, path }) => !left.has(`${method} ${path}`));
  const isOurs = ({ path }) => OURS.includes(path);
  return page([
    "# MLflow's REST API",
    `What \`phantomnet server\` answers of the API of MLflow ${SPOKEN_MLFLOW}. Calls below \`/api/\` stand below \`/ajax-api/\` as well, where MLflow's pages look for them. A call that is left out answers 501 \`NOT_IMPLEMENTED\` and says what is missing; one that MLflow does not have either answers 404. The server describes requests and answers itself at \`/openapi.json\`.`,
    'The permission is what a caller must be allowed to do: see (read), change (write), remove and bring back (manage). `open` asks for no token.',
    '## Answered',
    supported(calls.filter((call) => !isOurs(call) && refusalOf(call) === '')),
    'These are checked like the others and then always refused:',
    supported(calls.filter((call) => refusalOf(call) !== '')),
    `Beside them, of PhantomNet's own:`,
    supported(calls.filter(isOurs)),
    '## Left out',
    ...leftOut(unsupportedCalls),
    ...(await differences()),
  ]);
}

function callOf(route) {
  if (route.endpoint === undefined) return route;
  const { method, path, permission } = route.endpoint;
  return { method, path, permission };
}

function supported(calls) {
  const rows = calls.map((call) => [code(shown(call)), call.permission, refusalOf(call)]);
  return table(['call', 'permission', 'answer'], rows.sort(byPath));
}

function refusalOf({ path }) {
  return [...REFUSED].find(([part]) => `/${path}`.includes(part))?.[1] ?? '';
}

function leftOut(calls) {
  return [...new Set(calls.map(({ missing }) => missing))].flatMap((missing) => {
    const some = calls.filter((call) => call.missing === missing);
    return [
      `### ${missing[0].toUpperCase()}${missing.slice(1)}`,
      `${some[0].reason[0].toUpperCase()}${some[0].reason.slice(1)}.`,
      `\`\`\`\n${some.map(shown).join('\n')}\n\`\`\``,
    ];
  });
}

function byPath([a], [b]) {
  const [pathA, pathB] = [a, b].map((text) => text.split(' ')[1]);
  return pathA < pathB ? -1 : pathA > pathB ? 1 : a < b ? -1 : 1;
}

function shown({ method, path }) {
  return `${method} ${path.startsWith('/') ? path : `/api/${path}`}`;
}

/** Where an answer differs from MLflow's on purpose; the parity tests read the same table. */
async function differences() {
  const file = 'mlflow/differences.js';
  if (!existsSync(join('dist', file))) return [];
  const { MLFLOW_DIFFERENCES } = await import(built(file));
  return [
    '## Answered otherwise on purpose',
    table(
      ['what is asked', 'MLflow', 'PhantomNet', 'why'],
      MLFLOW_DIFFERENCES.map((row) => [row.what, row.mlflow, row.phantomnet, row.reason]),
    ),
  ];
}
