import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressPseudonyms } from '#src/ingest/pseudonyms.js';

const frozen = JSON.parse(readFileSync('test/parity/frozen/crypto-pan.json', 'utf8')) as {
  readonly key: string;
  readonly pseudonyms: Readonly<Record<string, string>>;
};
const pseudonym = addressPseudonyms(Buffer.from(frozen.key, 'hex'));

const bitsOf = (address: string): string =>
  address.includes(':')
    ? address
        .split(':')
        .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
        .join('')
    : address
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('');

function sharedBits(a: string, b: string): number {
  const [left, right] = [bitsOf(a), bitsOf(b)];
  let n = 0;
  while (n < left.length && left[n] === right[n]) n++;
  return n;
}

const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const ipv6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'));

describe('addressPseudonyms', () => {
  it('gives what Crypto-PAn gives', () => {
    const ours = Object.keys(frozen.pseudonyms).map((address) => [address, pseudonym(address)]);
    expect(Object.fromEntries(ours)).toEqual(frozen.pseudonyms);
  });

  it.each([
    ['IPv4', ipv4],
    ['IPv6', ipv6],
  ])('keeps exactly the prefix that two %s addresses share', (_, address) => {
    fc.assert(
      fc.property(address, address, fc.nat(128), (a, b, n) => {
        // A second address that shares the first n bits at least, since random ones share hardly any.
        const near = addressOf(bitsOf(a).slice(0, n) + bitsOf(b).slice(n));
        expect(sharedBits(pseudonym(a), pseudonym(near))).toBe(sharedBits(a, near));
      }),
    );
  });

  it('gives each address of a network another one of one network', () => {
    const all = Array.from({ length: 65_536 }, (_, i) => pseudonym(`203.0.${i >> 8}.${i & 255}`));
    expect(new Set(all).size).toBe(65_536);
    expect(new Set(all.map((address) => address.split('.').slice(0, 2).join('.'))).size).toBe(1);
  });

  it('reads every way to write an IPv6 address, and leaves alone what is none', () => {
    const same = ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:db8::0.0.0.1', '2001:db8::1%eth0'];
    expect(new Set(same.map(pseudonym)).size).toBe(1);
    expect(pseudonym('sensor.example')).toBe('sensor.example');
    expect(pseudonym('')).toBe('');
  });

  it('gives others under another key', () => {
    expect(addressPseudonyms(Buffer.alloc(32, 1))('192.0.2.1')).not.toBe(pseudonym('192.0.2.1'));
  });
});

function addressOf(bits: string): string {
  const step = bits.length === 32 ? 8 : 16;
  const groups = Array.from({ length: bits.length / step }, (_, i) =>
    Number.parseInt(bits.slice(i * step, (i + 1) * step), 2),
  );
  return step === 8 ? groups.join('.') : groups.map((group) => group.toString(16)).join(':');
}
