/** A person's and a number's activity over HTTP: sums, lists, other tenants, damaged calls and refusals. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { development } from '../../src/base/development.ts';
import type { NumberActivity, PersonActivity } from '../../src/serve/internal/people/activity-page.ts';
import { aDirectRoutingRow, anSmsRow, aPstnRow } from '../support/phone-rows.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const { tenantId } = development;
const annaId = '11111111-aaaa-4aaa-8aaa-111111111111';
const paulId = '22222222-bbbb-4bbb-8bbb-222222222222';
const oddId = '8:orgid/ä "x"\\y';
const longId = 'E'.repeat(700);
const user = (id: string, displayName: string, more: object = {}) =>
  aParticipant(id, { identity: { user: { id, displayName, tenantId, ...more } } });
const phone = (id: string) => aParticipant(id, { identity: { phone: { id, displayName: null } } });
const anna = user(annaId, 'Anna Weber', { userPrincipalName: 'anna@contoso.example' });
const paul = user(paulId, 'Paul Kern', { tenantId: '33333333-3333-4333-8333-333333333333' });
const at = (from: string, to: string) => ({
  startDateTime: `2026-03-02T${from}:00Z`,
  endDateTime: `2026-03-02T${to}:00Z`,
});
const audio = (id: string, from: string, to: string, jitter: string) => ({
  ...at(from, to),
  segments: [
    {
      id,
      ...at(from, to),
      media: [{ label: 'main-audio', streams: [{ packetUtilization: 5000, averageJitter: jitter }] }],
    },
  ],
});
const notAnswered = { failureInfo: { stage: 'callSetup', reason: 'Call was not answered.' } };

const records = [
  aRecord('meeting', {
    ...at('09:00', '10:00'),
    participants_v2: [anna, paul],
    sessions: [
      aSession('m1', annaId.toUpperCase(), undefined, audio('m1', '09:00', '09:40', 'PT0.045S')),
      aSession('m2', annaId, undefined, audio('m2', '09:30', '09:50', 'PT0.004S')),
      aSession('m3', paulId, undefined, audio('m3', '09:45', '10:00', 'PT0.004S')),
    ],
  }),
  aRecord('beside', {
    ...at('09:30', '10:30'),
    type: 'peerToPeer',
    participants_v2: [{ ...anna, id: annaId.toUpperCase() }, paul],
    sessions: [aSession('b', paulId, annaId, audio('b', '09:30', '10:30', 'PT0.004S'))],
  }),
  aRecord('missed', {
    ...at('12:00', '12:01'),
    type: 'peerToPeer',
    participants_v2: [paul, user(annaId, 'Anna Weber-Kern')],
    sessions: [aSession('n', paulId, annaId, { ...at('12:00', '12:01'), ...notAnswered })],
  }),
  aRecord('called', {
    ...at('13:00', '13:10'),
    participants_v2: [anna, phone('+4930123****'), phone('+49301234568')],
    sessions: [
      aSession('p', undefined, annaId, {
        ...at('13:00', '13:10'),
        caller: { identity: { phone: { id: '+4930123****' } }, userAgent: {} },
      }),
    ],
  }),
  aRecord('number', { ...at('14:00', '14:10'), participants_v2: [phone('+49 (30) 1234567'), anna] }),
  aRecord('unnamed', {
    ...at('11:00', '11:01'),
    type: 'peerToPeer',
    organizer_v2: user('berta', 'Berta Braun'),
    participants_v2: [user('berta', 'Berta Braun'), user('carl', 'Carl Kern')],
    sessions: [aSession('u', 'berta', undefined, { ...at('11:00', '11:01'), ...notAnswered })],
  }),
  aRecord('organized', { ...at('15:00', '15:10'), organizer_v2: anna, participants_v2: [paul] }),
  aRecord('named', { ...at('16:00', '16:10'), participants_v2: [user('other', annaId)] }),
  aRecord('odd', {
    ...at('17:00', '17:10'),
    participants_v2: [user(oddId, 'Odd One'), user(longId, 'Long One')],
  }),
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    clock: createMovableClock(new Date('2026-03-10T00:00:00Z')),
    tokenClock: { now: () => new Date(), sleep: () => Promise.resolve() },
  });
  await server.import([
    ...records,
    aPstnRow('connected', { userId: annaId }),
    aPstnRow('missed', { userId: annaId.toUpperCase(), duration: 0 }),
    aDirectRoutingRow('failed', {
      ...{ userId: annaId, successfulCall: false, duration: 0, finalSipCode: 486 },
      ...{ callerNumber: '+49301234***', callType: 'ByotIn' },
    }),
    anSmsRow('text', { userId: 'logged', userDisplayName: 'Only Logged' }),
  ]);
  const elsewhere = [aRecord('meeting', { ...at('09:00', '10:00'), participants_v2: [anna, anna] })];
  await server.import(elsewhere, '99999999-9999-4999-8999-999999999999');
});
afterAll(async () => {
  await server.stop();
  expect(server.defects).toEqual([]);
});

const get = async <Page>(path: string) => {
  const response = await server.get(`/rollcall/${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Page;
};
const person = (id: string, query = '') => get<PersonActivity>(`people/${encodeURIComponent(id)}${query}`);
const number = (text: string, query = '') => get<NumberActivity>(`numbers/${text}${query}`);

describe('GET /rollcall/people/{id}', () => {
  it('adds up the calls of the last 30 days, with overlaps of sessions and of calls counted once', async () => {
    const { person: who, span, counted, summary, missed, phone: logs, value } = await person(annaId);
    expect(who).toEqual({
      ...{ id: annaId, name: 'Anna Weber', kind: 'user', affiliation: 'internal', tenantId },
      ...{ tenantName: 'contoso.example', userPrincipalName: 'anna@contoso.example' },
      ...{ otherNames: ['Anna Weber-Kern'], lastSeenDateTime: '2026-03-02T14:00:00Z' },
    });
    expect(span).toEqual({ fromDateTime: '2026-02-08T00:00:00Z', toDateTime: '2026-03-10T00:00:00Z' });
    expect(counted).toEqual({ calls: 5, isAll: true, fromDateTime: '2026-02-08T00:00:00Z', damagedCalls: 0 });
    expect(value.map(({ id }) => id)).toEqual(['number', 'called', 'missed', 'beside', 'meeting']);
    // 09:00 to 10:30 and 13:00 to 13:10; 50 minutes and an hour, and ten minutes.
    expect(summary).toMatchObject({ seconds: 100 * 60, secondsOfEachCall: 120 * 60, callsWithoutTimes: 1 });
    expect(missed).toEqual({ notAnswered: 1, canceled: 0, phoneLogs: 2 });
    expect(summary?.quality).toEqual({
      period: 'day',
      periods: [{ date: '2026-03-02', calls: 5, classified: 2, poor: 1 }],
      ...{ classified: 2, poor: 1 },
    });
    const [first] = summary!.companions.people;
    // The hour of the call of two; the five minutes of the meeting are within it.
    expect(first).toMatchObject({ id: paulId, calls: 3, secondsTogether: 60 * 60, affiliation: 'external' });
    expect(logs?.pstn).toMatchObject({ rows: 2, seconds: 60, missed: 1, incoming: 2 });
    expect(logs?.directRouting.sipCodes).toMatchObject([{ sipCode: 486, rows: 1 }]);
  });

  it('has for each call how the person took part', async () => {
    const { value } = await person(annaId.toUpperCase());
    expect(Object.fromEntries(value.map((call) => [call.id, call]))).toMatchObject({
      meeting: {
        ...{ joinedDateTime: '2026-03-02T09:00:00Z', leftDateTime: '2026-03-02T09:50:00Z', seconds: 3000 },
        ...{ side: 'caller', outcome: 'connected', verdict: 'poor', otherPeople: 0 },
        with: [{ id: paulId, name: 'Paul Kern', kind: 'user', affiliation: 'external' }],
      },
      missed: {
        ...{ side: 'callee', outcome: 'notAnswered', seconds: 0, joinedDateTime: null, verdict: null },
        failures: [{ kind: 'notAnswered' }],
      },
      number: { outcome: 'unknown', seconds: null, side: null },
    });
    expect((await person(paulId)).summary?.unanswered.made).toMatchObject({ notAnswered: 1 });
  });

  it('counts a call of two as missed by the one whom no session names and who did not organize it', async () => {
    const carl = await person('carl');
    expect(carl.missed?.notAnswered).toBe(1);
    expect(carl.value).toMatchObject([{ side: 'callee', outcome: 'notAnswered', seconds: 0 }]);
    const berta = await person('berta');
    expect([berta.missed?.notAnswered, berta.summary?.unanswered.made.notAnswered]).toEqual([0, 1]);
  });

  it('walks all calls page by page', async () => {
    const found: string[] = [];
    let path: string | undefined = `people/${annaId}?$top=2`;
    while (path !== undefined) {
      const page: PersonActivity = await get<PersonActivity>(path);
      found.push(...page.value.map(({ id }) => id));
      expect('summary' in page).toBe(found.length <= 2);
      path = page['@odata.nextLink']?.replace(`${server.url}/rollcall/`, '');
    }
    expect(found).toEqual(['number', 'called', 'missed', 'beside', 'meeting']);
  });

  it('keeps tenants apart', async () => {
    const token = await server.token({ tenantId: '99999999-9999-4999-8999-999999999999' });
    const asked = (id: string) => server.get(`/rollcall/people/${id}`, { authorization: `Bearer ${token}` });
    const other = (await (await asked(annaId)).json()) as PersonActivity;
    expect([other.counted?.calls, other.phone?.pstn.rows, other.person?.affiliation]).toEqual([
      1,
      0,
      'external',
    ]);
    expect((await asked(paulId)).status).toBe(404);
  });

  it('knows people with odd ids, without calls in the span, and from phone logs alone', async () => {
    expect((await person(oddId)).person).toMatchObject({ id: oddId, name: 'Odd One' });
    expect((await person(longId)).person).toMatchObject({ id: longId, name: 'Long One' });
    const early = await person(annaId, '?to=2026-01-01');
    expect([early.counted?.calls, early.person?.name, early.value]).toEqual([0, 'Anna Weber', []]);
    expect(early.person?.lastSeenDateTime).toBe('2026-03-02T14:00:00Z');
    const logged = await person('LOGGED');
    expect([logged.person?.name, logged.counted?.calls, logged.phone?.sms.rows]).toEqual([
      'Only Logged',
      0,
      1,
    ]);
  });

  it.each([
    'nobody',
    'Anna Weber',
    'other%2Fthing',
    '%20',
    '*',
    `${annaId}%00`,
    'E'.repeat(256),
    '49301234567',
  ])('answers 404 for %s', async (id) => {
    const response = await server.get(`/rollcall/people/${id}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('A name is not an id');
  });

  it.each([
    ['from=yesterday', ['from']],
    ['from=2026-02-30&to=x&$top=0', ['from', 'to', '$top']],
    ['from=2026-03-02&to=2026-03-02', ['to']],
    ['from=2027-01-01', ['to']],
    ['$top=many', ['$top']],
  ])('refuses %s, and names each wrong parameter', async (query, targets) => {
    for (const path of [`people/${annaId}`, 'numbers/+49301234567']) {
      const response = await server.get(`/rollcall/${path}?${query}`);
      expect(response.status).toBe(400);
      const { error } = (await response.json()) as { error: { details: { target: string }[] } };
      expect(error.details.map(({ target }) => target)).toEqual(targets);
    }
  });

  it.each(['unknown=1', '$skiptoken=x', '$top=1&$top=2', 'from=%E0%A4%A'])('refuses %s', async (query) => {
    for (const path of [`people/${annaId}`, 'numbers/+49301234567'])
      expect([query, (await server.get(`/rollcall/${path}?${query}`)).status]).toEqual([query, 400]);
  });

  it('takes no skip token of another person, number or span', async () => {
    const { '@odata.nextLink': link = '' } = await person(annaId, '?$top=1');
    const { searchParams } = new URL(link);
    const options = () => searchParams.toString();
    const taken = async (path: string) => (await server.get(`/rollcall/${path}`)).status;
    expect(await taken(`people/${annaId}?${options()}`)).toBe(200);
    expect(await taken(`people/${paulId}?${options()}`)).toBe(400);
    expect(await taken(`numbers/+49301234567?${options()}`)).toBe(400);
    searchParams.set('to', '2026-03-09');
    expect(await taken(`people/${annaId}?${options()}`)).toBe(400);
  });

  it('names no person and no number in metrics', async () => {
    await person(annaId);
    await number('+49301234567');
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    for (const template of ['/rollcall/people/{}', '/rollcall/numbers/{}'])
      expect(metrics).toContain(`"${template}"`);
    expect(metrics).not.toMatch(/11111111-aaaa|4930123/i);
  });

  it('needs the permission', async () => {
    for (const path of [`people/${annaId}`, 'numbers/+49301234567'])
      expect((await fetch(`${server.url}/rollcall/${path}`)).status).toBe(401);
  });
});

describe('GET /rollcall/numbers/{e164}', () => {
  it.each(['+49301234567', '%2B49301234567', '49301234567', '0049%2030%201234567', 'tel:+49-30-1234567'])(
    'answers %s by its digits',
    async (text) => {
      const { number: found, value, summary } = await number(text);
      expect(found).toMatchObject({ number: '+49301234567', isMasked: false });
      expect(value.map(({ id, certainty }) => [id, certainty])).toEqual([
        ['number', 'exact'],
        ['called', 'likely'],
      ]);
      expect([summary?.calls, summary?.likelyCalls]).toEqual([2, 1]);
    },
  );

  it('counts the rows of the logs, and says which are likely', async () => {
    const { phone: logs, missed, summary } = await number('+49301234567');
    expect(logs?.pstn).toMatchObject({ rows: 2, likelyRows: 0, missed: 1 });
    expect(logs?.pstn.costs).toEqual([{ currency: 'EUR', amount: 0.044 }]);
    expect(logs?.pstn.users).toMatchObject([{ user: { displayName: 'Anna Weber' }, rows: 2 }]);
    expect(logs?.directRouting).toMatchObject({ rows: 1, likelyRows: 1, failed: 1 });
    expect(missed?.phoneLogs).toBe(2);
    expect(summary?.companions.people[0]).toMatchObject({ id: annaId, calls: 2 });
  });

  it('answers a masked number with likely matches alone', async () => {
    const { number: found, value } = await number('+4930123****');
    expect(found).toMatchObject({ number: '+4930123****', isMasked: true });
    expect(value.map(({ id, certainty }) => [id, certainty])).toEqual([
      ['number', 'likely'],
      ['called', 'likely'],
    ]);
  });

  it.each(['+4930999999', 'anna', '%20', '+', '+49301', '+49301234567890123', '****', annaId])(
    'answers 404 for %s',
    async (text) => {
      expect((await server.get(`/rollcall/numbers/${text}`)).status).toBe(404);
    },
  );
});
