/** Odd answers as a client meets them: each kind on each endpoint that can be answered so, and refused on the others. */
import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { memberKinds, type OddKind, oddKinds, unsupportedOddReason } from '../../src/emulator/odd/kinds.ts';
import type { KnownFault } from '../../src/emulator/faults.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';

const calls = '/v1.0/communications/callRecords';
const span = '(fromDateTime=2026-10-01T00:00:00Z,toDateTime=2026-11-01T00:00:00Z)';
const logs = `${calls}/getPstnCalls${span}`;
const sms = `/beta/communications/callRecords/getSmsLog${span}`;

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.import([
    aRecord('call', {
      organizer: { user: { id: 'o', displayName: 'Otto' } },
      participants_v2: participants(300),
      sessions: Array.from({ length: 70 }, (_, i) => aSession(`session-${i}`, `participant-${i}`)),
    }),
    aRecord('other', { participants_v2: participants(2) }),
    ...[1, 2, 3].map((n) => ({
      '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
      id: `row-${n}`,
      startDateTime: `2026-10-0${n}T10:00:00Z`,
      userDisplayName: 'Anna',
      duration: 60,
    })),
    {
      '@odata.type': '#microsoft.graph.callRecords.smsLogRow',
      id: 'sms',
      sentDateTime: '2026-10-02T10:00:00Z',
      userDisplayName: 'Anna',
    },
  ]);
});
afterEach(async () => {
  expect(emulator.defects).toEqual([]);
  await emulator.ask('DELETE', 'faults');
});
afterAll(() => emulator.stop());

async function inject(...rules: object[]): Promise<void> {
  const answer = await emulator.ask('POST', 'faults', rules);
  expect([answer.status, answer.status === 201 ? '' : await answer.json()]).toEqual([201, '']);
}

async function refusalOf(rule: object): Promise<string> {
  const answer = await emulator.ask('POST', 'faults', rule);
  const { error } = (await answer.json()) as { error: { message: string } };
  return `${answer.status} ${error.message}`;
}

const faults = async () =>
  ((await (await emulator.ask('GET', 'faults')).json()) as { value: KnownFault[] }).value;

type Entry = Record<string, unknown> | null;
type Body = Record<string, unknown> & { readonly value: Entry[] };

async function text(path: string, headers?: Record<string, string>): Promise<string> {
  const answer = await emulator.get(path.replace(emulator.url, ''), headers);
  expect([answer.status, answer.status === 200 ? '' : await answer.clone().text()]).toEqual([200, '']);
  return Buffer.from(await answer.arrayBuffer()).toString();
}

const json = async (path: string) => JSON.parse(await text(path)) as Body;
const idsOf = (entries: unknown) => (entries as Entry[]).map((entry) => entry?.['id']);
const linkOf = (body: Body, list = '') => body[`${list}@odata.nextLink`] as string;

/** The pages of a walk, no more than `most`. */
async function walk(path: string, most = 10): Promise<Body[]> {
  const pages: Body[] = [];
  let next: string | undefined = path;
  while (next !== undefined && pages.length < most) {
    const page = await json(next);
    pages.push(page);
    next = page['@odata.nextLink'] as string | undefined;
  }
  return pages;
}

const all = Array.from({ length: 300 }, (_, i) => `participant-${i}`);
const roll = `${calls}/call/participants_v2`;
const whole = `${calls}/call?$expand=participants_v2`;

