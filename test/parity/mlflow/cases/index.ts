import type { Step } from '../case.js';
import { artifacts, largeFiles } from './artifacts.js';
import { experiments } from './experiments.js';
import { inputsAndOutputs } from './inputs-outputs.js';
import { loggedModels } from './logged-models.js';
import { metrics } from './metrics.js';
import { modelVersions } from './model-versions.js';
import { paramsAndTags } from './params-tags.js';
import { registeredModels } from './registered-models.js';
import { runs } from './runs.js';
import { searchExperiments } from './search-experiments.js';
import { searchLoggedModels } from './search-logged-models.js';
import { searchRegistry } from './search-registry.js';
import { searchRuns } from './search-runs.js';
import { server, traces } from './server.js';

/** Every area's sequence of calls, in the order they are sent. */
export const areas: Readonly<Record<string, readonly Step[]>> = {
  experiments,
  runs,
  metrics,
  'params-tags': paramsAndTags,
  'inputs-outputs': inputsAndOutputs,
  'logged-models': loggedModels,
  'registered-models': registeredModels,
  'model-versions': modelVersions,
  artifacts,
  'large-files': largeFiles,
  'search-runs': searchRuns,
  'search-experiments': searchExperiments,
  'search-registry': searchRegistry,
  'search-logged-models': searchLoggedModels,
  traces,
  server,
};
