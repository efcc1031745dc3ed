import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGate } from '#src/server/http/gate.js';
import { createHostGuard, isLoopback } from '#src/server/http/hosts.js';
import { listenAddress } from '#src/server/http/listen.js';
import { createOriginGuard } from '#src/server/http/origins.js';
import { createMatcher, readPatterns } from '#src/server/http/patterns.js';
import { createRequestIds } from '#src/server/http/request-id.js';

describe('patterns', () => {
  it.each([
    ['*', 'anything', true],
    ['*.example.org', 'a.b.example.org', true],
    ['*.example.org', 'example.org', false],
    ['*.example.org', 'a.example.org.evil', false],
    ['https://*.example.org:*', 'https://a.example.org:8443', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*b*bc', 'a-bc', false],
    ['Example.ORG', 'example.org', true],
    ['example.org', 'example.org:80', false],
    ['[::1]', '[::1]', true],
    ['e.ample', 'example', false],
  ])('%s matches %s: %s', (pattern, text, does) => {
    expect(createMatcher([pattern])(text)).toBe(does);
  });

  it('agree with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    fc.assert(
      fc.property(letters, plain, (pattern, text) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        expect(createMatcher([pattern])(text)).toBe(new RegExp(`^${parts.join('.*')}$`).test(text));
      }),
    );
  });

  it('are read from a setting', () => {
    expect(readPatterns(' a , *.b,,')).toEqual(['a', '*.b']);
    for (const none of [undefined, '', ' , ']) expect(readPatterns(none)).toBeUndefined();
  });
});

describe('hosts', () => {
  const passes = (guard: (host: string | undefined) => void, host: string | undefined) => {
    try {
      guard(host);
      return true;
    } catch {
      return false;
    }
  };

  it('by default those that lead to this machine or a private network, by address', () => {
    const guard = createHostGuard(undefined, 'ml.example.org');
    for (const host of [
      'localhost',
      '127.0.0.2:1',
      '0.0.0.0:5000',
      '10.0.0.1',
      '[fd00::1]:80',
      'ML.example.org:443',
    ]) {
      expect([host, passes(guard, host)]).toEqual([host, true]);
    }
    for (const host of [
      undefined,
      '',
      'example.org',
      '10.evil.org',
      '192.168.1.1.evil.org',
      '127.evil',
      '172.32.0.1',
    ]) {
      expect([host, passes(guard, host)]).toEqual([host, false]);
    }
    for (const host of [
      'localhost:',
      'localhost:x',
      '[::1',
      '::1',
      'a@localhost',
      'localhost/x',
      '[2001:db8::1]',
    ]) {
      expect([host, passes(guard, host)]).toEqual([host, false]);
    }
  });

  it('a setting takes the place of the default, as with MLflow', () => {
    const guard = createHostGuard('ml.example.org, *.lab:*', '127.0.0.1');
    for (const host of ['ml.example.org', 'a.lab:80'])
      expect([host, passes(guard, host)]).toEqual([host, true]);
    for (const host of ['localhost', '127.0.0.1', 'ml.example.org:80']) {
      expect([host, passes(guard, host)]).toEqual([host, false]);
    }
    expect(passes(createHostGuard('*', '127.0.0.1'), 'evil.example')).toBe(true);
    expect(passes(createHostGuard('*', '127.0.0.1'), undefined)).toBe(false);
  });

  it('are decided the same however many came before', () => {
    const guard = createHostGuard(undefined, '127.0.0.1');
    for (let i = 0; i < 2_500; i++) expect(passes(guard, `evil-${i}.example`)).toBe(false);
    expect(passes(guard, 'localhost')).toBe(true);
    expect(passes(guard, 'evil-0.example')).toBe(false);
  });

  it('only loopback may be served without a token', async () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(isLoopback(address)).toBe(true);
    for (const address of ['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', '127.evil']) {
      expect(isLoopback(address)).toBe(false);
    }
    expect(isLoopback(await listenAddress('localhost', false))).toBe(true);
    await expect(listenAddress('0.0.0.0', false)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await listenAddress('0.0.0.0', true)).toBe('0.0.0.0');
  });
});

describe('origins', () => {
  const mayWrite = (setting: string | undefined, origin: string) => {
    try {
      createOriginGuard(setting).check(origin, 'POST');
      return true;
    } catch {
      return false;
    }
  };

  it.each([
    [undefined, 'http://localhost:3000', true],
    [undefined, 'https://127.0.0.1', true],
    [undefined, 'http://[::1]:5000', true],
    [undefined, 'http://ui.example.org', false],
    [undefined, 'other://localhost', false],
    [undefined, 'http://evil.example@localhost', false],
    [undefined, 'http://localhost#.evil.example', false],
    ['https://ui.example.org', 'https://ui.example.org', true],
    ['https://ui.example.org', 'http://ui.example.org', false],
    ['https://ui.example.org', 'http://localhost', true],
    ['https://*.example.org', 'https://ui.example.org', true],
    ['*', 'http://evil.example', true],
    ['*', 'null', false],
    ['null', 'null', false],
  ])('%s: pages of %s may write: %s', (setting, origin, may) => {
    expect(mayWrite(setting, origin)).toBe(may);
    expect(createOriginGuard(setting).preflight(origin, undefined) !== undefined).toBe(may);
    expect('access-control-allow-origin' in createOriginGuard(setting).headers(origin)).toBe(may);
  });

  it('all pages may read the answer only without credentials', () => {
    expect(createOriginGuard('*').headers('http://a.example')).toMatchObject({
      'access-control-allow-origin': '*',
    });
    expect(createOriginGuard('*').headers('http://a.example')).not.toHaveProperty(
      'access-control-allow-credentials',
    );
    expect(createOriginGuard(undefined).headers('http://localhost')).toMatchObject({
      'access-control-allow-credentials': 'true',
    });
  });

  it('reads are not refused: the browser keeps their answers from the page', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      createOriginGuard(undefined).check('http://evil.example', method);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      expect(() => createOriginGuard(undefined).check('http://evil.example', method)).toThrow(
        'may not write here',
      );
    }
  });
});

describe('the token', () => {
  it('any shown text passes only when it is the token', () => {
    const token = '0123456789abcdef';
    const gate = createGate(token);
    fc.assert(
      fc.property(fc.string(), (shown) => {
        fc.pre(shown.trim() !== token);
        expect(() => gate('read', `Bearer ${shown}`)).toThrow();
        expect(() => gate('read', `Basic ${Buffer.from(`me:${shown}`).toString('base64')}`)).toThrow();
        expect(() => gate('read', shown)).toThrow();
      }),
    );
    gate('manage', `Bearer ${token}`);
  });
});

describe('request ids', () => {
  it('are never given twice, and the own of a client is kept where it is plain', () => {
    const requestId = createRequestIds();
    const ids = Array.from({ length: 100 }, () => requestId(undefined));
    expect(new Set(ids).size).toBe(100);
    expect(requestId('trace-1.2_3')).toBe('trace-1.2_3');
    for (const odd of ['', '.a', 'a b', 'a\nb', '"', 'a'.repeat(65), 'ü'])
      expect(requestId(odd)).not.toBe(odd);
  });
});
