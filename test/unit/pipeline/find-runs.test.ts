import { beforeAll, describe, expect, it } from 'vitest';
import {
  changeLifecycle,
  compareRuns,
  listRuns,
  registerRun,
  showReport,
  showRun,
  type Workspace,
} from '#src/pipeline/index.js';
import { expectCode } from '../../contract/expect-code.js';
import { temporaryWorkspace } from '../../support/temporary-workspace.js';

const { workspace } = await temporaryWorkspace();
const ids: Record<string, string> = {};
let startTime = 1;

/** Makes a run; its key in `ids` is its name, with `key` where it is not the only one. */
async function make(runName: string, { experimentId = '0', key = runName, tags = {} } = {}) {
  const { info } = await workspace.tracking.createRun({
    experimentId,
    runName,
    userId: 'u',
    tags,
    startTime,
  });
  startTime++;
  ids[key] = info.runId;
}

beforeAll(async () => {
  const { experimentId: other } = await workspace.tracking.createExperiment('other');
  await make('narrow');
  await make('twice', { key: 'twice here' });
  await make('twice', { key: 'twice there', experimentId: other });
  await make('gone');
  await make('majority', { tags: { 'mlflow.parentRunId': ids['narrow']! } });
  // A name that is the beginning of an id.
  await make(ids['narrow']!.slice(0, 12), { key: 'like an id' });
  await changeLifecycle(workspace, { verb: 'delete', runId: ids['gone']! });
});

const shown = async (wanted: string) => (await showRun(workspace, wanted)).runId;

describe('a run', () => {
  it('is named by its id, its name, or the beginning of its id', async () => {
    expect(await shown(ids['narrow']!)).toBe(ids['narrow']);
    expect(await shown('narrow')).toBe(ids['narrow']);
    expect(await shown(ids['narrow']!.slice(0, 20))).toBe(ids['narrow']);
    expect(await shown(ids['narrow']!.slice(0, 12))).toBe(ids['like an id']);
  });

  it('is refused, with the ids, where several have the name', async () => {
    const error = await expectCode(shown('twice'), 'CONFLICT');
    expect(error.message).toBe('"twice" names more than one run');
    expect(error.hint).toBe(`name one by its id: ${ids['twice there']}, ${ids['twice here']}`);
    const many = await expectCode(shown(ids['narrow']!.slice(0, 4)), 'CONFLICT');
    expect(many.hint).toMatch(/^name one by its id: ([0-9a-f]{32}, ){4}[0-9a-f]{32}$/);
  });

  it('is looked for in the experiment that is asked about', async () => {
    const of = (experiment: string) => compareRuns(workspace, { runIds: ['twice'], experiment });
    expect((await of('other')).rows.map(({ id }) => id)).toEqual([ids['twice there']]);
    expect((await of('Default')).rows.map(({ id }) => id)).toEqual([ids['twice here']]);
    await expectCode(compareRuns(workspace, { runIds: ['narrow'], experiment: 'other' }), 'NOT_FOUND');
  });

  it('is found deleted where that is what is asked for', async () => {
    expect(await shown('gone')).toBe(ids['gone']);
    const is = { kind: 'run', id: ids['gone'] };
    await expectCode(changeLifecycle(workspace, { verb: 'delete', runId: 'gone' }), 'NOT_FOUND');
    const back = await changeLifecycle(workspace, { verb: 'restore', runId: 'gone' });
    expect(back).toEqual({ ...is, lifecycleStage: 'active' });
    const away = await changeLifecycle(workspace, { verb: 'delete', runId: 'gone' });
    expect(away).toEqual({ ...is, lifecycleStage: 'deleted' });
  });

  it('is told apart from none by every command', async () => {
    const call: Record<string, (name: string) => Promise<unknown>> = {
      show: shown,
      report: (name) => showReport(workspace as Workspace, name),
      register: (runId) => registerRun(workspace, { name: 'm', runId }),
      compare: (name) => compareRuns(workspace, { runIds: [name] }),
    };
    for (const [command, ask] of Object.entries(call))
      for (const wanted of ['nobody', '', '%', "it's", 'fff', 'f'.repeat(31)]) {
        const error = await expectCode(ask(wanted), 'NOT_FOUND');
        expect([command, error.message]).toEqual([
          command,
          `no run ${JSON.stringify(wanted)}, neither as id nor as name`,
        ]);
      }
  });
});

describe('the list of runs', () => {
  it('leaves out what was made for another run, unless it is asked for', async () => {
    const names = async (children?: boolean) =>
      (await listRuns(workspace, { experiment: 'Default', children })).map(({ runName }) => runName);
    const alone = [ids['narrow']!.slice(0, 12), 'twice', 'narrow'];
    expect(await names()).toEqual(alone);
    expect(await names(true)).toEqual([alone[0], 'majority', ...alone.slice(1)]);
    expect(await listRuns(workspace, { limit: 2 })).toHaveLength(2);
  });
});
