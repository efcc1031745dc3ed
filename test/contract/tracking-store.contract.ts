import { afterAll, beforeAll, describe } from 'vitest';
import type { TrackingStore } from '#src/track/index.js';
import { experimentCases } from './tracking-experiments.contract.js';
import { artifactCases, loggedModelCases } from './tracking-logged-models.contract.js';
import { loggingCases } from './tracking-logging.contract.js';
import { metricHistoryCases } from './tracking-metrics.contract.js';
import { runCases } from './tracking-runs.contract.js';
import { experimentSearchCases, loggedModelSearchCases, runSearchCases } from './tracking-search.contract.js';

/** An opened store; `close` also ends what `open` started. */
export interface TrackingFixture {
  readonly store: TrackingStore;
  close(): Promise<void>;
}

/** Reads the store of the fixture, which exists only once `beforeAll` ran. */
export type StoreOf = () => TrackingStore;

/**
 * All that the tracking port promises, run by every store. A real `mlflow server` passes it, so what it says is what
 * MLflow does. `purge` tells a store that can remove runs for good from one whose wire has no such call.
 */
export function trackingStoreContract(
  name: string,
  open: () => Promise<TrackingFixture>,
  options: { readonly purge: 'supported' | 'unsupported' } = { purge: 'supported' },
): void {
  describe(`tracking store contract: ${name}`, () => {
    let fixture: TrackingFixture | undefined;
    const storeOf: StoreOf = () => {
      if (fixture === undefined) throw new Error('the store did not open');
      return fixture.store;
    };
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(async () => {
      await fixture?.close();
    });
    describe('experiments', () => experimentCases(storeOf));
    describe('runs', () => runCases(storeOf, options.purge));
    describe('logging', () => loggingCases(storeOf));
    describe('logged models', () => loggedModelCases(storeOf));
    describe('artifacts', () => artifactCases(storeOf));
    describe('metric history', () => metricHistoryCases(storeOf));
    describe('searches of runs', () => runSearchCases(storeOf));
    describe('searches of experiments', () => experimentSearchCases(storeOf));
    describe('searches of logged models', () => loggedModelSearchCases(storeOf));
  });
}
