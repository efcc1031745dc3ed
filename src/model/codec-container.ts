import { canonicalJson, PhantomNetError, sha256Hex } from '../core/index.js';
import { checkNesting } from './json-nesting.js';

/** A section's contents: flat, little-endian. */
export type SectionData = Uint8Array | Int32Array | Float64Array;
/** Element types a section may have. */
type SectionType = 'u8' | 'i32' | 'f64';

/** One line of the section table in the header. */
interface SectionEntry {
  readonly name: string;
  readonly type: SectionType;
  /** Elements. */
  readonly length: number;
  readonly sha256: string;
}

/** What a model file holds before it is understood: the header without its table, and the sections by name. */
interface Container {
  readonly header: Readonly<Record<string, unknown>>;
  readonly sections: ReadonlyMap<string, SectionData>;
}

const MAGIC = Uint8Array.from([0x89, 0x50, 0x4e, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a]);
const VERSION = 1;
const PREAMBLE_BYTES = 48;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const MAX_NESTING = 6;
const SIZES: Readonly<Record<SectionType, number>> = { u8: 1, i32: 4, f64: 8 };

/** Returns the error of a model file that must not be loaded; `section` says where the damage is. */
export function damaged(section: string, what: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `model file is damaged in section '${section}': ${what}`, {
    hint: 'fetch the model again from where it was registered, or train it again',
    details: { section },
  });
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

function typeOf(data: SectionData): SectionType {
  return data instanceof Float64Array ? 'f64' : data instanceof Int32Array ? 'i32' : 'u8';
}

function bytesOf(data: SectionData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Returns the bytes of a model file. Equal contents give equal bytes. */
export function packContainer(
  header: Readonly<Record<string, unknown>>,
  sections: ReadonlyMap<string, SectionData>,
): Uint8Array {
  const table: SectionEntry[] = [...sections].map(([name, data]) => ({
    name,
    type: typeOf(data),
    length: data.length,
    sha256: sha256Hex(bytesOf(data)),
  }));
  const json = new TextEncoder().encode(canonicalJson({ ...header, sections: table }));
  const starts: number[] = [];
  let size = PREAMBLE_BYTES + json.length;
  for (const data of sections.values()) {
    starts.push(align(size));
    size = align(size) + data.byteLength;
  }
  const bytes = new Uint8Array(size);
  bytes.set(MAGIC, 0);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, PREAMBLE_BYTES);
  bytes.set(headerDigest(bytes, json.length), 16);
  [...sections.values()].forEach((data, i) => {
    bytes.set(bytesOf(data), starts[i]!);
  });
  return bytes;
}

/** Returns the SHA-256 of the first 16 bytes and the header. */
function headerDigest(bytes: Uint8Array, headerBytes: number): Uint8Array {
  const covered = new Uint8Array(16 + headerBytes);
  covered.set(bytes.subarray(0, 16), 0);
  covered.set(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes), 16);
  return Uint8Array.from(sha256Hex(covered).match(/../g)!, (hex) => Number.parseInt(hex, 16));
}

/**
 * Returns header and sections of a model file after checking magic, version, sizes, every checksum and that the header is
 * in its one canonical form. Allocates no more than the file's own size. Throws INTEGRITY naming the section; UNSUPPORTED
 * for a later version of the format.
 */
export function unpackContainer(bytes: Uint8Array): Container {
  const text = headerText(bytes);
  const header = parseHeader(text);
  const table = readTable(header['sections']);
  const sections = new Map<string, SectionData>();
  let offset = PREAMBLE_BYTES + new TextEncoder().encode(text).length;
  for (const entry of table) {
    const start = align(offset);
    const end = start + entry.length * SIZES[entry.type];
    if (end > bytes.length) throw damaged(entry.name, `the file ends at byte ${bytes.length} of ${end}`);
    for (let i = offset; i < start; i++)
      if (bytes[i] !== 0) throw damaged(entry.name, `the padding before it is not zero at byte ${i}`);
    sections.set(entry.name, readSection(entry, bytes.slice(start, end)));
    offset = end;
  }
  if (offset !== bytes.length)
    throw damaged('end', `${bytes.length - offset} bytes follow the last section, expected none`);
  const { sections: _, ...rest } = header;
  return { header: rest, sections };
}

function headerText(bytes: Uint8Array): string {
  if (bytes.length < PREAMBLE_BYTES)
    throw damaged('preamble', `the file has ${bytes.length} bytes, expected at least ${PREAMBLE_BYTES}`);
  if (MAGIC.some((byte, i) => bytes[i] !== byte))
    throw damaged('preamble', 'it does not start with the magic bytes of a PhantomNet model');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(12, true);
  if (headerBytes > MAX_HEADER_BYTES)
    throw damaged('header', `it claims ${headerBytes} bytes, at most ${MAX_HEADER_BYTES} are allowed`);
  if (PREAMBLE_BYTES + headerBytes > bytes.length)
    throw damaged('header', `the file ends at byte ${bytes.length} of ${PREAMBLE_BYTES + headerBytes}`);
  const stored = bytes.subarray(16, PREAMBLE_BYTES);
  if (headerDigest(bytes, headerBytes).some((byte, i) => byte !== stored[i]))
    throw damaged('header', 'its checksum does not match');
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    throw new PhantomNetError(
      'UNSUPPORTED',
      `model file has format version ${version}, this PhantomNet reads ${VERSION}`,
      { hint: 'load it with the release of PhantomNet that wrote it, or a later one', details: { version } },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes),
    );
  } catch {
    throw damaged('header', 'it is not valid UTF-8');
  }
}

function parseHeader(text: string): Record<string, unknown> {
  if (!checkNesting(text, MAX_NESTING)) throw damaged('header', `it nests deeper than ${MAX_NESTING} levels`);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw damaged('header', 'it is not valid JSON');
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header))
    throw damaged('header', 'it is not a JSON object');
  if (canonicalJson(header) !== text) throw damaged('header', 'it is not in canonical form');
  return header as Record<string, unknown>;
}

function readTable(table: unknown): SectionEntry[] {
  if (!Array.isArray(table)) throw damaged('header', 'it has no section table');
  const names = new Set<string>();
  return table.map((entry: Partial<SectionEntry> | null, i) => {
    const valid =
      entry !== null &&
      typeof entry === 'object' &&
      Object.keys(entry).length === 4 &&
      typeof entry.name === 'string' &&
      typeof entry.type === 'string' &&
      Object.hasOwn(SIZES, entry.type) &&
      Number.isSafeInteger(entry.length) &&
      entry.length! >= 0 &&
      typeof entry.sha256 === 'string' &&
      /^[0-9a-f]{64}$/.test(entry.sha256) &&
      !names.has(entry.name);
    if (!valid) throw damaged('header', `entry ${i} of the section table is not valid`);
    names.add(entry.name!);
    return entry as SectionEntry;
  });
}

function readSection(entry: SectionEntry, bytes: Uint8Array): SectionData {
  if (sha256Hex(bytes) !== entry.sha256) throw damaged(entry.name, 'its checksum does not match');
  if (entry.type === 'f64') return new Float64Array(bytes.buffer, bytes.byteOffset, entry.length);
  return entry.type === 'i32' ? new Int32Array(bytes.buffer, bytes.byteOffset, entry.length) : bytes;
}
