import type { CommandDefinition } from '../context.js';
import { defineAudit } from './audit.js';
import { defineCompletion } from './completion.js';
import { defineBenchmark, defineDeploy, defineEvaluate, definePredict } from './detector.js';
import { defineIngest } from './ingest.js';
import { defineBackup, defineDoctor, defineGc, defineRestore } from './maintenance.js';
import { defineModels } from './models.js';
import { defineQuickstart } from './quickstart.js';
import { defineReport } from './report.js';
import { defineCompare, defineRuns } from './runs.js';
import { defineSearch } from './search.js';
import { defineServer } from './server.js';
import { defineTrain } from './train.js';

/** All commands, in the order the help lists them. */
export const commands: readonly CommandDefinition[] = [
  defineQuickstart,
  defineIngest,
  defineAudit,
  defineTrain,
  defineSearch,
  defineEvaluate,
  defineBenchmark,
  defineCompare,
  defineReport,
  defineRuns,
  defineModels,
  defineDeploy,
  definePredict,
  defineServer,
  defineGc,
  defineDoctor,
  defineBackup,
  defineRestore,
  defineCompletion,
];
