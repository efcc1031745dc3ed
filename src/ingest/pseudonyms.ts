import { createCipheriv, createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { ipv6Groups } from './ipv6-groups.js';

/** Addresses whose pseudonyms are kept. */
const MAX_KEPT = 262_144;

/**
 * Returns a function that gives each address another one under a key: equal addresses stay equal, and two that share their
 * first n bits have pseudonyms that share exactly n (Xu et al. 2002, Crypto-PAn), so networks stay networks. IPv4 and IPv6
 * alike; text that is no address is returned as it is. Deterministic given the key.
 */
export function addressPseudonyms(key: Buffer): (address: string) => string {
  const secret = createHmac('sha256', key).update('addresses').digest();
  const cipher = createCipheriv('aes-128-ecb', secret.subarray(0, 16), null).setAutoPadding(false);
  const pad = cipher.update(secret.subarray(16, 32));
  const known = new Map<string, string>();
  return (address) => {
    const kept = known.get(address);
    if (kept !== undefined) return kept;
    const bytes = addressBytes(address);
    if (bytes === undefined) return address;
    const replaced = addressText(pseudonymOf(bytes, pad, (block) => cipher.update(block)));
    if (known.size >= MAX_KEPT) known.clear();
    // A copy: the text may be a slice of a whole chunk of a log, which would be kept with it.
    known.set(Buffer.from(address, 'latin1').toString('latin1'), replaced);
    return replaced;
  };
}

/** Flips each bit by what the cipher says of the bits before it, which the pad fills up to a block. */
function pseudonymOf(bytes: Buffer, pad: Buffer, encrypt: (block: Buffer) => Buffer): Buffer {
  const nBits = bytes.length * 8;
  // All blocks are encrypted in one call: a call for each bit costs far more than the cipher.
  const blocks = Buffer.alloc(nBits * 16);
  for (let bit = 0; bit < nBits; bit++) {
    const block = blocks.subarray(bit * 16, bit * 16 + 16);
    pad.copy(block);
    for (let i = 0; i * 8 < bit; i++) {
      const mask = bit - i * 8 >= 8 ? 0xff : (0xff << (8 - (bit - i * 8))) & 0xff;
      block[i] = (bytes[i]! & mask) | (block[i]! & ~mask);
    }
  }
  const encrypted = encrypt(blocks);
  const result = Buffer.from(bytes);
  for (let bit = 0; bit < nBits; bit++)
    if ((encrypted[bit * 16]! & 0x80) !== 0) result[bit >> 3]! ^= 0x80 >> (bit & 7);
  return result;
}

function addressBytes(address: string): Buffer | undefined {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address)) return undefined;
  return Buffer.from(ipv6Groups(address).flatMap((group) => [group >> 8, group & 0xff]));
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const parts = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return parts.join(':');
}
