import {
  type Attendance,
  type CallPlan,
  isTelephone,
  largestCall,
  type PlannedVersion,
} from './call-plan.ts';
import { conferenceEndpoint, participantEndpoint, serviceEndpoint } from './endpoint.ts';
import { mediaOf } from './media.ts';
import { chance, pick, type Random, randomFor, randomGuid } from './random.ts';
import type { Stay } from './timetable.ts';
import { formatGeneratorTicks } from './ticks.ts';
import { type Impairment, impairmentOf } from './impairments.ts';

/**
 * The largest calls that have media, segments and sessions for each participant, so that every line can be imported. Above the last
 * limit the sessions are those of the first participants only.
 */
export const participantsWith = { media: 200, segments: 2_000, sessions: 6_000 } as const;

/** Reasons in rotation by call number, so that a small tenant has each of them. */
const unansweredReasons = [
  'Call was not answered.',
  'The callee declined the call.',
  'User is busy.',
  'The caller canceled the call.',
  'Call was not answered.',
  'Call was not answered.',
  'The callee declined the call.',
] as const;
const midcallFailures = [
  'Network connection was lost.',
  'Media connectivity failure.',
  'Client crashed.',
] as const;

/** Returns the sessions of a call in wire order: at least one per participant, up to the limits above. */
export function sessionsOf(
  seed: number,
  plan: CallPlan,
  edition: PlannedVersion,
  withMedia: boolean,
): object[] {
  const random = randomFor(seed, 'sessions', plan.number);
  const size = plan.attendances.length;
  const scope: Scope = {
    seed,
    random,
    media: randomFor(seed, 'media', plan.number),
    plan,
    early: edition.early,
    withSegments: size <= participantsWith.segments,
    withMedia: withMedia && !edition.early && size <= participantsWith.media,
  };
  if (plan.type === 'peerToPeer') return [oneToOneSession(scope)];
  const attended = plan.attendances.slice(0, Math.min(edition.participants, participantsWith.sessions));
  return attended.flatMap((attendance, number) => conferenceSessions(scope, attendance, number));
}

interface Scope {
  readonly seed: number;
  readonly random: Random;
  readonly media: Random;
  readonly plan: CallPlan;
  readonly early: boolean;
  readonly withSegments: boolean;
  readonly withMedia: boolean;
}

interface Leg {
  readonly caller: object;
  readonly callee: object;
}

/** Returns a session of two, in two segments if a telephone is beyond the gateway. */
function oneToOneSession(scope: Scope): object {
  const { random, plan, early } = scope;
  const [first, second] = plan.attendances;
  const stay = first.stays[0];
  const impairment = impairmentOf(scope.seed, plan.number, 0);
  const caller = participantEndpoint(random, first.person, early, impairment);
  const callee =
    second === undefined ? conferenceEndpoint : participantEndpoint(random, second.person, early, undefined);
  const byPhone = plan.attendances.some(({ person }) => isTelephone(person));
  const gateway = serviceEndpoint('mediationServer');
  const legs: Leg[] = byPhone
    ? [
        { caller, callee: gateway },
        { caller: gateway, callee },
      ]
    : [{ caller, callee }];
  const unanswered = stay.joined === stay.left;
  const failureInfo = unanswered
    ? { reason: unansweredReasons[plan.number % unansweredReasons.length], stage: 'callSetup' }
    : midcallFailure(random, 0.08);
  return session(scope, {
    id: plan.id,
    stay,
    modalities: plan.modalities,
    failureInfo,
    caller,
    callee,
    legs,
    impairment,
  });
}

/** Returns the sessions between a participant and the conference, one for each time the participant joined. */
function conferenceSessions(scope: Scope, { person, stays }: Attendance, number: number): object[] {
  const { random, plan, early } = scope;
  const impairment = impairmentOf(scope.seed, plan.number, number);
  const caller = participantEndpoint(random, person, early, impairment);
  const callee = isTelephone(person) ? serviceEndpoint('conferencingAttendant') : conferenceEndpoint;
  const modalities = isTelephone(person) ? ['audio'] : plan.modalities;
  return stays.map((stay) => {
    const id = randomGuid(random);
    const drawn = midcallFailure(random);
    // In the largest call, one participant's client crashes.
    const failureInfo = plan.number === largestCall ? (number === 1 ? crash : null) : drawn;
    const legs = [{ caller, callee }];
    return session(scope, { id, stay, modalities, failureInfo, caller, callee, legs, impairment });
  });
}

interface SessionFacts extends Leg {
  readonly id: string;
  readonly stay: Stay;
  readonly modalities: readonly string[];
  readonly failureInfo: object | null;
  /** One segment per leg; the first has the session's id. */
  readonly legs: readonly Leg[];
  /** The impairment of the first leg, which is the caller's. */
  readonly impairment: Impairment | undefined;
}

function session(scope: Scope, facts: SessionFacts): object {
  const { id, stay, modalities, failureInfo, caller, callee, impairment } = facts;
  const startDateTime = formatGeneratorTicks(stay.joined);
  const endDateTime = formatGeneratorTicks(stay.left);
  const segment = (leg: Leg, index: number): object => ({
    id: index === 0 ? id : randomGuid(scope.random),
    startDateTime,
    endDateTime,
    failureInfo,
    caller: leg.caller,
    callee: leg.callee,
    media: scope.withMedia
      ? mediaOf(scope.media, modalities, stay, index === 0 ? impairment : undefined)
      : [],
  });
  return {
    id,
    modalities,
    startDateTime,
    endDateTime,
    isTest: false,
    failureInfo,
    caller,
    callee,
    // Absent rather than empty: the call had segments that are not expanded.
    ...(scope.withSegments ? { segments: facts.legs.map(segment) } : {}),
  };
}

const crash = { reason: 'Client crashed.', stage: 'midcall' } as const;

function midcallFailure(random: Random, share = 0.02): object | null {
  return chance(random, share) ? { reason: pick(random, midcallFailures), stage: 'midcall' } : null;
}
