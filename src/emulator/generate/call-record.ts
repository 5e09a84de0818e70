import type { Attendance, CallPlan, PlannedVersion } from './call-plan.ts';
import { communicationsIdentitySet, legacyIdentitySet } from './identity.ts';
import { sessionsOf } from './session.ts';
import type { GeneratedPerson } from './tenant.ts';
import { formatGeneratorTicks } from './ticks.ts';

interface RecordContent {
  /** The tenant's seed: sessions are drawn from a separate random stream. */
  readonly seed: number;
  readonly sessions: boolean;
  readonly media: boolean;
}

/** The length limit of the deprecated `participants`; `participants_v2` holds all. */
const legacyParticipants = 130;

/** Returns one version of a call as the service sends it with sessions and participants_v2 expanded, in wire order. */
export function callRecord(plan: CallPlan, edition: PlannedVersion, content: RecordContent): object {
  const attended = plan.attendances.slice(0, edition.participants);
  const organizer = plan.attendances[0].person;
  return {
    id: plan.id,
    version: edition.version,
    type: plan.type,
    modalities: plan.modalities,
    lastModifiedDateTime: formatGeneratorTicks(edition.lastModified),
    startDateTime: formatGeneratorTicks(startOf(attended)),
    endDateTime: formatGeneratorTicks(endOf(attended)),
    joinWebUrl: plan.joinWebUrl,
    organizer: legacyIdentitySet(organizer.kind, organizer.identity),
    participants: attended
      .slice(0, legacyParticipants)
      .map(({ person }) => legacyIdentitySet(person.kind, person.identity)),
    organizer_v2: participant(organizer),
    ...(content.sessions ? { sessions: sessionsOf(content.seed, plan, edition, content.media) } : {}),
    participants_v2: attended.map(({ person }) => participant(person)),
  };
}

function participant({ kind, identity, administrativeUnitInfos }: GeneratedPerson): object {
  return { id: identity.id, identity: communicationsIdentitySet(kind, identity), administrativeUnitInfos };
}

function startOf(attended: readonly Attendance[]): number {
  return attended.reduce((first, { stays }) => Math.min(first, stays[0].joined), Infinity);
}

function endOf(attended: readonly Attendance[]): number {
  return attended.reduce((last, { stays }) => Math.max(last, stays.at(-1)!.left), -Infinity);
}
