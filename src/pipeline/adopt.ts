import { type Adoption, adoptDatabase } from '../storage/index.js';
import { type StorePlace, storeUri } from './verify.js';

/** Switches a database that MLflow made to WAL and adds our indexes. Throws what `adoptDatabase` throws. */
export async function adoptStore(place: StorePlace): Promise<Adoption & { readonly uri: string }> {
  const uri = storeUri(place);
  return { uri, ...(await adoptDatabase(uri)) };
}
