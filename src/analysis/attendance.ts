/** Builds how a person took part in a call from the sessions of the call. */
import { classifyStream } from '../contract/call-quality.ts';
import { distinctFailures, isUnanswered, type SessionFailure, unansweredKinds } from '../contract/failure.ts';
import type { FoundCall } from '../store/search.ts';
import type {
  ActivityPerson,
  CallAttendance,
  CallSide,
  MatchCertainty,
  MediaVerdict,
  PersonOutcome,
} from './activity.ts';
import { sharedSpans, type TimeSpan, unionOf } from './spans.ts';
import type { RecordSession } from './records.ts';
import { type RollBuilder, type RollPerson, failureIn } from './roll.ts';

export class AttendanceBuilder {
  readonly #call: FoundCall;
  readonly #roll: RollBuilder;
  readonly #matched: ReadonlyMap<number, MatchCertainty>;
  readonly #sides = new Set<'caller' | 'callee'>();
  readonly #failures: SessionFailure[] = [];
  readonly #verdicts = new Set<MediaVerdict>();
  #connected = 0;
  #sessions = 0;

  /** @param matched The positions of the person on the roll, which has all participants already. */
  constructor(call: FoundCall, roll: RollBuilder, matched: ReadonlyMap<number, MatchCertainty>) {
    this.#call = call;
    this.#roll = roll;
    this.#matched = matched;
  }

  /** Returns true for a session of the person, and for one whose times are those of its segments. */
  needsSegments(session: RecordSession): boolean {
    return this.#sidesOf(session).length > 0 || !session.startDateTime || !session.endDateTime;
  }

  add(session: RecordSession): void {
    const failure = failureIn(session);
    const isConnected = connects(failure);
    // A session that connected nobody names people, but is no time in the call.
    this.#roll.addSessions([
      isConnected ? session : { ...session, startDateTime: null, endDateTime: null, segments: [] },
    ]);
    const sides = this.#sidesOf(session);
    if (sides.length === 0) return;
    this.#sessions++;
    for (const side of sides) this.#sides.add(side);
    if (isConnected) this.#connected++;
    if (failure !== undefined) this.#failures.push(failure);
    for (const { media } of session.segments ?? [])
      for (const { label, streams } of media ?? [])
        for (const stream of streams ?? []) this.#verdicts.add(classifyStream(label, stream));
  }

  /** @param isCompared False when the roll has only the person. */
  part(homeTenantId: string, isCompared: boolean): CallAttendance {
    const people = this.#roll.people(homeTenantId, false);
    const own = people.filter(({ index }) => this.#matched.has(index));
    const known = unionOf(own.flatMap((one) => one.spans));
    const [person] = own;
    const whole = this.#sessions === 0 ? wholeOutcome(this.#call, own) : undefined;
    const isUnconnected = whole !== undefined || (this.#sessions > 0 && this.#connected === 0);
    const spans = known.length > 0 || isUnconnected ? known : null;
    return {
      call: this.#call,
      person: shownPerson(person!), // a builder is made for a person who was matched
      certainty: [...this.#matched.values()].includes('exact') ? 'exact' : 'likely',
      side: whole?.side ?? this.#side(),
      outcome: whole?.outcome ?? this.#outcome(),
      spans,
      failures: distinctFailures(this.#failures),
      verdict: (['poor', 'good', 'unclassified'] as const).find((one) => this.#verdicts.has(one)) ?? null,
      companions: isCompared
        ? people
            .filter(({ index }) => !this.#matched.has(index))
            .map((one) => ({ person: shownPerson(one), together: togetherOf(spans, one.spans) }))
        : undefined,
    };
  }

  #sidesOf({ caller, callee }: RecordSession): readonly ('caller' | 'callee')[] {
    const isOwn = (end: RecordSession['caller']) => this.#matched.has(this.#roll.indexOf(end) ?? -1);
    return [...(isOwn(caller) ? (['caller'] as const) : []), ...(isOwn(callee) ? (['callee'] as const) : [])];
  }

  #side(): CallSide | null {
    const [side] = this.#sides;
    return this.#sides.size > 1 ? 'both' : (side ?? null);
  }

  #outcome(): PersonOutcome {
    if (this.#sessions === 0) return 'unknown';
    if (this.#sessions > this.#failures.length) return 'connected';
    const kinds = this.#failures.map(({ kind }) => kind);
    if (!kinds.every(isUnanswered)) return 'failed';
    const countOf = (kind: PersonOutcome) => kinds.filter((one) => one === kind).length;
    return unansweredKinds.toSorted((a, b) => countOf(b) - countOf(a))[0]!;
  }
}

/** Returns how a call of two that connected nobody ended for whom no session names: the organizer called. */
function wholeOutcome({ type, outcome, organizer }: FoundCall, own: readonly RollPerson[]) {
  const unanswered = unansweredKinds.find((kind) => kind === outcome);
  if (type !== 'peerToPeer' || unanswered === undefined) return undefined;
  const caller = organizer?.id?.toLowerCase();
  const isCaller = own.some(({ id }) => id.toLowerCase() === caller);
  const side: CallSide | null = caller === undefined ? null : isCaller ? 'caller' : 'callee';
  return { side, outcome: unanswered };
}

/** Returns when both were in a call; `null` when the times of either are not known. */
function togetherOf(own: readonly TimeSpan[] | null, other: readonly TimeSpan[]): readonly TimeSpan[] | null {
  if (own === null || own.length === 0) return own;
  return other.length === 0 ? null : sharedSpans(own, other);
}

/** Returns true for a session that connected its people, however it ended. */
function connects(failure: SessionFailure | undefined): boolean {
  return failure === undefined || (!isUnanswered(failure.kind) && failure.stage !== 'callSetup');
}

function shownPerson(person: RollPerson): ActivityPerson {
  const { id, name, kind, affiliation, tenantId, tenantName, userPrincipalName } = person;
  return { id, name, kind, affiliation, tenantId, tenantName, userPrincipalName };
}
