/**
 * Looks up the people that a list of calls shows for each call: those that a search matched, and whom they met.
 *
 * The index knows that a person matches, not which, so blocks of participants are read: a call's first ones, and further
 * ones until each searched person is found. What is read for a page is bounded.
 */
import {
  type Affiliation,
  affiliationOf,
  guestDomainOf,
  tenantIdOf,
  TenantNames,
} from '../contract/affiliation.ts';
import type { FoldedRange } from '../wire/text/folded-ranges.ts';
import { type EntryReader, entryBlocks } from './call-entries.ts';
import { factsOf } from './call-facts.ts';
import { conditionsOf, isThatCall, type PersonCondition } from './call-search.ts';
import type { Edition } from './edition.ts';
import { addressesOf, identitySetOf, shownIdentityOf } from './entry-identity.ts';
import { type IndexedPerson, personOf } from './people.ts';
import { matchOf, type PersonMatch } from './person-match.ts';
import type { CallSearch, FoundCall } from './search.ts';
import type { CallRecordStore } from './store.ts';
import { unlessDamagedLater } from './store-errors.ts';
import { isSamePerson } from './two-people.ts';

interface ShownPerson {
  readonly name: string | null;
  readonly id: string | null;
  /** Member of the identity set: `user`, `phone`. */
  readonly kind: string;
  readonly affiliation: Affiliation;
  /** A domain of the person's tenant. */
  readonly tenantName: string | null;
  /** False for an organizer who did not take part. */
  readonly isParticipant: boolean;
  readonly matchedBy: PersonMatch['by'] | null;
  /** The text as received in which the match lies. */
  readonly matchedIn: string | null;
  /** Where the search stands in that text. */
  readonly matchedText: readonly FoldedRange[];
}

export interface CallPeople {
  /** Null when the call has too many people to look them up. */
  readonly matched: readonly ShownPerson[] | null;
  readonly others: readonly ShownPerson[];
  /** Participants that are in neither list. */
  readonly more: number;
}

const mostMatched = 5;
const mostOthers = 2;
/** Blocks of each call that are read in any case. */
const firstBlocks = 3;
/** Bytes of further blocks that are read for one page: a call of 20,000 people has about half as many. */
const furtherBytes = 16 * 2 ** 20;
/** Calls that are looked up concurrently, where the store answers over a network. */
const width = 8;

type Reader = EntryReader & Pick<CallRecordStore, 'head'>;

/** Returns the people of each call, in order. @param editions Newest editions of the calls */
export async function peopleOfCalls(
  reader: Reader,
  search: CallSearch,
  calls: readonly FoundCall[],
  editions: readonly Edition[],
): Promise<readonly CallPeople[]> {
  const { people: conditions } = conditionsOf(search);
  const byId = new Map(editions.map((edition) => [edition.callId, edition]));
  const budget = { bytes: furtherBytes };
  const shown: CallPeople[] = [];
  for (let at = 0; at < calls.length; at += width) {
    const some = calls.slice(at, at + width).map(async (call) => {
      const edition = byId.get(call.callId);
      const own = conditions.filter(({ orCall }) => orCall === undefined || !isThatCall(call, orCall));
      const people = edition && (await unlessDamagedLater(() => peopleOf(reader, edition, own, budget)));
      return people ?? { matched: null, others: [], more: call.participants };
    });
    shown.push(...(await Promise.all(some)));
  }
  return shown;
}

/** A person in a call. */
interface Read {
  readonly entry: unknown;
  readonly person: IndexedPerson;
}

interface Matching extends Read {
  readonly match: PersonMatch;
  /** Place of the first condition that the person meets. */
  readonly condition: number;
  readonly isParticipant: boolean;
}

