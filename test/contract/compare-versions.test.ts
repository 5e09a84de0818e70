/** Two stored states of a call over HTTP: who came, who went, what differs, for the call's tenant alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const other = '33333333-3333-4333-8333-333333333333';
const path = '/rollcall/callRecords/call/versions';
const named = (id: string, displayName: string) =>
  aParticipant(id, { identity: { user: { id, displayName, tenantId: null } } });
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:10:00Z' };

interface Person {
  readonly id: string;
  readonly name: string;
}
interface List {
  readonly count: number;
  readonly first: readonly (Person & { readonly changes?: unknown; readonly people?: unknown })[];
}
interface Answer {
  readonly left: { readonly version: number; readonly edition: number; readonly people: number };
  readonly right: Answer['left'] & { readonly completeness: { readonly participants: unknown } };
  readonly properties: unknown;
  readonly people: Record<'came' | 'went' | 'changed', List>;
  readonly sessions: Record<'added' | 'removed' | 'changed', List> | null;
  readonly error?: { readonly details: readonly { readonly target: string }[] };
}

describe('GET /rollcall/callRecords/{id}/versions/compare', () => {
  let server: TestServer;
  let editions: readonly number[];
  const get = async (query = '', call = path) => {
    const response = await server.get(`${call}/compare${query}`);
    return [response.status, (await response.json()) as Answer] as const;
  };

  beforeAll(async () => {
    server = await startTestServer();
    await server.import([
      aRecord('call', {
        participants_v2: [named('anna', 'Anna'), named('paul', 'Paul')],
        sessions: [aSession('a', 'anna', undefined, times), aSession('b', 'paul')],
      }),
      aRecord('single', { participants_v2: participants(2), sessions: [] }),
      aRecord('large', { participants_v2: participants(2), sessions: [] }),
      aRecord('large', { version: 2, participants_v2: participants(1203), sessions: [] }),
    ]);
    await server.import([
      aRecord('call', {
        version: 2,
        joinWebUrl: 'https://join',
        participants_v2: [named('ANNA', 'Anna Weber'), named('zoe', 'Zoë')],
        sessions: [aSession('a', 'ANNA', undefined, { ...times, modalities: [] }), aSession('c', 'zoe')],
      }),
    ]);
    // A state without a list of sessions.
    await server.import([aRecord('call', { version: 3, participants_v2: [named('zoe', 'Zoë')] })]);
    await server.import([aRecord('call'), aRecord('theirs')], other);
    const { value } = (await (await server.get(path)).json()) as { value: { edition: number }[] };
    editions = value.map(({ edition }) => edition);
  });
  afterAll(() => server.stop());

  it('gives who came, who went and whose data changed, and whose sessions differ', async () => {
    const [status, found] = await get(`?left=${editions[0]}&right=${editions[1]}`);
    expect([status, found.left.version, found.right.version, found.left.people]).toEqual([200, 1, 2, 2]);
    expect(found.properties).toEqual(
      expect.arrayContaining([{ name: 'joinWebUrl', old: '', new: 'https://join' }]),
    );
    expect(found.people).toEqual({
      came: { count: 1, first: [{ id: 'zoe', name: 'Zoë', kind: 'user' }] },
      went: { count: 1, first: [{ id: 'paul', name: 'Paul', kind: 'user' }] },
      changed: {
        count: 1,
        first: [
          {
            ...{ id: 'ANNA', name: 'Anna Weber', kind: 'user' },
            changes: [
              { field: 'name', left: 'Anna', right: 'Anna Weber' },
              { field: 'userPrincipalName', left: 'anna@contoso.com', right: 'ANNA@contoso.com' },
            ],
          },
        ],
      },
    });
    const { added, removed, changed } = found.sessions!;
    expect([added, removed, changed].map(({ first }) => first.map(({ id, people }) => [id, people]))).toEqual(
      [[['c', ['Zoë']]], [['b', ['Paul']]], [['a', ['Anna Weber']]]],
    );
    expect(changed.first[0]).toMatchObject({ startDateTime: '2026-03-02T10:00:00Z' });
  });

  it('compares the newest state with the one before it where none is named', async () => {
    const [, found] = await get();
    expect([found.left.edition, found.right.edition]).toEqual(editions.slice(-2));
    const [, single] = await get('', '/rollcall/callRecords/single/versions');
    expect([single.left.edition, single.people.came.count]).toEqual([single.right.edition, 0]);
  });

  it('does not compare sessions with a list that was not received', async () => {
    const [, found] = await get(`?left=${editions[1]}&right=${editions.at(-1)}`);
    expect([found.people.went.count, found.sessions]).toEqual([1, null]);
  });

  it('counts all and lists the first 500', async () => {
    const [, { people }] = await get('', '/rollcall/callRecords/large/versions');
    expect([people.came.count, people.came.first.length, people.went.count]).toEqual([1201, 500, 0]);
  });

  it('rejects each state that the call does not have, and other parameters', async () => {
    const targets = ([status, { error }]: Awaited<ReturnType<typeof get>>) => [
      status,
      error?.details.map(({ target }) => target),
    ];
    expect(targets(await get('?left=999999&right=x'))).toEqual([400, ['right', 'left']]);
    expect(targets(await get('?left=-1'))).toEqual([400, ['left']]);
    expect(targets(await get(`?left=${'9'.repeat(400)}`))).toEqual([400, ['left']]);
    expect((await get('?right='))[0]).toBe(400);
    expect((await get(`?left=${editions[0]}&left=${editions[0]}`))[0]).toBe(400);
    expect((await get('?sideways=1'))[0]).toBe(400);
  });

  it('knows the calls and the states of its own tenant', async () => {
    expect((await get('', '/rollcall/callRecords/theirs/versions'))[0]).toBe(404);
    expect((await get('', '/rollcall/callRecords/nothing/versions'))[0]).toBe(404);
    expect((await fetch(`${server.url}${path}/compare`)).status).toBe(401);
  });
});
