/** Lists odd upstream responses, each with one odd call, and the expected result of a sync. */
import { callIdOf, type ChangeAnswer, type GraphAnswer, type GraphQuestion } from './small-graph.ts';

export const calls = 4;
/** The id of the odd call. */
export const odd = callIdOf(1);
export const start = Date.parse('2026-11-02T12:00:00Z');

type Json = Record<string, unknown>;
type Entries = Json[];

/** The expected result; the other calls are complete in any case. */
interface Expected {
  /** Marks of the odd call. */
  readonly marks?: number;
  /** Kinds of the problems, in order, each once. */
  readonly units?: readonly string[];
  /** Kinds of pieces in the quarantine. */
  readonly setAside?: readonly string[];
  /** Incomplete calls. */
  readonly incomplete?: number;
  /** True when the odd call is not stored at all. */
  readonly isMissing?: boolean;
}

type Oddity = readonly [what: string, change: ChangeAnswer, expected: Expected];

/** Changes responses about the odd call. */
export function ofCall(
  of: GraphQuestion['of'] | 'both',
  change: (body: Json, url: string) => GraphAnswer,
): ChangeAnswer {
  return (body, question, url) => {
    const isOf = of === 'both' ? question.of !== 'list' && question.of !== 'other' : question.of === of;
    return question.callId === odd && isOf ? change(body, url) : body;
  };
}

/** Changes the item of the odd call in the list of calls. */
export function item(change: (one: Json) => unknown): ChangeAnswer {
  return (body, { of }) =>
    of === 'list'
      ? { value: (body['value'] as Entries).map((one) => (one['id'] === odd ? change(one) : one)) }
      : body;
}

const participants = (change: (list: Entries) => unknown) =>
  ofCall('participants_v2', (body) => ({
    ...body,
    participants_v2: change(body['participants_v2'] as Entries),
  }));
const sessions = (change: (list: Entries) => unknown) =>
  ofCall('sessions', (body) => ({ ...body, sessions: change(body['sessions'] as Entries) }));
const second = (change: (one: Json) => unknown) => (list: Entries) =>
  list.map((one, i) => (i === 1 ? change(one) : one));

/** Changes later pages. @param page Returns the nth later page; `link` builds a link to any path of the server. */
export function pages(
  page: (n: number, link: (text: string) => string, url: string) => GraphAnswer,
): ChangeAnswer {
  let later = 0;
  return (body, { of, callId, url: asked }, url) => {
    const link = (text: string) => `${url}/v1.0/pages/${text}`;
    if (of === 'participants_v2' && callId === odd) {
      later = 0;
      return { ...body, 'participants_v2@odata.nextLink': link('first') };
    }
    return of === 'other' && asked.pathname.startsWith('/v1.0/pages/') ? page(++later, link, url) : body;
  };
}

const without = (one: Json, name: string) =>
  Object.fromEntries(Object.entries(one).filter(([member]) => member !== name));
const deep: unknown = JSON.parse('['.repeat(80) + ']'.repeat(80));
const more = (id: string) => ({ value: [{ id, identity: { user: { id } } }] });
export const html = '<html><body>Gateway</body></html>';

