import { type Adoption, adoptDatabase } from '../storage/index.js';
import { type StageProgress, silent } from './run-experiment.js';
import { type StorePlace, storeUri } from './verify.js';

/** Switches a database that MLflow made to WAL and adds our indexes. Throws what `adoptDatabase` throws. */
export async function adoptStore(
  place: StorePlace,
  progress: StageProgress = silent,
): Promise<Adoption & { readonly uri: string }> {
  const uri = storeUri(place);
  progress.stage('indexes');
  const adoption = await adoptDatabase(uri);
  progress.done();
  return { uri, ...adoption };
}
