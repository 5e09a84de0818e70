/** Calls whose list of participants was never received, as an archive of another collector has them, over the API. */
import { describe, expect, it } from 'vitest';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Entry {
  readonly id: string;
  readonly '@rollcall.source'?: string;
}
type Body = Record<string, unknown> & { readonly value: Entry[] };

const calls = '/v1.0/communications/callRecords';
const user = (id: string) => ({ user: { id, displayName: `Person ${id}` } });
const records = [
  aRecord('archived', {
    sessions: [aSession('s', 'a'), { ...aSession('t', 'b'), segments: undefined }],
    participants: [user('a'), user('c')],
    organizer_v2: { id: 'o', identity: user('o'), administrativeUnitInfos: [] },
  }),
  aRecord('many', { participants: Array.from({ length: 300 }, (_, i) => user(`p${i}`)) }),
  aRecord('nobody'),
  aRecord('whole', { participants_v2: [aParticipant('a')], sessions: [] }),
];
const roll = [
  ['a', 'sessions'],
  ['b', 'sessions'],
  ['c', 'participants'],
  ['o', 'organizer'],
];
const asReceived = { prefer: 'rollcall.participants=as-received' };
const reconciled = { prefer: 'rollcall.participants=reconciled' };
const list = (id: string, query = '') => `${calls}/${id}/participants_v2${query}`;

async function withServer(test: (server: TestServer) => Promise<void>): Promise<void> {
  await using server = await startTestServer({ reconciled: true });
  await server.import(records);
  await test(server);
  expect(server.defects).toEqual([]);
}

const bodyOf = async (server: TestServer, path: string, headers: Record<string, string> = {}) =>
  (await (await server.get(path, headers)).json()) as Body;
const marks = ({ value }: Pick<Body, 'value'>) => value.map((entry) => [entry.id, entry['@rollcall.source']]);