describe('an entry', () => {
  /** The list or entity that a URL answers, with the entry of a fault changed. */
  const places = [
    { url: roll, of: 'value' },
    { url: `${calls}/call/sessions`, of: 'value' },
    { url: calls, of: 'value' },
    { url: logs, of: 'value' },
    { url: sms, of: 'value' },
    { url: whole, of: 'participants_v2' },
    { url: `${calls}/call?$expand=sessions($expand=segments)`, of: 'sessions' },
    { url: `${calls}/call/sessions/session-1/segments`, of: 'value' },
  ] as const;

  it.each(places)('has a null id, none, or another copy behind it: $url', async ({ url, of }) => {
    const before = idsOf((await json(url))[of]);
    const index = before.length - 1;
    const odd = async (kind: OddKind) => {
      await inject({ times: 1, effect: { odd: kind, index } });
      return (await json(url))[of] as Entry[];
    };
    const changed = [await odd('nullId'), await odd('missingId'), await odd('duplicateEntry')] as const;
    const last = changed.map((entries) => entries.at(-1));
    expect(last.map((entry) => Object.keys(entry!).includes('id'))).toEqual([true, false, true]);
    expect(changed.map(idsOf)).toEqual([
      [...before.slice(0, -1), null],
      [...before.slice(0, -1), undefined],
      [...before, before.at(-1)],
    ]);
    expect(changed[2].at(-2)).toEqual(changed[2].at(-1));
    // The rule is over, and the store is as it was.
    expect(idsOf((await json(url))[of])).toEqual(before);
  });

  it.each(places)('stands behind null, and half of a pair in its text: $url', async ({ url, of }) => {
    const before = await text(url);
    await inject({ times: 1, effect: { odd: 'nullItem' } });
    const entries = (await json(url))[of] as Entry[];
    expect([entries[0], idsOf(entries.slice(1))]).toEqual([null, idsOf((await json(url))[of])]);
    await inject({ times: 1, effect: { odd: 'surrogate' } });
    const odd = await text(url);
    if (url.endsWith('/segments'))
      expect(odd).toBe(before); // there is no text in it
    else {
      expect(odd.length - before.length).toBe('\\ud83d'.length);
      expect(odd.replace('\\ud83d', '')).toBe(before);
    }
  });

  it('has no start: calls, sessions, segments, and rows by the time of their log', async () => {
    const nullStart = async (url: string, list: string, member: string, effect = {}) => {
      await inject({ times: 1, effect: { odd: 'nullStart', ...effect } });
      const body = await json(url);
      const [entry] = (list === '' ? [body] : body[list]) as Record<string, unknown>[];
      return entry?.[member];
    };
    const start = 'startDateTime';
    await emulator.import([
      aRecord('timed', {
        sessions: [aSession('s', 'p', undefined, { startDateTime: '2026-03-02T10:00:00Z' })],
      }),
    ]);
    expect([
      await nullStart(calls, 'value', start),
      await nullStart(`${calls}/timed`, '', start),
      await nullStart(`${calls}/timed/sessions`, 'value', start),
      await nullStart(`${calls}/timed?$expand=sessions`, 'sessions', start),
      await nullStart(logs, 'value', start),
      await nullStart(sms, 'value', 'sentDateTime'),
    ]).toEqual([null, null, null, null, null, null]);
    await inject({ times: 1, effect: { odd: 'nullStart', of: 'callRecord' } });
    const { sessions, startDateTime } = await json(`${calls}/timed?$expand=sessions`);
    expect([startDateTime, (sessions as Entry[])[0]?.[start]]).toEqual([null, '2026-03-02T10:00:00Z']);
  });

  it('has a member of another type: one that is usual there, or the one that is named', async () => {
    const first = async (url: string, list: string, effect: object, member: string) => {
      await inject({ times: 1, effect: { odd: 'wrongType', ...effect } });
      const body = await json(url);
      return ((list === '' ? body : (body[list] as Entry[])[0]) as Record<string, unknown>)[member];
    };
    expect([
      await first(calls, 'value', {}, 'modalities'),
      await first(roll, 'value', {}, 'identity'),
      await first(logs, 'value', {}, 'duration'),
      await first(logs, 'value', { member: 'userDisplayName' }, 'userDisplayName'),
      await first(whole, 'participants_v2', { member: 'id' }, 'id'),
      await first(whole, '', { of: 'callRecord', member: 'version' }, 'version'),
    ]).toEqual(['another type', 'another type', {}, 0, 0, {}]);
  });

  it('is chosen by its place, by its id, or by a seed, the same one each time', async () => {
    const oddOne = async (effect: object) => {
      await inject({ times: 2, effect: { odd: 'nullId', ...effect } });
      const [once, again] = [idsOf((await json(roll)).value), idsOf((await json(roll)).value)];
      expect(again).toEqual(once);
      return once.indexOf(null);
    };
    expect([await oddOne({ index: 7 }), await oddOne({ id: 'participant-9' })]).toEqual([7, 9]);
    expect(await oddOne({ seed: 1 })).not.toBe(await oddOne({ seed: 2 }));
  });

  it('that is not there leaves the answer as it is, and the fault for another', async () => {
    await inject({ match: { path: '*/participants_v2' }, times: 1, effect: { odd: 'nullId', index: 5 } });
    expect(idsOf((await json(`${calls}/other/participants_v2`)).value)).toEqual(all.slice(0, 2));
    expect((await faults())[0]).toMatchObject({ met: 0, isOver: false });
    expect(idsOf((await json(roll)).value)[5]).toBeNull();
    expect((await faults())[0]).toMatchObject({ met: 1, isOver: true });
  });

  it('can be a segment, or the one entity that is answered', async () => {
    await inject({ times: 1, effect: { odd: 'nullId', of: 'segments' } });
    const { sessions } = await json(`${calls}/call?$expand=sessions($expand=segments)`);
    const segments = (sessions as { segments: Entry[] }[]).map((session) => session.segments[0]?.['id']);
    expect(segments.slice(0, 2)).toEqual([null, 'session-1']);
    await inject({ times: 1, effect: { odd: 'missingId' } });
    expect('id' in (await json(`${roll}/participant-3`))).toBe(false);
  });
});

