/** Participants whom only the sessions show, as a server that reconciles serves them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aParticipant, aRecord, aSession, participants, type TestParticipant } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Page {
  readonly '@odata.nextLink'?: string;
  readonly value: TestParticipant[];
}

const calls = '/v1.0/communications/callRecords';
const path = (id: string) => `${calls}/${id}/participants_v2`;
const everyone = Array.from({ length: 300 }, (_, i) => `participant-${i}`);

/** As the live service writes a participant: nulls first, what is set last. */
function found(id: string) {
  const nulls = 'endpointType acsUser spoolUser phone guest encrypted onPremises acsApplicationInstance'
    .concat(' spoolApplicationInstance applicationInstance application device azureCommunicationServicesUser')
    .concat(' assertedIdentity')
    .split(' ');
  return {
    '@rollcall.source': 'sessions',
    id,
    identity: {
      ...Object.fromEntries(nulls.map((name) => [name, null])),
      user: {
        id,
        displayName: `Person ${id}`,
        tenantId: null,
        userPrincipalName: `${id}@contoso.com`,
      },
    },
    administrativeUnitInfos: [],
  };
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
let server: TestServer;
let asReceived: TestServer;
beforeAll(async () => {
  const file = join(folder, 'shared.db');
  server = await startTestServer({ reconciled: true, store: openSqliteStore(file) });
  asReceived = await startTestServer({ store: openSqliteStore(file) });
  await server.import([
    // 140 are listed, 160 more are in sessions, two of which show the same person again.
    aRecord('call', {
      participants_v2: participants(140),
      sessions: [...everyone, 'participant-7', 'participant-299'].map((id, i) => aSession(`s${i}`, id)),
    }),
    aRecord('two', {
      type: 'peerToPeer',
      participants_v2: [aParticipant('a')],
      sessions: [aSession('s', 'a', 'b')],
    }),
    aRecord('meeting', { participants_v2: [aParticipant('a')], sessions: [aSession('s', 'a', 'b')] }),
    aRecord('healed', { participants_v2: [], sessions: [aSession('s', 'a')] }),
    aRecord('healed', { version: 2, participants_v2: [aParticipant('a')], sessions: [aSession('s', 'a')] }),
  ]);
});
afterAll(async () => {
  await asReceived.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function walk(
  id: string,
  headers: Record<string, string> = {},
  query = '',
): Promise<TestParticipant[]> {
  const entries: TestParticipant[] = [];
  for (let url: string | undefined = `${server.url}${path(id)}${query}`; url !== undefined;) {
    const page = (await (await server.get(url.replace(server.url, ''), headers)).json()) as Page;
    entries.push(...page.value);
    url = page['@odata.nextLink'];
  }
  return entries;
}

describe('participants found in sessions', () => {
  it.each([1, 7, 129, 130])('follow those received, in pages of %i, each once and marked', async (size) => {
    const entries = await walk('call', { prefer: `odata.maxpagesize=${size}` });
    expect(entries).toEqual([...participants(140), ...everyone.slice(140).map((id) => found(id))]);
  });

  it('are not there when the list is served as received', async () => {
    const page = (await (await asReceived.get(`${path('call')}?$select=id`)).json()) as Page;
    const next = (await (
      await asReceived.get(page['@odata.nextLink']!.replace(asReceived.url, ''))
    ).json()) as Page;
    expect([page.value.length, next.value.length, next['@odata.nextLink']]).toEqual([130, 10, undefined]);
    const answers = await Promise.all(
      ['/$count', '/participant-200'].map((rest) => asReceived.get(`${path('call')}${rest}`)),
    );
    expect([await answers[0]!.text(), answers[1]!.status]).toEqual(['140', 404]);
  });

  it('are shown or left out as a request prefers, whatever the server shows otherwise', async () => {
    const prefer = 'rollcall.participants=as-received';
    expect((await walk('call', { prefer })).map(({ id }) => id)).toEqual(everyone.slice(0, 140));
    expect((await walk('call', { prefer: 'rollcall.participants=neither' })).length).toBe(300);
    const headers = { prefer: 'rollcall.participants=reconciled' };
    const answers = await Promise.all(
      ['', '/$count', '/participant-200'].map((rest) => asReceived.get(`${path('call')}${rest}`, headers)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]!.headers.get('preference-applied')).toBe(headers.prefer);
    expect(await answers[1]!.text()).toBe('300');
    const two = await asReceived.get(path('two'), headers);
    expect(((await two.json()) as Page).value).toEqual([aParticipant('a'), found('b')]);
    expect(two.headers.get('etag')).toBe((await server.get(path('two'))).headers.get('etag'));
    const filtered = `${calls}?$filter=participants_v2/any(p:p/id eq 'participant-200')`;
    expect(((await (await asReceived.get(filtered, headers)).json()) as Page).value).toHaveLength(1);
    expect(((await (await server.get(filtered, { prefer })).json()) as Page).value).toEqual([]);
  });

  it('keep their mark under $select and omit-values, and lose it under odata.metadata=none', async () => {
    const last = async (headers: Record<string, string>, query = '') =>
      (await walk('call', headers, query)).at(-1);
    const id = 'participant-299';
    expect(await last({}, '?$select=id')).toEqual({ '@rollcall.source': 'sessions', id });
    const { user } = found(id).identity;
    expect(await last({ prefer: 'omit-values=nulls' })).toEqual({
      '@rollcall.source': 'sessions',
      id,
      identity: { user: { id, displayName: user.displayName, userPrincipalName: user.userPrincipalName } },
    });
    const { '@rollcall.source': source, ...plain } = found(id);
    expect([source, await last({ accept: 'application/json;odata.metadata=none' })]).toEqual([
      'sessions',
      plain,
    ]);
    expect(await last({ accept: 'application/json;odata.metadata=full' })).toMatchObject({
      '@rollcall.source': 'sessions',
      '@odata.type': '#microsoft.graph.callRecords.participant',
      id,
    });
  });

  it('come by key, by count, by filter and by expansion', async () => {
    const one = (await (await server.get(`${path('call')}/participant-200`)).json()) as TestParticipant;
    expect(one).toMatchObject(found('participant-200'));
    expect(await (await server.get(`${path('call')}/$count`)).text()).toBe('300');
    const filter = `?$filter=participants_v2/any(p:p/id eq 'participant-200')`;
    const listed = (await (await server.get(`${calls}${filter}`)).json()) as Page;
    expect(listed.value.map(({ id }) => id)).toEqual(['call']);
    const none = (await (await asReceived.get(`${calls}${filter}`)).json()) as Page;
    expect(none.value).toEqual([]);
    const expanded = (await (await server.get(`${calls}/two?$expand=participants_v2`)).json()) as Record<
      string,
      TestParticipant[]
    >;
    expect(expanded['participants_v2']?.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('come in a batch and in gzip', async () => {
    const response = await fetch(`${server.url}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ requests: [{ id: '1', method: 'GET', url: path('two').replace('/v1.0', '') }] }),
    });
    const { responses } = (await response.json()) as { responses: { body: Page }[] };
    expect(responses[0]?.body.value).toEqual([aParticipant('a'), found('b')]);
    const headers = { prefer: 'odata.maxpagesize=100' };
    const second = ((await (await server.get(path('call'), headers)).json()) as Page)['@odata.nextLink']!;
    const answer = await server.get(second.replace(server.url, ''), { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const page = (await answer.json()) as Page;
    expect(page.value).toEqual([
      ...participants(140).slice(100),
      ...everyone.slice(140, 200).map((id) => found(id)),
    ]);
  });

  it('are callers, and callees of one-to-one calls alone', async () => {
    expect((await walk('two')).map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await walk('meeting')).map(({ id }) => id)).toEqual(['a']);
  });

  it('are not repeated when a later version lists them', async () => {
    expect(await walk('healed')).toEqual([aParticipant('a')]);
    expect(await walk('healed', { prefer: 'rollcall.as-of=1' })).toEqual([found('a')]);
  });

  it('change the ETag of what shows them, and of nothing else', async () => {
    const tags = async (of: TestServer, url: string) => (await of.get(url)).headers.get('etag');
    expect(await tags(server, path('two'))).not.toBe(await tags(asReceived, path('two')));
    expect(await tags(server, path('meeting'))).toBe(await tags(asReceived, path('meeting')));
    expect(await tags(server, `${calls}/two`)).toBe(await tags(asReceived, `${calls}/two`));
  });
});
