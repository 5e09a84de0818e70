/** Implements the oracle's search, which examines every participant of every call. */
import { affiliationOf } from '../../../src/contract/affiliation.ts';
import { outcomes } from '../../../src/contract/call-outcome.ts';
import { reasonKinds } from '../../../src/contract/failure.ts';
import { isSameId } from '../../../src/contract/ids.ts';
import type { Block } from '../../../src/wire/text/block.ts';
import { blockText } from '../../../src/wire/text/block-text.ts';
import { noSessions, storedHealth } from '../../../src/wire/text/session-health.ts';
import { factsOf } from '../../../src/store/call-facts.ts';
import {
  conditionsOf,
  meetsFacts,
  meetsPair,
  meetsPerson,
  newestFirst,
  type People,
} from '../../../src/store/call-search.ts';
import { personOf } from '../../../src/store/people.ts';
import {
  type CallSearch,
  type DayCounts,
  dayOf,
  type FoundCall,
  type SearchStore,
  sizeBucket,
  sizeBuckets,
} from '../../../src/store/search.ts';
import type { Edition } from '../../../src/store/edition.ts';

interface OracleCall {
  readonly edition: Edition;
  readonly head: Block;
  readonly participants: readonly Block[];
  readonly found: readonly Block[];
  readonly sessions: readonly Block[];
  readonly segments: readonly Block[];
}

/** Creates the search. @param newest Returns the newest edition of each call of a tenant. */
export function oracleSearch(newest: (tenantId: string) => readonly OracleCall[]): SearchStore {
  /** What was read of an edition, which never changes. */
  const known = new WeakMap<Edition, Searched | undefined>();
  const read = (call: OracleCall) => {
    if (!known.has(call.edition)) known.set(call.edition, searchedOf(call));
    return known.get(call.edition) ?? [];
  };
  const all = (tenantId: string) => newest(tenantId).flatMap(read);
  return {
    find(tenantId, search, after, limit) {
      const conditions = conditionsOf(search);
      const calls = all(tenantId)
        .filter((searched) => meetsTenant(searched, search))
        .filter(
          ({ call, people }) =>
            meetsFacts(call, conditions) &&
            conditions.people.every((condition) => meetsPerson(call, people, condition)) &&
            (conditions.pair === undefined || meetsPair(people, conditions.pair)) &&
            (after === undefined || newestFirst(after, call) < 0),
        )
        .map(({ call }) => call)
        .sort(newestFirst);
      return { calls: calls.slice(0, limit), next: calls.length > limit ? calls[limit - 1] : undefined };
    },
    call: (tenantId, callId) => all(tenantId).find(({ call }) => isSameId(call.callId, callId))?.call,
    days(tenantId, from, before) {
      const days = Map.groupBy(all(tenantId), ({ call }) => dayOf(call.startTicks));
      return [...days]
        .filter(([day]) => day >= from && day < before)
        .sort(([a], [b]) => a - b)
        .map(([day, calls]) =>
          countsOf(
            day,
            calls.map(({ call }) => call),
          ),
        );
    },
    catchUp: () => 0,
  };
}

function countsOf(day: number, calls: readonly FoundCall[]): DayCounts {
  return {
    day,
    calls: calls.length,
    participants: calls.reduce((sum, { participants }) => sum + participants, 0),
    outcomes: outcomes.map((one) => calls.filter(({ outcome }) => outcome === one).length),
    reasons: reasonKinds.map((kind) => calls.filter(({ reasons }) => reasons.includes(kind)).length),
    poor: calls.filter(({ poor }) => poor).length,
    sizes: sizeBuckets.map(
      (_, bucket) => calls.filter(({ participants }) => sizeBucket(participants) === bucket).length,
    ),
  };
}

type Identity = Readonly<Record<string, unknown>> | null;
interface Entry {
  readonly identity?: Readonly<Record<string, Identity>> | null;
}
interface Searched {
  readonly call: FoundCall;
  readonly people: People;
  /** Identity sets of everybody, the organizer included. */
  readonly sets: readonly Readonly<Record<string, Identity>>[];
}

/** Returns true when an identity of a person meets the search for a tenant or a domain. */
function meetsTenant({ sets }: Searched, { tenant, domain }: CallSearch): boolean {
  const identities = sets.flatMap((set) => Object.values(set)).filter((identity) => identity !== null);
  const addresses = identities.flatMap(({ userPrincipalName, email }) => [userPrincipalName, email]);
  const isDomain = (address: unknown) =>
    typeof address === 'string' &&
    (address.toLowerCase().includes('#ext#')
      ? address.toLowerCase().includes(`_${domain!.toLowerCase()}#ext#`)
      : address.toLowerCase().endsWith(`@${domain!.toLowerCase()}`));
  return (
    (tenant === undefined ||
      identities.some(({ tenantId }) => String(tenantId).toLowerCase() === tenant.toLowerCase())) &&
    (domain === undefined || addresses.some(isDomain))
  );
}

function searchedOf({
  edition,
  head,
  participants,
  found,
  sessions,
  segments,
}: OracleCall): Searched | undefined {
  const { startTicks } = edition;
  if (startTicks === undefined) return undefined;
  const { organizerEntry, ...facts } = factsOf(head, edition.callId);
  const entries = [...participants, ...found].flatMap(
    (block) => JSON.parse(`[${blockText(block).toString()}]`) as unknown[],
  );
  const count = (wanted: string) =>
    entries.filter((entry) => affiliationOf((entry as Entry).identity, edition.tenantId) === wanted).length;
  const affiliations = { external: count('external'), unknown: count('unknown') };
  return {
    call: {
      ...facts,
      callId: edition.callId,
      call: edition.call,
      version: edition.version,
      startTicks,
      endTicks: edition.endTicks,
      participants: entries.length,
      sessions: edition.sessions?.count ?? 0,
      incomplete: edition.lacking.length > 0,
      ...{ external: affiliations.external, unknown: affiliations.unknown },
      isRollComplete: edition.participants?.complete === true,
      ...(edition.sessions === undefined ? noSessions : storedHealth(sessions, segments)),
    },
    people: { participants: entries.map(personOf), organizer: personOf(organizerEntry) },
    sets: [...entries, organizerEntry].map((entry) => (entry as Entry | undefined)?.identity ?? {}),
  };
}