describe('a page', () => {
  it('begins with the last entry of the page before', async () => {
    await inject({ effect: { odd: 'overlappingPages' } });
    const pages = await walk(roll);
    expect(pages.map(({ value }) => value.length)).toEqual([130, 131, 41]);
    expect(
      idsOf(pages.flatMap(({ value }) => value))
        .toSpliced(130, 1)
        .toSpliced(260, 1),
    ).toEqual(all);
    expect(pages[1]!.value[0]).toEqual(pages[0]!.value.at(-1));
  });

  it('overlaps where the list is expanded, where the list is of calls, and where rows are', async () => {
    await emulator.import(Array.from({ length: 61 }, (_, i) => aRecord(`many-${i}`)));
    await inject({ effect: { odd: 'overlappingPages' } });
    const body = await json(whole);
    const next = await json(linkOf(body, 'participants_v2'));
    expect(next.value[0]).toEqual((body['participants_v2'] as Entry[]).at(-1));
    const pages = await walk(calls);
    expect(pages[1]!.value[0]).toEqual(pages[0]!.value.at(-1));
    const rows = Array.from({ length: 1001 }, (_, i) => ({
      '@odata.type': '#microsoft.graph.callRecords.directRoutingLogRow',
      id: `direct-${i}`,
      startDateTime: '2026-10-05T10:00:00Z',
    }));
    await emulator.import(rows);
    const ofLog = await walk(`${calls}/getDirectRoutingCalls${span}`);
    expect(ofLog.map(({ value }) => value.length)).toEqual([1000, 2]);
    expect(ofLog[1]!.value[0]).toEqual(ofLog[0]!.value.at(-1));
  });

  it('is empty and leads to what it would have been', async () => {
    await inject({ effect: { odd: 'emptyPage' } });
    const pages = await walk(roll);
    expect(pages.map(({ value }) => value.length)).toEqual([0, 130, 0, 130, 0, 40]);
    expect(idsOf(pages.flatMap(({ value }) => value))).toEqual(all);
    const body = await json(whole);
    expect(body['participants_v2']).toEqual([]);
    expect(idsOf((await walk(linkOf(body, 'participants_v2'))).flatMap(({ value }) => value))).toEqual(all);
  });

  it('of sessions that are expanded leads to sessions with their segments', async () => {
    await inject({ times: 1, effect: { odd: 'emptyPage' } });
    const body = await json(`${calls}/call?$expand=sessions($expand=segments)`);
    const pages = await walk(linkOf(body, 'sessions'));
    const sessions = pages.flatMap(({ value }) => value);
    expect([sessions.length, sessions.every((one) => Array.isArray(one?.['segments']))]).toEqual([70, true]);
  });

  it('links to itself for as long as the fault is in force', async () => {
    await inject({ match: { page: 2 }, times: 4, effect: { odd: 'repeatedLink' } });
    const pages = await walk(roll);
    expect(pages.map(({ value }) => value[0]!['id'])).toEqual(
      [0, 130, 130, 130, 130, 130, 260].map((i) => `participant-${i}`),
    );
    expect(new Set(pages.slice(0, 5).map((page) => linkOf(page))).size).toBe(1);
  });

  it('that is expanded links to a page that links to itself', async () => {
    const endpoint = 'communications/callRecords/{id}';
    await inject({ match: { endpoint }, effect: { odd: 'repeatedLink' } });
    const pages = await walk(linkOf(await json(whole), 'participants_v2'));
    expect([pages.length, new Set(pages.map((page) => linkOf(page))).size]).toEqual([10, 1]);
    await emulator.ask('DELETE', 'faults');
    expect(await walk(linkOf(pages[0]!))).toHaveLength(3);
  });

  it('that is the last has an empty link', async () => {
    await inject({ effect: { odd: 'emptyLink' } });
    const links = (await walk(roll, 3)).map((page) => linkOf(page));
    expect(links.map((link) => link === '')).toEqual([false, false, true]);
    expect(linkOf(await json(`${calls}/other?$expand=participants_v2`), 'participants_v2')).toBe('');
  });

  it('is of the next version in the middle of a walk', async () => {
    await emulator.import([aRecord('growing', { participants_v2: participants(131) })]);
    await inject({ match: { callId: 'growing' }, times: 1, effect: { odd: 'newVersion' } });
    const first = await json(`${calls}/growing?$expand=participants_v2`);
    // What an ETag says of the version that it is of.
    const stateOf = (answer: Response) => answer.headers.get('etag')?.split('.', 1)[0];
    const roll = `${calls}/growing/participants_v2`;
    const old = stateOf(await emulator.get(roll));
    const second = await emulator.get(linkOf(first, 'participants_v2').replace(emulator.url, ''));
    const { value } = (await second.json()) as Body;
    expect([idsOf(value), second.headers.get('rollcall-fault')]).toEqual([
      ['participant-130'],
      (await faults())[0]!.id,
    ]);
    const after = await json(`${calls}/growing`);
    expect([first['version'], after['version']]).toEqual([1, 2]);
    // The page is of the newer version.
    const newest = stateOf(await emulator.get(roll));
    expect([stateOf(second), old === newest]).toEqual([newest, false]);
  });
});

