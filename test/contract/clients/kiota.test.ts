/**
 * Microsoft's Kiota SDK, unchanged, over every endpoint it generates: what its models hold is what the records say.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogRowKind } from '../../../src/emulator/generate/log-rows.ts';
import { omitNulls } from '../../support/naive-projection.ts';
import { type ClientServer, startClientServer } from './client-server.ts';
import type { ModelName } from './kiota-models.ts';
import type { KiotaRequest } from './kiota.ts';
import { byText, calls, conversation, type Json, logDays, logRowsOf, meeting, without } from './tenant.ts';

// Of the SDK's URL templates, each with the options it generates.
const options = '{?%24count,%24expand,%24filter,%24orderby,%24search,%24select,%24skip,%24top}';
const optionsOfOne = '{?%24expand,%24select}';
const list = '/communications/callRecords';
const item = `${list}/{callRecord%2Did}`;
const session = `${item}/sessions/{session%2Did}`;
const span =
  '(fromDateTime={fromDateTime},toDateTime={toDateTime}){?%24count,%24filter,%24search,%24skip,%24top}';

let clients: ClientServer;
let ask: (requests: readonly KiotaRequest[]) => Promise<unknown>;
beforeAll(async () => {
  clients = await startClientServer();
  ask = clients.start('kiota.ts', await clients.server.token());
});
afterAll(async () => {
  expect(clients.server.defects).toEqual([]);
  await clients[Symbol.asyncDispose]();
});

interface Printed {
  readonly answers: readonly unknown[];
  readonly batch: readonly number[];
}
async function send(...requests: readonly KiotaRequest[]): Promise<Printed> {
  return (await ask(requests)) as Printed;
}

/** What a model holds under the wire's names; members that its type does not declare are among the others. */
function ofModel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => ofModel(each));
  if (typeof value !== 'object' || value === null) return value;
  const { additionalData = {}, ...declared } = value as Json;
  const named = Object.entries(without(declared, 'backingStoreEnabled')).map(([name, member]) => [
    name === 'odataType' ? '@odata.type' : name.replace(/V2$/, '_v2'),
    ofModel(member),
  ]);
  return { ...(additionalData as Json), ...(Object.fromEntries(named) as Json) };
}

/** The names of members that the type of their model does not declare. */
function undeclared(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { additionalData = {} } = value as Json;
  return [
    ...Object.keys(additionalData as Json),
    ...Object.values(value).flatMap((each) => undeclared(each)),
  ];
}

