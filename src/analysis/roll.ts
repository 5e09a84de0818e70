/**
 * Determines who was in a call and when. The store decides who took part: its lists include inferred participants,
 * which are marked. Here each session is matched to people on the list, to show when and how they took part.
 */
import { type Affiliation, affiliationOf, TenantNames } from '../contract/affiliation.ts';
import { decidingFailure, distinctFailures, type SessionFailure, failureOf } from '../contract/failure.ts';
import { formatMs } from '../base/ticks.ts';
import { identityIds, personIdentity, knownOf } from './identity.ts';
import type { RecordEndpoint, InferenceSource, RecordParticipant, RecordSession } from './records.ts';
import { type TimeSpan, hullOf, unionOf } from './spans.ts';

export interface RollPerson {
  /** The position on the roll. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** The wire name: `user`, `phone`; empty when the record does not state it. */
  readonly kind: string;
  readonly affiliation: Affiliation;
  readonly tenantId: string | null;
  /** A domain of the tenant; null when no one of the tenant has a known one. */
  readonly tenantName: string | null;
  readonly userPrincipalName: string | null;
  /** The source of an inferred participant; null for one that was received. */
  readonly inferredFrom: InferenceSource | null;
  readonly joinedDateTime: string | null;
  readonly leftDateTime: string | null;
  /** Time in the call, with overlaps counted once; null when it is unknown. */
  readonly presentSeconds: number | null;
  /** When the person was in the call, ordered, with overlaps joined. */
  readonly spans: readonly TimeSpan[];
  /** The segments of the person's sessions, ordered by start; null when they were not read. */
  readonly segments: readonly TimeSpan[] | null;
  readonly platforms: readonly string[];
  /** Why the person's sessions did not end well: each reason once, causes before decisions. */
  readonly failures: readonly SessionFailure[];
}

/** A session with a reason. */
export interface EndedSession {
  /** The people at its ends who are on the roll, by index. */
  readonly people: readonly number[];
  readonly startDateTime: string | null;
  readonly failure: SessionFailure;
}

interface Entry {
  readonly index: number;
  readonly participant: RecordParticipant;
  endpoint: RecordEndpoint | undefined;
  readonly sessions: TimeSpan[];
  readonly segments: TimeSpan[];
  readonly platforms: Set<string>;
  readonly failures: SessionFailure[];
}

export class RollBuilder {
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly endedSessions: EndedSession[] = [];

