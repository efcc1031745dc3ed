import { invalidParameter } from '../core/index.js';
import { addressText, parseAddress } from './address.js';

/** How many leading bits of an address name its network. */
export interface SubnetPrefixes {
  /** For IPv4, 0 to 32. Default 24. */
  readonly ipv4?: number | undefined;
  /** For IPv6, 0 to 128. Default 48. */
  readonly ipv6?: number | undefined;
}

/**
 * Returns the network an IP address is in, as `address/prefix`, or null for text that is no IP address.
 *
 * For telling sources that belong together: /24 of IPv4, and /48 of IPv6, as one site is given more than a single /64, up
 * to a /48 (RFC 6177), and can send from any address in it; too wide a network only joins sources that could stand apart.
 * IPv4-mapped IPv6 addresses (`::ffff:192.0.2.1`) count as the IPv4 address. A zone (`%eth0`) is dropped; IPv4 parts with a
 * leading zero are no address, as some readers take them for octal. IPv6 is written as RFC 5952 says.
 * Throws INVALID_PARAMETER for a prefix out of range. O(length of the text).
 *
 * @example
 * ```ts
 * subnetOf('203.0.113.7'); // '203.0.113.0/24'
 * subnetOf('2001:db8:7:1::5'); // '2001:db8:7::/48'
 * subnetOf('::ffff:203.0.113.7'); // '203.0.113.0/24'
 * subnetOf('localhost'); // null
 * ```
 */
export function subnetOf(ip: string, { ipv4 = 24, ipv6 = 48 }: SubnetPrefixes = {}): string | null {
  checkPrefix('ipv4', ipv4, 32);
  checkPrefix('ipv6', ipv6, 128);
  const words = parseAddress(ip);
  if (words === null) return null;
  const prefix = words.length === 2 ? ipv4 : ipv6;
  return `${addressText(words.map((word, i) => word & leadingOnes(prefix - 16 * i)))}/${prefix}`;
}

/** Returns 16 bits of which the first `count` are 1, all or none of them beyond the range. */
function leadingOnes(count: number): number {
  const ones = Math.min(16, Math.max(0, count));
  return (0xffff << (16 - ones)) & 0xffff;
}

function checkPrefix(name: string, prefix: number, most: number): void {
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= most) return;
  invalidParameter(name, `a number of bits from 0 to ${most}`, prefix);
}
