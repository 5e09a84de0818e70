/** The read API over HTTP against the records themselves: what is served is what the records say, whole and once. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateLines, defaultGenerateOptions } from '../../src/emulator/generate/generate.ts';
import { omitNulls, picked, withoutControl } from '../support/naive-projection.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Json = Record<string, unknown>;
interface Call extends Json {
  readonly id: string;
  readonly version: number;
  readonly startDateTime: string;
  readonly participants_v2: (Json & { id: string })[];
  readonly sessions: (Json & { id: string; segments: (Json & { id: string })[] })[];
}
interface Page {
  readonly '@odata.nextLink'?: string;
  readonly value: Json[];
}

const lines = [...generateLines({ ...defaultGenerateOptions, calls: 150, largest: 140 })];
const records = lines.map((line) => JSON.parse(line) as Call);
/** The newest version of each call, in the order they started. */
const calls = [
  ...new Map([...records].sort((a, b) => a.version - b.version).map((call) => [call.id, call])).values(),
].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
const large = [...calls].sort((a, b) => b.sessions.length - a.sessions.length)[0]!;
const base = '/v1.0/communications/callRecords';

function startOf({ startDateTime }: Call): string {
  // Fractions are trimmed on the wire: compared at full length.
  const [whole, fraction = ''] = startDateTime.slice(0, -1).split('.');
  return `${whole!}.${fraction.padEnd(7, '0')}`;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import(lines);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

/** Every enum name is asked for, so that records come back as they are. */
async function get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const prefer = ['include-unknown-enum-members', ...(headers['prefer'] ? [headers['prefer']] : [])].join();
  const response = await server.get(path.replace(server.url, ''), { ...headers, prefer });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

async function walk(path: string, headers: Record<string, string> = {}, between?: () => Promise<unknown>) {
  const entries: Json[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Page = await get<Page>(next, headers);
    entries.push(...page.value);
    sizes.push(page.value.length);
    next = page['@odata.nextLink'];
    await between?.();
  }
  return { entries, sizes };
}

const ids = (entries: readonly Json[]) => entries.map(({ id }) => id);

describe('the list of calls', () => {
  it('gives every call once, in the order they started, in pages of 60', async () => {
    const { entries, sizes } = await walk(base);
    expect(ids(entries)).toEqual(ids(calls));
    expect(sizes).toEqual([60, 60, 30]);
  });

  it('gives each call its own members, participants empty, and the organizer', async () => {
    const { value } = await get<Page>(base, { accept: 'application/json;odata.metadata=none' });
    const own = picked(calls[0]!, [
      'id',
      'version',
      'type',
      'modalities',
      'lastModifiedDateTime',
      'startDateTime',
      'endDateTime',
      'joinWebUrl',
      'organizer',
      'organizer_v2',
    ]);
    expect(value[0]).toEqual(withoutControl({ ...own, participants: [] }));
  });

  it('says the same of a call whether its text was ready or is put together', async () => {
    await using other = await startTestServer();
    await other.import([
      ...records.slice(0, 30),
      aRecord('no organizer', { joinWebUrl: 'ä"\\' }),
      aRecord("o'neil", {
        organizer_v2: { id: 'x', identity: null },
        modalities: ['telepathy'],
        participants: [{}],
      }),
    ]);
    const [ready, made] = await Promise.all([
      other.get(base),
      other.get(base, { prefer: 'include-unknown-enum-members' }),
    ]);
    const text = await ready.text();
    expect(text).toContain('"modalities":["unknownFutureValue"]');
    expect((await made.text()).replaceAll('"telepathy"', '"unknownFutureValue"')).toBe(text);
  });

  it.each([1, 7, 59, 61])(
    'gives pages of %i, and the same calls when others arrive meanwhile',
    async (size) => {
      await using other = await startTestServer();
      await other.import(records.slice(0, 40));
      const known = new Map(records.slice(0, 40).map((call) => [call.id, call]));
      const expected = calls.filter(({ id }) => known.has(id));
      const token = await other.token();
      const seen: Json[] = [];
      let arrivals = 0;
      let next: string | undefined = `${other.url}${base}`;
      while (next !== undefined) {
        const headers = { authorization: `Bearer ${token}`, prefer: `maxpagesize=${size}` };
        const page: Page = (await (await fetch(next, { headers })).json()) as Page;
        expect(page.value.length).toBeLessThanOrEqual(Math.min(size, 60));
        seen.push(...page.value);
        next = page['@odata.nextLink'];
        const place = expected[(arrivals * 11) % expected.length]!;
        await other.import([
          aRecord(`new-${arrivals}`, { startDateTime: place.startDateTime }),
          { ...place, version: place.version + 10 + arrivals++, startDateTime: expected[0]!.startDateTime },
        ]);
      }
      expect(ids(seen)).toEqual(ids(expected));
    },
  );

  it('gives the calls of any span, as a filter of the records does', async () => {
    const moments = fc.constantFrom(...calls.map(({ startDateTime }) => startDateTime));
    const bound = fc.record({ operator: fc.constantFrom('lt', 'le', 'gt', 'ge'), moment: moments });
    await fc.assert(
      fc.asyncProperty(fc.array(bound, { minLength: 1, maxLength: 3 }), async (bounds) => {
        const filter = bounds
          .map(({ operator, moment }) => `startDateTime ${operator} ${moment}`)
          .join(' and ');
        const expected = calls.filter((call) =>
          bounds.every(({ operator, moment }) => {
            const [a, b] = [startOf(call), startOf({ ...call, startDateTime: moment })];
            return operator === 'lt'
              ? a < b
              : operator === 'le'
                ? a <= b
                : operator === 'gt'
                  ? a > b
                  : a >= b;
          }),
        );
        const query = `$filter=${encodeURIComponent(filter)}`;
        expect(ids((await walk(`${base}?${query}&$select=id`)).entries)).toEqual(ids(expected));
        const count = await (await server.get(`${base}/$count?${query}`)).text();
        expect(count).toBe(String(expected.length));
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ["participants_v2/any(p:p/id eq '{}')"],
    ["( participants_v2/any( someone : (someone/id eq '{}') ) )"],
    ["startDateTime ge 2000-01-01T00:00:00Z and participants_v2/any(x:x/id eq '{}')"],
    ["participants_v2/any(x:x/id eq '{}') and (startDateTime gt 1999-12-31T23:30:00.0000000-00:30)"],
  ])('finds the calls of a participant by %s', async (form) => {
    const [person] = large.participants_v2;
    const filter = encodeURIComponent(form.replace('{}', person!.id.replaceAll("'", "''")));
    const expected = calls.filter((call) => call.participants_v2.some(({ id }) => id === person!.id));
    expect(ids((await walk(`${base}?$filter=${filter}`, { prefer: 'maxpagesize=2' })).entries)).toEqual(
      ids(expected),
    );
  });

  it('refuses a next link whose filter was changed', async () => {
    const filter = encodeURIComponent('startDateTime ge 2000-01-01T00:00:00Z');
    const page = await get<Page>(`${base}?$filter=${filter}`);
    const changed = page['@odata.nextLink']!.replace('2000-01-01', '2001-01-01').replace(server.url, '');
    expect((await server.get(changed)).status).toBe(400);
  });
});

describe('what a call holds', () => {
  it.each(['', '?$expand=segments'])('is walked whole: sessions%s', async (query) => {
    const { entries } = await walk(`${base}/${large.id}/sessions${query}`, {
      prefer: 'odata.maxpagesize=7',
      accept: 'application/json;odata.metadata=none',
    });
    const expected = large.sessions.map(({ segments, ...own }) =>
      query === '' ? own : { ...own, segments },
    );
    expect(entries).toEqual(expected.map((session) => withoutControl(session)));
  });

  it.each([
    ['participants_v2', 130],
    ['sessions', 60],
    ['sessions($expand=segments)', 60],
  ])('comes expanded, page by page: %s', async (expand, maximum) => {
    const name = expand.split('(')[0]!;
    const call = await get<Json>(`${base}/${large.id}?$expand=${expand}&$select=id`);
    const first = call[name] as Json[];
    expect(first.length).toBe(Math.min(maximum, (large[name] as Json[]).length));
    const next = call[`${name}@odata.nextLink`] as string | undefined;
    const rest = next === undefined ? [] : (await walk(next)).entries;
    const received = (large[name] as Json[]).map(({ segments, ...own }) =>
      expand.includes('segments') ? { ...own, segments } : own,
    );
    expect([...first, ...rest]).toEqual(received);
    expect(Object.keys(call)).toEqual([
      '@odata.context',
      'id',
      `${name}@odata.context`,
      ...(next ? [`${name}@odata.nextLink`] : []),
      name,
    ]);
  });

  it('gives maxpagesize to the expanded collection and to its next pages', async () => {
    const call = await get<Json>(`${base}('${large.id}')?$expand=participants_v2`, {
      prefer: 'maxpagesize=9',
    });
    expect((call['participants_v2'] as Json[]).length).toBe(9);
    const rest = await walk(call['participants_v2@odata.nextLink'] as string);
    expect(rest.sizes.slice(0, -1).every((size) => size === 9)).toBe(true);
    expect(ids([...(call['participants_v2'] as Json[]), ...rest.entries])).toEqual(
      ids(large.participants_v2),
    );
  });

  it('is found one by one, by key', async () => {
    const session = large.sessions[2]!;
    const { segments, ...own } = session;
    const none = { accept: 'application/json;odata.metadata=none' };
    expect(await get(`${base}/${large.id}/sessions/${session.id}`, none)).toEqual(withoutControl(own));
    expect(await get(`${base}/${large.id}/sessions('${session.id}')?$expand=segments`, none)).toEqual(
      withoutControl(session),
    );
    const [segment] = segments;
    expect((await get<Page>(`${base}/${large.id}/sessions/${session.id}/segments`)).value).toEqual(segments);
    expect(
      await get(`${base}('${large.id}')/sessions('${session.id}')/segments('${segment!.id}')`, none),
    ).toEqual(withoutControl(segment!));
    expect(await get(`${base}/${large.id}/organizer_v2`, none)).toEqual(
      withoutControl(large['organizer_v2'] as Json),
    );
  });

  it('is counted', async () => {
    const counted = async (path: string) => {
      const response = await server.get(`${base}${path}/$count`);
      return [await response.text(), response.headers.get('content-type')];
    };
    const plain = 'text/plain;charset=utf-8';
    const session = large.sessions[0]!;
    expect(await counted('')).toEqual([String(calls.length), plain]);
    expect(await counted(`/${large.id}/sessions`)).toEqual([String(large.sessions.length), plain]);
    expect(await counted(`('${large.id}')/participants_v2`)).toEqual([
      String(large.participants_v2.length),
      plain,
    ]);
    expect(await counted(`/${large.id}/sessions/${session.id}/segments`)).toEqual([
      String(session.segments.length),
      plain,
    ]);
  });

  it('goes on with the version a walk began with, through nested next links too', async () => {
    await using other = await startTestServer();
    const session = (i: number, name: string) => ({ ...large.sessions[0]!, id: `s${i}`, caller: null, name });
    const version = (number: number) => ({
      ...aRecord('call', { version: number, participants_v2: participants(10 * number) }),
      sessions: Array.from({ length: 90 * number }, (_, i) => session(i, `v${number}`)),
    });
    await other.import([version(1)]);
    const headers = { authorization: `Bearer ${await other.token()}` };
    const call = (await (
      await fetch(`${other.url}${base}/call?$expand=sessions`, { headers })
    ).json()) as Json;
    await other.import([version(2)]);
    const rest = (await (await fetch(call['sessions@odata.nextLink'] as string, { headers })).json()) as Page;
    expect([(call['sessions'] as Json[]).length, rest.value.length, rest['@odata.nextLink']]).toEqual([
      60,
      30,
      undefined,
    ]);
    expect(new Set(rest.value.map(({ name }) => name))).toEqual(new Set(['v1']));
  });

  it('has no organizer when none was received: 204', async () => {
    await using other = await startTestServer();
    await other.import([aRecord('plain'), aRecord('null', { organizer_v2: null })]);
    const statuses = await Promise.all(
      ['plain', 'null'].map(async (id) => (await other.get(`${base}/${id}/organizer_v2`)).status),
    );
    expect(statuses).toEqual([204, 204]);
  });
});

describe('a representation', () => {
  const sessionNames = [
    'id',
    'modalities',
    'startDateTime',
    'endDateTime',
    'isTest',
    'failureInfo',
    'caller',
    'callee',
  ];

  it('is what a naive projection of the record gives, whatever is selected and preferred', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...calls.slice(0, 40)),
        fc.option(fc.shuffledSubarray(sessionNames, { minLength: 1 }), { nil: undefined }),
        fc.boolean(),
        fc.boolean(),
        async (call, select, omit, expand) => {
          const options = [
            ...(select ? [`$select=${select.join(',')}`] : []),
            ...(expand ? ['$expand=segments'] : []),
          ].join('&');
          const page = await get<Page>(`${base}/${call.id}/sessions?${options}`, {
            ...(omit && { prefer: 'omit-values=nulls' }),
            accept: 'application/json;odata.metadata=none',
          });
          const expected = call.sessions.slice(0, 60).map(({ segments, ...own }) => {
            const whole = { ...picked(own, select), ...(expand && { segments }) };
            return withoutControl(omit ? omitNulls(whole) : whole);
          });
          expect(page.value).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(['empty', 'absent'] as const)(
    'has deprecated properties %s when the server is told so',
    async (deprecated) => {
      await using other = await startTestServer({ deprecated });
      await other.import([large]);
      const none = { accept: 'application/json;odata.metadata=none' };
      const call = (await (
        await other.get(`${base}/${large.id}?$expand=sessions($expand=segments)`, none)
      ).json()) as Json;
      const [session] = call['sessions'] as (Json & { segments: Json[] })[];
      const identityOf = (endpoint: unknown) => (endpoint as Json | null)?.['identity'];
      const expected =
        deprecated === 'empty' ? [null, [], null, null] : [undefined, undefined, undefined, undefined];
      expect([
        call['organizer'],
        call['participants'],
        identityOf(session!['caller']),
        identityOf(session!.segments[0]!['caller']),
      ]).toEqual(expected);
      expect((session!['caller'] as Json)['associatedIdentity']).toEqual(
        withoutControl((large.sessions[0]!['caller'] as Json)['associatedIdentity'] as Json),
      );
      const [listed] = ((await (await other.get(base, none)).json()) as Page).value;
      expect([listed!['organizer'], listed!['participants']]).toEqual(expected.slice(0, 2));
    },
  );
});