describe('a body', () => {
  it('has a byte order mark, plain and compressed, and says so in its headers', async () => {
    await inject({ effect: { odd: 'byteOrderMark' } });
    const raw = (headers: object) =>
      new Promise<[Buffer, Record<string, unknown>]>((resolve, reject) => {
        request(`${emulator.url}${roll}`, { headers: { ...headers } }, (answer) => {
          const pieces: Buffer[] = [];
          answer.on('data', (piece: Buffer) => pieces.push(piece));
          answer.on('end', () => resolve([Buffer.concat(pieces), answer.headers]));
        })
          .on('error', reject)
          .end();
      });
    const authorization = `Bearer ${await emulator.token()}`;
    const [plain, headers] = await raw({ authorization });
    const [packed, packedHeaders] = await raw({ authorization, 'accept-encoding': 'gzip' });
    expect(plain.subarray(0, 4)).toEqual(Buffer.from('\ufeff{'));
    expect(gunzipSync(packed)).toEqual(plain);
    expect([headers['content-length'], headers['content-encoding'], headers['etag']]).toEqual([
      String(plain.length),
      undefined,
      undefined,
    ]);
    expect([packedHeaders['content-length'], packedHeaders['content-encoding']]).toEqual([
      String(packed.length),
      'gzip',
    ]);
    expect(headers['rollcall-fault']).toBe((await faults())[0]!.id);
  });

  it('of an item of a batch is odd by itself', async () => {
    await inject({ match: { callId: 'call' }, times: 1, effect: { odd: 'nullId', of: 'callRecord' } });
    const requests = ['other', 'call'].map((id) => ({
      ...{ id, method: 'GET' },
      url: `/communications/callRecords/${id}`,
    }));
    const answer = await emulator.send('POST', '/v1.0/$batch', { requests });
    const { responses } = (await answer.json()) as { responses: { id: string; body: Entry }[] };
    expect(responses.map(({ id, body }) => [id, body?.['id']])).toEqual([
      ['other', 'other'],
      ['call', null],
    ]);
  });

  it('is as it is where it is no good answer', async () => {
    await inject({ effect: { odd: 'byteOrderMark' } });
    const answer = await emulator.get(`${calls}/missing`);
    expect([answer.status, (await answer.text()).startsWith('{')]).toEqual([404, true]);
    expect(await text(`${calls}/$count`)).toMatch(/^\d+$/);
  });

  it('is late when the fault says so, by the clock', async () => {
    await inject({ effect: { odd: 'byteOrderMark', delay: 'PT10S' } });
    let answered = false;
    const asked = text(roll).then((body) => {
      answered = true;
      return body;
    });
    while (emulator.clock.waiting().nextMs !== 10_000) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    await emulator.clock.advance(10_000);
    expect((await asked).startsWith('\ufeff')).toBe(true);
  });
});

