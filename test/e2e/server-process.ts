import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { cleanEnv, MAIN } from '../support/cli.js';

/** A server process under test. */
export interface ServerProcess {
  readonly uri: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** All it wrote to stderr so far. */
  stderr(): string;
  /** Resolves with the first line of stderr, past or to come, that matches. */
  logged(pattern: RegExp): Promise<string>;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `phantomnet server` on a free port in `cwd` and resolves when it listens. */
export async function startServerProcess(
  cwd: string,
  options: { readonly args?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, 'server', '--port', '0', '--json', ...(options.args ?? [])], {
    cwd,
    env: { ...cleanEnv(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting: { readonly pattern: RegExp; readonly found: (line: string) => void }[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    for (const { pattern, found } of waiting) if (pattern.test(line)) found(line);
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => line as string),
    exited.then((code) => Promise.reject(new Error(`ended with ${code}: ${lines.join('\n')}`))),
  ]);
  const uri = (JSON.parse(first) as { uri: string }).uri;
  return {
    uri,
    port: Number(new URL(uri).port),
    child,
    stderr: () => lines.join('\n'),
    logged: (pattern) => {
      const line = lines.find((each) => pattern.test(each));
      return line !== undefined
        ? Promise.resolve(line)
        : new Promise((found) => waiting.push({ pattern, found }));
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Opens a plain connection, for requests no client would send. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are, in turn, and resolves with all that comes back until the server closes or `until` matches. */
export async function sendRaw(
  port: number,
  parts: readonly (string | Uint8Array)[],
  until = /$^/,
): Promise<string> {
  const socket = await openSocket(port);
  let received = '';
  const answered = new Promise<void>((done) => {
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (until.test(received)) done();
    });
    socket.once('close', () => done());
  });
  for (const part of parts) if (socket.writable) socket.write(part);
  await answered;
  socket.destroy();
  return received;
}
