/** The resources that the service offers, by URL template: permissions, clouds, query options and page size. */

import { functions } from './tables/functions.ts';

export type Cloud = 'global' | 'usgov' | 'usgov-dod' | 'china';

/** Names that `$expand` accepts on a resource, with the options that each accepts in parentheses. */
export type Expandables = Readonly<Record<string, Expandable>>;
interface Expandable {
  readonly select?: true;
  readonly expand?: Expandables;
}

export interface Resource {
  /** Application permissions, any one of which is sufficient. */
  readonly permissions: readonly string[];
  readonly clouds: readonly Cloud[];
  /** Clouds according to a later copy of the reference page, where it differs: used in documentation only. */
  readonly laterClouds?: readonly Cloud[];
  /** Entities in the largest page; absent for a single entity. */
  readonly pageSize?: number;
  /** Documented system query options other than `$select`, `$format` and those in next links. */
  readonly options?: readonly ('filter' | 'skip')[];
  /** Options that are silently ignored, as Graph does. */
  readonly ignored?: readonly 'filter'[];
  readonly selectable?: false;
  readonly expandable?: Expandables;
  /** Methods other than reading. */
  readonly changes?: readonly Change[];
  /** False for an action, which is called and not read. */
  readonly readable?: false;
  /** False for a resource without `/$count`. */
  readonly countable?: false;
  /** False where `include-unknown-enum-members` and `omit-values` do not change the response. */
  readonly takesPreferences?: false;
  /** Returned as plain text, whatever the client accepts. */
  readonly isText?: true;
}

export type Change = 'POST' | 'PATCH' | 'DELETE';

const readAll = ['CallRecords.Read.All'];
/** Reference pages "List callRecords" and "Get callRecord", copies of 2025-07: not in China. */
const usAndGlobal: readonly Cloud[] = ['global', 'usgov', 'usgov-dod'];
/**
 * Reference page "List participants_v2": the copy on which Rollcall is based offers it in the global service only; the
 * copy of 2026-01 adds the US Government clouds.
 */
const globalOnly = { clouds: ['global'], laterClouds: usAndGlobal } as const;

const segments: Expandables = { segments: {} };
/** `$select` is documented for the call and its sessions, not inside participants_v2 and segments. */
const ofCall: Expandables = { participants_v2: {}, sessions: { select: true, expand: segments } };
const calls = 'communications/callRecords';

/**
 * The logs and reports. Either permission is sufficient: the pages of 2023 name both, later ones only the second. The
 * clouds are those of the pages of direct routing, PSTN calls and blocked users; the other two pages name none. Graph
 * was seen to ignore `$filter` silently (issue #12668 of microsoftgraph/microsoft-graph-docs).
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
  // Reference pages of subscription: the permissions are those for reading the subscribed resource.
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

/** Returns the resource at a URL template, below the service root with `{}` for each key. */
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

/** Returns true for a resource that is read from one edition of a call: its responses have an ETag. */
export function hasEtag(template: string): boolean {
  return template.startsWith(`${calls}/{}`) && !template.endsWith(countSuffix);
}

/** Returns the methods of a resource as the `Allow` header lists them. */
export function methodsOf({ readable, changes = [] }: Resource): readonly string[] {
  return [...(readable === false ? [] : ['GET', 'HEAD']), ...changes];
}

export const everyPermission: readonly string[] = [
  ...new Set(Object.values(resources).flatMap((resource) => resource?.permissions ?? [])),
];

/** Returns every URL template, for documentation and `/openapi`. */
export function resourceTemplates(): readonly string[] {
  return Object.keys(resources);
}
