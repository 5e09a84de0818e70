/** What leaves comes back: every response of the API is taken by an import, and is what it was, or is refused by name. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { exportedCalls } from '../support/exported.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { importLines, startTestServer, type TestServer } from '../support/server.ts';

type Json = Record<string, unknown>;

const calls = 'communications/callRecords';
const span = '(fromDateTime=2026-10-01T00:00:00Z,toDateTime=2026-11-01T00:00:00Z)';
const tenantId = randomUUID();

/** Of several pages of participants and of sessions, with somebody whom only a session shows. */
const large = aRecord('large', {
  organizer: { user: { id: 'participant-0', displayName: 'Otto' } },
  organizer_v2: aParticipant('participant-0'),
  participants: [{ user: { id: 'participant-1', displayName: 'Legacy' } }],
  participants_v2: participants(300),
  sessions: Array.from({ length: 70 }, (_, i) =>
    aSession(`session-${i}`, i === 0 ? 'found' : `participant-${i}`, undefined, {
      modalities: ['audio'],
      segments: [{ id: `segment-${i}`, startDateTime: '2026-03-02T10:00:00Z', media: [] }],
    }),
  ),
});
const small = {
  participants_v2: participants(2),
  sessions: [aSession('s', 'participant-0', 'participant-1')],
};
const rows = [
  {
    '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
    id: 'p',
    startDateTime: '2026-10-02T10:00:00Z',
    charge: 1.5,
  },
  {
    '@odata.type': '#microsoft.graph.callRecords.directRoutingLogRow',
    id: 'd',
    startDateTime: '2026-10-02T10:00:00Z',
  },
  { '@odata.type': '#microsoft.graph.callRecords.smsLogRow', id: 's', sentDateTime: '2026-10-02T10:00:00Z' },
];

let source: TestServer;
let target: CallRecordStore;
/** What the source exports, by version. */
let whole: Record<'large' | 'first' | 'second', Json>;
beforeAll(async () => {
  source = await startTestServer();
  target = openSqliteStore(':memory:');
  const lines = [large, aRecord('two', { ...small, joinWebUrl: 'first' })];
  expect((await source.import([...lines, ...rows], tenantId)).rejects).toEqual([]);
  const [ofLarge, first] = await exportedCalls(source.store, tenantId, ['large', 'two']);
  await source.import([aRecord('two', { ...small, version: 2, joinWebUrl: 'second' })], tenantId);
  const [second] = await exportedCalls(source.store, tenantId, ['two']);
  whole = { large: json(ofLarge!), first: json(first!), second: json(second!) };
});
afterAll(async () => {
  expect(source.defects).toEqual([]);
  await Promise.all([source.stop(), target[Symbol.asyncDispose]()]);
});

function json(line: string): Json {
  return JSON.parse(line) as Json;
}

/** Bodies of a URL and of all its next links. */
async function walked(path: string, headers: Record<string, string>): Promise<string[]> {
  const authorization = `Bearer ${await source.token({ tenantId })}`;
  const bodies: string[] = [];
  for (let next: string | undefined = `${source.url}/${path}`; next !== undefined;) {
    const answer: Response = await fetch(next, { headers: { authorization, ...headers } });
    expect(answer.status, `${path}: ${await answer.clone().text()}`).toBe(200);
    const body = await answer.text();
    bodies.push(body);
    const [, link] = /"(?:participants_v2|sessions)?@odata\.nextLink":"([^"]+)"/.exec(body) ?? [];
    next = link;
  }
  return bodies;
}

/** Imports bodies into a tenant that has nothing. */
async function imported(bodies: readonly string[]) {
  const tenant = randomUUID();
  const counts = await importLines(target, bodies, tenant);
  const exported = async (id: string) => {
    const [line] = await exportedCalls(target, tenant, [id]);
    return line === undefined ? undefined : json(line);
  };
  const edition = (id: string) => target.edition(tenant, id);
  const logRows = async (kind: string) => {
    const found = await target.logRows(tenant, {
      kind,
      from: -(2n ** 62n),
      before: 2n ** 62n,
      skip: 0,
      limit: 10,
    });
    return found.map((row) => json(Buffer.from(row).toString()));
  };
  return {
    ...counts,
    reasons: counts.rejects.map(({ reason }) => reason),
    exported,
    edition,
    logRows,
    tenant,
  };
}

