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
export const WEEK6 = fileURLToPath(new URL('../../../shared/data/week6/week6_test_events.csv', import.meta.url));
/** Runs the program in `cwd` and resolves when it has ended. */
export function phantomnet(args, options) {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [MAIN, ...args], {
            cwd: options.cwd,
            env: { ...cleanEnv(), ...options.env },
            stdio: ['pipe', 'pipe', 'pipe'],
        });
        const out = [];
        const err = [];
        child.stdout.on('data', (chunk) => out.push(chunk));
        child.stderr.on('data', (chunk) => err.push(chunk));
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
                    }
                    catch {
                        throw new Error(`not JSON (exit ${code}): ${stdout.slice(0, 500)}\nstderr: ${stderr.slice(0, 2000)}`);
                    }
                },
            });
        });
        child.stdin.on('error', () => undefined);
        child.stdin.end(options.input ?? '');
    });
}
/** The environment without the variables that choose a store. */
export function cleanEnv() {
    const kept = Object.entries(process.env).filter(([key, value]) => value !== undefined && !key.startsWith('MLFLOW_') && key !== 'NO_COLOR');
    return Object.fromEntries(kept);
}
/** Makes an empty folder and returns it with a function that removes it. */
export function scratch() {
    const folder = mkdtempSync(join(tmpdir(), 'phantomnet-test-'));
    return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
