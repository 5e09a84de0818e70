/** Who matched a search and whom they met, orders, totals and errors of `GET /rollcall/calls`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** The tenant of the test server's callers. */
const home = '11111111-1111-4111-8111-111111111111';
const partner = 'BBBBBBBB-2222-4222-8222-222222222222';

const user = (id: string, displayName: string | null, userPrincipalName?: string, tenantId = home) =>
  aParticipant(id, { identity: { user: { id, displayName, tenantId, userPrincipalName } } });
const anna = user('u-anna', 'Anna Weber', 'anna.weber@contoso.example');
const annaWho = user('u-anna2', 'Anna Paul', 'anna.paul@contoso.example');
const paul = user('u-paul', 'Paul Ångström', 'paul@fabrikam.example', partner);
const eva = user('u-eva', 'Eva Kern', 'eva@fabrikam.example', partner);
const visitor = user('u-visitor', 'Max Gast', 'max_northwind.example#EXT#@contoso.example');
const bare = user('u-bare', null, 'strauß@contoso.example');
const phone = aParticipant('p', { identity: { phone: { id: '+49 30 1234567', displayName: null } } });
const unknown = aParticipant('u-x', { identity: { user: { id: 'u-x', displayName: 'Somebody' } } });
const bot = aParticipant('b', { identity: { application: { id: 'b', displayName: 'Recorder' } } });
const organizer = (id: string, displayName: string) => ({ id, identity: { user: { id, displayName } } });

const day = (n: number, minutes = 30) => ({
  startDateTime: `2026-10-0${n}T10:00:00Z`,
  endDateTime: `2026-10-0${n}T10:${minutes}:00Z`,
});
const calls = [
  aRecord('two', { ...day(1, 10), type: 'peerToPeer', participants_v2: [anna, paul] }),
  aRecord('meeting', {
    ...day(2, 50),
    organizer_v2: organizer('u-eva', 'Kern, Eva'),
    participants_v2: [anna, bot, phone, visitor, eva, unknown],
  }),
  aRecord('absent', {
    ...day(3, 20),
    organizer_v2: organizer('u-zoe', 'Zoe'),
    participants_v2: [bare, anna],
  }),
  aRecord('one', { ...day(4, 30), participants_v2: [annaWho, bot] }),
  aRecord('both', { ...day(5, 40), participants_v2: [annaWho, anna] }),
  aRecord('rated', {
    ...day(6, 12),
    participants_v2: [user('u-home', 'Home', 'home@contoso.example')],
    sessions: [
      {
        ...aSession('s', 'u-home'),
        caller: { identity: { user: { id: 'u-home' } }, feedback: { rating: 'poor' } },
      },
    ],
  }),
  aRecord('cut', {
    ...day(6, 11),
    participants_v2: [user('u-home', 'Home')],
    'participants_v2@odata.nextLink': 'https://next',
  }),
  aRecord('large', { ...day(6, 45), participants_v2: [...participants(600), anna] }),
  aRecord('endless', {
    ...day(7),
    endDateTime: null,
    participants_v2: [eva],
    sessions: [aSession('s', 'u-eva')],
  }),
];

interface Person {
  readonly name: string | null;
  readonly affiliation: string;
  readonly tenantName: string | null;
  readonly isParticipant: boolean;
  readonly matchedBy: string | null;
  readonly matchedIn: string | null;
  readonly matchedText: readonly { readonly start: number; readonly length: number }[];
}
interface Row {
  readonly id: string;
  readonly people: {
    readonly matched: readonly Person[];
    readonly others: readonly Person[];
    readonly more: number;
    readonly external: number | null;
    readonly unknown: number | null;
  };
  readonly ratings: readonly string[];
}
interface Page {
  readonly value: readonly Row[];
  readonly total?: unknown;
  readonly sorted?: unknown;
  readonly '@odata.nextLink'?: string;
}

