import { PhantomNetError, sha256Hex, show } from '../core/index.js';
import { damaged, packContainer, type SectionData, unpackContainer } from './codec-container.js';
import { type ModelHeader, readHeader } from './codec-header.js';
import { checkFinite, checkProbabilities, SectionReader } from './codec-sections.js';
import { readTrees, treeSections } from './codec-trees.js';
import { createLogisticModel, featureColumns, type LogisticModel } from './logistic-model.js';
import { createMajorityModel, type MajorityModel } from './majority-model.js';
import type { Model } from './model.js';
import { TREE_KINDS, type TreesModel } from './trees-model.js';

type Codec = {
  /** What the header says besides kind, features and classes. */
  readonly header?: (model: Model) => { readonly nodeBits: number };
  readonly sections: (model: Model) => Map<string, SectionData>;
  readonly read: (header: ModelHeader, sections: SectionReader) => Model;
};

const CODECS: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ...TREE_KINDS.map((kind): [string, Codec] => [
    kind,
    {
      header: (model) => ({ nodeBits: (model as TreesModel).forest.nodeBits }),
      sections: (model) => treeSections(model as TreesModel),
      read: (header, sections) => readTrees(kind, header, sections),
    },
  ]),
  [
    'majority',
    { sections: (model) => new Map([['priors', (model as MajorityModel).priors]]), read: readMajority },
  ],
  [
    'logistic-regression',
    { sections: (model) => logisticSections(model as LogisticModel), read: readLogistic },
  ],
]);

/**
 * Returns the bytes of a model as docs/formats/model-v1.md specifies them. Equal models have equal bytes.
 * Throws UNSUPPORTED for a kind the format does not know.
 */
export function encodeModel(model: Model): Uint8Array {
  const codec = CODECS.get(model.kind);
  if (!codec) {
    throw new PhantomNetError('UNSUPPORTED', `the model format has no kind ${show(model.kind)}`, {
      hint: `models of these kinds can be stored: ${[...CODECS.keys()].join(', ')}`,
    });
  }
  const features = model.features.map((f) =>
    f.type === 'categorical'
      ? { name: f.name, type: f.type, categories: f.categories ?? [] }
      : { name: f.name, type: f.type },
  );
  const header = { kind: model.kind, features, classes: model.classes, ...codec.header?.(model) };
  return packContainer(header, codec.sections(model));
}

/**
 * Returns the model stored in `bytes`, which scores bit for bit as the one that was encoded. Checks everything before it
 * trusts anything and runs no code from the file. Throws INTEGRITY that names the damaged section, UNSUPPORTED for a
 * later version of the format. Cost O(bytes).
 */
export function decodeModel(bytes: Uint8Array): Model {
  const container = unpackContainer(bytes);
  const header = readHeader(container.header);
  const codec = CODECS.get(header.kind);
  if (!codec) throw damaged('header', `unknown kind ${show(header.kind)}`);
  const sections = new SectionReader(container.sections);
  const model = codec.read(header, sections);
  sections.end();
  return model;
}

/** Returns the SHA-256 of a model's bytes: equal fits have equal digests. */
export function modelDigest(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}

function readMajority(header: ModelHeader, sections: SectionReader): Model {
  const priors = sections.f64('priors', header.classes.length);
  checkProbabilities('priors', priors, priors.length);
  return createMajorityModel({ features: header.features, classes: header.classes, priors });
}

function logisticSections(model: LogisticModel): Map<string, SectionData> {
  const { means, scales, coefficients, intercepts } = model;
  return new Map(Object.entries({ means, scales, coefficients, intercepts }));
}

function readLogistic(header: ModelHeader, sections: SectionReader): Model {
  const { features, classes } = header;
  if (classes.length < 2) throw damaged('header', 'a logistic regression has at least two classes');
  const nColumns = featureColumns(features)[features.length]!;
  const nOutputs = classes.length === 2 ? 1 : classes.length;
  const parts = {
    means: sections.f64('means', nColumns),
    scales: sections.f64('scales', nColumns),
    coefficients: sections.f64('coefficients', nOutputs * nColumns),
    intercepts: sections.f64('intercepts', nOutputs),
  };
  for (const [name, values] of Object.entries(parts)) checkFinite(name, values);
  if (parts.scales.some((scale) => scale <= 0)) throw damaged('scales', 'a scale is not above 0');
  return createLogisticModel({ features, classes, ...parts });
}
