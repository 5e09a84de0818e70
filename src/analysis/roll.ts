/**
 * Determines who was in a call and when. The store decides who took part: its lists include inferred participants,
 * which are marked. Here each session is matched to people on the list, to show when and how they took part.
 */
import { type Affiliation, affiliationOf, guestDomainOf, TenantNames } from '../contract/affiliation.ts';
import { decidingFailure, distinctFailures, type SessionFailure, failureOf } from '../contract/failure.ts';
import { type IdentitySet, identityIds, knownOf, personIdentity } from './identity.ts';
import type { RecordEndpoint, InferenceSource, RecordParticipant, RecordSession } from './records.ts';
import { type TimeSpan, hullOf, receivedSpan, unionOf } from './spans.ts';

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
      const from = receivedSpan(session)?.[0];
      this.endedSessions.push({ people, startDateTime: dateTimeOf(from), failure });
    }
  }

  /** Returns the index of the person at an end of a session; `undefined` when no one on the roll is there. */
  indexOf(endpoint: RecordEndpoint | null | undefined): number | undefined {
    return this.#entryOf(endpoint)?.index;
  }

  /** Returns the roll. @param hasSegments False when the segments of the sessions were not read. */
  people(homeTenantId: string, hasSegments = true): readonly RollPerson[] {
    const named = this.#entries.map((entry) => ({ entry, naming: namingOf(entry) }));
    const names = new TenantNames();
    for (const { naming } of named) names.add(naming.tenantId, naming.userPrincipalName);
    const nameOf = remembered((tenantId) => names.nameOf(tenantId));
    return named.map(({ entry, naming }) => personOf(entry, naming, { homeTenantId, hasSegments, nameOf }));
  }

  #entryOf(endpoint: RecordEndpoint | null | undefined): Entry | undefined {
    if (!endpoint) return undefined;
    for (const id of identityIds(endpoint.identity)) {
      const entry = this.#byId.get(id);
      if (entry !== undefined) return entry;
    }
    const associated = personIdentity(endpoint.associatedIdentity)?.id?.toLowerCase();
    return associated === undefined ? undefined : this.#byId.get(associated);
  }
}

/** Returns the failure of a session, by the store's rules for a session and its segments. */
export function failureIn({ failureInfo, segments }: RecordSession): SessionFailure | undefined {
  if (!failureInfo && !segments) return undefined;
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
  const segments = spansIn(session.segments);
  entry.segments.push(...segments);
  // A session without times lasts as long as its segments.
  const own = receivedSpan(session);
  entry.sessions.push(...(own === undefined ? hullOf(segments) : [own]));
  if (failure !== undefined) entry.failures.push(failure);
}

function spansIn(segments: RecordSession['segments']): readonly TimeSpan[] {
  return (segments ?? []).flatMap((segment) => {
    const span = receivedSpan(segment);
    return span === undefined ? [] : [span];
  });
}

function dateTimeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** What the identities of a person say. */
interface Naming {
  readonly kind: string;
  readonly name: string | null;
  readonly tenantId: string | null;
  readonly userPrincipalName: string | null;
  /** The set of the identities that were received. */
  readonly identities: IdentitySet;
}

/** Reads the identities on the list first, then those at the ends of sessions. */
function namingOf({ participant, endpoint }: Entry): Naming {
  const listed = knownOf(participant.identity);
  const shown = knownOf(endpoint?.identity);
  const known = listed ?? shown;
  const associated = personIdentity(endpoint?.associatedIdentity);
  const kind = known?.kind ?? '';
  const tenantId = known?.identity.tenantId ?? associated?.tenantId ?? null;
  const set = listed === undefined ? endpoint?.identity : participant.identity;
  return {
    kind,
    name: listed?.identity.displayName ?? shown?.identity.displayName ?? associated?.displayName ?? null,
    tenantId,
    userPrincipalName: known?.identity.userPrincipalName ?? associated?.userPrincipalName ?? null,
    identities:
      tenantId === (known?.identity.tenantId ?? null)
        ? (set ?? {})
        : { ...set, [kind || 'user']: { ...known?.identity, tenantId } },
  };
}

interface PersonContext {
  readonly homeTenantId: string;
  readonly hasSegments: boolean;
  readonly nameOf: (tenantId: string) => string | null;
}

function personOf(entry: Entry, naming: Naming, context: PersonContext): RollPerson {
  const { index, participant, segments } = entry;
  const { kind, name, tenantId, userPrincipalName, identities } = naming;
  const spans = unionOf(entry.sessions);
  return {
    index,
    id: idOf(participant),
    name: name ?? (idOf(participant) || 'Unnamed'),
    kind,
    affiliation: affiliationOf(identities, context.homeTenantId, userPrincipalName),
    tenantId,
    // A guest account has the id of the tenant it visits.
    tenantName: guestDomainOf(userPrincipalName) ?? (tenantId === null ? null : context.nameOf(tenantId)),
    userPrincipalName,
    inferredFrom: participant['@rollcall.source'] ?? null,
    joinedDateTime: dateTimeOf(spans[0]?.[0]),
    leftDateTime: dateTimeOf(spans.at(-1)?.[1]),
    presentSeconds:
      spans.length === 0 ? null : Math.round(spans.reduce((sum, [from, to]) => sum + to - from, 0) / 1000),
    spans,
    segments: context.hasSegments ? segments.sort((a, b) => a[0] - b[0]) : null,
    platforms: [...entry.platforms],
    failures: distinctFailures(entry.failures),
  };
}

/** Returns a function that computes each result once: tenants are few, people many. */
function remembered<T>(compute: (key: string) => T): (key: string) => T {
  const results = new Map<string, T>();
  return (key) => {
    let result = results.get(key);
    if (result === undefined) results.set(key, (result = compute(key)));
    return result;
  };
}

/** Returns the id of a participant; empty when it has none that is text. */
function idOf({ id }: RecordParticipant): string {
  return typeof id === 'string' ? id : '';
}
