import { type Finished, phantomnet, SAMPLE } from './cli.js';

/** Trains a small forest on the shipped sample (about 2 s) and returns what `train --json` says. */
export async function trainSmall(
  cwd: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape themselves
): Promise<any> {
  const small = ['--split', 'stratified', '--param', 'nEstimators=10', '--cv', '0', '--no-baselines'];
  const done = await phantomnet(['train', SAMPLE, ...small, ...args, '--json'], { cwd, env });
  if (done.code !== 0) throw new Error(`train ended with ${done.code}: ${done.stderr}`);
  return done.json();
}

/** Returns a function that runs the program with --json in `cwd`. */
export function jsonIn(cwd: string): (...args: string[]) => Promise<Finished> {
  return (...args) => phantomnet([...args, '--json'], { cwd });
}
