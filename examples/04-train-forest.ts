// Trains a random forest on a matrix of features. Params have scikit-learn's names; the same seed gives the same bytes.
import {
  decodeModel,
  encodeModel,
  fitFeatures,
  labelEvents,
  type Model,
  modelDigest,
  randomForest,
  readAllEvents,
  rowsToMatrix,
  SAMPLE_PATH,
  WEEK6_SCHEMA,
} from 'phantomnet';

const digest = (fitted: Model) => modelDigest(encodeModel(fitted));

const { events } = await readAllEvents(SAMPLE_PATH);
const features = fitFeatures(events, { schema: WEEK6_SCHEMA, features: ['payload_length'] });
const params = randomForest.params({ nEstimators: 50, randomState: 42 });

const model = await randomForest.fit(params, features.transform(events), labelEvents(events));
console.log(`${model.kind} with classes ${model.classes.join(', ')}`);

const again = await randomForest.fit(
  { ...params, nJobs: 1 },
  features.transform(events),
  labelEvents(events),
);
console.log(`the same with one worker: ${digest(model) === digest(again)}`);

const loaded = decodeModel(encodeModel(model));
const [, score] = loaded.predictScoresBatch(rowsToMatrix(loaded.features, [{ payload_length: 120 }]));
console.log(`payload_length 120: ${score! > 0.5 ? 'attack' : 'no attack'}`);