let server: TestServer;
const get = async (query: string) => (await (await server.get(`/rollcall/calls?${query}`)).json()) as Page;
const idsOf = async (query: string) => (await get(query)).value.map(({ id }) => id);
const rowOf = async (id: string, query: string) =>
  (await get(query)).value.find((row) => row.id === id)!.people;
const highlights = ({ matchedIn, matchedText }: Person) =>
  matchedText.map(({ start, length }) => matchedIn!.slice(start, start + length));
const names = (people: readonly Person[]) => people.map(({ name }) => name);

beforeAll(async () => {
  server = await startTestServer({ clock: createMovableClock(new Date('2026-11-05T00:00:00Z')) });
  await server.import(calls);
});
afterAll(() => server.stop());

describe('the people of a found call', () => {
  it('are who matched, with what matched, and the other party with their tenant', async () => {
    const { matched, others, more } = await rowOf('two', 'person=web');
    expect(matched).toEqual([
      {
        ...{ name: 'Anna Weber', id: 'u-anna', kind: 'user', affiliation: 'internal' },
        ...{ tenantName: 'contoso.example', isParticipant: true },
        ...{ matchedBy: 'name', matchedIn: 'Anna Weber', matchedText: [{ start: 5, length: 3 }] },
      },
    ]);
    expect(others).toEqual([
      {
        ...{ name: 'Paul Ångström', id: 'u-paul', kind: 'user', affiliation: 'external' },
        ...{ tenantName: 'fabrikam.example', isParticipant: true },
        ...{ matchedBy: null, matchedIn: null, matchedText: [] },
      },
    ]);
    expect(more).toBe(0);
  });

  it('are besides the organizer first, then people from outside', async () => {
    const { matched, others, more } = await rowOf('meeting', 'person=anna');
    expect([names(matched), names(others), more]).toEqual([['Anna Weber'], ['Eva Kern', 'Max Gast'], 3]);
    expect(others.map(({ affiliation, tenantName }) => [affiliation, tenantName])).toEqual([
      ['external', 'fabrikam.example'],
      ['external', 'northwind.example'],
    ]);
  });

  it.each([
    ['two', 'person=angstrom', 'Paul Ångström', 'name', ['Ångström']],
    ['two', 'person=fabrikam', 'Paul Ångström', 'address', ['fabrikam']],
    ['two', 'person=U-PAUL', 'Paul Ångström', 'id', ['u-paul']],
    ['two', 'q=paul+web', 'Paul Ångström', 'name', ['Paul']],
    ['absent', 'person=strauss', 'strauß@contoso.example', 'address', ['strauß']],
    ['absent', 'organizer=zo', 'Zoe', 'name', ['Zo']],
    ['meeting', 'organizer=kern', 'Eva Kern', 'name', ['Kern']],
    ['meeting', 'number=0301234', '+49 30 1234567', 'number', ['30 1234']],
    ['large', 'person=anna', 'Anna Weber', 'name', ['Anna']],
  ])('of %s by %s are %s, by %s', async (id, query, name, by, parts) => {
    const [first] = (await rowOf(id, query)).matched;
    expect([first?.name, first?.matchedBy, first && highlights(first)]).toEqual([name, by, parts]);
  });

  it('are those of every condition, and an organizer who did not take part is marked', async () => {
    const { matched } = await rowOf('absent', 'person=anna&organizer=zoe');
    expect(matched.map(({ name, isParticipant }) => [name, isParticipant])).toEqual([
      ['Anna Weber', true],
      ['Zoe', false],
    ]);
  });

  it('are not matched by the call itself', async () => {
    expect((await rowOf('two', 'q=two')).matched).toEqual([]);
  });
});

it('finds two different people in a call by person and with', async () => {
  expect(await idsOf('person=anna&with=paul')).toEqual(['both', 'two']);
  expect(await idsOf('person=anna&with=anna')).toEqual(['both']);
  expect(await idsOf('person=contoso.example&with=max')).toEqual(['meeting']);
  // The organizer is the same person as the participant of this name.
  expect(await idsOf('person=eva&with=kern')).toEqual([]);
});

