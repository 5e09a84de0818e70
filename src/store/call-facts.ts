/** What of a call's own members is told of it when it is found. */
import { type Block, blockText, readLayout } from '../text/block.ts';
import { storedTypes } from '../text/stored-types.ts';
import { isObject } from './people.ts';
import type { FoundCall, Organizer } from './search.ts';

export interface CallFacts extends Pick<FoundCall, 'type' | 'modalities' | 'joinWebUrl' | 'organizer'> {
  /** The organizer as an entry of a list has it; `undefined` when the call has none. */
  readonly organizerEntry: unknown;
}

const names = ['type', 'modalities', 'joinWebUrl', 'organizer', 'organizer_v2'] as const;
/** Regions of a callRecord in stored form: annotations come before the first property. */
const regions = names.map((name) => storedTypes.callRecord.members.byName.get(name)!.index + 1);

/** @param head A block of one callRecord. */
export function factsOf(head: Block): CallFacts {
  const text = blockText(head);
  const { regionEnds } = readLayout(head);
  const members = regions
    .map((region) => text.toString('utf8', regionEnds[region - 1]! + 1, regionEnds[region]))
    .filter((member) => member !== '');
  // Members of an object that was walked as JSON of these types when it was stored.
  const record = JSON.parse(`{${members.join()}}`) as Partial<Record<(typeof names)[number], unknown>>;
  const { type, modalities, joinWebUrl } = record;
  const organizerEntry = isObject(record.organizer_v2)
    ? record.organizer_v2
    : isObject(record.organizer)
      ? { identity: record.organizer }
      : undefined;
  return {
    type: typeof type === 'string' ? type : null,
    modalities: Array.isArray(modalities) ? modalities.filter((one) => typeof one === 'string') : [],
    joinWebUrl: typeof joinWebUrl === 'string' && joinWebUrl !== '' ? joinWebUrl : null,
    organizer: organizerOf(organizerEntry),
    organizerEntry,
  };
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
