import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** The sample the package ships. */
export const SAMPLE = fileURLToPath(new URL('../../sample/honeypot-events.csv', import.meta.url));
/** The real week-6 file, which is not part of the project. */
export const WEEK6 = fileURLToPath(
  new URL('../../../shared/data/week6/week6_test_events.csv', import.meta.url),
);

/** What one invocation did. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout parsed as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape themselves
  readonly json: () => any;
}

/** Runs the program in `cwd` and resolves when it has ended. */
export function phantomnet(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string>; readonly input?: string },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd,
      env: { ...cleanEnv(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const stdout = Buffer.concat(out).toString();
      const stderr = Buffer.concat(err).toString();
      resolve({
        code,
        stdout,
        stderr,
        json: () => {
          try {
            return JSON.parse(stdout);
          } catch {
            throw new Error(
              `not JSON (exit ${code}): ${stdout.slice(0, 500)}\nstderr: ${stderr.slice(0, 2000)}`,
            );
          }
        },
      });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** The environment without the variables that choose a store. */
export function cleanEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([key, value]) => value !== undefined && !key.startsWith('MLFLOW_') && key !== 'NO_COLOR',
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

/** Makes an empty folder and returns it with a function that removes it. */
export function scratch(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'phantomnet-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
