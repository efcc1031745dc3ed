import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';

const candidates = [process.env['PHANTOMNET_PYTHON'], '.venv/bin/python'];

/** The Python with MLflow to compare with: PHANTOMNET_PYTHON, or the project's `.venv`; undefined when there is none. */
export const python = candidates.find((path) => path !== undefined && existsSync(path));

/** Test names say why they are skipped. */
export const needsPython =
  python === undefined ? ' (skipped: no .venv/bin/python and no PHANTOMNET_PYTHON with MLflow)' : '';

/** MLflow's Python client in a process of its own that answers requests in turn. */
export class PythonClient {
  readonly #process: ChildProcess;
  readonly #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  #out = '';
  #err = '';

  /** Starts it in `folder`, where MLflow puts what it was given no other place for. */
  constructor(folder: string) {
    const script = fileURLToPath(new URL('./mlflow-client.py', import.meta.url));
    this.#process = spawn(resolvePath(python!), [script], {
      cwd: folder,
      env: {
        ...process.env,
        MLFLOW_TRACKING_URI: '',
        GIT_PYTHON_REFRESH: 'quiet',
        MLFLOW_DISABLE_TELEMETRY: 'true',
      },
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err = (this.#err + text).slice(-4000);
    });
    this.#process.on('exit', (code) => {
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`Python ended (${code}): ${this.#err}`));
    });
  }

  /** Returns the answer to one command, or rejects with what MLflow said. */
  ask<T>(command: string, request: object = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      this.#process.stdin?.write(`${JSON.stringify({ ...request, command })}\n`);
    });
  }

  /** Ends the process and waits for its end. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin?.end();
    await ended;
  }

  #read(text: string): void {
    this.#out += text;
    for (let end = this.#out.indexOf('\n'); end >= 0; end = this.#out.indexOf('\n')) {
      const reply = JSON.parse(this.#out.slice(0, end)) as { answer?: unknown; error?: string };
      this.#out = this.#out.slice(end + 1);
      const { resolve, reject } = this.#waiting.shift()!;
      if (reply.error === undefined) resolve(reply.answer);
      else reject(new Error(`${reply.error}\n${this.#err}`));
    }
  }
}
