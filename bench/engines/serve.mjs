// What the engines in Node share: commands come as JSON lines, answers go as JSON lines. See python.py.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Answers commands until standard input ends; `commands` has one function a command. */
export async function serve(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line);
    const answer = await Promise.resolve(task)
      .then((given) => commands[given.do](given))
      .catch((error) => ({ error: `${error.code ?? error.name}: ${error.message}`.slice(0, 500) }));
    process.stdout.write(`${JSON.stringify(answer ?? {})}\n`);
  }
}

/** Returns a float32 file as the array it is, without a copy. */
export function readFloats(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** Writes column 1 of nSamples × 2 scores as float64. */
export function writeScores(path, scores) {
  writeFileSync(
    path,
    Float64Array.from({ length: scores.length / 2 }, (_, i) => scores[2 * i + 1]),
  );
}

/** Returns the most bytes of memory that this process held. Not maxRSS, which on Linux starts from the parent's. */
export function peakBytes() {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(line[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/**
 * Returns the mean, p50 and p99 microseconds of `calls` calls; the mean is of a run of its own, without a clock in it.
 * A run that is not timed comes first, as in compiled.c: the engine has just waited for the others.
 */
export async function timeCalls(call, calls) {
  const times = new Float64Array(calls);
  const asynchronous = call(0) instanceof Promise;
  if (asynchronous) for (let i = 0; i < calls; i++) await call(i);
  else for (let i = 0; i < calls; i++) call(i);
  let start = performance.now();
  if (asynchronous) for (let i = 0; i < calls; i++) await call(i);
  else for (let i = 0; i < calls; i++) call(i);
  const meanUs = ((performance.now() - start) / calls) * 1000;
  for (let i = 0; i < calls; i++) {
    start = performance.now();
    const answer = call(i);
    if (asynchronous) await answer;
    times[i] = (performance.now() - start) * 1000;
  }
  times.sort();
  return { meanUs, p50Us: times[calls >> 1], p99Us: times[Math.floor(calls * 0.99)] };
}
