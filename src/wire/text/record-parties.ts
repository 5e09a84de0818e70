/**
 * Returns the people whom a callRecord itself names: its legacy `participants`, which Graph cuts at 130, and its
 * organizer (docs/decisions/0037-a-list-that-was-not-received.md).
 */
import type { Block } from './block.ts';
import { blockText, readLayout } from './block-text.ts';
import {
  identitiesIn,
  type Identities,
  type IdentityText,
  idsIn,
  type InferredFrom,
  membersIn,
} from './identity-texts.ts';
import { stringMember } from './members.ts';
import { Scanner } from './scanner.ts';
import { storedTypes } from './stored-types.ts';

/** A person with an id; people without one cannot be distinguished. */
interface NamedParty {
  readonly from: Exclude<InferredFrom, 'sessions'>;
  /** Ids of its identities, of any kind; the first is the participant's. */
  readonly ids: readonly string[];
  readonly identities: Identities;
  /** Text of the organizer's `administrativeUnitInfos`. */
  readonly units?: string | undefined;
}

const { byName } = storedTypes.callRecord.members;
/** Regions of a callRecord in stored form: annotations come before the first property. */
const regionOf = (name: string) => byName.get(name)!.index + 1;
const participants = regionOf('participants');
const organizer = regionOf('organizer');
const organizerV2 = regionOf('organizer_v2');

/**
 * Yields the people with an id.
 *
 * @param head A block of one callRecord.
 */
export function* namedParties(head: Block): Generator<NamedParty> {
  const { regionEnds } = readLayout(head);
  const text = blockText(head);
  const valueOf = (region: number) => {
    const member = text.subarray(regionEnds[region - 1]! + 1, regionEnds[region]);
    return member.subarray(member.indexOf(0x3a) + 1); // none of these names has a colon
  };
  for (const set of identitySets(valueOf(participants))) {
    const party = partyOf('participants', identitiesIn(set));
    if (party !== undefined) yield party;
  }
  const byOrganizer =
    organizerParty(valueOf(organizerV2)) ?? partyOf('organizer', identitiesIn(valueOf(organizer)));
  if (byOrganizer !== undefined) yield byOrganizer;
}

function* identitySets(list: Buffer): Generator<Buffer> {
  if (list[0] !== 0x5b) return;
  const scanner = new Scanner(list);
  const sets: Buffer[] = [];
  scanner.array(() => {
    scanner.peek();
    const start = scanner.pos;
    scanner.value(undefined);
    sets.push(list.subarray(start, scanner.pos));
  });
  yield* sets;
}

function organizerParty(text: Buffer): NamedParty | undefined {
  if (text[0] !== 0x7b) return undefined;
  const members = membersIn(text);
  const valueOf = (name: string) => {
    const member = members.find((one) => one.name === name);
    return member && text.subarray(member.valueStart, member.end);
  };
  const set = identitiesIn(valueOf('identity') ?? nothing);
  const units = valueOf('administrativeUnitInfos');
  return partyOf(
    'organizer',
    set,
    stringMember(text, members, 'id'),
    units?.[0] === 0x5b ? units : undefined,
  );
}

const nothing = Buffer.alloc(0);

function partyOf(
  from: NamedParty['from'],
  set: readonly IdentityText[],
  own = '',
  units?: Buffer,
): NamedParty | undefined {
  const ids = [...new Set([...(own === '' ? [] : [own]), ...idsIn(set)])];
  if (ids.length === 0) return undefined;
  return { from, ids, identities: new Map(set.map((one) => [one.kind, one])), units: units?.toString() };
}