export const kept: readonly Oddity[] = [
  [
    'a participant with a null id',
    participants(second((one) => ({ ...one, id: null }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a participant without an id',
    participants(second((one) => without(one, 'id'))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a participant with a number for an id',
    participants(second((one) => ({ ...one, id: 7 }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'half of a character',
    participants(second((one) => ({ ...one, label: 'Ben \ud83d' }))),
    { marks: 1, units: ['entry'] },
  ],
  ['a participant twice', participants((list) => [...list, list[0]]), { marks: 1, units: ['entry'] }],
  [
    'a session with a null id',
    sessions((list) => list.map((one) => ({ ...one, id: null }))),
    { marks: 1, units: ['entry'] },
  ],
  [
    'null as a participant',
    participants((list) => [...list, null]),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  [
    'text as a session',
    sessions((list) => [...list, 'x']),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  [
    'a byte order mark',
    ofCall('both', (body) => `\ufeff${JSON.stringify(body)}`),
    { marks: 1, units: ['entry'] },
  ],
  ['a version as a string', ofCall('both', (body) => ({ ...body, version: '1' })), {}],
  ['no version', ofCall('both', (body) => without(body, 'version')), {}],
  [
    'a null start',
    ofCall('both', (body) => ({ ...body, startDateTime: null })),
    { marks: 1, units: ['entry'] },
  ],
  [
    'a modality that is a number',
    ofCall('both', (body) => ({ ...body, modalities: 1 })),
    { marks: 1, units: ['entry'] },
  ],
  ['an id in capitals', ofCall('both', (body) => ({ ...body, id: odd.toUpperCase() })), {}],
  ['no id', ofCall('both', (body) => without(body, 'id')), { marks: 1, units: ['entry'] }],
  ['a null id', ofCall('both', (body) => ({ ...body, id: null })), { marks: 1, units: ['entry'] }],
  ['a number for an id', ofCall('both', (body) => ({ ...body, id: 7 })), { marks: 1, units: ['entry'] }],
  ['an object for an id', ofCall('both', (body) => ({ ...body, id: {} })), { marks: 1, units: ['entry'] }],
  [
    'half of a character as an id',
    ofCall('both', (body) => ({ ...body, id: '\ud83d' })),
    { marks: 1, units: ['entry'] },
  ],
  [
    'an empty link',
    ofCall('participants_v2', (body) => ({ ...body, 'participants_v2@odata.nextLink': '' })),
    {},
  ],
  ['a null link', ofCall('sessions', (body) => ({ ...body, 'sessions@odata.nextLink': null })), {}],
  [
    'empty pages before the last',
    pages((n, link) => (n < 4 ? { value: [], '@odata.nextLink': link(`${n}`) } : more('c'))),
    {},
  ],
  ['an item nested too deep', item((one) => ({ ...one, more: deep })), {}],
  [
    'a participant nested too deep',
    participants(second((one) => ({ ...one, more: deep }))),
    { marks: 1, units: ['entry'], setAside: ['entry'] },
  ],
  ['an item with a null start', item((one) => ({ ...one, startDateTime: null })), {}],
  ['an item with a date for a start', item((one) => ({ ...one, startDateTime: 'today' })), {}],
  ['an item with a null version', item((one) => ({ ...one, version: null })), {}],
  ['an item with text for a version', item((one) => ({ ...one, version: 'one' })), {}],
  ['an item of wrong types', item(({ id }) => ({ id, version: [], startDateTime: {}, modalities: 7 })), {}],
];

export const lost: readonly Oddity[] = [
  [
    'a number for a link',
    ofCall('sessions', (body) => ({ ...body, 'sessions@odata.nextLink': 1 })),
    { marks: 1, units: ['entry', 'page'], incomplete: 1 },
  ],
  ['sessions that are null', sessions(() => null), { units: ['list'], incomplete: 1 }],
  [
    'no sessions',
    ofCall('sessions', (body) => without(body, 'sessions')),
    { units: ['list'], incomplete: 1 },
  ],
  [
    'a page of HTML in place of the call',
    ofCall('both', () => html),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'an array in place of the call',
    ofCall('both', (body) => [body]),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'nothing in place of the call',
    ofCall('both', () => ({ status: 204, text: '' })),
    { units: ['call'], incomplete: 1, isMissing: true },
  ],
  [
    'HTML in place of the sessions',
    ofCall('sessions', () => html),
    { units: ['list'], setAside: ['body'], incomplete: 1 },
  ],
  [
    'another call',
    ofCall('both', (body) => ({ ...body, id: callIdOf(9) })),
    { units: ['call'], setAside: ['body'], incomplete: 1, isMissing: true },
  ],
  [
    'a link to the same page',
    pages((_, link) => ({ ...more('c'), '@odata.nextLink': link('first') })),
    { units: ['page'], incomplete: 1 },
  ],
  [
    'links in a circle',
    pages((n, link) => ({ ...more(`c${n % 3}`), '@odata.nextLink': link(`${n % 3}`) })),
    { marks: 1, units: ['entry', 'page'], incomplete: 1 },
  ],
  [
    'the same page behind ever new links',
    pages((n, link) => ({ ...more('c'), '@odata.nextLink': link(`${n}`) })),
    { marks: 25, units: ['entry', 'page'], incomplete: 1 },
  ],
  [
    'empty pages without end',
    pages((n, link) => ({ value: [], '@odata.nextLink': link(`${n}`) })),
    { units: ['page'], incomplete: 1 },
  ],
  [
    'a link to another server',
    pages(() => ({ ...more('c'), '@odata.nextLink': 'https://elsewhere.example/' })),
    { units: ['page'], incomplete: 1 },
  ],
  ['a page of HTML', pages(() => html), { units: ['page'], setAside: ['page'], incomplete: 1 }],
  [
    'a page without a list',
    pages((n, link) => (n === 1 ? { '@odata.nextLink': link('2') } : more('c'))),
    { units: ['page'], setAside: ['page'], incomplete: 1 },
  ],
  [
    'null as an item',
    (body, { of }) => (of === 'list' ? { value: [null, ...(body['value'] as Entries)] } : body),
    { units: ['listItem'], setAside: ['listItem'] },
  ],
  [
    'an item without an id',
    item((one) => without(one, 'id')),
    { units: ['listItem'], setAside: ['listItem'], isMissing: true },
  ],
  [
    'an item with a number for an id',
    item((one) => ({ ...one, id: 5 })),
    { units: ['listItem'], setAside: ['listItem'], isMissing: true },
  ],
];