const everything = 'include-unknown-enum-members';
/** Every form that an answer has, but for the one that leaves members out. */
const forms = ['minimal', 'full'].flatMap((metadata) =>
  [false, true].flatMap((isWide) =>
    (['v1.0', 'beta'] as const).map((version) => ({
      version,
      accept: `application/json;odata.metadata=${metadata};IEEE754Compatible=${isWide}`,
    })),
  ),
);

/** Without what an answer says of types and links, and the heads of lists that are somewhere else. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !/@odata\./.test(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, plain(member)]));
}

function without(record: Json | undefined, ...names: string[]): unknown {
  return plain(Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !names.includes(name))));
}

describe.each(forms)('an answer of $version with $accept comes back', ({ version, accept }) => {
  const of = (path: string, prefer = everything) => walked(`${version}/${path}`, { accept, prefer });

  it('as a call with every page of its participants and of its sessions', async () => {
    const bodies = [
      ...(await of(`${calls}/large?$expand=participants_v2`)),
      ...(await of(`${calls}/large?$expand=sessions($expand=segments)`)),
    ];
    const { reasons, exported, edition } = await imported(bodies);
    expect(reasons).toEqual([]);
    expect(plain(await exported('large'))).toEqual(plain(whole.large));
    expect((await edition('large'))?.lacking).toEqual([]);
  });

  it('as the lists by themselves, with the head that names their call', async () => {
    const bodies = [
      ...(await of(`${calls}/large`)),
      ...(await of(`${calls}/large/participants_v2`, `${everything}, odata.maxpagesize=70`)),
      ...(await of(`${calls}/large/sessions?$expand=segments`)),
    ];
    const { reasons, exported } = await imported(bodies);
    expect(reasons).toEqual([]);
    expect(plain(await exported('large'))).toEqual(plain(whole.large));
  });

  it('as the list of calls, without their lists', async () => {
    const { reasons, exported } = await imported(await of(calls));
    expect(reasons).toEqual([]);
    // Graph lists a call without its legacy participants (contract/examples), and so does Rollcall.
    const lists = ['participants_v2', 'sessions', 'organizer_v2', 'participants'];
    expect(without(await exported('large'), ...lists)).toEqual(without(whole.large, ...lists));
  });

  it('as a state of before', async () => {
    const prefer = `${everything}, rollcall.as-of=1`;
    const bodies = [
      ...(await of(`${calls}/two?$expand=participants_v2`, prefer)),
      ...(await of(`${calls}/two?$expand=sessions($expand=segments)`, prefer)),
    ];
    const { reasons, exported } = await imported(bodies);
    expect(reasons).toEqual([]);
    expect(plain(await exported('two'))).toEqual(plain(whole.first));
  });

  it('as one participant and one session by key', async () => {
    const bodies = [
      ...(await of(`${calls}/large`)),
      ...(await of(`${calls}/large/participants_v2/participant-7`)),
      ...(await of(`${calls}/large/sessions/session-3?$expand=segments`)),
    ];
    const { reasons, exported } = await imported(bodies);
    expect(reasons).toEqual([]);
    const { participants_v2: roll, sessions } = whole.large as Record<string, Json[]>;
    expect(plain(await exported('large'))).toMatchObject({
      participants_v2: [plain(roll![7])],
      sessions: [plain(sessions![3])],
    });
  });

  it('as rows of a log', async () => {
    const log = async (name: string, kind: string) => {
      const { reasons, logRows } = await imported(await of(`${calls}/${name}${span}`));
      expect(reasons).toEqual([]);
      return plain(await logRows(kind));
    };
    expect([
      ...((await log('getPstnCalls', 'pstnCallLogRow')) as object[]),
      ...((await log('getDirectRoutingCalls', 'directRoutingLogRow')) as object[]),
      ...(version === 'beta' ? ((await log('getSmsLog', 'smsLogRow')) as object[]) : []),
    ]).toEqual(plain(version === 'beta' ? rows : rows.slice(0, 2)));
  });

  it('as the answers of a batch', async () => {
    const requests = [
      '?$expand=participants_v2',
      '?$expand=sessions($expand=segments)',
      '/participants_v2',
    ].map((path, i) => ({
      id: String(i),
      method: 'GET',
      url: `/${calls}/two${path}`,
      headers: { accept, prefer: everything },
    }));
    const answer = await source.send(
      'POST',
      `/${version}/$batch`,
      { requests },
      {
        authorization: `Bearer ${await source.token({ tenantId })}`,
      },
    );
    const { reasons, exported } = await imported([await answer.text()]);
    expect(reasons).toEqual([]);
    expect(plain(await exported('two'))).toEqual(plain(whole.second));
  });
});

it('an answer without metadata comes back where it says itself which call it is of', async () => {
  const headers = { accept: 'application/json;odata.metadata=none', prefer: everything };
  const of = (path: string) => walked(`v1.0/${calls}/${path}`, headers);
  const bodies = [
    ...(await of('two?$expand=participants_v2')),
    ...(await of('two?$expand=sessions($expand=segments)')),
  ];
  const { reasons, exported } = await imported(bodies);
  expect(reasons).toEqual([]);
  expect(plain(await exported('two'))).toEqual(plain(whole.second));
  const page = await imported(await of('two/participants_v2'));
  expect(page.reasons).toEqual(['The page has no @odata.context, so its call is not known.']);
});

it('participants inferred from sessions are not taken as received', async () => {
  const prefer = `${everything}, rollcall.participants=reconciled`;
  const bodies = [
    ...(await walked(`v1.0/${calls}/large?$expand=participants_v2`, { prefer })),
    ...(await walked(`v1.0/${calls}/large?$expand=sessions($expand=segments)`, { prefer })),
  ];
  expect(bodies.join()).toContain('"@rollcall.source":"sessions"');
  const { reasons, exported, edition } = await imported(bodies);
  expect(reasons).toEqual([]);
  expect(await exported('large')).toEqual(whole.large);
  const [there, here] = [await source.store.edition(tenantId, 'large'), await edition('large')];
  expect([here?.participants?.count, here?.found?.count]).toEqual([
    there?.participants?.count,
    there?.found?.count,
  ]);
});

it('what was exported comes back as it was, every version', async () => {
  const { reasons, exported } = await imported(
    [whole.large, whole.first, whole.second].map((one) => JSON.stringify(one)),
  );
  expect(reasons).toEqual([]);
  expect([await exported('large'), await exported('two')]).toEqual([whole.large, whole.second]);
});

describe('what is no call is refused by name, and stored as none', () => {
  const message = (words: string) => expect.stringContaining(words) as string;

  it.each([
    [`v1.0/${calls}/large/participants_v2?$select=id`, '$select'],
    [`v1.0/${calls}/large/sessions?$select=id`, '$select'],
    [`v1.0/${calls}/large/participants_v2/participant-7?$select=id`, '$select'],
    [`v1.0/${calls}/large?$select=id,version`, '$select'],
    [`v1.0/${calls}?$select=id,version,startDateTime`, '$select'],
    [`v1.0/${calls}/large/organizer_v2`, 'organizer'],
    [`v1.0/${calls}/large/sessions/session-3/segments`, 'segment'],
    [`v1.0/${calls}/large/sessions/session-3/segments/segment-3`, 'segment'],
    ['v1.0/', 'about the service'],
    ['v1.0/subscriptions', "about 'subscriptions'"],
    ['rollcall/calls', 'callRecord'],
    ['rollcall/calls/large/summary', 'callRecord'],
    ['rollcall/calls/large/roll', 'callRecord'],
    ['rollcall/callRecords/large/versions', 'so its call is not known'],
    ['rollcall/completeness', 'callRecord'],
  ])('%s', async (path, words) => {
    const bodies = await walked(path, {});
    const { reasons, records, newVersions, tenant } = await imported(bodies);
    expect([new Set(reasons), records, newVersions]).toEqual([new Set([message(words)]), 0, 0]);
    expect(await target.evidence.tally(tenant)).toMatchObject({ calls: 0 });
  });

  it('an error', async () => {
    const answer = await source.get(`/v1.0/${calls}/nobody`);
    const { reasons } = await imported([await answer.text()]);
    expect(reasons).toEqual([message('error response')]);
  });

  it('a number of entries, and a metadata document', async () => {
    const bodies = [...(await walked(`v1.0/${calls}/$count`, {})), '<edmx:Edmx Version="4.0"></edmx:Edmx>'];
    const { reasons } = await imported(bodies);
    expect(reasons).toHaveLength(2);
  });
});
