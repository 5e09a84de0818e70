/** Defines the kinds of odd answers, and the endpoints that each applies to. */
import { functions } from '../../contract/tables/functions.ts';
import { callRecordsPath } from '../../query/odata/context-url.ts';

interface KindFacts {
  /** What changes: one entry, whose place the kind accepts, or also a member, whose name it accepts. */
  readonly changes?: 'entry' | 'member';
  readonly needs?: 'list' | 'pages' | 'walk' | 'start';
}

const kinds = {
  nullId: { changes: 'entry' },
  missingId: { changes: 'entry' },
  duplicateEntry: { changes: 'entry', needs: 'list' },
  overlappingPages: { needs: 'pages' },
  emptyPage: { needs: 'list' },
  repeatedLink: { needs: 'list' },
  emptyLink: { needs: 'list' },
  nullItem: { changes: 'entry', needs: 'list' },
  nullStart: { changes: 'entry', needs: 'start' },
  surrogate: { changes: 'member' },
  byteOrderMark: {},
  wrongType: { changes: 'member' },
  newVersion: { needs: 'walk' },
} as const satisfies Record<string, KindFacts>;

export type OddKind = keyof typeof kinds;
export const oddKinds = Object.keys(kinds) as OddKind[]; // the keys of the closed table

const factsOf = (odd: OddKind): KindFacts => kinds[odd];
export const entryKinds: ReadonlySet<OddKind> = new Set(
  oddKinds.filter((odd) => factsOf(odd).changes !== undefined),
);
export const memberKinds: ReadonlySet<OddKind> = new Set(
  oddKinds.filter((odd) => factsOf(odd).changes === 'member'),
);

export const entryTypes = ['callRecord', 'participants_v2', 'sessions', 'segments'] as const;
type EntryType = (typeof entryTypes)[number];

interface OddPlace {
  /** Place of the entry in its list, from 0; 0 when neither `index`, `seed` nor `id` is stated. */
  readonly index?: number | undefined;
  /** Chooses the entry, a different one for each path. */
  readonly seed?: number | undefined;
  readonly id?: string | undefined;
  /** Which entries, where an answer has several kinds; by default those of the list, else the call itself. */
  readonly of?: EntryType | undefined;
  /** The member of the entry, with `wrongType` and `surrogate`. */
  readonly member?: string | undefined;
}

export interface OddAnswer extends OddPlace {
  readonly odd: OddKind;
}

interface OddEndpoint {
  /** Types of the entries that an answer can hold. */
  readonly entries: readonly (EntryType | 'logRow')[];
  readonly isList: boolean;
  /** The member of a log row with its time; absent where rows have none. */
  readonly time?: string | undefined;
}

const endpoints: Readonly<Partial<Record<string, OddEndpoint>>> = {
  [callRecordsPath]: { entries: ['callRecord'], isList: true },
  [`${callRecordsPath}/{id}`]: {
    entries: ['callRecord', 'participants_v2', 'sessions', 'segments'],
    isList: false,
  },
  [`${callRecordsPath}/{id}/participants_v2`]: { entries: ['participants_v2'], isList: true },
  [`${callRecordsPath}/{id}/participants_v2/{id}`]: { entries: ['participants_v2'], isList: false },
  [`${callRecordsPath}/{id}/organizer_v2`]: { entries: ['participants_v2'], isList: false },
  [`${callRecordsPath}/{id}/sessions`]: { entries: ['sessions', 'segments'], isList: true },
  [`${callRecordsPath}/{id}/sessions/{id}`]: { entries: ['sessions', 'segments'], isList: false },
  [`${callRecordsPath}/{id}/sessions/{id}/segments`]: { entries: ['segments'], isList: true },
  [`${callRecordsPath}/{id}/sessions/{id}/segments/{id}`]: { entries: ['segments'], isList: false },
  ...Object.fromEntries(
    functions.map(({ name, time }) => [
      `${callRecordsPath}/${name}`,
      { entries: ['logRow'], isList: true, time },
    ]),
  ),
};

/** @param endpoint With `{id}` for each key, without a slash before it. */
export function oddEndpointAt(endpoint: string): OddEndpoint | undefined {
  return endpoints[endpoint];
}

/** Returns why a kind does not apply to an endpoint; `undefined` when it does. */
export function unsupportedOddReason({ odd, of }: OddAnswer, endpoint: string): string | undefined {
  const known = oddEndpointAt(endpoint);
  if (known === undefined)
    return `'${endpoint}' is answered as it is: odd answers are those of calls, their lists and entries, and of logs.`;
  const { entries, isList, time } = known;
  if (of !== undefined && !entries.includes(of)) return `'${endpoint}' holds no ${of}.`;
  const holdsList = isList || endpoint === `${callRecordsPath}/{id}` || entries.includes('segments');
  switch (factsOf(odd).needs) {
    case 'list':
      return holdsList && of !== 'callRecord' ? undefined : needsList(odd, endpoint);
    case 'pages':
      return isList ? undefined : `'${odd}' needs pages, and '${endpoint}' has none.`;
    case 'walk':
      return /\/(participants_v2|sessions)$/.test(endpoint)
        ? undefined
        : `'${odd}' comes between two pages of participants_v2 or sessions, and '${endpoint}' is neither.`;
    case 'start':
      if (of === 'participants_v2' || entries.every((one) => one === 'participants_v2'))
        return 'a participant has no start.';
      return entries.includes('logRow') && time === undefined
        ? `a row of '${endpoint}' has no start.`
        : undefined;
    case undefined:
      break;
  }
  return undefined;
}

function needsList(odd: OddKind, endpoint: string): string {
  return `'${odd}' needs a list, and '${endpoint}' is answered with one entity.`;
}
