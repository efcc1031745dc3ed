import { visible } from '../core/index.js';
import type { Sampling } from '../features/index.js';

/** Most names of logs that a warning tells. */
const MOST_TOLD = 3;

/**
 * Returns a warning where none of the logs that events come from is of a sensor whose logs a model was trained on; none where
 * that is not known.
 */
export function foreignLogNotes(sampling: Sampling | undefined, datasets: readonly string[]): string[] {
  const known = new Set(sampling?.datasets?.map(sensorOf));
  if (known.size === 0 || datasets.length === 0) return [];
  const sensors = new Set(datasets.map(sensorOf));
  if ([...sensors].some((sensor) => known.has(sensor))) return [];
  return [
    `the model was trained on logs of ${named(known)}, and these are of ${named(sensors)}: what it says of them means little`,
  ];
}

/** Returns whose log it is: `suricata.flow` and `suricata.alert` are of one sensor. */
function sensorOf(dataset: string): string {
  return dataset.split('.', 1)[0]!;
}

function named(sensors: ReadonlySet<string>): string {
  const told = [...sensors].slice(0, MOST_TOLD).map(visible);
  return sensors.size > MOST_TOLD ? `${told.join(', ')} and others` : told.join(', ');
}