describe('people from outside', () => {
  it.each([
    ['external=yes', ['endless', 'meeting', 'two']],
    ['external=no', ['rated', 'both', 'one', 'absent']],
    ['external=unknown', ['large', 'cut']],
    [`tenant=${partner.toLowerCase()}`, ['endless', 'meeting', 'two']],
    ['tenant=99999999-9999-4999-8999-999999999999', []],
    ['domain=fabrikam.example', ['endless', 'meeting', 'two']],
    ['domain=@NORTHWIND.example', ['meeting']],
    ['domain=wind.example', []],
    ['domain=fabrikam.example&person=anna&from=2026-10-02', ['meeting']],
    ['rating=poor', ['rated']],
    ['rating=bad', []],
    ['person=anna&external=yes&from=2026-10-01&to=2026-11-01', ['meeting', 'two']],
  ])('are found by %s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('are counted, and so are those who are unknown; a call without known people has no count', async () => {
    const all = (await get('')).value.map(({ id, people: { external, unknown }, ratings }) => [
      id,
      external,
      unknown,
      ratings,
    ]);
    expect(all).toEqual([
      ['endless', 1, 0, []],
      ['large', 0, 600, []],
      ['cut', 0, 0, []],
      ['rated', 0, 0, ['poor']],
      ['both', 0, 0, []],
      ['one', 0, 0, []],
      ['absent', 0, 0, []],
      ['meeting', 2, 1, []],
      ['two', 1, 0, []],
    ]);
  });

  it('are those of the own tenant for another one', async () => {
    const other = '33333333-3333-4333-8333-333333333333';
    await server.import([aRecord('theirs', { ...day(1), participants_v2: [anna] })], other);
    expect(await idsOf('q=theirs')).toEqual([]);
    expect((await server.store.search.find(other, { external: 'yes' }, undefined, 9)).calls).toMatchObject([
      { callId: 'theirs', external: 1, unknown: 0 },
    ]);
  });
});

describe('the order of found calls', () => {
  it.each([
    ['-start', ['endless', 'large', 'cut', 'rated', 'both', 'one', 'absent', 'meeting', 'two']],
    ['start', ['two', 'meeting', 'absent', 'one', 'both', 'rated', 'cut', 'large', 'endless']],
    ['length', ['two', 'cut', 'rated', 'absent', 'one', 'both', 'large', 'meeting', 'endless']],
    ['-length', ['meeting', 'large', 'both', 'one', 'absent', 'rated', 'cut', 'two', 'endless']],
    ['people', ['endless', 'cut', 'rated', 'both', 'one', 'absent', 'two', 'meeting', 'large']],
    ['-people', ['large', 'meeting', 'both', 'one', 'absent', 'two', 'endless', 'cut', 'rated']],
    ['organizer', ['meeting', 'absent', 'endless', 'large', 'cut', 'rated', 'both', 'one', 'two']],
    ['-organizer', ['absent', 'meeting', 'endless', 'large', 'cut', 'rated', 'both', 'one', 'two']],
  ])('by %s is the same over any pages', async (sort, ids) => {
    const all = await get(`sort=${sort}`);
    expect(all.value.map(({ id }) => id)).toEqual(ids);
    expect(all.sorted).toEqual(sort === '-start' ? undefined : { of: 9, isAll: true });
    const walked: string[] = [];
    for (
      let link: string | undefined = `${server.url}/rollcall/calls?sort=${sort}&$top=2`;
      link !== undefined;
    ) {
      const page = (await (await server.get(link.slice(server.url.length))).json()) as Page;
      walked.push(...page.value.map(({ id }) => id));
      link = page['@odata.nextLink'];
    }
    expect(walked).toEqual(ids);
  });

  it('binds a skip token', async () => {
    const link = (await get('sort=people&$top=2'))['@odata.nextLink']!;
    const token = new URL(link).searchParams.get('$skiptoken')!;
    expect((await server.get(`/rollcall/calls?sort=length&$skiptoken=${token}`)).status).toBe(400);
    expect((await get(`$top=9&sort=people&$skiptoken=${token}`)).value.length).toBe(7);
  });
});

