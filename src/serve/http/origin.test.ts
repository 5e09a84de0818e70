import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedHeaders } from '../../../test/support/hostile-hosts.ts';
import { Fault } from '../../contract/faults.ts';
import { subnetsOf } from '../../base/subnets.ts';
import { originOf, senderOf } from './origin.ts';

const trustedProxies = subnetsOf(['10.0.0.0/8', 'fd00::/8']);
const client = '203.0.113.7';

/** As Node joins several headers of a name. */
function headersOf(pairs: readonly (readonly [string, string])[]): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
}

function seen(headers: IncomingHttpHeaders, peer = '10.0.0.1', publicUrl?: string) {
  const rules = { publicUrl, trustedProxies, secure: false };
  const sender = senderOf({ headers }, peer, rules);
  try {
    return [originOf({ headers, rawHeaders: [], url: '/' }, peer, rules), sender];
  } catch (error) {
    if (error instanceof Fault && error.fault === 'malformedRequest') return ['refused', sender];
    throw error;
  }
}

const host = 'internal:7655';

describe('where a client reached the server', () => {
  it.each<[string, Record<string, string>, [string, string]]>([
    ['nothing', {}, [`http://${host}`, '10.0.0.1']],
    ['an address', { 'x-forwarded-for': client }, [`http://${host}`, client]],
    ['an address and a port', { 'x-forwarded-for': `${client}:51234` }, [`http://${host}`, client]],
    ['an address in brackets', { 'x-forwarded-for': '[2001:db8::7]:443' }, [`http://${host}`, '2001:db8::7']],
    ['a scheme', { 'x-forwarded-proto': 'https' }, [`https://${host}`, '10.0.0.1']],
    ['another scheme', { 'x-forwarded-proto': 'javascript' }, [`http://${host}`, '10.0.0.1']],
    ['no host', { 'x-forwarded-host': '"><script>' }, [`http://${host}`, '10.0.0.1']],
    [
      'lists to which the client began',
      {
        'x-forwarded-for': `127.0.0.1, ${client}`,
        'x-forwarded-host': 'evil.example, calls.example',
        'x-forwarded-proto': 'http, https',
      },
      ['https://calls.example', client],
    ],
    [
      'lists by two of which the nearer is asked by the other',
      {
        'x-forwarded-for': `127.0.0.1, ${client}, 10.0.0.2`,
        'x-forwarded-host': 'evil.example, calls.example, inner.example',
        'x-forwarded-proto': 'http, https, http',
      },
      ['https://calls.example', client],
    ],
    [
      'lists of which one is written over by the nearer',
      { 'x-forwarded-for': `127.0.0.1, ${client}, 10.0.0.2`, 'x-forwarded-host': 'calls.example' },
      ['http://calls.example', client],
    ],
    [
      'elements',
      { forwarded: `for=127.0.0.1;host=evil.example, for="${client}:80";host="calls.example";proto=https` },
      ['https://calls.example', client],
    ],
    [
      'elements by two, of which the nearer says no host',
      {
        forwarded: `host=evil.example, for=${client};host=calls.example;proto=https, For=10.0.0.2;by=10.0.0.1`,
      },
      ['https://calls.example', client],
    ],
    [
      'an element behind a quotation mark that is left open',
      { forwarded: `host="evil.example, for=${client};host=calls.example` },
      ['http://calls.example', client],
    ],
    [
      'an element for nobody',
      { forwarded: 'for=203.0.113.9;host=evil.example, for=_hidden;host=calls.example' },
      ['http://calls.example', '10.0.0.1'],
    ],
    [
      'both families, which agree',
      {
        forwarded: `for=${client};host=calls.example;proto=https`,
        'x-forwarded-host': 'calls.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-for': client,
      },
      ['https://calls.example', client],
    ],
    [
      'both families, which disagree',
      { forwarded: 'for=203.0.113.9;host=evil.example', 'x-forwarded-for': client },
      ['refused', '10.0.0.1'],
    ],
  ])('is read from a trusted proxy that sends %s', (_name, headers, expected) => {
    expect(seen({ host, ...headers })).toEqual(expected);
  });

  it('is not read from other senders, and never overrides the public URL', () => {
    const headers = { host, 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '127.0.0.1' };
    expect(seen(headers, client)).toEqual([`http://${host}`, client]);
    expect(seen(headers, '10.0.0.1', 'https://calls.example')[0]).toBe('https://calls.example');
    const both = { ...headers, forwarded: 'host=other.example' };
    expect(seen(both, '10.0.0.1', 'https://calls.example')[0]).toBe('https://calls.example');
  });

  /** How a proxy writes a header: appends to it, or overwrites it. */
  const manner = fc.constantFrom<'appends' | 'overwrites'>('appends', 'overwrites');
  const write = (headers: IncomingHttpHeaders, name: string, value: string, how: string) => {
    const before = headers[name];
    return {
      ...headers,
      [name]: how === 'appends' && before !== undefined ? `${before.toString()}, ${value}` : value,
    };
  };
  const others = claimedHeaders.other;

  it('is chosen by no header of a client where proxies write X-Forwarded-*', () => {
    const hop = fc.record({ for: fc.constant('appends'), host: manner, proto: manner });
    fc.assert(
      fc.property(
        claimedHeaders['x-forwarded'],
        others,
        claimedHeaders.forwarded,
        fc.array(hop, { minLength: 1, maxLength: 3 }),
        (claimed, more, family, hops) => {
          let headers: IncomingHttpHeaders = { ...headersOf([...claimed, ...more, ...family]), host };
          for (const [i, how] of hops.entries()) {
            const from = i === 0 ? client : `10.0.0.${10 + i}`;
            headers = write(headers, 'x-forwarded-for', from, how.for);
            headers = write(
              headers,
              'x-forwarded-host',
              i === 0 ? 'calls.example' : 'inner.example',
              how.host,
            );
            headers = write(headers, 'x-forwarded-proto', i === 0 ? 'https' : 'http', how.proto);
          }
          // The outermost that was not written over since.
          const hostAt = hops.findLastIndex((how) => how.host === 'overwrites');
          const protoAt = hops.findLastIndex((how) => how.proto === 'overwrites');
          const expected = `${protoAt > 0 ? 'http' : 'https'}://${hostAt > 0 ? 'inner' : 'calls'}.example`;
          const [origin, sender] = seen(headers);
          // Of two families, the client's contradicts; nobody else is harmed by a refusal of the request.
          expect([expected, ...(family.length > 0 ? ['refused'] : [])]).toContain(origin);
          expect([client, ...(family.length > 0 ? ['10.0.0.1'] : [])]).toContain(sender);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is chosen by no header of a client where proxies write Forwarded', () => {
    fc.assert(
      fc.property(
        claimedHeaders.forwarded,
        others,
        claimedHeaders['x-forwarded'],
        fc.array(manner, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (claimed, more, family, hops, isQuoted) => {
          const quoted = (text: string) => (isQuoted ? `"${text}"` : text);
          let headers: IncomingHttpHeaders = { ...headersOf([...claimed, ...more, ...family]), host };
          for (const [i, how] of hops.entries()) {
            const element =
              i === 0
                ? `for=${quoted(client)};host=${quoted('calls.example')};proto=https`
                : `for=${quoted(`10.0.0.${10 + i}`)};host=inner.example;proto=http`;
            headers = write(headers, 'forwarded', element, how);
          }
          const at = hops.findLastIndex((how) => how === 'overwrites');
          const expected =
            at > 0 ? ['http://inner.example', `10.0.0.${10 + at}`] : ['https://calls.example', client];
          const [origin, sender] = seen(headers);
          expect([expected[0], ...(family.length > 0 ? ['refused'] : [])]).toContain(origin);
          expect([expected[1], ...(family.length > 0 ? ['10.0.0.1'] : [])]).toContain(sender);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
