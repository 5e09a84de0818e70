/** What the service offers at each URL template: who may ask, where it is offered, how large a page is. */

export type Cloud = 'global' | 'usgov' | 'usgov-dod' | 'china';

export interface Resource {
  /** Any one of these application permissions is enough. */
  readonly permissions: readonly string[];
  readonly clouds: readonly Cloud[];
  /** Entities in the largest page; absent where there is no collection. */
  readonly pageSize?: number;
}

const readAll = ['CallRecords.Read.All'];
/** Reference pages "List callRecords" and "Get callRecord", copies of 2025-07: not in China. */
const usAndGlobal: readonly Cloud[] = ['global', 'usgov', 'usgov-dod'];
/**
 * Reference page "List participants_v2": the copy Rollcall was made from offers it in the global service alone; the
 * copy of 2026-01 adds the US Government clouds.
 */
const globalOnly: readonly Cloud[] = ['global'];

const resources: Readonly<Partial<Record<string, Resource>>> = {
  'communications/callRecords': { permissions: readAll, clouds: usAndGlobal, pageSize: 60 },
  'communications/callRecords/{}': { permissions: readAll, clouds: usAndGlobal },
  'communications/callRecords/{}/organizer_v2': { permissions: readAll, clouds: usAndGlobal },
  'communications/callRecords/{}/participants_v2': {
    permissions: readAll,
    clouds: globalOnly,
    pageSize: 130,
  },
  'communications/callRecords/{}/participants_v2/{}': { permissions: readAll, clouds: globalOnly },
  'communications/callRecords/{}/sessions': { permissions: readAll, clouds: usAndGlobal, pageSize: 60 },
  'communications/callRecords/{}/sessions/{}': { permissions: readAll, clouds: usAndGlobal },
  'communications/callRecords/{}/sessions/{}/segments': { permissions: readAll, clouds: usAndGlobal },
  'communications/callRecords/{}/sessions/{}/segments/{}': { permissions: readAll, clouds: usAndGlobal },
};

/** @param template A URL below the service root with `{}` for each key. */
export function resourceAt(template: string): Resource | undefined {
  return resources[template];
}
