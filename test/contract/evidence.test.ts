/** What Rollcall says of its own completeness; the bodies are held against the OpenAPI document as they are fetched. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { development } from '../../src/base/development.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let clock: MovableClock;
let server: TestServer;
beforeEach(async () => {
  clock = createMovableClock(new Date('2026-03-03T00:00:00Z'));
  server = await startTestServer({ clock, store: openSqliteStore(':memory:', { clock }) });
});
afterEach(() => server.stop());

const other = '99999999-9999-4999-8999-999999999999';

describe('GET /rollcall/completeness', () => {
  it("tells what is missing of the token's tenant, and what was verified last", async () => {
    await server.import([
      aRecord('whole', { participants_v2: participants(2), sessions: [aSession('s', 'participant-7')] }),
      aRecord('cut', { participants_v2: participants(1), 'participants_v2@odata.nextLink': 'https://next' }),
    ]);
    await server.import([aRecord('theirs', { participants_v2: participants(5) })], other);
    const get = async () => (await server.get('/rollcall/completeness')).json();
    const report = {
      records: 2,
      versions: 2,
      participants: 3,
      incomplete: 1,
      missingParticipants: 1,
      ...{ oddCalls: 0, quarantined: 0 },
      gaps: [
        {
          from: '2026-03-02T10:00:00Z',
          to: '2026-03-02T10:30:00.1234567Z',
          kind: 'pagesMissing',
          healable: false,
          known: false,
          callId: 'cut',
        },
      ],
      gapCount: 1,
      unhealableGapCount: 0,
      gapsCut: false,
    };
    const asOfDateTime = '2026-03-03T00:00:00.000Z';
    const calls = { state: 'missing', reason: 'callsIncomplete', sinceDateTime: null };
    const hours = { state: 'unverified', reason: 'neverListed', sinceDateTime: null };
    const standing = { ...calls, calls, hours, listedFromDateTime: null, listedToDateTime: null };
    expect(await get()).toEqual({ asOfDateTime, ...standing, ...report, lastVerification: null });
    const { tenantId } = development;
    const verified = await verifyTenant(server.store, tenantId, { clock, onRead: () => undefined });
    await server.store.evidence.keepVerification(tenantId, {
      endedMs: clock.now().getTime(),
      report: JSON.stringify(verified),
    });
    expect(await get()).toEqual({
      asOfDateTime,
      ...standing,
      ...report,
      lastVerification: {
        endedDateTime: '2026-03-03T00:00:00Z',
        ...report,
        corrupt: 0,
        ...{ logRows: 0, odd: 0 },
        callStates: { verified: 1, unverified: 0, missing: 1 },
        countsCompared: true,
      },
    });
  });

  it('is for applications that may read the calls alone', async () => {
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${server.url}/rollcall/completeness`, { headers })).status;
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect([
      await status({}),
      await status(bearer(await server.token({ roles: [] }))),
      await status(bearer(await server.token({ delegated: true }))),
      await status(bearer(await server.token())),
    ]).toEqual([401, 403, 403, 200]);
  });
});

describe('GET /rollcall/callRecords/{id}/versions', () => {
  const path = '/rollcall/callRecords/call/versions';

  it('tells every state, and what changed from each to the next', async () => {
    await server.import([
      aRecord('call', { participants_v2: participants(3), sessions: [aSession('a', 'participant-0')] }),
    ]);
    clock.advance(60_000);
    await server.import([
      aRecord('call', {
        version: 2,
        lastModifiedDateTime: '2026-03-02T12:00:00Z',
        joinWebUrl: 'https://join',
        extra: 1.5,
        participants_v2: [
          aParticipant('participant-0'),
          aParticipant('participant-1', { extra: 1 }),
          aParticipant('x'),
        ],
        sessions: [aSession('a', 'participant-1'), aSession('b', 'participant-9')],
      }),
    ]);
    const { value } = (await (await server.get(path)).json()) as { value: unknown[] };
    const lists = {
      participants: { count: 3, complete: true, pages: null },
      foundParticipants: 0,
      lacking: [],
    };
    expect(value).toEqual([
      {
        version: 1,
        edition: 1,
        lastModifiedDateTime: '2026-03-02T11:00:00Z',
        receivedDateTime: '2026-03-03T00:00:00Z',
        ...lists,
        sessions: { count: 1, complete: true, pages: null },
        changes: null,
      },
      {
        version: 2,
        edition: 2,
        lastModifiedDateTime: '2026-03-02T12:00:00Z',
        receivedDateTime: '2026-03-03T00:01:00Z',
        ...lists,
        sessions: { count: 2, complete: true, pages: null },
        foundParticipants: 1,
        changes: {
          properties: [
            { name: 'version', old: 1, new: 2 },
            { name: 'lastModifiedDateTime', old: '2026-03-02T11:00:00Z', new: '2026-03-02T12:00:00Z' },
            { name: 'joinWebUrl', old: '', new: 'https://join' },
            { name: 'extra', new: 1.5 },
          ],
          participants: { added: ['x'], removed: ['participant-2'], changed: ['participant-1'] },
          sessions: { added: ['b'], removed: [], changed: ['a'] },
        },
      },
    ]);
  });

  it('gives numbers in the digits they came in, and any id', async () => {
    await server.import([
      JSON.stringify(aRecord("o'neil/1")).replace('"version":1', '"version":9007199254740993'),
    ]);
    const response = await server.get(`/rollcall/callRecords/${encodeURIComponent("o'neil/1")}/versions`);
    expect(await response.text()).toContain('"version":9007199254740993,');
  });

  it('knows the calls of its own tenant, by GET', async () => {
    await server.import([aRecord('call')], other);
    expect((await server.get(path)).status).toBe(404);
    const headers = { authorization: `Bearer ${await server.token()}` };
    expect((await fetch(server.url + path, { method: 'POST', headers })).status).toBe(405);
    expect((await fetch(server.url + path)).status).toBe(401);
  });
});

describe('GET /metrics', () => {
  const id = '42559007-03c6-42c8-971f-cb79fd381a5a';

  it('tells Prometheus of requests, by route and status, and of what the store lacks', async () => {
    await server.import([
      aRecord(id, { participants_v2: participants(2), sessions: [aSession('s', 'participant-7')] }),
      aRecord('cut', { participants_v2: participants(1), 'participants_v2@odata.nextLink': 'https://next' }),
    ]);
    await server.get(`/v1.0/communications/callRecords/${id}/participants_v2?$select=id`);
    await server.get(`/v1.0/communications/callRecords('${id}')/participants_v2`);
    await server.get('/v1.0/communications/callRecords/nobody/participants_v2/person');
    await server.get('/wp-login.php');
    const response = await fetch(`${server.url}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = text.split('\n');
    const roll = '/v1.0/communications/callRecords/{}/participants_v2';
    const counted = 'rollcall_http_request_duration_seconds_count';
    for (const line of [
      `${counted}{route="${roll}",status="200"} 2`,
      `${counted}{route="${roll}/{}",status="404"} 1`,
      `${counted}{route="other",status="404"} 1`,
      'rollcall_calls 2',
      'rollcall_participants 3',
      'rollcall_incomplete_calls 1',
      'rollcall_missing_participants 1',
      'rollcall_gaps 1',
      'rollcall_gaps_unhealable 0',
      'rollcall_wanted_calls 0',
      'rollcall_odd_calls 0',
      'rollcall_quarantined_pieces 0',
      'rollcall_tenants_missing 1',
    ])
      expect(lines).toContain(line);
    // Nobody has looked yet.
    expect(text).not.toMatch(/^rollcall_(corrupt_parts|last_verification_timestamp_seconds) \d/m);
    for (const personal of [id, 'nobody', 'person', 'participant-7', development.tenantId])
      expect(text).not.toContain(personal);
  });

  it('tells how far the tenant farthest behind was listed', async () => {
    const span = (end: string) => ({
      from: 0n,
      before: BigInt(Date.parse(end)) * 10_000n,
      listedMs: clock.now().getTime(),
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).not.toMatch(/^rollcall_sync_lag_seconds \d/m);
    await server.store.upstream.observe('a', [], clock.now().getTime(), span('2026-03-02T23:59:00Z'));
    await server.store.upstream.observe('b', [], clock.now().getTime(), span('2026-03-02T23:00:00Z'));
    clock.advance(15_000);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/^rollcall_sync_lag_seconds 3615$/m);
  });
});
