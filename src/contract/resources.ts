/** What the service offers at each URL template: who may ask, where it is offered, which options, how large a page is. */

import { functions } from './tables/functions.ts';

export type Cloud = 'global' | 'usgov' | 'usgov-dod' | 'china';

/** What `$expand` may name on a resource, and which options may stand in its parentheses. */
export type Expandables = Readonly<Record<string, Expandable>>;
interface Expandable {
  readonly select?: true;
  readonly expand?: Expandables;
}

export interface Resource {
  /** Any one of these application permissions is enough. */
  readonly permissions: readonly string[];
  readonly clouds: readonly Cloud[];
  /** As a later copy of its page says, where that differs: documentation alone, nothing is offered by it. */
  readonly laterClouds?: readonly Cloud[];
  /** Entities in the largest page; absent where there is no collection. */
  readonly pageSize?: number;
  /** Documented system query options, besides `$select`, `$format` and what next links carry. */
  readonly options?: readonly ('filter' | 'skip')[];
  /** Options that are passed over without a word, as Graph does. */
  readonly ignored?: readonly 'filter'[];
  readonly selectable?: false;
  readonly expandable?: Expandables;
  /** What may be done besides reading. */
  readonly changes?: readonly Change[];
  /** An action is called, and not read. */
  readonly readable?: false;
  /** Without `/$count`. */
  readonly countable?: false;
  /** `include-unknown-enum-members` and `omit-values` change nothing in what it gives. */
  readonly takesPreferences?: false;
  /** Given as plain text, whatever the client accepts. */
  readonly isText?: true;
}

export type Change = 'POST' | 'PATCH' | 'DELETE';

const readAll = ['CallRecords.Read.All'];
/** Reference pages "List callRecords" and "Get callRecord", copies of 2025-07: not in China. */
const usAndGlobal: readonly Cloud[] = ['global', 'usgov', 'usgov-dod'];
/**
 * Reference page "List participants_v2": the copy Rollcall was made from offers it in the global service alone; the
 * copy of 2026-01 adds the US Government clouds.
 */
const globalOnly = { clouds: ['global'], laterClouds: usAndGlobal } as const;

const segments: Expandables = { segments: {} };
/** `$select` is documented for the call and its sessions, not inside participants_v2 and segments. */
const ofCall: Expandables = { participants_v2: {}, sessions: { select: true, expand: segments } };
const calls = 'communications/callRecords';

/**
 * The logs and reports. Either permission is enough: the pages of 2023 name both, later ones the second alone. Where
 * it is offered: as the pages say of direct routing, PSTN calls and blocked users; those of the other two do not say.
 * `$filter` was seen to be passed over in silence (issue #12668 of microsoftgraph/microsoft-graph-docs).
 */
const log: Resource = {
  permissions: ['CallRecord-PstnCalls.Read.All', ...readAll],
  clouds: usAndGlobal,
  options: ['skip'],
  ignored: ['filter'],
  selectable: false,
  takesPreferences: false,
};

const resources: Readonly<Partial<Record<string, Resource>>> = {
  [calls]: { permissions: readAll, clouds: usAndGlobal, pageSize: 60, options: ['filter'] },
  [`${calls}/{}`]: { permissions: readAll, clouds: usAndGlobal, expandable: ofCall },
  [`${calls}/{}/organizer_v2`]: { permissions: readAll, clouds: usAndGlobal },
  [`${calls}/{}/participants_v2`]: { permissions: readAll, ...globalOnly, pageSize: 130 },
  [`${calls}/{}/participants_v2/{}`]: { permissions: readAll, ...globalOnly },
  [`${calls}/{}/sessions`]: { permissions: readAll, clouds: usAndGlobal, pageSize: 60, expandable: segments },
  [`${calls}/{}/sessions/{}`]: { permissions: readAll, clouds: usAndGlobal, expandable: segments },
  [`${calls}/{}/sessions/{}/segments`]: {
    permissions: readAll,
    clouds: usAndGlobal,
    pageSize: 60,
    selectable: false,
  },
  [`${calls}/{}/sessions/{}/segments/{}`]: { permissions: readAll, clouds: usAndGlobal, selectable: false },
  // Reference pages of subscription: whoever may read the resource subscribed to.
  subscriptions: {
    permissions: readAll,
    clouds: usAndGlobal,
    selectable: false,
    changes: ['POST'],
    countable: false,
    takesPreferences: false,
  },
  'subscriptions/{}': {
    permissions: readAll,
    clouds: usAndGlobal,
    selectable: false,
    changes: ['PATCH', 'DELETE'],
    takesPreferences: false,
  },
  'subscriptions/{}/reauthorize': {
    permissions: readAll,
    clouds: usAndGlobal,
    selectable: false,
    changes: ['POST'],
    readable: false,
  },
  ...Object.fromEntries(functions.map(({ name }) => [`${calls}/${name}`, log])),
};

/** @param template A URL below the service root with `{}` for each key. */
export function resourceAt(template: string): Resource | undefined {
  const resource = resources[template];
  if (resource !== undefined || !template.endsWith(countSuffix)) return resource;
  const counted = resources[template.slice(0, -countSuffix.length)];
  if (counted === undefined || counted.countable === false) return undefined;
  const { permissions, clouds, laterClouds, options = [] } = counted;
  const later = laterClouds && { laterClouds };
  return { permissions, clouds, ...later, options, selectable: false, takesPreferences: false, isText: true };
}

const countSuffix = '/$count';

/** True of what is read of one edition of a call: its answers have an ETag. */
export function hasEtag(template: string): boolean {
  return template.startsWith(`${calls}/{}`) && !template.endsWith(countSuffix);
}

/** The methods a resource answers, as the header `Allow` lists them. */
export function methodsOf({ readable, changes = [] }: Resource): readonly string[] {
  return [...(readable === false ? [] : ['GET', 'HEAD']), ...changes];
}

/** Every application permission that some resource asks for. */
export const everyPermission: readonly string[] = [
  ...new Set(Object.values(resources).flatMap((resource) => resource?.permissions ?? [])),
];

/** Every URL template, for those who describe the service. */
export function resourceTemplates(): readonly string[] {
  return Object.keys(resources);
}
