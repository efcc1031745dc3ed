import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MLFLOW_DIFFERENCES } from '#src/mlflow/index.js';
import { reasonToSkipMlflow } from '../../support/mlflow-server.js';
import { send } from './call.js';
import { pick } from './case.js';
import { areas } from './cases/index.js';
import { thinlyCalled, uncalled } from './coverage.js';
import { type Answered, compareAnswers, metDifferences, runSequence } from './sequence.js';
import { isAgainstItself, type ServerPair, startServers } from './servers.js';

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
    it.each(Object.entries(areas))('%s', async (_, steps) => {
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

  it.skipIf(isAgainstItself())('in all but the differences on purpose, each of which was met', () => {
    expect(MLFLOW_DIFFERENCES.map(({ id }) => id).filter((id) => !metDifferences.has(id))).toEqual([]);
  });
});