  addParticipants(participants: readonly RecordParticipant[]): void {
    for (const participant of participants) {
      const entry: Entry = {
        index: this.#entries.length,
        participant,
        endpoint: undefined,
        sessions: [],
        segments: [],
        platforms: new Set(),
        failures: [],
      };
      this.#entries.push(entry);
      for (const id of [idOf(participant).toLowerCase(), ...identityIds(participant.identity)])
        if (id !== '' && !this.#byId.has(id)) this.#byId.set(id, entry);
    }
  }

  /** Call after all participants were added. */
  addSessions(sessions: readonly RecordSession[]): void {
    for (const session of sessions) {
      const caller = this.#entryOf(session.caller);
      const callee = this.#entryOf(session.callee);
      const failure = failureIn(session);
      for (const [entry, endpoint] of [
        [caller, session.caller],
        [callee, session.callee],
      ] as const)
        if (entry !== undefined && endpoint) addSession(entry, endpoint, session, failure);
      if (failure === undefined) continue;
      const people = [caller, callee].flatMap((entry) => entry?.index ?? []);
      const from = spanOf(session)[0]?.[0];
      this.endedSessions.push({ people, startDateTime: dateTimeOf(from), failure });
    }
  }

  /** Returns the index of the person at an end of a session; `undefined` when no one on the roll is there. */
  indexOf(endpoint: RecordEndpoint | null | undefined): number | undefined {
    return this.#entryOf(endpoint)?.index;
  }

  /** Returns the name of the person at an end of a session; `undefined` when no one on the roll is there. */
  nameOf(endpoint: RecordEndpoint | null | undefined): string | undefined {
    const entry = this.#entryOf(endpoint);
    return entry && (nameIn(entry) ?? idOf(entry.participant));
  }

  /** Returns the roll. @param hasSegments False when the segments of the sessions were not read. */
  people(homeTenantId: string, hasSegments = true): readonly RollPerson[] {
    const people = this.#entries.map((entry) => personOf(entry, homeTenantId, hasSegments));
    const names = new TenantNames();
    for (const { tenantId, userPrincipalName } of people) names.add(tenantId, userPrincipalName);
    return people.map((person) => ({ ...person, tenantName: names.nameOf(person.tenantId) }));
  }

  #entryOf(endpoint: RecordEndpoint | null | undefined): Entry | undefined {
    const associated = personIdentity(endpoint?.associatedIdentity)?.id?.toLowerCase() ?? [];
    const ids = identityIds(endpoint?.identity).concat(associated);
    return ids.map((id) => this.#byId.get(id)).find((entry) => entry !== undefined);
  }
}

/** Returns the failure of a session, by the store's rules for a session and its segments. */
export function failureIn({ failureInfo, segments }: RecordSession): SessionFailure | undefined {
  const received = [failureInfo, ...(segments ?? []).map((segment) => segment.failureInfo)];
  const failures = received.flatMap((one) => (typeof one === 'object' && one ? [failureOf(one)] : []));
  return failures.length === 0 ? undefined : decidingFailure(failures);
}

function addSession(
  entry: Entry,
  endpoint: RecordEndpoint,
  session: RecordSession,
  failure: SessionFailure | undefined,
): void {
  entry.endpoint ??= endpoint;
  const { platform } = endpoint.userAgent ?? {};
  if (typeof platform === 'string' && platform !== '' && platform !== 'unknown')
    entry.platforms.add(platform);
  const segments = (session.segments ?? []).flatMap(spanOf);
  entry.segments.push(...segments);
  // A session without times lasts as long as its segments.
  const own = spanOf(session);
  entry.sessions.push(...(own.length > 0 ? own : hullOf(segments)));
  if (failure !== undefined) entry.failures.push(failure);
}

function spanOf({
  startDateTime,
  endDateTime,
}: Pick<RecordSession, 'startDateTime' | 'endDateTime'>): readonly TimeSpan[] {
  if (typeof startDateTime !== 'string' || typeof endDateTime !== 'string') return [];
  const [from, to] = [Date.parse(startDateTime), Date.parse(endDateTime)];
  return from <= to ? [[from, to]] : [];
}

function dateTimeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : formatMs(ms);
}

function personOf(entry: Entry, homeTenantId: string, hasSegments: boolean): RollPerson {
  const { index, participant, endpoint, segments } = entry;
  const known = knownOf(participant.identity) ?? knownOf(endpoint?.identity);
  const more = personIdentity(endpoint?.associatedIdentity);
  const tenantId = known?.identity.tenantId ?? more?.tenantId ?? null;
  const userPrincipalName = known?.identity.userPrincipalName ?? more?.userPrincipalName ?? null;
  const received = knownOf(participant.identity) === undefined ? endpoint?.identity : participant.identity;
  const identities = { ...received, [known?.kind ?? 'user']: { ...known?.identity, tenantId } };
  const spans = unionOf(entry.sessions);
  return {
    index,
    id: idOf(participant),
    name: nameIn(entry) ?? (idOf(participant) || 'Unnamed'),
    kind: known?.kind ?? '',
    affiliation: affiliationOf(identities, homeTenantId, userPrincipalName),
    tenantId,
    tenantName: null,
    userPrincipalName,
    inferredFrom: participant['@rollcall.source'] ?? null,
    joinedDateTime: dateTimeOf(spans[0]?.[0]),
    leftDateTime: dateTimeOf(spans.at(-1)?.[1]),
    presentSeconds:
      spans.length === 0 ? null : Math.round(spans.reduce((sum, [from, to]) => sum + to - from, 0) / 1000),
    spans,
    segments: hasSegments ? segments.toSorted((a, b) => a[0] - b[0]) : null,
    platforms: [...entry.platforms],
    failures: distinctFailures(entry.failures),
  };
}

/** Returns the id of a participant; empty when it has none that is text. */
function idOf({ id }: RecordParticipant): string {
  return typeof id === 'string' ? id : '';
}

function nameIn({ participant, endpoint }: Entry): string | undefined {
  const listed = knownOf(participant.identity)?.identity.displayName;
  const shown =
    knownOf(endpoint?.identity)?.identity.displayName ??
    personIdentity(endpoint?.associatedIdentity)?.displayName;
  return listed ?? shown ?? undefined;
}
