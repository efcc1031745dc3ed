/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a client says who it is. */
export interface Credentials {
  /** The value of the Authorization header; undefined when there is nothing to say. */
  readonly authorization: string | undefined;
  /** Returns the text without any of the secrets in it. */
  scrub(text: string): string;
}

/**
 * Returns the credentials for a server as MLflow's client picks them: user and password of the address, else
 * MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD (Basic), else MLFLOW_TRACKING_TOKEN (Bearer).
 */
export function readCredentials(address: URL, env: Environment): Credentials {
  const user =
    address.username !== '' ? decodeURIComponent(address.username) : env['MLFLOW_TRACKING_USERNAME'];
  const password =
    address.username !== '' ? decodeURIComponent(address.password) : env['MLFLOW_TRACKING_PASSWORD'];
  const token = env['MLFLOW_TRACKING_TOKEN'];
  if (user && password) {
    const pair = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    return { authorization: `Basic ${pair}`, scrub: scrubber([pair, password]) };
  }
  if (token) return { authorization: `Bearer ${token}`, scrub: scrubber([token]) };
  return { authorization: undefined, scrub: (text) => text };
}

function scrubber(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
