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
  /** The organizer in the form of a list entry; `undefined` when the call has none. */
  readonly organizerEntry: unknown;
}

interface IndexedFacts extends Facts {
  /** JSON of an object with the members that identify the organizer; a caller parses each distinct text once. */
  readonly organizer: string;
}

/** Regions of a callRecord in stored form: annotations come before the first property. */
const regionOf = (name: string) => storedTypes.callRecord.members.byName.get(name)!.index + 1;
const factRegions = ['type', 'modalities', 'joinWebUrl'].map(regionOf);
const organizerRegions = ['organizer', 'organizer_v2'].map(regionOf);

/**
 * Returns the facts of a call from its head.
 *
 * @param head A block of one callRecord.
 * @param callId The id in the row of the head, for the error: the row may be damaged where the head is not.
 * @throws CallDamaged
 */
export function factsOf(head: Block, callId: string): CallFacts {
  const open = new OpenBlock(head);
  if (isOfAnother(open.ids[0], callId)) throw new CallDamaged(callId);
  const { organizer, ...facts } = indexedFactsOf(open);
  const organizerEntry = organizerEntryOf(organizer);
  return { ...facts, organizer: organizerOf(organizerEntry), organizerEntry };
}

/**
 * Returns true when the id in a head belongs to another call.
 *
 * @param id The id in the head: a call received without a usable id is stored under the id it was requested by.
 */
export function isOfAnother(id: string | undefined, callId: string): boolean {
  return id !== undefined && !isSameId(id, callId);
}

/** Returns the facts that the search index needs: the same, without the parsed organizer. */
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

/**
 * Parses the organizer.
 *
 * @param json `organizer` of the facts above.
 * @returns The organizer in the form of a list entry.
 */
export function organizerEntryOf(json: string): unknown {
  const { organizer, organizer_v2: organizerV2 } = JSON.parse(json) as Partial<
    Record<'organizer' | 'organizer_v2', unknown>
  >;
  if (isObject(organizerV2)) return organizerV2;
  return isObject(organizer) ? { identity: organizer } : undefined;
}

/** Returns the user among several identities, or else the first: other identities are what the user organized with. */
function organizerOf(entry: unknown): Organizer | null {
  if (!isObject(entry) || !isObject(entry['identity'])) return null;
  const identities = Object.entries(entry['identity']).filter(([, identity]) => isObject(identity));
  const found = identities.find(([kind]) => kind === 'user') ?? identities[0];
  if (found === undefined) return null;
  const [kind, identity] = found;
  if (!isObject(identity)) return null;
  const { displayName, id, userPrincipalName } = identity;
  return {
    displayName: typeof displayName === 'string' ? displayName : null,
    id: typeof id === 'string' ? id : null,
    userPrincipalName: typeof userPrincipalName === 'string' ? userPrincipalName : null,
    kind,
  };
}
