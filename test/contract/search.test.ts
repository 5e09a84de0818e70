/** Rollcall's own API for finding calls, over HTTP: what it answers, and what it refuses. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { development } from '../../src/base/development.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { anyText } from '../support/any-text.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { often } from '../support/often.ts';

const clock = createMovableClock(new Date('2026-03-05T00:00:00Z'));
const other = '33333333-3333-4333-8333-333333333333';
let server: TestServer;
const start = async () => {
  server = await startTestServer({ clock });
};

interface Page {
  readonly value: readonly { readonly id: string }[];
  readonly '@odata.nextLink'?: string;
}
const get = async (path: string) => (await (await server.get(path)).json()) as Page & { error?: unknown };
const idsOf = async (query: string) => (await get(`/rollcall/calls?${query}`)).value.map(({ id }) => id);
const person = (id: string, displayName: string) => ({ identity: { user: { id, displayName } } });

const shownPerson = (id: string, name: string) => ({
  ...{ name, id, kind: 'user', affiliation: 'unknown', tenantName: null, isParticipant: true },
  ...{ matchedBy: null, matchedIn: null, matchedText: [] },
});

const anna = aParticipant('a', person('a', 'Anna Weber'));
const zoe = aParticipant('z', person('z', 'Zoë Ångström'));
const desk = aParticipant('+49301234567', { identity: { phone: { id: '+49301234567', displayName: null } } });

describe('GET /rollcall/calls', () => {
  beforeAll(async () => {
    await start();
    await server.import([
      aRecord('meeting', {
        modalities: ['audio', 'video'],
        joinWebUrl: 'https://teams.example/l/19%3ameeting_A?context=1',
        organizer_v2: { id: 'z', ...person('z', 'Zoë Ångström') },
        participants_v2: [anna, zoe],
        sessions: [
          aSession('s', 'a', undefined, { failureInfo: { reason: 'Media failure', stage: 'callSetup' } }),
          aSession('t', 'stray'),
        ],
      }),
      aRecord('later', {
        type: 'peerToPeer',
        startDateTime: '2026-03-03T10:00:00Z',
        endDateTime: '2026-03-03T12:00:00Z',
        participants_v2: [anna, desk],
        'participants_v2@odata.nextLink': 'https://next',
      }),
    ]);
    await server.import([aRecord('theirs', { participants_v2: [anna] })], other);
  });
  afterAll(() => server.stop());

  it('gives calls newest first, with what a list of them shows', async () => {
    expect(await get('/rollcall/calls?from=2026-03-02T00:00:00Z')).toEqual({
      value: [
        {
          id: 'later',
          version: 1,
          type: 'peerToPeer',
          modalities: ['audio'],
          startDateTime: '2026-03-03T10:00:00Z',
          endDateTime: '2026-03-03T12:00:00Z',
          joinWebUrl: null,
          organizer: null,
          participants: 2,
          sessions: 0,
          ...{ outcome: 'unknown', outcomeText: 'Unknown: no session of this call is stored.' },
          ...{ failed: false, failures: null },
          ...{ poor: false, ratings: [] },
          incomplete: true,
          state: 'missing',
          people: {
            matched: [],
            others: [
              shownPerson('a', 'Anna Weber'),
              { ...shownPerson('+49301234567', '+49301234567'), kind: 'phone', affiliation: 'phone' },
            ],
            ...{ more: 0, external: 0, unknown: 1 },
          },
        },
        {
          id: 'meeting',
          version: 1,
          type: 'groupCall',
          modalities: ['audio', 'video'],
          startDateTime: '2026-03-02T10:00:00Z',
          endDateTime: '2026-03-02T10:30:00.1234567Z',
          joinWebUrl: 'https://teams.example/l/19%3ameeting_A?context=1',
          organizer: { displayName: 'Zoë Ångström', id: 'z', kind: 'user' },
          participants: 3,
          sessions: 2,
          outcome: 'failed',
          outcomeText:
            'Failed: No media connection, while connecting: “Media failure”. 1 of 2 people had a failure.',
          failed: true,
          failures: {
            ...{ people: 2, affected: 1 },
            reasons: [
              {
                ...{ kind: 'media', stage: 'callSetup', reason: 'Media failure' },
                words: 'No media connection, while connecting: “Media failure”',
                ...{ sessions: 1, people: 1 },
              },
            ],
          },
          ...{ poor: false, ratings: [] },
          incomplete: false,
          state: 'unverified',
          people: {
            matched: [],
            others: [shownPerson('z', 'Zoë Ångström'), shownPerson('a', 'Anna Weber')],
            ...{ more: 1, external: 0, unknown: 3 },
          },
        },
      ],
    });
  });

  it.each([
    ['person=anna', ['later', 'meeting']],
    ['person=WEB%20ann', ['later', 'meeting']],
    ['person=zoe+angstrom', ['meeting']],
    ['person=stray', ['meeting']],
    ['number=030+1234567', ['later']],
    ['number=%2B49%2030', ['later']],
    ['organizer=zoe', ['meeting']],
    ['organizer=anna', []],
    ['type=peerToPeer', ['later']],
    ['modality=video', ['meeting']],
    ['minSeconds=3600', ['later']],
    ['maxSeconds=1801', ['meeting']],
    ['joinUrl=https://teams.example/l/19:meeting_a', ['meeting']],
    ['state=failed', ['meeting']],
    ['state=incomplete', ['later']],
    ['state=partlyFailed', []],
    ['state=completed', []],
    ['reason=media', ['meeting']],
    ['reason=busy', []],
    ['from=2026-03-03T11:00:00+01:00', ['later']],
    ['from=2026-03-02&to=2026-03-03', ['meeting']],
    ['to=2026-03-03T00:00:00Z', ['meeting']],
    ['q=weber+1234567', ['later']],
    ['q=%2B49+(30)+123+4567+weber', ['later']],
    ['q=030+123-4567', ['later']],
    ['q=meeting', ['meeting']],
    ['person=anna&state=failed&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z', ['meeting']],
    ['q=nobody', []],
  ])('finds by %s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('is walked by its next links, each good for its own search alone', async () => {
    const berta = aParticipant('b', person('b', 'Berta'));
    await server.import(
      participants(5).map(({ id }) =>
        aRecord(id, { startDateTime: '2026-03-01T10:00:00Z', participants_v2: [berta] }),
      ),
    );
    const ids: string[] = [];
    let link: string | undefined = `${server.url}/rollcall/calls?person=berta&$top=2`;
    let second = '';
    while (link !== undefined) {
      const page = await get(link.slice(server.url.length));
      expect(page.value.length).toBeLessThanOrEqual(2);
      ids.push(...page.value.map(({ id }) => id));
      link = page['@odata.nextLink'];
      second ||= link ?? '';
    }
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
    const token = new URL(second).searchParams.get('$skiptoken')!;
    for (const query of [
      `person=zoe&$skiptoken=${token}`,
      `$skiptoken=${token}`,
      '$skiptoken=x',
      '$skiptoken=',
    ])
      expect((await server.get(`/rollcall/calls?${query}`)).status).toBe(400);
    const theirs = await server.token({ tenantId: other });
    const headers = { authorization: `Bearer ${theirs}` };
    expect((await server.get(`/rollcall/calls?person=berta&$skiptoken=${token}`, headers)).status).toBe(400);
    // The order of parameters, and the size of a page, may change on the way.
    expect((await get(`/rollcall/calls?$skiptoken=${token}&$top=100&person=berta`)).value.length).toBe(3);
  });

  it.each([
    ['from=yesterday', 'from'],
    ['to=2026-3-3', 'to'],
    ['to=2026-02-29', 'to'],
    ['from=2026-02-30T00:00:00Z', 'from'],
    ['person=', 'person'],
    ['person=%CC%81', 'person'],
    ['q=%20', 'q'],
    [`q=${'a+'.repeat(11)}b`, 'q'],
    [`organizer=${'a'.repeat(201)}`, 'organizer'],
    ['number=anna', 'number'],
    ['minSeconds=-1', 'minSeconds'],
    ['maxSeconds=1.5', 'maxSeconds'],
    [
      'state=good',
      'failed, partlyFailed, notAnswered, declined, busy, canceled, completed, poor, incomplete',
    ],
    ['reason=Busy', 'notAnswered, declined, busy, canceled, network, media'],
    ...['zzz', 'GroupCall', 'groupCall,peerToPeer', '', 'fax', 'toString', '0'].flatMap((value) => [
      [`type=${value}`, 'unknown, groupCall, peerToPeer, unknownFutureValue'],
      [`modality=${value}`, 'audio, video, videoBasedScreenSharing, data, screenSharing, unknownFutureValue'],
    ]),
    ['joinUrl=', 'joinUrl'],
    ['$top=0', '$top'],
    ['$top=x', '$top'],
    ['person=a&person=b', 'person'],
    ['participant=a', 'participant'],
    ['person=%E0%A4', 'person'],
  ])('refuses %s, and names the parameter', async (query, name) => {
    const response = await server.get(`/rollcall/calls?${query}`);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect([error.code, error.message]).toEqual(['BadRequest', expect.stringContaining(name)]);
  });

  it('answers any search with calls or a refusal', async () => {
    const names = ['person', 'number', 'organizer', 'type', 'modality', 'joinUrl', 'q'] as const;
    const text = fc.oneof(anyText(12), fc.constantFrom('"', '*', 'a OR b', "a'b", 'NEAR('));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), text, async (name, value) => {
        const response = await server.get(
          `/rollcall/calls?${new URLSearchParams({ [name]: value }).toString()}`,
        );
        expect([200, 400]).toContain(response.status);
      }),
      { numRuns: often(40, 150) },
    );
    expect(server.defects).toEqual([]);
  });

  it('is for applications that may read the calls alone, by GET', async () => {
    for (const path of ['calls', 'calls/meeting/summary', 'statistics', 'status']) {
      const status = async (token: string | undefined, method = 'GET') => {
        const headers: Record<string, string> =
          token === undefined ? {} : { authorization: `Bearer ${token}` };
        return (await fetch(`${server.url}/rollcall/${path}`, { headers, method })).status;
      };
      const token = await server.token();
      const delegated = await server.token({ delegated: true });
      expect([
        await status(undefined),
        await status(delegated),
        await status(token),
        await status(token, 'POST'),
      ]).toEqual([401, 403, 200, 405]);
    }
  });

  it('leaves no word that was looked for in metrics', async () => {
    await server.get('/rollcall/calls?person=anna%20weber');
    await server.get('/rollcall/calls/meeting/summary');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/{route="\/rollcall\/calls",status="200"} \d/);
    expect(text).toMatch(/{route="\/rollcall\/calls\/{}\/summary",status="200"} \d/);
    expect(text).not.toMatch(/anna|weber|meeting/i);
  });
});

describe('how a call ended', () => {
  beforeAll(start);
  afterAll(() => server.stop());
  const failing = (reason: string, stage = 'callSetup') => ({ failureInfo: { reason, stage } });

  it('is found by its state and reason, and one crash among many does not make it failed', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `p${i}`);
    const sessions = ids.map((id) =>
      aSession(id, id, undefined, id === 'p1' ? failing('Client crashed.', 'midcall') : {}),
    );
    const pair = (id: string, reason: string, stage?: string) =>
      aRecord(id, { type: 'peerToPeer', sessions: [aSession(id, 'a', 'b', failing(reason, stage))] });
    await server.import([
      aRecord('large', { sessions }),
      pair('unanswered', 'Call was not answered.'),
      pair('refused', '603 Decline'),
      pair('lost', 'Network connection was lost.', 'midcall'),
      aRecord('segment', {
        sessions: [
          aSession('s', 'a', 'b', { segments: [{ id: 's', ...failing('The caller canceled the call.') }] }),
        ],
      }),
      aRecord('talked', { sessions: [aSession('s', 'a', 'b')] }),
    ]);
    const found = {
      'state=failed': ['lost'],
      'state=partlyFailed': ['large'],
      'state=notAnswered': ['unanswered'],
      'state=declined': ['refused'],
      'state=busy': [],
      'state=canceled': ['segment'],
      'state=completed': ['talked', 'large'],
      'reason=client': ['large'],
      'reason=network&state=failed': ['lost'],
      'reason=canceled': ['segment'],
      'reason=network&state=completed': [],
    };
    for (const [query, expected] of Object.entries(found))
      expect([query, await idsOf(query)]).toEqual([query, expected]);
    const summary = await get('/rollcall/calls/large/summary');
    expect(summary).toMatchObject({
      outcome: 'completed',
      outcomeText: 'Completed. 1 of 1,000 people had a failure.',
      failed: false,
      failures: { people: 1000, affected: 1, reasons: [{ kind: 'client', stage: 'midcall', people: 1 }] },
    });
    const older = await server.get('/rollcall/calls/large/summary', { prefer: 'rollcall.as-of=1' });
    expect(await older.json()).toEqual(summary);
  });
});

describe('GET /rollcall/calls/{id}/summary', () => {
  beforeEach(start);
  afterEach(() => server.stop());

  it('tells a call at a glance, and how complete it is', async () => {
    await server.import([
      aRecord("o'neil/1", { participants_v2: [anna], sessions: [aSession('s', 'stray')] }),
      aRecord("o'neil/1", { version: 3, participants_v2: [anna], sessions: [aSession('s', 'stray')] }),
    ]);
    const path = `/rollcall/calls/${encodeURIComponent("o'neil/1")}/summary`;
    expect(await get(path)).toMatchObject({
      id: "o'neil/1",
      version: 3,
      participants: 2,
      completeness: {
        complete: true,
        lacking: [],
        participants: { count: 1, complete: true, pages: null },
        sessions: { count: 1, complete: true, pages: null },
        foundParticipants: 1,
        ...{ odd: 0, oddities: [] },
        receivedDateTime: '2026-03-05T00:00:00Z',
      },
      versions: 2,
    });
    const { completeness } = (await get(path)) as unknown as { completeness: unknown };
    expect(await get(`/rollcall/callRecords/${encodeURIComponent("o'neil/1")}/completeness`)).toEqual(
      completeness,
    );
  });

  it('tells an earlier state as it was', async () => {
    const failed = { failureInfo: { stage: 'midcall' } };
    await server.import([
      aRecord('grown', {
        ...{ type: 'peerToPeer', endDateTime: '2026-03-02T10:05:00Z', participants_v2: [anna] },
        'participants_v2@odata.nextLink': 'https://next.example',
        sessions: [aSession('s', 'stray', undefined, failed)],
      }),
      aRecord('grown', {
        ...{ version: 3, type: 'groupCall', participants_v2: participants(4) },
        sessions: [aSession('s', participants(4)[0]!.id)],
      }),
    ]);
    const summary = async (prefer?: string) => {
      const answer = await server.get(
        '/rollcall/calls/grown/summary',
        prefer === undefined ? {} : { prefer },
      );
      return answer.status === 200 ? answer.json() : answer.status;
    };
    const newest = { version: 3, type: 'groupCall', participants: 4, failed: false, incomplete: false };
    expect(await summary('rollcall.as-of=1')).toMatchObject({
      ...{ version: 1, type: 'peerToPeer', endDateTime: '2026-03-02T10:05:00Z' },
      ...{ participants: 1, sessions: 1, failed: true, poor: false, incomplete: true, versions: 2 },
      completeness: { complete: false, lacking: ['participantPages'], foundParticipants: 0 },
    });
    expect(await summary('rollcall.as-of=3')).toEqual(await summary());
    expect(await summary()).toMatchObject(newest);
    expect(await summary('rollcall.as-of=2')).toBe(404);
    expect(await summary('rollcall.as-of=soon')).toMatchObject(newest);
  });

  it('knows the calls of its own tenant', async () => {
    await server.import([aRecord('theirs')], other);
    for (const path of ['calls/theirs/summary', 'callRecords/theirs/completeness'])
      expect((await server.get(`/rollcall/${path}`)).status).toBe(404);
  });
});

describe('GET /rollcall/statistics', () => {
  beforeEach(start);
  afterEach(() => server.stop());

  it('counts calls by day of UTC, by reason and by size', async () => {
    await server.import([
      aRecord('a', { participants_v2: participants(3) }),
      aRecord('b', {
        participants_v2: participants(60),
        sessions: [aSession('s', 'x', undefined, { failureInfo: { stage: 'midcall' } })],
      }),
      aRecord('c', {
        ...{ startDateTime: '2026-03-03T00:00:00Z', participants_v2: participants(3) },
        sessions: [aSession('s', 'x', 'y', { failureInfo: { stage: 'callSetup', reason: '486 Busy Here' } })],
      }),
    ]);
    const ended = { failed: 0, notAnswered: 0, declined: 0, busy: 0, canceled: 0 };
    const days = [
      { date: '2026-03-02', calls: 2, participants: 64, ...ended, failed: 1, poor: 0 },
      { date: '2026-03-03', calls: 1, participants: 4, ...ended, busy: 1, poor: 0 },
    ];
    const statistics = (await get('/rollcall/statistics')) as unknown as {
      days: unknown[];
      reasons: { kind: string; words: string; calls: number }[];
      participantsPerCall: { from: number; to: number | null; calls: number }[];
    };
    expect(statistics.days).toEqual(days);
    expect(statistics.reasons.filter(({ calls }) => calls > 0)).toEqual([
      { kind: 'busy', words: 'Busy', calls: 1 },
      { kind: 'unstated', words: 'No reason given', calls: 1 },
    ]);
    expect(statistics.participantsPerCall.filter(({ calls }) => calls > 0)).toEqual([
      { from: 3, to: 5, calls: 2 },
      { from: 51, to: 200, calls: 1 },
    ]);
    expect(statistics.participantsPerCall.at(-1)).toEqual({ from: 1001, to: null, calls: 0 });
    expect(await get('/rollcall/statistics?from=2026-03-02T23:59:59Z&to=2026-03-03T00:00:00Z')).toMatchObject(
      {
        days: days.slice(0, 1),
      },
    );
    expect((await server.get('/rollcall/statistics?from=x')).status).toBe(400);
  });
});

describe('GET /rollcall/status', () => {
  beforeEach(start);
  afterEach(() => server.stop());

  it('tells who is notified, how far behind the tenant is and what is missing, and no secret', async () => {
    const { tenantId, clientId } = development;
    await server.import([
      aRecord('cut', { participants_v2: [anna], 'participants_v2@odata.nextLink': 'https://n' }),
    ]);
    await server.store.subscriptions.create(
      {
        tenantId,
        id: 'subscription',
        applicationId: clientId,
        resource: 'communications/callRecords',
        changeType: 'created',
        notificationUrl: 'https://receiver.example/hook?code=hidden',
        lifecycleNotificationUrl: null,
        clientState: 'hidden',
        latestSupportedTlsVersion: 'v1_2',
        expirationTicks: BigInt(Date.parse('2026-03-06')) * 10_000n,
        challengeMs: undefined,
      },
      100,
    );
    const span = {
      from: 0n,
      before: BigInt(Date.parse('2026-03-04T23:00:00Z')) * 10_000n,
      listedMs: Date.parse('2026-03-04T23:30:00Z'),
    };
    const sighting = { callId: 'wanted', version: 1n, startTicks: span.before - 1n };
    await server.store.upstream.observe(tenantId, [sighting], clock.now().getTime(), span);
    const verified = await verifyTenant(server.store, tenantId, { clock, onRead: () => undefined });
    const verification = { endedMs: clock.now().getTime(), report: JSON.stringify(verified) };
    await server.store.evidence.keepVerification(tenantId, verification);
    const status = await get('/rollcall/status');
    expect(status).toMatchObject({
      subscriptions: [
        {
          id: 'subscription',
          applicationId: clientId,
          resource: 'communications/callRecords',
          changeType: 'created',
          notificationUrl: 'https://receiver.example/hook',
          lifecycleNotificationUrl: null,
          expirationDateTime: '2026-03-06T00:00:00Z',
        },
      ],
      sync: {
        listedUntilDateTime: '2026-03-04T23:00:00Z',
        lastListedDateTime: '2026-03-04T23:30:00Z',
        lagSeconds: 3600,
        wanted: 1,
        gone: 0,
      },
      gaps: [{ kind: 'recordNotFetched' }, { kind: 'pagesMissing' }],
      verification: { endedDateTime: '2026-03-05T00:00:00Z', corrupt: 0 },
      store: { calls: 1, editions: 1 },
    });
    expect(status).toMatchObject({ listedToDateTime: '2026-03-04T23:00:00Z' });
    expect(status).not.toMatchObject({ listedFromDateTime: null });
    expect(JSON.stringify(status)).not.toContain('hidden');
  });

  it('tells of a tenant that there is nothing of', async () => {
    const calls = { state: 'unverified', reason: 'nothingStored', sinceDateTime: null };
    expect(await get('/rollcall/status')).toEqual({
      asOfDateTime: '2026-03-05T00:00:00Z',
      // Nothing is missing, and nothing proves it.
      ...{ ...calls, calls, hours: { ...calls, reason: 'neverListed' } },
      ...{ listedFromDateTime: null, listedToDateTime: null },
      subscriptions: [],
      sync: {
        listedUntilDateTime: null,
        lastListedDateTime: null,
        lagSeconds: null,
        wanted: 0,
        gone: 0,
        nextDueDateTime: null,
      },
      gaps: [],
      gapCount: 0,
      gapsCut: false,
      verification: null,
      store: { calls: 0, editions: 0 },
    });
  });
});
