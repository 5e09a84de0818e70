/** What an edition lacks, told from itself, its record and the versions before it. Pure: every backend asks it. */
import { type Block, blockText, readLayout } from '../text/block.ts';
import { storedTypes } from '../text/stored-types.ts';
import type { KnownEdition } from './next-edition.ts';
import type { Lack } from '../model/call-completeness.ts';

/** Every lack, in the order they are told; the place is its bit where they are stored as a number. */
const lacks: readonly Lack[] = ['record', 'participantPages', 'sessionPages', 'participants', 'sessions'];

interface ListsOfEdition {
  readonly version: bigint;
  readonly startTicks: bigint | undefined;
  readonly head: Block;
  /** Whether each list is complete; `undefined` when it was not received. */
  readonly participantsComplete: boolean | undefined;
  readonly sessionsComplete: boolean | undefined;
}

/** @param known Editions of the call that were there before. */
export function lackingOf(edition: ListsOfEdition, known: readonly KnownEdition[]): readonly Lack[] {
  const { version, startTicks, head, participantsComplete, sessionsComplete } = edition;
  const before = known.filter((one) => one.version < version);
  const isLacking: Readonly<Record<Lack, boolean>> = {
    record: startTicks === undefined,
    participantPages: participantsComplete === false,
    sessionPages: sessionsComplete === false,
    participants:
      participantsComplete === undefined &&
      (before.some((one) => one.participantsDigest !== undefined) || namesParticipants(head)),
    sessions: sessionsComplete === undefined && before.some((one) => one.sessionsDigest !== undefined),
  };
  return lacks.filter((lack) => isLacking[lack]);
}

const participantsRegion = storedTypes.callRecord.members.byName.get('participants')!.index + 1;

/** True when the record's own `participants`, deprecated and cut at 130, has entries. */
function namesParticipants(head: Block): boolean {
  const { regionEnds } = readLayout(head);
  const member = blockText(head).toString(
    'utf8',
    regionEnds[participantsRegion - 1]! + 1,
    regionEnds[participantsRegion],
  );
  return /^"participants":\[./.test(member) && !member.endsWith('[]');
}

export function lackingBits(lacking: readonly Lack[]): number {
  return lacking.reduce((bits, lack) => bits | (1 << lacks.indexOf(lack)), 0);
}

export function lackingOfBits(bits: number): readonly Lack[] {
  return bits === 0 ? nothing : lacks.filter((_, place) => (bits & (1 << place)) !== 0);
}

const nothing: readonly Lack[] = [];
