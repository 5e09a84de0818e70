/** Tests that everything that outlives a request is bounded in bytes, or by something that clients cannot grow. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Clients, createClient } from '../../src/emulator/issuer/clients.ts';
import { createIssuer, createIssuerKey } from '../../src/emulator/issuer/issuer.ts';
import { graphAudiences } from '../../src/base/development.ts';
import { createVerifier } from '../../src/serve/auth/verifier.ts';
import { cacheKey, ResponseCache } from '../../src/graph/response-cache.ts';
import { Faults } from '../../src/emulator/faults.ts';
import { testTokens } from '../support/test-tokens.ts';

const mebibyte = 2 ** 20;

describe('answers that are kept', () => {
  const answer = { status: 200, headers: [], body: 'x'.repeat(100) };

  it.each([
    ['short URLs', (i: number) => ({ url: `/v1.0/x?i=${i}`, headers: {} })],
    ['long URLs', (i: number) => ({ url: `/v1.0/x?i=${i}${'y'.repeat(3000)}`, headers: {} })],
    ['URLs of 8 kB', (i: number) => ({ url: `/v1.0/x?i=${i}${'y'.repeat(8000)}`, headers: {} })],
    ['Prefer headers', (i: number) => ({ url: '/v1.0/x', headers: { prefer: `a=${i}${'b'.repeat(2000)}` } })],
    ['hosts', (i: number) => ({ url: '/v1.0/x', origin: `http://h${i}${'.h'.repeat(1000)}`, headers: {} })],
  ])('take no more bytes for any number of %s', (_name, ask) => {
    const cache = new ResponseCache(2 * mebibyte);
    for (let i = 0; i < 10_000; i++) {
      const { url, headers, origin = 'http://x' } = { origin: undefined, ...ask(i) };
      const key = cacheKey(url, origin, 'tenant', headers);
      // Each is asked twice: only then is it kept.
      cache.isWanted(key);
      if (cache.isWanted(key)) cache.set(key, answer, 1);
      expect(cache.bytes).toBeLessThanOrEqual(6 * mebibyte);
    }
  });
});

describe('a token', () => {
  it('is remembered once, however its header is spelled, and only in its own spelling', async () => {
    const now = () => new Date();
    const issuer = await createIssuer(await createIssuerKey(), now);
    const verifier = createVerifier({
      authorities: [issuer.authority],
      audiences: graphAudiences,
      clock: now,
    });
    const token = await testTokens(issuer)();
    const known = await verifier.verify(`Bearer ${token}`);
    for (const header of [`bearer ${token}`, `BEARER     ${token}`, `Bearer${' '.repeat(9000)}${token}`])
      expect(verifier.verify(header)).toBe(known);
    for (const other of [`${token}==`, `${token.slice(0, -9)}\t${token.slice(-9)}`, spelledOtherwise(token)])
      await expect(Promise.resolve().then(() => verifier.verify(`Bearer ${other}`))).rejects.toThrow(
        'IDX14100',
      );
  });
});

/** The last character of a signature has bits to spare. */
function spelledOtherwise(token: string): string {
  const signature = Buffer.from(token.split('.')[2]!, 'base64url');
  const last = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_').find((char) => {
    const other = token.slice(0, -1) + char;
    return other !== token && Buffer.from(other.split('.')[2]!, 'base64url').equals(signature);
  });
  expect(last).toBeDefined();
  return token.slice(0, -1) + last!;
}

