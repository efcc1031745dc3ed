import { given } from '../core/index.js';
import { type Run, readGitState, selectExperiment, withRun } from '../track/index.js';
import { auditCount, auditSamples, checkAudits } from './audit-experiment.js';
import { checkConfig } from './check-config.js';
import { checkSplit } from './check-split.js';
import { checkTestFile } from './check-test-file.js';
import { requireTwoClasses } from './choose-decision.js';
import { parseConfig } from './config.js';
import { defenceNotes, defendTraining } from './defences.js';
import { findRun } from './find-runs.js';
import { settleRecipe } from './fit-features.js';
import { readLabelledData } from './labelled-data.js';
import { logDefences } from './log-experiment.js';
import { settleTableFormat } from './read-data.js';
import { recipeOf } from './recipe.js';
import type { ExperimentContext } from './run-experiment.js';
import { countSamples } from './samples.js';
import { type SearchExperimentInput, searchExperimentSchema } from './search-config.js';
import { planSearch } from './search-plan.js';
import { clearReason, requireSameData, requireUnfinished, resumable, searchTags } from './search-resume.js';
import { candidateRecipes, finishSearch, type SearchResult, tryCandidates } from './search-stages.js';
import { settleFolds } from './settle-folds.js';
import type { Workspace } from './workspace.js';

/** Where a search runs, and the unfinished one that it goes on from. */
export interface SearchContext extends ExperimentContext {
  /** Id, beginning of the id, or name of the run of a search that did not end: its trials are taken from the store, and the run goes on. */
  readonly resume?: string | undefined;
}

/**
 * Returns the best of many combinations of params, fitted on the training part and evaluated once on the test part, which no
 * trial saw: each trial is a child run, scored by cross-validation inside the training part. A search that was killed and
 * is resumed ends with the same numbers as one that was not.
 * Throws INVALID_CONFIG, naming the key, before anything is read; CONFLICT for a run that cannot be resumed; CANCELLED, with
 * `details.runId`, when it was interrupted and can be; BAD_DATA when
 * every trial failed. Deterministic but for times and ids, and for what `maxSeconds` cuts off.
 *
 * @example
 * ```ts
 * const workspace = await openWorkspace({ uri: 'sqlite:///example.db' });
 * const { search } = await runSearch(
 *   {
 *     data: { path: SAMPLE_PATH },
 *     estimator: { name: 'decision-tree' },
 *     baselines: [],
 *     search: { strategy: 'grid', space: { maxDepth: [1, 4] }, folds: 3 },
 *   },
 *   { workspace, progress: silent },
 * );
 * search.winner.params; // { maxDepth: 4 }
 * search.trials.length; // 2
 * await workspace.close();
 * ```
 */
export async function runSearch(
  input: SearchExperimentInput,
  { workspace, progress, resume }: SearchContext,
): Promise<SearchResult> {
  const { tracking } = workspace;
  const written = parseConfig(searchExperimentSchema, input, 'config');
  const parsed = { ...written, data: await settleTableFormat(written.data) };
  const asked = recipeOf(parsed);
  checkConfig(parsed, asked);
  const planned = planSearch(parsed, asked);
  checkTestFile(input);
  const asksFolds = input.search?.folds ?? input.crossValidation?.folds;
  checkSplit({ ...input, crossValidation: { ...input.crossValidation, ...given({ folds: asksFolds }) } });
  const withFolds = { ...parsed, crossValidation: { ...parsed.crossValidation, folds: planned.folds } };
  const before =
    resume === undefined ? undefined : await findRun(workspace, resume, { experiment: parsed.experiment });
  if (before !== undefined) requireUnfinished(before, planned.digest, tracking);

  progress.stage('read events');
  const loaded = await readLabelledData(withFolds, asked, (count) => progress.advance(count, 0));
  const { config, notes: foldNotes } = settleFolds(withFolds, loaded);
  const data = { ...loaded, notes: [...loaded.notes, ...foldNotes] };
  const plan = { ...planned, folds: config.crossValidation.folds };
  requireTwoClasses(config, data.train.labels);
  const recipeFor = candidateRecipes(config, plan, data);
  const tags = searchTags(plan.digest, data);
  if (before !== undefined) requireSameData(before, tags);
  progress.done(
    `${countSamples(data.train.samples)} rows to search on, ${countSamples(data.test.samples)} to test on`,
  );

  progress.stage('audit');
  const settled = settleRecipe(asked, data.source);
  const audit = auditSamples(config, settled, data);
  checkAudits(audit.audits, config);
  progress.done(auditCount(audit.audits, config));

  const options = given({
    ...(await placeOf(config, before, workspace)),
    runName: config.runName,
    git: await readGitState(process.cwd()),
    source: { name: 'phantomnet search' },
    tags,
  });
  let runId: string | undefined;
  const searched = withRun(tracking, options, async ({ run, signal }) => {
    runId = run.info.runId;
    if (before !== undefined) await clearReason(tracking, before);
    progress.heading(
      `search ${runId} by ${config.search.metric}; when it is stopped, --resume ${runId} goes on`,
    );
    const defended = await defendTraining(withFolds, settled, data.train, { signal });
    await logDefences(tracking, run.info, defended.report);
    const notes = [...data.notes, ...defenceNotes(defended.report)];
    const search = { config, plan, data: { ...data, train: defended.train, notes }, recipeFor, audit };
    const active = { workspace, progress, run, signal };
    return finishSearch({ ...search, ...(await tryCandidates(search, active)) }, active);
  });
  return searched.catch((error: unknown) => {
    throw resumable(error, runId);
  });
}

/** A search that goes on is found as MLFLOW_RUN_ID finds a run; without a name the environment chooses the experiment. */
async function placeOf(
  { experiment: name }: { readonly experiment?: string | undefined },
  before: Run | undefined,
  { tracking }: Workspace,
) {
  if (before !== undefined) return { env: { MLFLOW_RUN_ID: before.info.runId } };
  if (name === undefined) return {};
  return { experimentId: (await selectExperiment(tracking, { name })).experimentId };
}
