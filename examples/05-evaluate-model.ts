// Says how right predictions are, with intervals, and whether one model is better than another by more than luck.
import { compare, comparisonText, evaluate } from 'phantomnet';

const yTrue = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1];
const careful = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0];
const hasty = [1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

const evaluation = evaluate({ yTrue, yPred: careful, classes: [0, 1] });
const { low, high, method } = evaluation.intervals['accuracy']!;
console.log(
  `accuracy ${evaluation.metrics['accuracy']!.toFixed(3)}, ${low.toFixed(3)} to ${high.toFixed(3)} (${method})`,
);
console.log(`recall of attacks ${evaluation.metrics['recallBinary']!.toFixed(3)}`);

const entry = (name: string, yPred: number[]) => ({
  id: name,
  name,
  ...evaluate({ yTrue, yPred, classes: [0, 1] }),
  predictions: { dataset: 'twelve rows', rows: yTrue.map((_, i) => i), yTrue, yPred },
});
const comparison = compare([entry('careful', careful), entry('hasty', hasty)], { against: 'careful' });
console.log(comparisonText(comparison));