describe('the control API of dev', () => {
  it('limits the number of faults, and names the remedy', () => {
    const faults = new Faults(() => new Date());
    const add = () => {
      for (let i = 0; i <= 10_000; i++) faults.add({ effect: { status: 503 } });
    };
    expect(add).toThrow('Delete some first.');
    expect(faults.list()).toHaveLength(10_000);
    faults.remove('1');
    expect(faults.add({ effect: { status: 503 } }).id).toBe('10001');
  });

  it('keeps so many bytes of faults', () => {
    const faults = new Faults(() => new Date());
    const add = () => {
      for (let i = 0; i < 10_000; i++)
        faults.add({ match: { path: 'x'.repeat(2000) }, effect: { status: 503, message: 'y'.repeat(1000) } });
    };
    expect(add).toThrow('Delete some first.');
    expect(faults.list().length).toBeGreaterThan(1000);
  });

  it('keeps so many clients, and replaces those it knows', () => {
    const clients = new Clients();
    const add = () => {
      for (let i = 0; i < 1000; i++) clients.set(createClient(`client-${i}`, {}));
    };
    expect(add).toThrow('Delete some first.');
    expect(clients.list()).toHaveLength(1000);
    clients.set(createClient('client-1', { roles: ['Other'] }));
    expect(clients.find('client-1')?.roles).toEqual(['Other']);
    const large = () => clients.set(createClient('client-2', { secrets: ['x'.repeat(9 * mebibyte)] }));
    expect(large).toThrow('Delete some first.');
  });
});

