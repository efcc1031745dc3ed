import { describe, expect, it } from 'vitest';
import { agentFamily, portClass, portService, sshSoftware, userClass } from '#src/features/known-names.js';

it.each([
  [0, 'well-known', 'other'],
  [22, 'well-known', 'ssh'],
  [1023, 'well-known', 'other'],
  [1024, 'registered', 'other'],
  [2323, 'registered', 'telnet'],
  [49_151, 'registered', 'other'],
  [49_152, 'dynamic', 'other'],
])('port %d is %s and %s', (port, range, service) => {
  expect([portClass(port), portService(port)]).toEqual([range, service]);
});

it.each([
  ['root', 'superuser'],
  ['Administrator', 'superuser'],
  ['ftpuser', 'service'],
  ['12345', 'digits'],
  ['alice', 'letters'],
  ['alice_2.x-y', 'word'],
  ['a b', 'other'],
  ['ÿ', 'other'],
  ["' or 1=1", 'other'],
])('the user %j is of class %s', (name, expected) => expect(userClass(name)).toBe(expected));

it.each([
  ['curl/8.5', 'curl'],
  ['python-requests/2.31', 'python'],
  ['Mozilla/5.0 zgrab/0.x', 'scanner'],
  ['Mozilla/5.0 (compatible; CensysInspect/1.1)', 'survey'],
  ['Mozilla/5.0 AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120', 'edge'],
  ['Mozilla/5.0 AppleWebKit/537.36 Chrome/120 Safari/537.36', 'chrome'],
  ['Mozilla/5.0 Gecko/20100101 Firefox/115.0', 'firefox'],
  ['Mozilla/4.0', 'mozilla'],
  ['x', 'other'],
  [`${' '.repeat(600)}curl`, 'other'],
])('the user agent %j is of family %s', (agent, expected) => expect(agentFamily(agent)).toBe(expected));

describe('sshSoftware', () => {
  it.each([
    ['SSH-2.0-libssh2_1.4.3', 'libssh2'],
    ["b'SSH-2.0-OpenSSH_7.2p2 Ubuntu-4ubuntu2.2'", 'openssh'],
    ['SSH-2.0-PuTTY_Release_0.62', 'putty'],
    ['SSH-1.99-Granados-1.0', 'granados'],
    ['SSH-2.0-Go', 'go'],
    ['SSH-2.0-', null],
    ['GET / HTTP/1.1', null],
    [`SSH-2.0-${'x'.repeat(100)}`, 'x'.repeat(32)],
  ])('%j is %s', (version, expected) => expect(sshSoftware(version)).toBe(expected));
});
