import { PhantomNetError, sha256Hex } from '../../core/index.js';

const MAGIC = Uint8Array.from([0x89, 0x50, 0x4e, 0x48, 0x0d, 0x0a, 0x1a, 0x0a]);
const VERSION = 1;
/** Magic, version, bytes of the header, SHA-256 of all that follows. */
const PREAMBLE_BYTES = 48;
const MAX_HEADER_BYTES = 2 ** 29;

/** What a state holds before it is understood. */
interface StateParts {
  readonly header: unknown;
  readonly words: Uint32Array;
}

/** Returns the error of a state that must not be used. */
export function damagedState(what: string): PhantomNetError {
  return new PhantomNetError('INTEGRITY', `history state is damaged: ${what}`, {
    hint: 'restore the state from where it was saved, or replay the events of the last day into a new history',
    details: { what },
  });
}

function start(headerBytes: number): number {
  return PREAMBLE_BYTES + Math.ceil(headerBytes / 8) * 8;
}

/**
 * Returns the bytes of a state: header as JSON, then what `write` puts into the words it is given and whose number it
 * returns. They are written in place, so that a large state is in memory once.
 */
export function packState(
  header: unknown,
  maxWords: number,
  write: (words: Uint32Array) => number,
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const from = start(json.length);
  const whole = new Uint8Array(from + 4 * maxWords);
  const nWords = write(new Uint32Array(whole.buffer, from, maxWords));
  const bytes = whole.subarray(0, from + 4 * nWords);
  bytes.set(MAGIC, 0);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, PREAMBLE_BYTES);
  bytes.set(digestOf(bytes), 16);
  return bytes;
}

/**
 * Returns the parts of a state after checking magic, version, sizes and checksum. Throws INTEGRITY for damage, UNSUPPORTED
 * for another version.
 */
export function unpackState(bytes: Uint8Array): StateParts {
  if (bytes.length < PREAMBLE_BYTES) throw damagedState(`it has ${bytes.length} bytes, a state has more`);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw damagedState('it does not start as a state does');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION)
    throw new PhantomNetError(
      'UNSUPPORTED',
      `history state has version ${version}, this PhantomNet reads ${VERSION}`,
      {
        hint: 'read it with the release that wrote it, or replay the events of the last day',
        details: { version },
      },
    );
  const headerBytes = view.getUint32(12, true);
  const from = start(headerBytes);
  if (headerBytes > MAX_HEADER_BYTES || from > bytes.length || (bytes.length - from) % 4 !== 0)
    throw damagedState(`${bytes.length} bytes do not fit a header of ${headerBytes}`);
  if (digestOf(bytes).some((byte, i) => byte !== bytes[16 + i]))
    throw damagedState('its checksum does not match');
  return {
    header: parseHeader(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes)),
    words: wordsOf(bytes, from),
  };
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(sha256Hex(bytes.subarray(PREAMBLE_BYTES)).match(/../g)!, (hex) =>
    Number.parseInt(hex, 16),
  );
}

/** The words from `from` on: in place where they are aligned, else a copy. */
function wordsOf(bytes: Uint8Array, from: number): Uint32Array {
  const aligned = (bytes.byteOffset + from) % 4 === 0 ? bytes.subarray(from) : bytes.slice(from);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw damagedState(`its header is not JSON in UTF-8 (${(cause as Error).message})`);
  }
}
