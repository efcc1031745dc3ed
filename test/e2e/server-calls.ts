/** An answer of a server under test. */
export interface Answer {
  readonly status: number;
  /** The body as JSON; undefined for one that is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape themselves
  readonly body: any;
}

/** Sends a call of MLflow's REST API 2.0, such as `runs/log-batch`. */
export async function post(uri: string, call: string, body: object): Promise<Answer> {
  return answerOf(
    await fetch(`${uri}/api/2.0/mlflow/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

/** Asks a call of MLflow's REST API 2.0, with its query. */
export async function get(uri: string, call: string, query: Record<string, string>): Promise<Answer> {
  return answerOf(await fetch(`${uri}/api/2.0/mlflow/${call}?${new URLSearchParams(query)}`));
}

/** The same, for what must be answered with 200. */
export async function must(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Where the artifact proxy has a file. */
export function artifactUrl(uri: string, path: string): string {
  return `${uri}/api/2.0/mlflow-artifacts/artifacts/${path}`;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: undefined };
  }
}

/** Creates a run in the Default experiment and returns its id. */
export async function createRun(uri: string): Promise<string> {
  const { run } = await must(post(uri, 'runs/create', { experiment_id: '0', start_time: 1 }));
  return run.info.run_id as string;
}

/** Returns all points of a metric, in the server's order. */
export async function history(
  uri: string,
  runId: string,
  key: string,
): Promise<{ step: number; value: number }[]> {
  const query = { run_id: runId, metric_key: key, max_results: '25000' };
  const { metrics = [] } = await must(get(uri, 'metrics/get-history', query));
  return metrics.map((m: { step?: number | string; value: number }) => ({
    step: Number(m.step ?? 0),
    value: m.value,
  }));
}
