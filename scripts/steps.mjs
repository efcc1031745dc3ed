/** Runs one program after the other and keeps how each ended. */
import { spawn } from 'node:child_process';

/** The exit code a shell gives for a program that is not there. */
export const CANNOT_START = 127;

/**
 * Runs a program to its end with its output passed on, nothing on stdin, and a time limit.
 * Resolves to its exit code, or to why it has none. Never rejects.
 */
export function run(command, args, { timeoutMinutes, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: process.platform !== 'win32',
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill(child);
    }, timeoutMinutes * 60_000);
    const stop = () => kill(child);
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const end = (code, note) => {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code, note });
    };
    child.on('error', (error) => end(CANNOT_START, `cannot start: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (late) end(1, `stopped after ${timeoutMinutes} min`);
      else if (code === null) end(1, `ended by ${signal}`);
      else end(code, code === 0 ? '' : `exit ${code}`);
    });
  });
}

/** Ends a step with everything it started. */
function kill(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}
