/** The phone logs as the page and its clients read them, over HTTP: rows, their calls, their sums, and refusals. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkedPhoneRow, PhoneLogPage } from '../../src/contract/phone-log.ts';
import { readPhoneLog } from '../../src/serve/internal/phone-logs/phone-log.ts';
import { createSkipTokens } from '../../src/query/odata/skip-token.ts';
import { development } from '../../src/base/development.ts';
import { parseCsv } from '../support/csv.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { aDirectRoutingRow, anSmsRow, aPstnRow } from '../support/phone-rows.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const routedCall = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const anna = aParticipant('anna', { identity: { user: { id: 'anna', displayName: 'Anna Weber' } } });
const phone = (id: string) => aParticipant(id, { identity: { phone: { id, displayName: null } } });

const rows = [
  aDirectRoutingRow('exact', { correlationId: routedCall.toUpperCase() }),
  aDirectRoutingRow('failed', {
    startDateTime: '2026-03-02T11:00:00Z',
    callType: 'ByotOut',
    successfulCall: false,
    duration: 0,
    finalSipCode: 403,
    finalSipCodePhrase: 'Forbidden',
    callEndSubReason: 510560,
    trunkFullyQualifiedDomainName: 'sbc2.contoso.example',
  }),
  aDirectRoutingRow('odd', {
    startDateTime: '2026-03-02T12:00:00Z',
    successfulCall: false,
    duration: 0,
    finalSipCode: 699,
    finalSipCodePhrase: null,
    callEndSubReason: 7,
    userId: 'berta',
    userPrincipalName: null,
    userDisplayName: '=HYPERLINK("http://x")',
  }),
  aPstnRow('likely', { startDateTime: '2026-03-02T10:01:00Z' }),
  aPstnRow('late', { startDateTime: '2026-03-02T10:01:31Z', duration: 0 }),
  aPstnRow('other', { callerNumber: '+49309999999', currency: 'USD', charge: 1.1, connectionCharge: 0.1 }),
  aPstnRow('bot', { userId: null, userDisplayName: null, userPrincipalName: null, callType: 'ucap_in' }),
  anSmsRow('message', {}),
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([
    aRecord(routedCall, {
      startDateTime: '2026-03-02T09:00:01Z',
      participants_v2: [anna, phone('+49301234567')],
    }),
    aRecord('plan', { participants_v2: [anna, phone('+4930123****')] }),
    ...rows,
  ]);
});
afterAll(async () => {
  await server.stop();
  expect(server.defects).toEqual([]);
});

const get = async (path: string) =>
  (await (await server.get(`/rollcall/logs/${path}`)).json()) as PhoneLogPage;
const idsOf = async (path: string) => (await get(path)).value.map(({ id }) => id);
const row = async (log: string, id: string): Promise<LinkedPhoneRow | undefined> =>
  (await get(log)).value.find((one) => one.id === id);

describe('GET /rollcall/logs/{log}', () => {
  it('answers rows in one form, newest first, with the meaning of their codes', async () => {
    expect(await idsOf('directRouting')).toEqual(['odd', 'failed', 'exact']);
    expect(await row('directRouting', 'failed')).toEqual({
      id: 'failed',
      correlationId: 'none',
      startDateTime: '2026-03-02T11:00:00Z',
      endDateTime: '2026-03-02T09:10:00Z',
      inviteDateTime: null,
      seconds: 0,
      direction: 'outgoing',
      type: 'ByotOut',
      user: { id: 'anna', displayName: 'Anna Weber', userPrincipalName: 'anna@contoso.example' },
      callerNumber: '+49301234567',
      calleeNumber: '+12065550100',
      country: 'Germany',
      outcome: 'failed',
      sipCode: 403,
      sipPhrase: 'Forbidden',
      sipMeaning: 'The called side understood the request and refuses it.',
      microsoftCode: 510560,
      microsoftMeaning: 'The user is not enabled for Enterprise Voice.',
      trunk: 'sbc2.contoso.example',
      charge: null,
      connectionCharge: null,
      currency: null,
      units: null,
      missed: false,
      callRecord: null,
    });
    expect(await row('directRouting', 'odd')).toMatchObject({
      ...{ sipCode: 699, sipPhrase: null, sipMeaning: null },
      ...{ microsoftCode: 7, microsoftMeaning: null, missed: true },
    });
    expect(await row('sms', 'message')).toMatchObject({ outcome: null, units: 2, callRecord: null });
  });

  it('links a row to its call: exactly by its id, likely by person, number and time, or not at all', async () => {
    const links = Object.fromEntries(
      await Promise.all(
        ['exact', 'likely', 'late', 'other', 'bot'].map(async (id) => {
          const found = (await row('directRouting', id)) ?? (await row('pstn', id));
          return [id, found?.callRecord] as const;
        }),
      ),
    );
    expect(links).toEqual({
      exact: { certainty: 'exact', id: routedCall, startDateTime: '2026-03-02T09:00:01Z' },
      likely: { certainty: 'likely', id: 'plan', startDateTime: '2026-03-02T10:00:00Z' },
      late: null,
      other: null,
      bot: null,
    });
  });

  it('adds up what matches, each currency for itself', async () => {
    const { summary } = await get('pstn');
    expect(summary).toMatchObject({ rows: 4, missed: 1, complete: true, countedFromDateTime: null });
    expect(summary?.costs).toEqual([
      { currency: 'EUR', amount: 0.066 },
      { currency: 'USD', amount: 1.2 },
    ]);
    expect(summary?.people.map(({ user, rows }) => [user?.id ?? null, rows])).toEqual([
      ['anna', 3],
      [null, 1],
    ]);
    expect((await get('pstn?person=anna+weber&number=999')).summary).toMatchObject({ rows: 1 });
  });

  it.each([
    ['directRouting?state=failed', ['odd', 'failed']],
    ['directRouting?state=missed', ['odd']],
    ['directRouting?sipCode=403', ['failed']],
    ['directRouting?sipCode=0', ['exact']],
    ['directRouting?trunk=SBC2.contoso.example', ['failed']],
    ['directRouting?type=byotout', ['failed']],
    ['directRouting?person=anna@contoso', ['failed', 'exact']],
    ['directRouting?person=berta', ['odd']],
    ['directRouting?from=2026-03-02T11:00:00Z&to=2026-03-02T12:00:00Z', ['failed']],
    ['pstn?state=missed', ['late']],
    ['pstn?state=missedWithoutRecord', ['late']],
    ['pstn?number=%2B49+30+9999', ['other']],
    ['pstn?number=9999', ['other']],
    ['sms?type=sms_in', []],
    ['sms?to=2026-01-01', []],
  ])('selects by %s', async (path, ids) => {
    expect(await idsOf(path)).toEqual(ids);
  });

  it('is walked by its next links, each good for its own rows alone; sums are on the first page', async () => {
    const ids: (string | null)[] = [];
    const summaries: boolean[] = [];
    let path: string | undefined = '/rollcall/logs/pstn?$top=1&person=anna';
    let token = '';
    while (path !== undefined) {
      const page = (await (await server.get(path)).json()) as PhoneLogPage;
      ids.push(...page.value.map(({ id }) => id));
      summaries.push(page.summary !== undefined);
      path = page['@odata.nextLink']?.slice(server.url.length);
      token ||= new URL(page['@odata.nextLink']!).searchParams.get('$skiptoken')!;
    }
    expect(ids).toEqual(['late', 'likely', 'other']);
    expect(summaries).toEqual([true, false, false]);
    for (const other of ['pstn?', 'pstn?person=berta&', 'sms?person=anna&'])
      expect((await server.get(`/rollcall/logs/${other}$skiptoken=${token}`)).status).toBe(400);
  });

  it('says where it stopped when there is more to read than one request may', async () => {
    const parts = { store: server.store, skipTokens: createSkipTokens(Buffer.alloc(32)) };
    const limits = { summed: 2, read: 1, lookedUp: 9 };
    const ids: (string | null)[] = [];
    let query = 'person=anna';
    for (let pages = 0; pages < 9; pages++) {
      const asked = { tenantId: development.tenantId, log: 'pstn', url: 'http://x/', query } as const;
      const page = await readPhoneLog(parts, asked, limits);
      ids.push(...page.value.map(({ id }) => id));
      if (pages === 0)
        expect(page.summary).toMatchObject({
          ...{ rows: 2, complete: false },
          countedFromDateTime: '2026-03-02T10:01:00Z',
        });
      if (page['@odata.nextLink'] === undefined) break;
      query = new URL(page['@odata.nextLink']).search.slice(1);
    }
    expect(ids).toEqual(['late', 'likely', 'other']);
  });

  it('gives the same rows as CSV, without formulas, and where they go on', async () => {
    const answer = await server.get('/rollcall/logs/directRouting?format=csv&$top=2');
    expect(answer.headers.get('content-type')).toBe('text/csv;charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('phone-calls-directRouting.csv');
    const [head = [], ...lines] = parseCsv(await answer.text(), ',');
    const cell = (line: readonly string[], name: string) => line[head.indexOf(name)];
    expect(lines.map((line) => cell(line, 'rowId'))).toEqual(['odd', 'failed']);
    expect(cell(lines[0]!, 'userDisplayName')).toBe(`'=HYPERLINK("http://x")`);
    expect(cell(lines[1]!, 'microsoftCode')).toBe('510560');
    const [, next] = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
    const rest = await (await server.get(next!.slice(server.url.length))).text();
    expect(rest).toMatch(/exact,6f9619ff-8b86-4011-b42d-00c04fc964ff,exact/);
  });

  it('gives all pages as one CSV file without $top', async () => {
    const ids = Array.from({ length: 2100 }, (_, i) => `sms-${i}`);
    await server.import(ids.map((id) => anSmsRow(id, { userId: 'all-pages' })));
    const answer = await server.get('/rollcall/logs/sms?format=csv&person=all-pages');
    expect(answer.headers.get('link')).toBeNull();
    const [head = [], ...lines] = parseCsv(await answer.text(), ',');
    expect(new Set(lines.map((line) => line[head.indexOf('rowId')]))).toEqual(new Set(ids));
    expect(lines).toHaveLength(ids.length);
  });

  it.each([
    ['directRouting?from=yesterday', ['from']],
    ['directRouting?to=2026-02-29', ['to']],
    ['directRouting?from=2026-03-02&to=2026-03-01', ['to']],
    ['directRouting?person=', ['person']],
    [`directRouting?person=${'a+'.repeat(11)}b`, ['person']],
    [`directRouting?trunk=${'a'.repeat(201)}`, ['trunk']],
    ['directRouting?number=anna', ['number']],
    ['directRouting?state=good', ['state']],
    ['directRouting?sipCode=4o4&type=', ['type', 'sipCode']],
    ['directRouting?sipCode=700', ['sipCode']],
    ['directRouting?sipCode=-1', ['sipCode']],
    ['directRouting?format=xml', ['format']],
    ['directRouting?$top=0', ['$top']],
    ['pstn?sipCode=404', ['sipCode']],
    ['pstn?state=failed', ['state']],
    ['sms?trunk=a&state=missed', ['state', 'trunk']],
  ])('refuses %s, and names each parameter', async (path, targets) => {
    const response = await server.get(`/rollcall/logs/${path}`);
    const { error } = (await response.json()) as {
      error: { code: string; message: string; details: { target: string; message: string }[] };
    };
    expect([response.status, error.code]).toEqual([400, 'BadRequest']);
    expect(error.details.map(({ target }) => target)).toEqual(targets);
    for (const { target, message } of error.details) expect(message).toContain(`'${target}'`);
  });

  it.each(['pstn?person=a&person=b', 'pstn?participant=a', 'pstn?person=%E0%A4', 'pstn?$skiptoken=x'])(
    'refuses %s',
    async (path) => {
      expect((await server.get(`/rollcall/logs/${path}`)).status).toBe(400);
    },
  );

  it('has three logs, for those who may read calls, each tenant its own', async () => {
    expect((await server.get('/rollcall/logs/fax')).status).toBe(404);
    expect((await fetch(`${server.url}/rollcall/logs/pstn`)).status).toBe(401);
    const noRole = await server.token({ roles: [] });
    const as = async (token: string) =>
      server.get('/rollcall/logs/pstn', { authorization: `Bearer ${token}` });
    expect((await as(noRole)).status).toBe(403);
    const theirs = await server.token({ tenantId: '33333333-3333-4333-8333-333333333333' });
    expect(((await (await as(theirs)).json()) as PhoneLogPage).value).toEqual([]);
    expect((await server.send('POST', '/rollcall/logs/pstn')).status).toBe(405);
  });
});
