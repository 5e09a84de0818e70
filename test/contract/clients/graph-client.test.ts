/** Microsoft's JavaScript client, unchanged, over every endpoint: what it gives is what the records say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogRowKind } from '../../../src/emulator/generate/log-rows.ts';
import { withoutControl } from '../../support/naive-projection.ts';
import { type ClientServer, startClientServer } from './client-server.ts';
import type { Step } from './graph-batch.ts';
import type { GraphRequest } from './graph-client.ts';
import { byText, calls, conversation, logDays, logRowsOf, meeting, without, type Json } from './tenant.ts';

const base = '/communications/callRecords';
const talk = `${base}/${conversation.id}`;
/** Records come back as they are: every enum name is asked for, and control information is not. */
const headers = { accept: 'application/json;odata.metadata=none', prefer: 'include-unknown-enum-members' };

let clients: ClientServer;
let ask: (requests: readonly GraphRequest[]) => Promise<unknown>;
let token: string;
beforeAll(async () => {
  clients = await startClientServer();
  token = await clients.server.token();
  ask = clients.start('graph-client.ts', token);
});
afterAll(async () => {
  expect(clients.server.defects).toEqual([]);
  await clients[Symbol.asyncDispose]();
});

async function answer(request: GraphRequest): Promise<unknown> {
  return ((await ask([{ headers, ...request }])) as unknown[])[0];
}

describe('the list of calls', () => {
  it('is walked whole by its PageIterator', async () => {
    const listed = (await answer({ path: base, entries: 'all' })) as Json[];
    expect(listed).toEqual(
      calls.map((call) =>
        withoutControl({ ...without(call, 'sessions', 'participants_v2'), participants: [] }),
      ),
    );
  });

  it('is filtered by time and by participant, and gives what is selected', async () => {
    // The SDK sends the plus of a phone number as it is, which is a space in a URL.
    const isPerson = ({ id }: { readonly id: string }) => !id.startsWith('+');
    const { startDateTime, participants_v2 } = calls
      .slice(60)
      .find((call) => call.participants_v2.some(isPerson))!;
    const person = participants_v2.find(isPerson);
    const expected = calls
      .slice(60)
      .filter((call) => call.participants_v2.some(({ id }) => id === person!.id))
      .map(({ id, version }) => ({ id, version }));
    const filter = `startDateTime ge ${startDateTime} and participants_v2/any(p:p/id eq '${person!.id}')`;
    const select = ['id', 'version'];
    expect(await answer({ path: base, filter, select, entries: 'all' })).toEqual(expected);
  });
});

describe('a call', () => {
  const { sessions, participants_v2, ...own } = conversation;
  const [session] = sessions;
  const { segments, ...ownOfSession } = session!;

  it.each<[string, GraphRequest, unknown]>([
    ['is got', { path: talk }, own],
    [
      'is got by its selected members',
      { path: talk, select: ['id', 'type'] },
      { id: own.id, type: own['type'] },
    ],
    ['comes with its participants', { path: talk, expand: 'participants_v2' }, { ...own, participants_v2 }],
    [
      'comes with its sessions and their segments',
      { path: talk, expand: 'sessions($expand=segments)' },
      { ...own, sessions },
    ],
    ['has an organizer', { path: `${talk}/organizer_v2` }, own.organizer_v2],
    ['has participants', { path: `${talk}/participants_v2` }, { value: participants_v2 }],
    ['has a participant', { path: `${talk}/participants_v2/${participants_v2[0]!.id}` }, participants_v2[0]],
    [
      'has sessions',
      { path: `${talk}/sessions`, entries: 'all' },
      sessions.map((each) => without(each, 'segments')),
    ],
    [
      'has sessions with their segments',
      { path: `${talk}/sessions`, expand: 'segments', entries: 'all' },
      sessions,
    ],
    ['has a session', { path: `${talk}/sessions/${session!.id}` }, ownOfSession],
    ['has segments', { path: `${talk}/sessions/${session!.id}/segments` }, { value: segments }],
    ['has a segment', { path: `${talk}/sessions/${session!.id}/segments/${segments[0]!.id}` }, segments[0]],
  ])('%s', async (_, request, expected) => {
    expect(await answer(request)).toEqual(withoutControl(expected));
  });

  it.each([
    ['', calls.length],
    [`/${conversation.id}/participants_v2`, participants_v2.length],
    [`/${conversation.id}/sessions`, sessions.length],
    [`/${conversation.id}/sessions/${session!.id}/segments`, segments.length],
  ])('is counted: %s/$count', async (path, count) => {
    expect(await answer({ path: `${base}${path}/$count`, headers: {} })).toBe(String(count));
  });

  it.each([1, 7, 129, 130, 131, 999])('is walked through 1,250 participants, pages of %i', async (size) => {
    const path = `${base}/${meeting.id}/participants_v2`;
    const entries = size === 1 ? 100 : 'all';
    const paged = { prefer: `odata.maxpagesize=${size}` };
    expect(await answer({ path, headers: paged, entries })).toEqual(
      meeting.participants_v2.slice(0, size === 1 ? 100 : undefined),
    );
  });
});