/** As such models can hold it: nothing for a null, times to the millisecond, durations as seconds. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(omitNulls(value as Json));
    const kept = members.filter(([name]) => !/@odata\.(?!type$)/.test(name));
    return Object.fromEntries(kept.map(([name, member]) => [name, comparable(member)]));
  }
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(value).toISOString();
  const duration = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(value);
  if (duration === null) return value;
  const [, hours = '0', minutes = '0', seconds = '0'] = duration;
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

describe('the list of calls', () => {
  it('is walked whole by the SDK’s PageIterator', async () => {
    const { answers } = await send({ template: `${list}${options}`, model: 'callRecord', gives: 'all' });
    expect(comparable(ofModel(answers[0]))).toEqual(
      comparable(calls.map((call) => without(call, 'sessions', 'participants_v2', 'participants'))),
    );
  });

  it('is filtered and selected, and its options arrive encoded', async () => {
    const { startDateTime, participants_v2 } = calls[60]!;
    const [person] = participants_v2;
    const query = {
      '%24filter': `startDateTime ge ${startDateTime} and participants_v2/any(p:p/id eq '${person!.id}')`,
      '%24select': ['id', 'version'],
    };
    const { answers } = await send({
      template: `${list}${options}`,
      query,
      model: 'callRecord',
      gives: 'all',
    });
    const expected = calls
      .slice(60)
      .filter((call) => call.participants_v2.some(({ id }) => id === person!.id));
    expect(comparable(ofModel(answers[0]))).toEqual(expected.map(({ id, version }) => ({ id, version })));
  });
});

describe('a call', () => {
  const { sessions, participants_v2 } = conversation;
  const own = without(conversation, 'sessions', 'participants_v2');
  const [first] = sessions;
  const [firstSegment] = first!.segments;
  const path = {
    'callRecord%2Did': conversation.id,
    'session%2Did': first!.id,
    'segment%2Did': firstSegment!.id,
    'participant%2Did': participants_v2[0]!.id,
  };
  const expandSegments = { '%24expand': ['sessions($expand=segments)'] };

  type Case = [string, string, ModelName, KiotaRequest['gives'], unknown, KiotaRequest['query']?];
  const cases: Case[] = [
    ['is got', `${item}${optionsOfOne}`, 'callRecord', 'one', own],
    [
      'comes with its participants',
      `${item}${optionsOfOne}`,
      'callRecord',
      'one',
      { ...own, participants_v2 },
      { '%24expand': ['participants_v2'] },
    ],
    [
      'comes with its sessions',
      `${item}${optionsOfOne}`,
      'callRecord',
      'one',
      { ...own, sessions },
      expandSegments,
    ],
    [
      'has an organizer',
      `${item}/organizer_v2${optionsOfOne}`,
      'organizer',
      'one',
      conversation.organizer_v2,
    ],
    ['has participants', `${item}/participants_v2${options}`, 'participant', 'page', participants_v2],
    [
      'has a participant',
      `${item}/participants_v2/{participant%2Did}${optionsOfOne}`,
      'participant',
      'one',
      participants_v2[0],
    ],
    [
      'has sessions',
      `${item}/sessions${options}`,
      'session',
      'all',
      sessions.map((each) => without(each, 'segments')),
    ],
    [
      'has sessions with segments',
      `${item}/sessions${options}`,
      'session',
      'all',
      sessions,
      { '%24expand': ['segments'] },
    ],
    ['has a session', `${session}${optionsOfOne}`, 'session', 'one', without(first!, 'segments')],
    ['has segments', `${session}/segments${options}`, 'segment', 'page', first!.segments],
    ['has a segment', `${session}/segments/{segment%2Did}${optionsOfOne}`, 'segment', 'one', firstSegment],
  ];
  const requests = cases.map(([, template, model, gives, , query = {}]): KiotaRequest => {
    return { template, path, query, model, gives, prefer: 'include-unknown-enum-members' };
  });
  let sent: Promise<Printed> | undefined;
  const sendAll = () => (sent ??= send(...requests));

  it.each(cases.map(([name, , , , expected], i) => [name, i, expected] as const))(
    '%s',
    async (_, i, expected) => {
      const { answers, batch } = await sendAll();
      expect(comparable(ofModel(answers[i]))).toEqual(comparable(expected));
      expect(batch[i]).toBe(200);
    },
  );

  it('holds every member where the SDK declares it, but for what open identities have besides', async () => {
    const { answers } = await sendAll();
    const others = new Set(answers.flatMap((answer) => undeclared(answer)));
    expect([...others].filter((name) => !name.includes('@odata.')).sort()).toEqual(
      // Of identities: members that no CSDL declares, and those of a type that the wire does not name.
      'acsApplicationInstance acsUser applicationInstance encrypted guest onPremises phone spoolApplicationInstance spoolUser tenantId'.split(
        ' ',
      ),
    );
  });

  it('is counted', async () => {
    const counted = [
      '',
      '/{callRecord%2Did}/participants_v2',
      '/{callRecord%2Did}/sessions',
      '/{callRecord%2Did}/sessions/{session%2Did}/segments',
    ];
    const { answers, batch } = await send(
      ...counted.map((each): KiotaRequest => ({
        template: `${list}${each}/$count{?%24filter,%24search}`,
        path,
        model: '$count',
        gives: 'one',
      })),
    );
    expect(answers).toEqual([calls.length, participants_v2.length, sessions.length, first!.segments.length]);
    expect(batch).toEqual([200, 200, 200, 200]);
  });

  it('is walked through its 1,250 participants', async () => {
    const { answers } = await send({
      template: `${item}/participants_v2${options}`,
      path: { 'callRecord%2Did': meeting.id },
      model: 'participant',
      gives: 'all',
    });
    expect(comparable(ofModel(answers[0]))).toEqual(comparable(meeting.participants_v2));
  });
});

describe('the logs', () => {
  const functions = [
    ['getPstnCalls', 'pstnCallLogRow', ['v1.0', 'beta']],
    ['getDirectRoutingCalls', 'directRoutingLogRow', ['v1.0', 'beta']],
    ['getSmsLog', 'smsLogRow', ['beta']],
    ['getPstnBlockedUsersLog', 'pstnBlockedUsersLogRow', ['beta']],
    ['getPstnOnlineMeetingDialoutReport', 'pstnOnlineMeetingDialoutReport', ['beta']],
  ] as const satisfies [string, LogRowKind, ('v1.0' | 'beta')[]][];
  const cases = functions.flatMap(([name, kind, versions]) =>
    versions.map((version) => ({ version, name, kind })),
  );

  const requests = cases.map(({ version, name, kind }): KiotaRequest => {
    const template = `${list}/microsoft.graph.callRecords.${name}${span}`;
    // Dates are written by the SDK as times, whose colons it encodes.
    const path = { fromDateTime: `${logDays.from}T00:00:00.000Z`, toDateTime: `${logDays.to}T00:00:00.000Z` };
    const model = (version === 'beta' ? `beta ${kind}` : kind) as ModelName; // one for each row of the table above
    return { template, path, model, gives: 'all' };
  });
  let sent: Promise<Printed> | undefined;

  it.each(cases)('are read whole: $version $name', async ({ version, name, kind }) => {
    const { answers } = await (sent ??= send(...requests));
    const answer = answers[cases.findIndex((each) => each.version === version && each.name === name)];
    const rows = (values: unknown) =>
      byText((comparable(values) as Json[]).map((row) => without(row, '@odata.type')));
    expect(rows(ofModel(answer))).toEqual(rows(logRowsOf(version, kind)));
  });
});

it('is told of a fault by an ODataError', async () => {
  const { answers, batch } = await send({
    template: `${item}${optionsOfOne}`,
    path: { 'callRecord%2Did': 'unknown' },
    model: 'callRecord',
    gives: 'one',
  });
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
  const [fault] = answers as [{ date: string }];
  expect(fault).toMatchObject({
    status: 404,
    code: 'NotFound',
    message: '',
    requestId: id,
    clientRequestId: id,
  });
  expect(new Date(fault.date).getTime()).not.toBeNaN();
  expect(batch).toEqual([404]);
});
