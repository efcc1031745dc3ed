import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MLFLOW_DIFFERENCES } from '#src/mlflow/index.js';
import { reasonToSkipMlflow } from '../../support/mlflow-server.js';
import { send } from './call.js';
import { pick } from './case.js';
import { areas } from './cases/index.js';
import { runClientSteps } from './client-steps.js';
import { thinlyCalled, uncalled } from './coverage.js';
import { trySequences } from './random/index.js';
import { type Answered, compareAnswers, metDifferences, runSequence } from './sequence.js';
import { isAgainstItself, type ServerPair, startServers } from './servers.js';

const sequences = Number(process.env['PHANTOMNET_PARITY_SEQUENCES'] ?? 200);
const seed = Number(process.env['PHANTOMNET_PARITY_SEED'] ?? Date.now() % 2 ** 31);
const skip = reasonToSkipMlflow();
const note = skip === undefined ? '' : ` (skipped: ${skip})`;

describe.skipIf(skip !== undefined)(`phantomnet server answers as mlflow server${note}`, () => {
  let servers: ServerPair;
  const answered: Answered[] = [];
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(async () => {
    await servers?.stop();
  });

  describe('calls', () => {
    it.each(Object.entries(areas))('%s', { timeout: 180_000 }, async (_, steps) => {
      const [mlflow, other] = await Promise.all([
        runSequence(servers.mlflow, steps),
        runSequence(servers.other, steps),
      ]);
      answered.push(...mlflow);
      expect(compareAnswers(mlflow, other, { isItself: isAgainstItself() })).toEqual([]);
    });

    it('call each endpoint well once and badly three times', () => {
      expect(thinlyCalled(answered)).toEqual([]);
    });

    it.skipIf(isAgainstItself())('that are not served answer 501', async () => {
      const wrong: string[] = [];
      for (const endpoint of uncalled(Object.values(areas).flat())) {
        const [method = '', path = ''] = endpoint.replace(/<[^>]*>/g, 'x').split(' ');
        const answer = await send(servers.other.uri, {
          method,
          path,
          ...(method === 'GET' ? {} : { json: {} }),
        });
        const isRefused = answer.status === 501 && pick(answer, 'error_code') === 'NOT_IMPLEMENTED';
        if (!isRefused) wrong.push(`${endpoint}: ${answer.status}`);
      }
      expect(wrong).toEqual([]);
      metDifferences.add('not-implemented');
    });
  });

  it('to the same script of calls of the Python client', { timeout: 600_000 }, async () => {
    const [mlflow, other] = await Promise.all([
      runClientSteps(servers.mlflow),
      runClientSteps(servers.other),
    ]);
    expect(mlflow.length).toBeGreaterThan(190);
    expect(other).toEqual(mlflow);
  });

  it(`to ${sequences} random sequences of calls, seed ${seed}`, {
    timeout: 60_000 + sequences * 3_000,
  }, async () => {
    await trySequences(servers, { count: sequences, seed });
  });

  it.skipIf(isAgainstItself())('in all but the differences on purpose, each of which was met', () => {
    expect(MLFLOW_DIFFERENCES.map(({ id }) => id).filter((id) => !metDifferences.has(id))).toEqual([]);
  });
});
