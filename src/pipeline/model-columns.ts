import type { TableColumn } from '../data/index.js';
import { Detector } from './detector.js';
import type { OnnxDetector } from './onnx-detector.js';

const asColumn = (name: string, type: TableColumn['type'], reason: string): TableColumn => ({
  ...{ name, type, reason },
  role: 'feature',
  isInteger: false,
});

/** Returns the columns that a model reads from a table: their types hold, whatever the rows of a file look like. */
export function modelColumns(detector: Detector | OnnxDetector): TableColumn[] {
  if (detector instanceof Detector)
    return detector.features.map(({ name, type }) => asColumn(name, type, 'a feature of the model'));
  return detector.scorer.columns.map(({ name, type }) =>
    asColumn(name, type === 'string' ? 'categorical' : 'numeric', 'a feature of the model'),
  );
}

/** Returns the column of a label, of numbers where the model's classes are. */
export function labelColumnOf(name: string, classes: readonly (number | string)[]): TableColumn {
  const isNumeric = classes.every((label) => typeof label === 'number');
  const column = asColumn(name, isNumeric ? 'numeric' : 'categorical', 'the label is this column');
  return { ...column, role: 'label-defining' };
}
