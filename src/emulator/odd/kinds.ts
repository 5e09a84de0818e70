/** Defines the kinds of odd answers, and the endpoints that each applies to. */
import { functions } from '../../contract/tables/functions.ts';
import { callRecordsPath } from '../../query/odata/context-url.ts';

export const oddKinds = [
  'nullId',
  'missingId',
  'duplicateEntry',
  'overlappingPages',
  'emptyPage',
  'repeatedLink',
  'emptyLink',
  'nullItem',
  'nullStart',
  'surrogate',
  'byteOrderMark',
  'wrongType',
  'newVersion',
] as const;
export type OddKind = (typeof oddKinds)[number];

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
  /** True when it returns a list in pages. */
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

/** Kinds that change one entry and accept its place. */
export const entryKinds: ReadonlySet<OddKind> = new Set([
  'nullId',
  'missingId',
  'duplicateEntry',
  'nullItem',
  'nullStart',
  'surrogate',
  'wrongType',
]);

/** Kinds that change a member of an entry and accept its name. */
export const memberKinds: ReadonlySet<OddKind> = new Set(['surrogate', 'wrongType']);

/** Returns why a kind does not apply to an endpoint; `undefined` when it does. */
export function unsupportedOddReason({ odd, of }: OddAnswer, endpoint: string): string | undefined {
  const known = oddEndpointAt(endpoint);
  if (known === undefined)
    return `'${endpoint}' is answered as it is: odd answers are those of calls, their lists and entries, and of logs.`;
  const { entries, isList, time } = known;
  if (of !== undefined && !entries.includes(of)) return `'${endpoint}' holds no ${of}.`;
  const holdsList = isList || endpoint === `${callRecordsPath}/{id}` || entries.includes('segments');
  switch (odd) {
    case 'duplicateEntry':
    case 'nullItem':
    case 'emptyLink':
    case 'emptyPage':
    case 'repeatedLink':
      return holdsList && of !== 'callRecord' ? undefined : needsList(odd, endpoint);
    case 'overlappingPages':
      return isList ? undefined : `'${odd}' needs pages, and '${endpoint}' has none.`;
    case 'newVersion':
      return /\/(participants_v2|sessions)$/.test(endpoint)
        ? undefined
        : `'${odd}' comes between two pages of participants_v2 or sessions, and '${endpoint}' is neither.`;
    case 'nullStart':
      if (of === 'participants_v2' || entries.every((one) => one === 'participants_v2'))
        return 'a participant has no start.';
      return entries.includes('logRow') && time === undefined
        ? `a row of '${endpoint}' has no start.`
        : undefined;
    case 'nullId':
    case 'missingId':
    case 'surrogate':
    case 'byteOrderMark':
    case 'wrongType':
      return undefined;
  }
}

function needsList(odd: OddKind, endpoint: string): string {
  return `'${odd}' needs a list, and '${endpoint}' is answered with one entity.`;
}
