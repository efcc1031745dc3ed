import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedTracking, openEmbeddedTracking } from '#src/track/embedded.js';
import { thisProcess, whyGone } from '#src/track/embedded-process.js';

interface Mark {
  readonly pid: number;
  readonly startedAt: string | null;
  readonly host: string;
}
const own = JSON.parse(thisProcess()) as Mark;
const tagOf = (change: object) => JSON.stringify({ ...own, ...change });

/** The number of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('whyGone', () => {
  it('marks this process with number, start and a hash of the host', () => {
    expect(own.pid).toBe(process.pid);
    expect(own.host).toMatch(/^[0-9a-f]{16}$/);
    if (process.platform === 'linux') expect(own.startedAt).toMatch(/^[0-9a-f]{8}:\d+$/);
  });

  it('knows a process that runs, and one that has ended', async () => {
    expect(whyGone(tagOf({}))).toBeUndefined();
    expect(whyGone(tagOf({ pid: process.ppid, startedAt: null }))).toBeUndefined();
    const pid = await endedPid();
    expect(whyGone(tagOf({ pid, startedAt: null }))).toBe(`process ${pid} ended without closing the run`);
  });

  it.skipIf(process.platform !== 'linux')(
    'is not fooled by a number that another process has got (needs /proc)',
    () => {
      expect(whyGone(tagOf({ startedAt: '00000000:1' }))).toBe(
        `process ${process.pid} ended without closing the run; its number belongs to another process now`,
      );
    },
  );

  it('says nothing of other hosts and of tags it cannot read', async () => {
    const pid = await endedPid();
    expect(whyGone(tagOf({ pid, host: '0123456789abcdef' }))).toBeUndefined();
    for (const tag of [
      '',
      'null',
      '[]',
      '7',
      '{',
      '{"pid":-1}',
      '{"pid":"1","host":"x"}',
      tagOf({ pid: 0 }),
      tagOf({ pid, startedAt: 7 }),
    ]) {
      expect(whyGone(tag), tag).toBeUndefined();
    }
  });
});

describe('opening the embedded store', () => {
  let folder: string;
  let store: EmbeddedTracking;
  const reopen = async () => {
    await store.close();
    store = await openEmbeddedTracking({ uri: store.uri });
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phantomnet-recovery-'));
    store = await openEmbeddedTracking({ uri: `sqlite:///${folder}/phantomnet.db` });
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const runOf = async (
    mark: string | undefined,
    status: 'RUNNING' | 'SCHEDULED' | 'FINISHED' = 'RUNNING',
  ) => {
    const tags = mark === undefined ? {} : { 'phantomnet.process': mark };
    const { info } = await store.createRun({ experimentId: '0', tags });
    await store.updateRun(info.runId, { status });
    return info.runId;
  };

  it('kills the runs of dead processes of this host and no others', async () => {
    const pid = await endedPid();
    const dead = tagOf({ pid, startedAt: null });
    const gone = [await runOf(dead), await runOf(dead, 'SCHEDULED')];
    const kept = [
      await runOf(tagOf({})),
      await runOf(undefined),
      await runOf(tagOf({ pid, host: '0123456789abcdef' })),
      await runOf(dead, 'FINISHED'),
    ];
    await reopen();
    const reason = `process ${pid} ended without closing the run`;
    const byId = (a: { runId: string }, b: { runId: string }) => (a.runId < b.runId ? -1 : 1);
    expect([...store.recoveredRuns].sort(byId)).toEqual(gone.map((runId) => ({ runId, reason })).sort(byId));
    for (const runId of gone) {
      const run = await store.getRun(runId);
      expect(run.info.status).toBe('KILLED');
      expect(run.info.endTime).toBeGreaterThanOrEqual(run.info.startTime);
      expect(run.tags['phantomnet.statusReason']).toBe(reason);
    }
    const statuses = await Promise.all(kept.map(async (runId) => (await store.getRun(runId)).info.status));
    expect(statuses).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'FINISHED']);
    await reopen();
    expect(store.recoveredRuns).toEqual([]);
  });
});