it('counts on the first page', async () => {
  const page = await get('person=anna&$count=true&$top=2');
  expect([page.total, page.value.length]).toEqual([{ count: 6, isExact: true }, 2]);
  const next = await server.get(page['@odata.nextLink']!.slice(server.url.length));
  expect(((await next.json()) as Page).total).toBe(undefined);
  expect((await get('person=anna&$count=false')).total).toBe(undefined);
  expect((await get('person=nobody&$count=true')).total).toEqual({ count: 0, isExact: true });
});

it('names every bad parameter at once, without its value', async () => {
  const bad = {
    ...{ from: 'secret', to: '2026-13-01', person: '...', with: '-', number: 'secret', organizer: '  ' },
    ...{
      type: 'secret',
      modality: 'secret',
      minSeconds: '-1',
      maxSeconds: 'x',
      joinUrl: ' ',
      state: 'secret',
    },
    ...{ external: 'secret', tenant: 'secret', domain: 'secret', rating: 'secret' },
    ...{ reason: 'secret', q: '!'.repeat(201), sort: 'secret', format: 'secret', $count: '1', $top: '0' },
  };
  const response = await server.get(
    `/rollcall/calls?${new URLSearchParams(bad).toString()}&x=1&to=2026-01-01`,
  );
  const { error } = (await response.json()) as {
    error: { details: readonly { target: string; message: string }[] };
  };
  const wordless = ['person', 'with']; // punctuation is a text to search for
  expect(new Set(error.details.map(({ target }) => target))).toEqual(
    new Set(['x', ...Object.keys(bad).filter((name) => !wordless.includes(name))]),
  );
  expect(JSON.stringify(error)).not.toContain('secret');
});

it.each([
  ['from=2026-10-02&to=2026-10-01', 'to'],
  ['minSeconds=20&maxSeconds=10', 'maxSeconds'],
])('refuses %s beside %s', async (query, target) => {
  const { error } = (await (await server.get(`/rollcall/calls?${query}`)).json()) as {
    error: { details: readonly { target: string }[] };
  };
  expect(error.details.map((detail) => detail.target)).toEqual([target]);
});

describe('a CSV file of calls', () => {
  const file = async (query: string) => {
    const response = await server.get(`/rollcall/calls?format=csv&${query}`);
    const lines = (await response.text()).replace('\uFEFF', '').trimEnd().split('\r\n');
    return { lines, name: response.headers.get('content-disposition'), link: response.headers.get('link') };
  };

  it('has every match, with what the list shows', async () => {
    const { lines, name, link } = await file('external=yes&sort=people');
    expect([name, link]).toEqual(['attachment; filename="calls.csv"', null]);
    expect(lines[0]).toBe(
      'startDateTime,endDateTime,seconds,type,modalities,organizerDisplayName,organizerUserPrincipalName,participants,external,unknown,outcome,reasons,poor,ratings,completeness,joinWebUrl,id',
    );
    expect(lines[2]).toBe(
      '2026-10-01T10:00:00Z,2026-10-01T10:10:00Z,600,peerToPeer,audio,,,2,1,0,Unknown,,false,,unverified,,two',
    );
    expect(lines.map((line) => line.split(',').at(-1))).toEqual(['id', 'endless', 'two', 'meeting']);
  });

  it('says by its name that calls are missing, and where they are', async () => {
    const { lines, name, link } = await file('$top=7');
    expect([lines.length, name]).toEqual([8, 'attachment; filename="calls-newest-7.csv"']);
    const next = /^<(.*)>; rel="next"$/.exec(link!)![1]!;
    const rest = await server.get(next.slice(server.url.length));
    expect((await rest.text()).trimEnd().split('\r\n').length).toBe(3);
  });

  it('is guarded against formulas', async () => {
    await server.import([
      aRecord('formula', {
        ...day(8),
        organizer_v2: organizer('=1+1', '=HYPERLINK("x")'),
        participants_v2: [],
      }),
    ]);
    const { lines } = await file('q=formula');
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
  });
});
