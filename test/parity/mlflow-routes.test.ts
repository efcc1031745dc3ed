import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMeter } from '#src/server/http/meter.js';
import { createRouter } from '#src/server/http/router.js';
import { allRoutes } from '#src/server/server.js';
import { needsPython, python } from './python-client.js';

if (needsPython !== '') console.log(`mlflow-routes${needsPython}`);

/** The calls of the MLflow that is installed. */
function mlflowCalls(): [method: string, path: string][] {
  const script = fileURLToPath(new URL('./mlflow-routes.py', import.meta.url));
  const text = execFileSync(resolve(python!), [script], {
    encoding: 'utf8',
    env: { ...process.env, MLFLOW_TRACKING_URI: '', GIT_PYTHON_REFRESH: 'quiet' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A path with something in each field: Flask writes `<path:name>`, FastAPI `{name:path}`. */
const filled = (path: string) =>
  path.replace(/<path:\w+>|\{\w+:path\}/g, 'some/id').replace(/<\w+>|\{\w+\}/g, 'some-id');

describe.skipIf(python === undefined)(`MLflow's calls${needsPython}`, () => {
  it('are answered or said to be left out, every one', { timeout: 120_000 }, () => {
    const find = createRouter(allRoutes({ staticPrefix: '', meter: createMeter() }));
    const calls = mlflowCalls();
    expect(calls.length).toBeGreaterThan(400);
    const forgotten = calls.filter(([method, path]) => {
      const found = find(method, filled(path));
      return found === undefined || !('route' in found);
    });
    expect(forgotten).toEqual([]);
  });
});
