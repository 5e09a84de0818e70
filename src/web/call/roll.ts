/**
 * Determines who was in a call and when. The server decides who took part: its list includes inferred participants,
 * which are marked. Here each session is matched to people on the list, to show when and how they took part.
 */
import { decidingFailure, distinctFailures, type SessionFailure, failureOf } from '../../contract/failure.ts';
import type { RecordEndpoint, InferenceSource, RecordParticipant, RecordSession } from './records.ts';
import { type PersonIdentity, identityIds, kindName, knownOf } from './identity.ts';
import { type Stream, streamsOf } from './streams.ts';

/** In milliseconds. */
export interface Presence {
  readonly from: number;
  readonly to: number;
}

export interface RollPerson {
  /** The position on the roll. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly tenantId: string | undefined;
  readonly userPrincipalName: string | undefined;
  /** The source of an inferred participant; absent for one that was received. */
  readonly inferredFrom: InferenceSource | undefined;
  /** Ordered by start. */
  readonly sessions: readonly Presence[];
  readonly segments: readonly Presence[];
  readonly joined: number | undefined;
  readonly left: number | undefined;
  /** Time in the call, with overlaps counted once. */
  readonly presentMs: number;
  readonly platforms: readonly string[];
  /** Why the person's sessions did not end well: each reason once, causes before decisions. */
  readonly failures: readonly SessionFailure[];
}

/** A session with a reason. */
export interface EndedSession {
  /** Names of the people at its ends who are on the roll. */
  readonly people: readonly string[];
  readonly from: number | undefined;
  readonly failure: SessionFailure;
}

interface Entry {
  readonly participant: RecordParticipant;
  endpoint: RecordEndpoint | undefined;
  readonly sessions: Presence[];
  readonly segments: Presence[];
  readonly platforms: Set<string>;
  readonly failures: SessionFailure[];
}

export class Roll {
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly streams: Stream[] = [];
  sessionCount = 0;
  readonly endedSessions: EndedSession[] = [];

  get size(): number {
    return this.#entries.length;
  }

  addParticipants(participants: readonly RecordParticipant[]): void {
    for (const participant of participants) {
      const entry: Entry = {
        participant,
        endpoint: undefined,
        sessions: [],
        segments: [],
        platforms: new Set(),
        failures: [],
      };
      this.#entries.push(entry);
      for (const id of [participant.id.toLowerCase(), ...identityIds(participant.identity)])
        if (!this.#byId.has(id)) this.#byId.set(id, entry);
    }
  }

  /** Call after all participants were added. */
  addSessions(sessions: readonly RecordSession[]): void {
    for (const session of sessions) {
      this.sessionCount++;
      const caller = this.#entryOf(session.caller);
      const callee = this.#entryOf(session.callee);
      const failure = failureIn(session);
      for (const [entry, endpoint] of [
        [caller, session.caller],
        [callee, session.callee],
      ] as const)
        if (entry !== undefined && endpoint) addSession(entry, endpoint, session, failure);
      const nameOf = (entry: Entry | undefined) => entry && (nameIn(entry) ?? entry.participant.id);
      if (failure !== undefined) {
        const people = [caller, callee].flatMap((entry) => nameOf(entry) ?? []);
        this.endedSessions.push({ people, from: presenceOf(session)[0]?.from, failure });
      }
      this.streams.push(...streamsOf(session, nameOf(caller), nameOf(callee)));
    }
  }

  people(): readonly RollPerson[] {
    return this.#entries.map(personOf);
  }

  #entryOf(endpoint: RecordEndpoint | null | undefined): Entry | undefined {
    const associated = endpoint?.associatedIdentity?.id?.toLowerCase();
    const ids = [...identityIds(endpoint?.identity), ...(associated === undefined ? [] : [associated])];
    return ids.map((id) => this.#byId.get(id)).find((entry) => entry !== undefined);
  }
}

/** Returns the failure of a session, by the server's rules for a session and its segments. */
function failureIn({ failureInfo, segments }: RecordSession): SessionFailure | undefined {
  const received = [failureInfo, ...(segments ?? []).map((segment) => segment.failureInfo)];
  const failures = received.flatMap((one) => (one ? [failureOf(one)] : []));
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
  if (typeof platform === 'string' && platform !== 'unknown') entry.platforms.add(platform);
  const segments = (session.segments ?? []).flatMap(presenceOf);
  entry.segments.push(...segments);
  // A session without times lasts as long as its segments.
  entry.sessions.push(...(presenceOf(session).length > 0 ? presenceOf(session) : hull(segments)));
  if (failure !== undefined) entry.failures.push(failure);
}

function presenceOf({
  startDateTime,
  endDateTime,
}: Pick<RecordSession, 'startDateTime' | 'endDateTime'>): readonly Presence[] {
  if (!startDateTime || !endDateTime) return [];
  const [from, to] = [Date.parse(startDateTime), Date.parse(endDateTime)];
  return from <= to ? [{ from, to }] : [];
}

function hull(spans: readonly Presence[]): readonly Presence[] {
  if (spans.length === 0) return [];
  return [{ from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) }];
}

function personOf(entry: Entry, index: number): RollPerson {
  const { participant, endpoint } = entry;
  const known = knownOf(participant.identity) ?? knownOf(endpoint?.identity);
  const more: PersonIdentity = endpoint?.associatedIdentity ?? {};
  const sessions = entry.sessions.toSorted((a, b) => a.from - b.from);
  const segments = entry.segments.toSorted((a, b) => a.from - b.from);
  const union = unionOf(sessions);
  return {
    index,
    id: participant.id,
    name: nameIn(entry) ?? (participant.id || 'Unnamed'),
    kind: known === undefined ? 'Unknown' : kindName(known.kind),
    tenantId: known?.identity.tenantId ?? more.tenantId ?? undefined,
    userPrincipalName: known?.identity.userPrincipalName ?? more.userPrincipalName ?? undefined,
    inferredFrom: participant['@rollcall.source'],
    sessions,
    segments,
    joined: union[0]?.from,
    left: union.at(-1)?.to,
    presentMs: union.reduce((sum, { from, to }) => sum + to - from, 0),
    platforms: [...entry.platforms],
    failures: distinctFailures(entry.failures),
  };
}

function nameIn({ participant, endpoint }: Entry): string | undefined {
  const listed = knownOf(participant.identity)?.identity.displayName;
  const shown =
    knownOf(endpoint?.identity)?.identity.displayName ?? endpoint?.associatedIdentity?.displayName;
  return listed ?? shown ?? undefined;
}

/** Joins overlapping spans. @param spans Ordered by start. */
export function unionOf(spans: readonly Presence[]): readonly Presence[] {
  const union: Presence[] = [];
  for (const span of spans) {
    const last = union.at(-1);
    if (last !== undefined && span.from <= last.to)
      union[union.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else union.push(span);
  }
  return union;
}
