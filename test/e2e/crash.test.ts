import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnv, MAIN, phantomnet, scratch } from '../support/cli.js';

const ROUNDS = Number(process.env['PHANTOMNET_TORTURE'] ?? 5);
const SEED = Number(process.env['PHANTOMNET_SEED'] ?? Date.now() % 2 ** 31);

/** A small seeded generator: the seed is printed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function killAfter(cwd: string, delayMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [MAIN, 'quickstart', '--json'], {
    cwd,
    env: cleanEnv(),
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), delayMs);
  await once(child, 'exit');
  clearTimeout(timer);
  return child.signalCode === 'SIGKILL';
}

describe(`kill -9 during quickstart, ${ROUNDS} times, seed ${SEED}`, () => {
  const { folder: cwd, remove } = scratch();
  afterAll(remove);

  it(
    'leaves a store that opens, no run that claims to be finished and is not, and a second start works',
    async () => {
      console.log(`crash test: ${ROUNDS} rounds, seed ${SEED} (repeat with PHANTOMNET_SEED=${SEED})`);
      const draw = random(SEED);
      const started = performance.now();
      expect((await phantomnet(['quickstart', '--json'], { cwd })).code).toBe(0);
      const fullMs = performance.now() - started;
      let killed = 0;
      const checked = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        if (await killAfter(cwd, draw() * fullMs)) killed++;
        const listed = await phantomnet(
          ['runs', 'list', '--children', '--view', 'all', '--limit', '1000', '--json'],
          {
            cwd,
          },
        );
        // All it may say is which runs it closed.
        expect(listed.stderr.replace(/^run [0-9a-f]{32} is now KILLED: .+\n/gm, '')).toBe('');
        const runs = listed.json();
        for (const run of runs) {
          expect(['FINISHED', 'FAILED', 'KILLED']).toContain(run.status);
          if (run.status === 'KILLED') expect(run.tags['phantomnet.statusReason']).toMatch(/process/);
          if (run.status !== 'FINISHED' || checked.has(run.runId)) continue;
          await expectWhole(cwd, run);
          checked.add(run.runId);
        }
      }
      expect(killed).toBeGreaterThan(0);
      const again = await phantomnet(['quickstart', '--json'], { cwd });
      expect(again.code).toBe(0);
      expect(again.json().passed).toBe(true);
    },
    ROUNDS * 120_000,
  );
});

/** A finished run has its metrics, and an experiment's model passes its checks. */
async function expectWhole(
  cwd: string,
  run: { runId: string; role: string; metrics: Record<string, number> },
): Promise<void> {
  expect(run.metrics['accuracy']).toBeGreaterThan(0);
  if (run.role !== 'experiment') return;
  const checked = await phantomnet(['deploy', 'check', `runs:/${run.runId}/model`, '--json'], { cwd });
  expect(checked.json()).toMatchObject({ passed: true });
}
