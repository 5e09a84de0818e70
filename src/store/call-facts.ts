/** Reads the facts that a search result shows from a call's own members. */
import { isSameId } from '../contract/ids.ts';
import type { Block } from '../wire/text/block.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import { isObject } from './people.ts';
import type { FoundCall, Organizer } from './search.ts';
import { CallDamaged } from './store-errors.ts';

type Facts = Pick<FoundCall, 'type' | 'modalities' | 'joinWebUrl'>;

export interface CallFacts extends Facts, Pick<FoundCall, 'organizer'> {
  /** The organizer as an entry of a list has it; `undefined` when the call has none. */
  readonly organizerEntry: unknown;
}

interface IndexedFacts extends Facts {
  /** JSON of an object with the members that say who organized the call, to be read once for all their calls. */
  readonly organizer: string;
}

/** Regions of a callRecord in stored form: annotations come before the first property. */
const regionOf = (name: string) => storedTypes.callRecord.members.byName.get(name)!.index + 1;
const factRegions = ['type', 'modalities', 'joinWebUrl'].map(regionOf);
const organizerRegions = ['organizer', 'organizer_v2'].map(regionOf);

/**
 * @param head A block of one callRecord.
 * @param callId Of the row that it stands in: it may be damaged where the head is not.
 * @throws CallDamaged
 */
export function factsOf(head: Block, callId: string): CallFacts {
  const open = new OpenBlock(head);
  if (isOfAnother(open.ids[0], callId)) throw new CallDamaged(callId);
  const { organizer, ...facts } = indexedFactsOf(open);
  const organizerEntry = organizerEntryOf(organizer);
  return { ...facts, organizer: organizerOf(organizerEntry), organizerEntry };
}

/** @param id Of a head: a call that came without a usable one is stored under the id that it was asked for by. */
export function isOfAnother(id: string | undefined, callId: string): boolean {
  return id !== undefined && !isSameId(id, callId);
}

/** The same but for the organizer, who is not read yet. */
export function indexedFactsOf(head: OpenBlock): IndexedFacts {
  // Members of an object that was walked as JSON of these types when it was stored.
  const { type, modalities, joinWebUrl } = JSON.parse(head.members(0, factRegions)) as Partial<
    Record<keyof Facts, unknown>
  >;
  return {
    type: typeof type === 'string' ? type : null,
    modalities: Array.isArray(modalities) ? modalities.filter((one) => typeof one === 'string') : [],
    joinWebUrl: typeof joinWebUrl === 'string' && joinWebUrl !== '' ? joinWebUrl : null,
    organizer: head.members(0, organizerRegions),
  };
}

/** @param json As of the facts above. @returns The organizer as an entry of a list has it. */
export function organizerEntryOf(json: string): unknown {
  const { organizer, organizer_v2: organizerV2 } = JSON.parse(json) as Partial<
    Record<'organizer' | 'organizer_v2', unknown>
  >;
  if (isObject(organizerV2)) return organizerV2;
  return isObject(organizer) ? { identity: organizer } : undefined;
}

/** Of several identities, the user: the others are where, and by what means, they organized it. */
function organizerOf(entry: unknown): Organizer | null {
  if (!isObject(entry) || !isObject(entry['identity'])) return null;
  const identities = Object.entries(entry['identity']).filter(([, identity]) => isObject(identity));
  const found = identities.find(([kind]) => kind === 'user') ?? identities[0];
  if (found === undefined) return null;
  const [kind, identity] = found;
  if (!isObject(identity)) return null;
  const { displayName, id } = identity;
  return {
    displayName: typeof displayName === 'string' ? displayName : null,
    id: typeof id === 'string' ? id : null,
    kind,
  };
}