async function peopleOf(
  reader: Reader,
  edition: Edition,
  conditions: readonly PersonCondition[],
  budget: { bytes: number },
): Promise<CallPeople> {
  const { organizerEntry } = factsOf(await reader.head(edition), edition.callId);
  const organizer = organizerEntry === undefined ? undefined : readOf(organizerEntry);
  const isOrganizer = ({ person }: Read) => organizer !== undefined && isSamePerson(person, organizer.person);
  const matched: Matching[] = [];
  let others: Read[] = [];
  const names = new TenantNames();
  const open = new Set(conditions.keys());
  let isOrganizerIn = false;
  let isCut = false;
  let read = 0;

  const add = (one: Read, isParticipant: boolean): boolean => {
    let first: Pick<Matching, 'match' | 'condition'> | undefined;
    let isNeeded = false;
    for (const [condition, { wanted, whom }] of conditions.entries()) {
      if (whom === 'organizer' && !isOrganizer(one)) continue;
      const match = matchOf(one.entry, one.person, wanted);
      if (match === undefined) continue;
      first ??= { match, condition };
      isNeeded ||= open.delete(condition);
    }
    if (first !== undefined && (isNeeded || matched.length < mostMatched))
      matched.push({ ...one, ...first, isParticipant });
    return first !== undefined;
  };

  for await (const { entries, bytes } of entryBlocks(reader, edition)) {
    const isFurther = ++read > firstBlocks;
    if (isFurther) {
      if (open.size === 0) break;
      isCut = budget.bytes <= 0;
      if (isCut) break;
      budget.bytes -= bytes;
    }
    for (const entry of entries) {
      const one = readOf(entry);
      isOrganizerIn ||= isOrganizer(one);
      const isMatch = add(one, true);
      if (isFurther && !isMatch) continue;
      if (!isMatch) others.push(one);
      for (const address of addressesOf(entry)) names.add(tenantIdOf(identitySetOf(entry)), address);
    }
  }
  // A call is found by its organizer, even if the organizer did not take part.
  if (organizer !== undefined && open.size > 0 && add(organizer, isOrganizerIn))
    others = others.filter((one) => !isOrganizer(one));
  const { tenantId: home, participants, found } = edition;
  const shownOthers = mostTelling(others, isOrganizer, home);
  const shownCount = matched.filter(({ isParticipant }) => isParticipant).length + shownOthers.length;
  return {
    matched:
      isCut && matched.length === 0
        ? null
        : matched
            .sort((a, b) => a.condition - b.condition)
            .map((one) => personIn(one.entry, home, names, one)),
    others: shownOthers.map(({ entry }) => personIn(entry, home, names)),
    more: Math.max(0, (participants?.count ?? 0) + (found?.count ?? 0) - shownCount),
  };
}

function readOf(entry: unknown): Read {
  return { entry, person: personOf(entry) };
}

/** Returns the people to show besides: the organizer, then people from outside, and services last. */
function mostTelling(
  others: readonly Read[],
  isOrganizer: (one: Read) => boolean,
  home: string,
): readonly Read[] {
  const ranks: Readonly<Record<Affiliation, number>> = {
    external: 1,
    internal: 2,
    unknown: 2,
    phone: 2,
    service: 3,
  };
  const rank = (one: Read) => (isOrganizer(one) ? 0 : ranks[affiliationOf(identitySetOf(one.entry), home)]);
  return others
    .map((one) => ({ one, at: rank(one) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, mostOthers)
    .map(({ one }) => one);
}

function personIn(
  entry: unknown,
  home: string,
  names: TenantNames,
  found?: Pick<Matching, 'match' | 'isParticipant'>,
): ShownPerson {
  const set = identitySetOf(entry);
  const { name = null, id = null, kind = 'unknown' } = shownIdentityOf(entry) ?? {};
  return {
    ...{ name, id, kind, affiliation: affiliationOf(set, home) },
    // A guest account has the id of the tenant it visits.
    tenantName:
      addressesOf(entry)
        .map(guestDomainOf)
        .find((one) => one !== undefined) ?? names.nameOf(tenantIdOf(set)),
    isParticipant: found?.isParticipant ?? true,
    matchedBy: found?.match.by ?? null,
    matchedIn: found?.match.text ?? null,
    matchedText: found?.match.ranges ?? [],
  };
}