/** Every map and set that a module or an object keeps, and why it does not grow with what clients send. */
const kept: Readonly<Record<string, string>> = {
  'analysis/quality-panel.ts #entries': 'of one person of a call: 50 of each kind',
  'analysis/quality.ts #people': 'of one call: people in its sessions, whose number is bounded',
  'emulator/issuer/clients.ts #clients': 'counted and measured in bytes when one is added',
  'serve/run/outage-recorder.ts #reasons': 'a thousand messages within a minute',
  'export/call-blocks.ts #kept': 'of one call, 64 blocks',
  'export/log-table.ts tables': 'one for each log',
  'graph/batch.ts batches': 'weak: bodies of batches that are answered',
  'graph/batch.ts headerTexts': 'weak: headers of answers that are kept',
  'emulator/limit-monitor.ts #largest': 'one for each limit of Graph',
  'graph/metadata.ts written': 'one for each version and form',
  'serve/http/server.ts refusedSockets': 'weak: connections',
  'emulator/http/request-recorder.ts #endpoints': 'one for each endpoint and method',
  'graph/write.ts noMembers': 'empty',
  'analysis/activity-tally.ts #companions': 'of one answer: at most 1,000 calls with at most 100 people each',
  'analysis/activity-tally.ts #names': 'of one answer: at most 1,000 calls',
  'analysis/activity-tally.ts #periods': 'of one answer: at most 1,000 calls',
  'analysis/attendance.ts #sides': 'caller and callee',
  'analysis/attendance.ts #verdicts': 'one for each verdict',
  'analysis/roll.ts #byId': 'of one call: ids of its people, whose number is bounded',
  'collect/ingest/held-entries.ts #places': 'of one call, whose entries are bounded',
  'collect/ingest/odd-entries.ts #pieces': 'of one call, whose text is bounded',
  'collect/ingest/page-stage.ts #pages': 'of one import: lists that are not complete yet, 64 MB in all',
  'collect/ingest/page-stage.ts #records': 'of one import: a hundred thousand records that lack a list',
  'collect/ingest/rejections.ts #causes': 'of one file: a thousand causes',
  'collect/ingest/session-list.ts #parties': 'of one call, whose line is bounded',
  'collect/ingest/unfinished-lists.ts #calls': 'of one import: twenty thousand calls',
  'contract/affiliation.ts #domains': 'of one call: tenants of its people, whose number is bounded',
  'contract/call-outcome.ts #affected': 'of one call: people in its sessions, whose number is bounded',
  'contract/call-outcome.ts #connected': 'of one call: people in its sessions, whose number is bounded',
  'contract/call-outcome.ts #counts': 'of one call: reasons in its sessions, whose number is bounded',
  'contract/call-outcome.ts #people': 'of one call: people in its sessions, whose number is bounded',
  'contract/call-outcome.ts #unanswered': 'one for each kind of reason',
  'contract/oddities.ts #counts': 'one for each part and reason',
  'notify/delivery-endpoint.ts taken': 'notifications under way, whose number is bounded',
  'emulator/generate/phone-call.ts numbersOf': 'weak: tenants that are generated',
  'emulator/scenarios.ts #runs': 'a hundred scenarios',
  'emulator/emulator.ts #reverted': 'one for each tenant of the store',
  'store/change-listeners.ts #byId': 'of one tenant: participants in filters of its subscriptions',
  'store/change-listeners.ts #known': 'a hundred tenants',
  'store/daily-stats.ts #days': 'of one batch of calls',
  'store/postgres/connection.ts #identified': 'weak: connections of the pool',
  'store/postgres/connection.ts #pools': 'one for each server that is named',
  'store/postgres/connection.ts #replayed': 'weak: connections of the pool',
  'store/postgres/connection.ts known': 'one for each statement',
  'store/postgres/connection.ts writeNames': 'one for each form of a write',
  'store/postgres/host-watch.ts #clients': 'connections of the pool',
  'store/postgres/host-watch.ts #used': 'connections of the pool',
  'store/postgres/node-monitor.ts #lost': 'one for each node of the cluster',
  'store/postgres/search-rows.ts #phrases': 'of one batch of calls',
  'store/postgres/search-writer.ts #fresh': 'of one batch of calls',
  'store/postgres/term-numbers.ts #people': 'weak: people that are remembered in bytes',
  'store/sqlite/connection.ts #writes': 'one for each form of a write',
  'store/sqlite/search-writer.ts #fresh': 'of one batch of calls',
  'store/sqlite/search-writer.ts #pending': 'of one batch of calls',
  'store/sqlite/search-writer.ts #left': 'of one batch of calls',
  'collect/sync/rate-limiter.ts #counters':
    'calls fetched within the spans of Graph’s limits, which bound the requests',
  'collect/sync/call-fetcher.ts #active': 'fetches under way, whose number is bounded',
  'collect/sync/page-walk.ts #followed': 'of one walk: a digest for each page, whose number is bounded',
  'collect/sync/page-walk.ts #received': 'of one walk: a digest for each page, whose number is bounded',
  'collect/sync/quarantine-writer.ts #ofCalls': 'ten thousand pieces of a tenant',
  'collect/sync/quarantine-writer.ts #sizes': 'ten thousand pieces of a tenant',
  'collect/sync/tenant-report.ts #remembered': 'ten thousand problems of a tenant',
  'collect/sync/tenant-report.ts unstored': 'ten thousand calls of a tenant',
  'collect/sync/tenant-report.ts waiting': 'requests under way, whose number is bounded',
  'wire/text/open-block.ts #open': 'of one call',
  'wire/text/scanner.ts tooDeep': 'of one line, whose length is bounded',
  'wire/text/shapes.ts compiled': 'one for each type of the model',
  'maintain/transfer/checksum.ts #sums': 'one for each table',
  'serve/internal/calls/large-calls.ts #underWay': 'requests under way, whose number is bounded',
  'serve/internal/phone-logs/phone-row.ts countryNames': 'one for each code of two letters',
  'serve/internal/phone-logs/phone-summary.ts #countries': 'of one answer: a hundred thousand rows',
  'serve/internal/phone-logs/phone-summary.ts #people': 'of one answer: a hundred thousand rows',
  'serve/internal/phone-logs/phone-summary.ts amounts': 'of one answer: a hundred thousand rows',
  'serve/workers/pool.ts #current': 'worker processes',
  'serve/workers/pool.ts #all': 'worker processes',
};

describe('the sources', () => {
  const root = new URL('../../src/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('web/'))
    .sort();
  const textOf = (name: string) => readFileSync(new URL(name, root), 'utf8');

  it('have no cache but those that are measured in bytes', () => {
    expect(files.filter((name) => /\bLRUCache\b/.test(textOf(name)))).toEqual(['base/byte-cache.ts']);
  });

  it('have no map or set that lives on, but those whose bound is known', () => {
    const found = files.flatMap((name) =>
      Array.from(
        textOf(name).matchAll(
          /^(?: {2}(?:readonly )?(?<field>#?\w+)|(?:export )?(?:const|let) (?<own>\w+))(?:: [^=;\n]+)? = new (?:Weak)?(?:Map|Set)(?:<[^\n]*>)?\(\)/gm,
        ),
        ({ groups }) => `${name} ${groups!['field'] ?? groups!['own']!}`,
      ),
    );
    // One more is named in `kept`, with its bound; what clients can fill is a cache of byte-cache.ts instead.
    expect(found.sort()).toEqual(Object.keys(kept).sort());
  });
});
