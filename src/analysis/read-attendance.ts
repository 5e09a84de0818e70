/** Reads how one person or number took part in a call: only the sessions of that person are read whole. */
import type { Edition } from '../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../store/received-call.ts';
import type { FoundCall } from '../store/search.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { Block } from '../wire/text/block.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import type { CallAttendance, MatchCertainty } from './activity.ts';
import { type ActivitySubject, mayName, spellingsOf } from './activity-subject.ts';
import { AttendanceBuilder } from './attendance.ts';
import { identityIds } from './identity.ts';
import { listedParticipant, listedSession, segmentsIn } from './listed-entries.ts';
import { RollBuilder } from './roll.ts';

/** Other people are compared only in calls with at most this many. */
export const mostCompared = 100;

/** Lets other requests run, and counts the text that is read. */
interface ReadingPace {
  /** Called after each block, with the length of its text. */
  readonly passed: (bytes: number) => Promise<void>;
}

type ReadBlock = (edition: Edition, no: number) => Awaitable<Block | undefined>;

/** Reads a call; `undefined` when it is gone, or lists the subject at most as its organizer. @throws CallDamaged */
export async function readAttendance(
  store: CallRecordStore,
  tenantId: string,
  call: FoundCall,
  subject: ActivitySubject,
  pace: ReadingPace,
): Promise<CallAttendance | undefined> {
  const edition = await store.edition(tenantId, call.callId);
  if (edition === undefined) return undefined;
  const { participants, found, sessions } = edition;
  const isCompared = (participants?.count ?? 0) + (found?.count ?? 0) <= mostCompared;
  const roll = new RollBuilder();
  const matched = new Map<number, MatchCertainty>();
  const ids = new Set<string>();
  const lists: readonly (readonly [number, ReadBlock])[] = [
    [participants?.count ?? 0, (one, no) => store.participantsBlock(one, no)],
    [found?.count ?? 0, (one, no) => store.inferredBlock(one, no)],
  ];
  let index = 0;
  for (const [count, read] of lists)
    for (let no = 0; no * participantsPerBlock < count; no++) {
      const open = await openBlock(edition, no, read, pace);
      if (!isCompared && !mayName(open.text, subject.spellings)) continue;
      for (let i = 0; i < open.block.count; i++) {
        const participant = listedParticipant(JSON.parse(open.entity(i).toString()));
        const certainty = subject.matches(participant);
        if (!isCompared && certainty === undefined) continue;
        if (certainty !== undefined) {
          matched.set(index, certainty);
          for (const id of [participant.id, ...identityIds(participant.identity)]) ids.add(id.toLowerCase());
        }
        roll.addParticipants([participant]);
        index++;
      }
    }
  if (matched.size === 0) return undefined;
  const builder = new AttendanceBuilder(call, roll, matched);
  const spellings = spellingsOf([...ids].filter((id) => id !== ''));
  for (let no = 0; no * sessionsPerBlock < (sessions?.count ?? 0); no++) {
    const open = await openBlock(edition, no, (one, at) => store.sessionsBlock(one, at), pace);
    if (!isCompared && !mayName(open.text, spellings)) continue;
    let beside: OpenBlock | undefined;
    for (let i = 0; i < open.block.count; i++) {
      const text = open.entity(i);
      if (!isCompared && !mayName(text, spellings)) continue;
      const session = listedSession(JSON.parse(text.toString()));
      if (!builder.needsSegments(session)) {
        builder.add(session);
        continue;
      }
      beside ??= await openBlock(edition, no, (one, at) => store.segmentsBlock(one, at), pace);
      builder.add({ ...session, segments: segmentsIn(JSON.parse(beside.entity(i).toString())) });
    }
  }
  return builder.part(tenantId, isCompared);
}

async function openBlock(
  edition: Edition,
  no: number,
  read: ReadBlock,
  { passed }: ReadingPace,
): Promise<OpenBlock> {
  const block = await read(edition, no);
  if (block === undefined) throw new CallDamaged(edition.callId);
  await passed(block.textLength);
  return new OpenBlock(block);
}