describe('the logs', () => {
  it.each<['v1.0' | 'beta', string, LogRowKind]>([
    ['v1.0', 'getPstnCalls', 'pstnCallLogRow'],
    ['v1.0', 'getDirectRoutingCalls', 'directRoutingLogRow'],
    ['beta', 'microsoft.graph.callRecords.getPstnCalls', 'pstnCallLogRow'],
    ['beta', 'getDirectRoutingCalls', 'directRoutingLogRow'],
    ['beta', 'getSmsLog', 'smsLogRow'],
    ['beta', 'getPstnBlockedUsersLog', 'pstnBlockedUsersLogRow'],
    ['beta', 'getPstnOnlineMeetingDialoutReport', 'pstnOnlineMeetingDialoutReport'],
  ])('are read whole: %s %s', async (version, name, kind) => {
    const path = `${base}/${name}(fromDateTime=${logDays.from},toDateTime=${logDays.to})`;
    const read = (await answer({
      path,
      entries: 'all',
      ...(version === 'beta' && { version }),
    })) as Json[];
    expect(byText(read)).toEqual(byText(logRowsOf(version, kind)));
  });
});

describe('a batch', () => {
  const batch = async (steps: readonly Step[]) =>
    (await clients.run('graph-batch.ts', token, JSON.stringify(steps))) as {
      id: string;
      status: number;
      body: Json;
    }[];

  it('answers each of its requests', async () => {
    const wanted = calls.slice(0, 20);
    const answers = await batch(
      wanted.map(({ id }) => ({
        id,
        path: `${base}/${id}/participants_v2`,
        headers: { prefer: 'maxpagesize=2' },
      })),
    );
    expect(new Map(answers.map(({ id, status, body }) => [id, [status, body['value']]]))).toEqual(
      new Map(wanted.map((call) => [call.id, [200, call.participants_v2.slice(0, 2)]])),
    );
  });

  it('says which failed, and does not answer what depends on it', async () => {
    const answers = await batch([
      { id: 'a', path: `${base}/unknown` },
      { id: 'b', path: talk, dependsOn: ['a'] },
    ]);
    const codes = answers.map(({ id, status, body }) => [id, status, (body['error'] as Json)['code']]);
    expect(codes.sort()).toEqual([
      ['a', 404, 'NotFound'],
      ['b', 424, 'FailedDependency'],
    ]);
  });
});

it.each<[string, GraphRequest, object]>([
  ['an unknown call', { path: `${base}/unknown` }, { statusCode: 404, code: 'NotFound', message: '' }],
  [
    'an unknown property',
    { path: talk, select: ['nothing'] },
    {
      statusCode: 400,
      code: 'BadRequest',
      message:
        "Parsing OData Select and Expand failed: Could not find a property named 'nothing' on type 'microsoft.graph.callRecords.callRecord'.",
    },
  ],
])('is told of %s in its own terms', async (_, request, expected) => {
  expect(await answer(request)).toEqual({
    ...expected,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
  });
});
