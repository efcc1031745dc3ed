import { createHash } from 'node:crypto';
import { VERSION } from '../../core/index.js';
import { send } from '../http/answer.js';
import type { RawRoute } from '../http/route.js';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1b2330; background: #fff }
h1 { font-size: 1.6rem; margin-bottom: 0 }
.version { color: #5b6675; margin-top: 0 }
pre { background: #f2f4f7; padding: .8rem 1rem; border-radius: 6px; overflow-x: auto }
th { text-align: left; padding-right: 1.5rem; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  body { color: #e4e9f0; background: #12161c }
  .version { color: #98a4b3 }
  pre { background: #1d232c }
  a { color: #7db4ff }
}`;

/** Only this page's own style, by its hash; no script at all. */
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The page at the root: what this is and where to go. It names no file and no host of the machine. */
export function homeRoute(about: { readonly staticPrefix: string; readonly spokenMlflow: string }): RawRoute {
  return {
    method: 'GET',
    path: '/',
    permission: 'read',
    handle({ response }, { tracking }) {
      const frames = String(response.getHeader('content-security-policy')).replace(/^default-src 'none'/, '');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'${frames}`,
      );
      const body = page({ ...about, store: kindOf(tracking.uri) });
      send(response, 200, { type: 'text/html; charset=utf-8', body });
    },
  };
}

function kindOf(uri: string): string {
  return uri.startsWith('sqlite:') ? 'SQLite, in the schema of MLflow' : 'tracking store';
}

function page(about: { staticPrefix: string; spokenMlflow: string; store: string }): string {
  const { staticPrefix: prefix, spokenMlflow, store } = about;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PhantomNet</title>
<style>${STYLE}</style>
</head>
<body>
<h1>PhantomNet</h1>
<p class="version">version ${VERSION}, speaks MLflow ${spokenMlflow}</p>
<p>This is a tracking server and model registry. It answers the REST API of MLflow, so every MLflow client works with
it; point one at the address of this page:</p>
<pre>export MLFLOW_TRACKING_URI=http://HOST:PORT${prefix}
python train.py          # any script that uses mlflow
phantomnet runs list     # or the command line of PhantomNet</pre>
<p>Where the server asks for a token, set <code>MLFLOW_TRACKING_TOKEN</code> as well.</p>
<table>
<tr><th>Store</th><td>${store}; <code>mlflow ui</code> opens the same file</td></tr>
<tr><th>Run links</th><td>links that the client of MLflow prints (<code>#/experiments/…</code>) need the UI:
<code>mlflow ui --backend-store-uri … --artifacts-destination …</code></td></tr>
<tr><th>Calls</th><td><a href="${prefix}/openapi.json">openapi.json</a></td></tr>
<tr><th>Health</th><td><a href="${prefix}/health">health</a>, <a href="${prefix}/version">version</a>,
<a href="${prefix}/metrics">metrics</a> for Prometheus</td></tr>
</table>
</body>
</html>
`;
}
