import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressPseudonyms } from '#src/ingest/pseudonyms.js';
import { address } from '#src/ingest/sensors/values.js';

const sink = { zoneMinutes: 0, timeBaseMs: undefined, add: () => undefined };
const read = (text: string) => address(text, sink);

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['::ffff:192.0.2.9', '192.0.2.9'],
    ['::ffff:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['0000:0000:0000:0000:0000:FFFF:C0A8:FF01', '192.168.255.1'],
    ['::ffff:1.2.3.4%eth0', '1.2.3.4'],
    ['::FFFF:0:1.2.3.4', '::ffff:0:1.2.3.4'],
    ['::1.2.3.4', '::1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b::1.2.3.4'],
    ['1::ffff:1.2.3.4', '1::ffff:1.2.3.4'],
    ['0:1::ffff:c000:0201', '0:1::ffff:c000:0201'],
    ['::', '::'],
    ['FE80::1%hunter2secret', 'fe80::1'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
    expect(isIP(expected)).not.toBe(0);
    expect(addressPseudonyms(Buffer.alloc(32, 7))(expected)).not.toBe(expected);
  });
});
