import { type PythonValue, pythonRepr } from '../data/index.js';

/** What a script writes into `data`: a whole number becomes an int, another number a float, null becomes None. */
export type PlainValue =
  | string
  | number
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** Returns the text that a Python sensor writes for the value. */
export function dataText(value: PlainValue): string {
  return pythonRepr(toPython(value));
}

function toPython(value: PlainValue): PythonValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value === 'string') return value;
  if (isList(value)) return { kind: 'list', items: value.map(toPython) };
  return { kind: 'dict', entries: Object.entries(value).map(([key, item]) => [key, toPython(item)]) };
}

const isList = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value);