describe('an odd answer', () => {
  const paths = ['', '/{id}', '/{id}/participants_v2', '/{id}/sessions', '/getPstnCalls'];
  const endpoints = [
    ...paths.map((path) => `communications/callRecords${path}`),
    ...['communications/callRecords/{id}/participants_v2/{id}', 'subscriptions', '$batch'],
  ];

  it('is refused where an endpoint cannot give it, with the reason, and taken where it can', async () => {
    const refused = new Map<string, string[]>();
    for (const odd of oddKinds)
      for (const endpoint of endpoints) {
        const answer = await emulator.ask('POST', 'faults', { match: { endpoint }, effect: { odd } });
        const { error } = (await answer.json()) as { error?: { message: string } };
        const problem = unsupportedOddReason({ odd }, endpoint);
        expect([answer.status, error?.message.includes(problem ?? '')]).toEqual(
          problem === undefined ? [201, undefined] : [400, true],
        );
        if (problem !== undefined) refused.set(odd, [...(refused.get(odd) ?? []), endpoint]);
      }
    const [list, call, roll, sessions, log, entity, ...none] = endpoints;
    expect(Object.fromEntries(refused)).toEqual({
      ...Object.fromEntries(oddKinds.map((odd) => [odd, none])),
      duplicateEntry: [entity, ...none],
      nullItem: [entity, ...none],
      emptyPage: [entity, ...none],
      repeatedLink: [entity, ...none],
      emptyLink: [entity, ...none],
      overlappingPages: [call, entity, ...none],
      nullStart: [roll, entity, ...none],
      newVersion: [list, call, log, entity, ...none],
    });
    expect(sessions).toBeDefined();
  });

  it.each([
    [{ effect: { index: 1, status: 503 } }, "effect.index: goes with 'odd'."],
    [{ effect: { odd: 'nullId', index: 1, seed: 1 } }, 'effect.seed: one of index, seed, id is expected.'],
    [{ effect: { odd: 'emptyPage', index: 1 } }, "effect.index: 'emptyPage' is not about one entry."],
    [
      { effect: { odd: 'nullId', member: 'id' } },
      `effect.member: goes with ${[...memberKinds].join(' and ')}.`,
    ],
    [{ effect: { odd: 'nullId', status: 503 } }, 'effect: at most one of status, cut, wrongJson, odd, late'],
    [{ effect: { odd: 'null id' } }, 'effect.odd: '],
    [{ match: { method: 'POST' }, effect: { odd: 'nullId' } }, 'match.method: odd answers are those of GET.'],
    [{ match: { page: 1 }, effect: { odd: 'newVersion' } }, 'match.page: the new version comes after'],
    [
      {
        match: { endpoint: 'communications/callRecords/{id}/participants_v2' },
        effect: { odd: 'nullId', of: 'sessions' },
      },
      "effect.odd: 'communications/callRecords/{id}/participants_v2' holds no sessions.",
    ],
  ])('that contradicts itself is refused: %j', async (rule, message) => {
    expect(await refusalOf(rule)).toContain(`400 ${message}`);
  });
});
