// Splits rows into training and test rows: at random with the class shares kept, or by time.
// The same seed gives scikit-learn's rows.
import {
  labelEvents,
  readAllEvents,
  SAMPLE_PATH,
  stratifiedKFold,
  timeOrderedSplit,
  trainTestSplit,
} from 'phantomnet';

const { events } = await readAllEvents(SAMPLE_PATH);
const labels = labelEvents(events);

const random = trainTestSplit(events.length, { testSize: 0.2, stratify: labels, randomState: 42 });
console.log(`stratified: ${random.train.length} train, ${random.test.length} test`);
console.log(`first test rows: ${[...random.test.subarray(0, 3)].join(', ')}`);

const times = events.map((event) => Number(event.fields['@timestamp']));
const byTime = timeOrderedSplit(times, { testSize: 0.2 });
const [first = 0] = byTime.test;
console.log(
  `by time: ${byTime.train.length} train, ${byTime.test.length} test, from ${new Date(times[first] ?? 0).toISOString()}`,
);

const folds = stratifiedKFold(labels, { nSplits: 5, shuffle: true, randomState: 42 });
console.log(`folds: ${folds.map((fold) => fold.test.length).join(', ')}`);
