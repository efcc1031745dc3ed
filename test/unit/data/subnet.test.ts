import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subnetOf } from '#src/data/index.js';
import { expectThrown } from '../../support/expect-thrown.js';

describe('the network of an address', () => {
  it.each([
    ['192.0.2.255', '192.0.2.0/24'],
    ['0.0.0.0', '0.0.0.0/24'],
    ['255.255.255.255', '255.255.255.0/24'],
    ['2001:db8:7:1::5', '2001:db8:7::/48'],
    ['2001:DB8:0007:1:2:3:4:5', '2001:db8:7::/48'],
    ['2001:db8::1', '2001:db8::/48'],
    ['2001:0:7::', '2001:0:7::/48'],
    ['::', '::/48'],
    ['::1', '::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
    // An address of IPv4 in the words of IPv6, in any spelling.
    ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['::FFFF:c000:207', '192.0.2.0/24'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.0/24'],
    // These are not mapped: in another network, translated by NAT64, and the older compatible form.
    ['2001:db8::ffff:192.0.2.7', '2001:db8::/48'],
    ['64:ff9b::192.0.2.7', '64:ff9b::/48'],
    ['::192.0.2.7', '::/48'],
  ])('%s is in %s', (ip, network) => {
    expect(subnetOf(ip)).toBe(network);
  });

  it.each([
    '',
    ' ',
    'localhost',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.1 ',
    '192.0.2.1/24',
    '0x7f.0.0.1',
    '1.2.3.٤',
    '2130706433',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7::8:9',
    '12345::',
    'g::',
    '[::1]',
    '::1%',
    '::192.0.2.256',
    '192.0.2.1::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    `${'0'.repeat(200)}::`,
  ])('%j is no address', (text) => {
    expect(subnetOf(text)).toBeNull();
  });

  it('takes other prefixes', () => {
    expect(subnetOf('203.0.113.77', { ipv4: 32 })).toBe('203.0.113.77/32');
    expect(subnetOf('203.0.113.77', { ipv4: 27 })).toBe('203.0.113.64/27');
    expect(subnetOf('203.0.113.77', { ipv4: 0 })).toBe('0.0.0.0/0');
    expect(subnetOf('2001:db8:0:1:2:0:0:5', { ipv6: 128 })).toBe('2001:db8:0:1:2::5/128');
    expect(subnetOf('2001:db8:0:1:0:2:3:5', { ipv6: 128 })).toBe('2001:db8:0:1:0:2:3:5/128');
    expect(subnetOf('2001:db8:0:fff::', { ipv6: 56 })).toBe('2001:db8:0:f00::/56');
  });

  it('refuses a prefix that is none', () => {
    const error = expectThrown(() => subnetOf('192.0.2.1', { ipv4: 33 }), 'INVALID_PARAMETER');
    expect(error.message).toBe('ipv4 must be a number of bits from 0 to 32, got 33');
    expect(expectThrown(() => subnetOf('', { ipv6: -1 }), 'INVALID_PARAMETER').message).toBe(
      'ipv6 must be a number of bits from 0 to 128, got -1',
    );
  });

  it('is the network of its own address, whatever the spelling', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 32 }), (ip, bits) => {
        const network = subnetOf(ip, { ipv4: bits, ipv6: 4 * bits })!;
        expect(isIP(network.split('/')[0]!)).not.toBe(0);
        expect(subnetOf(network.split('/')[0]!, { ipv4: bits, ipv6: 4 * bits })).toBe(network);
        expect(subnetOf(ip.toUpperCase(), { ipv4: bits, ipv6: 4 * bits })).toBe(network);
      }),
    );
  });

  it('takes what Node takes for an address, and nothing else', () => {
    const near = fc.array(fc.constantFrom('0', '1', '25', '255', '256', 'f', 'ffff', ':', '::', '.', '%a'), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4Extended(),
          fc.ipV6(),
          near.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(subnetOf(text) !== null).toBe(isIP(text) !== 0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
