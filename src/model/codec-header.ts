import type { FeatureSpec } from '../data/index.js';
import { damaged } from './codec-container.js';
import { TREE_KINDS } from './trees-model.js';

/** What the header of every kind of model says. */
export interface ModelHeader {
  readonly kind: string;
  readonly features: readonly FeatureSpec[];
  readonly classes: readonly (number | string)[];
  /** Bits of a node's left child, of a forest or stump. */
  readonly nodeBits?: number;
}

const MAX_CLASSES = 65_535;
/** Fields of the header by kind, besides the section table. */
const FIELDS = ['classes', 'features', 'kind'];
const TREE_FIELDS = [...FIELDS, 'nodeBits'];
const HAS_NODES = new Set<unknown>(TREE_KINDS);

/** Returns the checked header. Throws INTEGRITY for anything but the fields it must have. */
export function readHeader(header: Readonly<Record<string, unknown>>): ModelHeader {
  const { kind, features, classes, nodeBits } = header;
  if (typeof kind !== 'string') throw damaged('header', 'kind is not text');
  const fields = HAS_NODES.has(kind) ? TREE_FIELDS : FIELDS;
  if (Object.keys(header).sort().join() !== fields.join())
    throw damaged('header', `its fields are not ${fields.join(', ')}, sections`);
  const common = { kind, features: readFeatures(features), classes: readClasses(classes) };
  return typeof nodeBits === 'number' ? { ...common, nodeBits } : common;
}

function readFeatures(given: unknown): FeatureSpec[] {
  if (!Array.isArray(given) || given.length === 0) throw damaged('header', 'features is not a list');
  const names = new Set<string>();
  return given.map((feature: Partial<FeatureSpec> | null, i) => {
    const bad = (what: string) => damaged('header', `feature ${i} ${what}`);
    if (feature === null || typeof feature !== 'object') throw bad('is not an object');
    const { name, type, categories } = feature;
    if (typeof name !== 'string' || names.has(name)) throw bad('has no name of its own');
    names.add(name);
    if (type !== 'numeric' && type !== 'categorical') throw bad('has an unknown type');
    if (type === 'categorical' ? !isTextSet(categories) : categories !== undefined)
      throw bad('has categories that do not fit its type');
    if (Object.keys(feature).length !== (type === 'categorical' ? 3 : 2)) throw bad('has an unknown field');
    return type === 'categorical' ? { name, type, categories: categories! } : { name, type };
  });
}

function isTextSet(list: unknown): list is string[] {
  return (
    Array.isArray(list) &&
    list.every((item) => typeof item === 'string') &&
    new Set(list).size === list.length
  );
}

function readClasses(given: unknown): (number | string)[] {
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_CLASSES)
    throw damaged('header', `classes is not a list of 1 to ${MAX_CLASSES}`);
  const numbers = given.every((c) => typeof c === 'number');
  if (!numbers && !isTextSet(given))
    throw damaged('header', 'classes are neither numbers nor distinct texts');
  if (numbers)
    for (let i = 1; i < given.length; i++)
      if (!(given[i - 1]! < given[i]!)) throw damaged('header', 'classes are not in ascending order');
  return given;
}