describe('a list of participants that was not received', () => {
  it('is inferred, marked, and says that it is incomplete, in every way it is read', () =>
    withServer(async (server) => {
      const body = await bodyOf(server, list('archived'));
      expect(body['@rollcall.incomplete']).toBe('listMissing');
      expect(marks(body)).toEqual(roll);
      expect(await (await server.get(list('archived', '/$count'))).text()).toBe('4');
      expect(await bodyOf(server, list('archived', '/c'))).toMatchObject({
        '@rollcall.source': 'participants',
        id: 'c',
        identity: { phone: null, user: { id: 'c', displayName: 'Person c' } },
        administrativeUnitInfos: [],
      });
      expect((await bodyOf(server, list('archived', '?$select=id'))).value[3]).toEqual({
        '@rollcall.source': 'organizer',
        id: 'o',
      });
      const expanded = (await bodyOf(server, `${calls}/archived?$expand=participants_v2`)) as unknown as {
        readonly participants_v2: Entry[];
        readonly 'participants_v2@rollcall.incomplete': string;
      };
      expect(expanded['participants_v2@rollcall.incomplete']).toBe('listMissing');
      expect(marks({ value: expanded.participants_v2 })).toEqual(roll);
      const batch = await server.send('POST', '/v1.0/$batch', {
        requests: [{ id: '1', method: 'GET', url: list('archived').replace('/v1.0', '') }],
      });
      const { responses } = (await batch.json()) as { responses: { body: Body }[] };
      expect(marks(responses[0]!.body)).toEqual(roll);
      for (const id of ['a', 'b', 'c', 'o']) {
        const filter = `${calls}?$filter=participants_v2/any(p:p/id eq '${id}')`;
        expect((await bodyOf(server, filter)).value.map((call) => call.id)).toContain('archived');
        const found = await bodyOf(server, `/rollcall/calls?person=person%20${id}`);
        expect(found.value.map((call) => call.id)).toContain('archived');
      }
    }));

  it('is walked page by page', () =>
    withServer(async (server) => {
      const ids: string[] = [];
      for (let path: string | undefined = list('many'); path !== undefined;) {
        const page: Body = await bodyOf(server, path, { prefer: 'odata.maxpagesize=77' });
        expect(page['@rollcall.incomplete']).toBe('listMissing');
        ids.push(...page.value.map(({ id }) => id));
        path = (page['@odata.nextLink'] as string | undefined)?.replace(server.url, '');
      }
      expect(ids).toEqual(Array.from({ length: 300 }, (_, i) => `p${i}`));
    }));

  it('is empty as received, and where nobody can be inferred, and says that it was not received', () =>
    withServer(async (server) => {
      for (const [id, headers] of [
        ['archived', asReceived],
        ['nobody', asReceived],
        ['nobody', reconciled],
      ] as const) {
        const body = await bodyOf(server, list(id), headers);
        expect([body.value, body['@rollcall.incomplete']]).toEqual([[], 'listMissing']);
        const bare = { ...headers, accept: 'application/json;odata.metadata=none' };
        expect(await bodyOf(server, list(id), bare)).toEqual({ value: [] });
        const omitting = { prefer: `${headers.prefer}, omit-values=nulls` };
        const expanded = await bodyOf(server, `${calls}/${id}?$expand=participants_v2`, omitting);
        expect(expanded['participants_v2@rollcall.incomplete']).toBe('listMissing');
        expect(expanded).not.toHaveProperty('participants_v2');
      }
      const missing = await server.get(list('archived', '/c'), asReceived);
      expect([missing.status, await missing.text()]).toEqual([
        404,
        expect.stringContaining('Rollcall has not received the list.'),
      ]);
    }));

  it('differs from one that was received empty, of sessions too', () =>
    withServer(async (server) => {
      const of = async (path: string) => {
        const { value, ...head } = await bodyOf(server, path);
        return [value.length, head['@rollcall.incomplete']];
      };
      expect(await of(list('whole'))).toEqual([1, undefined]);
      expect(await of(`${calls}/whole/sessions`)).toEqual([0, undefined]);
      expect(await of(`${calls}/nobody/sessions`)).toEqual([0, 'listMissing']);
    }));

  it('is no list of segments: a session that came without them is served as one of none', () =>
    withServer(async (server) => {
      const { value, ...head } = await bodyOf(server, `${calls}/archived/sessions/t/segments`);
      expect([value, head['@rollcall.incomplete']]).toEqual([[], undefined]);
      const expanded = await bodyOf(server, `${calls}/archived/sessions?$expand=segments`);
      expect(expanded.value.map((session) => (session as { segments?: unknown[] }).segments?.length)).toEqual(
        [1, 0],
      );
      expect(JSON.stringify(expanded)).not.toContain('rollcall');
    }));

  it('has an ETag of its own, by who is shown', () =>
    withServer(async (server) => {
      const tag = async (path: string, headers?: Record<string, string>) =>
        (await server.get(path, headers)).headers.get('etag');
      const [before, received] = [await tag(list('archived')), await tag(list('archived'), asReceived)];
      expect(before).not.toBe(received);
      await server.import([aRecord('archived', { participants: [user('a'), user('d')], version: 2 })]);
      expect(await tag(list('archived'))).not.toBe(before);
      expect(marks(await bodyOf(server, list('archived')))).toEqual([
        ['a', 'participants'],
        ['d', 'participants'],
      ]);
    }));

  it('makes the call incomplete', () =>
    withServer(async (server) => {
      const completeness = async (id: string) => {
        const { complete, lacking, participants, foundParticipants } = (await bodyOf(
          server,
          `/rollcall/callRecords/${id}/completeness`,
        )) as unknown as Record<string, unknown>;
        return [complete, lacking, participants, foundParticipants];
      };
      expect(await completeness('archived')).toEqual([false, ['listMissing'], null, 4]);
      expect(await completeness('nobody')).toEqual([false, ['listMissing'], null, 0]);
      expect((await completeness('whole'))[0]).toBe(true);
      const { gaps } = (await bodyOf(server, '/rollcall/completeness')) as unknown as {
        gaps: { callId: string; kind: string }[];
      };
      expect(gaps.map(({ callId, kind }) => `${callId} ${kind}`).sort()).toEqual([
        'archived listMissing',
        'many listMissing',
        'nobody listMissing',
      ]);
    }));
});
