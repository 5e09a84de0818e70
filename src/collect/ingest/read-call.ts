/** Converts a received callRecord, with its expanded lists, to its stored form. */
import { joinedOddities, OddityCounts } from '../../contract/oddities.ts';
import type { SetAsidePiece } from '../../store/set-aside.ts';
import type { Part, ParticipantList, ReceivedCall, SessionList } from '../../store/received-call.ts';
import { BlockBuilder } from '../../wire/text/block-builder.ts';
import { type EntityText, entityText, storedRules, walkEntity } from '../../wire/text/entity.ts';
import { requiredId, usableId, type MemberText } from '../../wire/text/members.ts';
import { NestedTooDeep } from '../../wire/text/text-error.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { withBareNumbers } from './bare-numbers.ts';
import { endTicksOf, modifiedTicksOf, startTicksOf, versionIn } from './call-times.ts';
import { idOddity } from './entry-id.ts';
import type { ListBuilder } from './list-builder.ts';
import { notReceivedMark, ParticipantListBuilder } from './participant-list.ts';
import { SessionListBuilder } from './session-list.ts';

export interface CallWithCounts {
  readonly call: ReceivedCall;
  readonly participants: number;
  readonly sessions: number;
}

/** An object walked as a callRecord before it is known to be one: it may be a response page. */
export interface WalkedCall {
  readonly collected: readonly MemberText[];
  /** Returns the id and version. @throws TextError as `call` does */
  readonly key: () => Pick<ReceivedCall, 'callId' | 'version' | 'startTicks'>;
  /** Its lists, to which pages may be added before `call` is called. */
  readonly participants: ParticipantListBuilder;
  readonly sessions: SessionListBuilder;
  /**
   * Returns the call. @param evidence For each list, the number of pages followed, and whether the last one was
   * reached.
   * @throws TextError when it has no usable id
   */
  readonly call: (evidence?: Readonly<Record<ListName, ReceivedList | undefined>>) => CallWithCounts;
}

export type ListName = 'participants_v2' | 'sessions';

export interface ReceivedList {
  readonly complete: boolean;
  readonly pages: number;
}

/**
 * Walks the object at the scanner's position.
 *
 * @param asked The requested id, used for a record without one.
 * @throws TextError when it is not JSON
 */
export function walkCall(scanner: Scanner, asked?: string): WalkedCall {
  const mark = scanner.mark();
  let walk = scanner;
  let walked: Walk;
  try {
    walked = walkOnce(walk, asked);
  } catch (error) {
    if (!(error instanceof NestedTooDeep)) throw error;
    scanner.reset(mark);
    scanner.odd.clear();
    walk = new Scanner(scanner.bytes, scanner.pos, scanner.end, storedRules);
    walk.guardMembers();
    walked = walkOnce(walk, asked);
    scanner.pos = walk.pos;
  }
  const bare = withBareNumbers(walk, walked.start, walk === scanner ? mark.quoted : 0);
  if (bare === undefined) return walked;
  if (walk.tooDeep.size > 0) bare.guardMembers();
  // Callers that read members have the original text.
  return { ...walkOnce(bare, asked), collected: walked.collected };
}

interface Walk extends WalkedCall {
  readonly start: number;
}

function walkOnce(scanner: Scanner, asked?: string): Walk {
  const { bytes, odd } = scanner;
  const participants = new ParticipantListBuilder();
  const sessions = new SessionListBuilder();
  const ofRecord = new OddityCounts();
  const note = () => {
    if (odd.total > 0)
      for (const [reason, count] of odd.take()) ofRecord.add('record', reason, undefined, count);
  };
  const met = new Set<ListName>();
  const list = (name: ListName, walkList: () => boolean) => {
    return () => {
      note();
      // Entries of either name belong to the call.
      if (met.has(name)) ofRecord.add(name === 'sessions' ? 'sessions' : 'participants', 'memberTwice');
      met.add(name);
      return walkList();
    };
  };
  scanner.peek();
  scanner.spaced = false;
  const collected: MemberText[] = [];
  const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
  scanner.object(
    storedTypes.callRecord.members,
    collected,
    new Map([
      // An invalid time gets one mark, whatever its type.
      ['startDateTime', () => scanner.value(undefined)],
      ...(asked === undefined ? [] : [['id', () => scanner.value(undefined)] as const]),
      ['participants_v2', list('participants_v2', () => participants.walk(scanner))],
      ['sessions', list('sessions', () => sessions.walk(scanner))],
    ]),
  );
  note();
  const { spaced, pos } = scanner;
  const isTooDeep = ({ valueStart }: MemberText) => scanner.tooDeep.has(valueStart);
  const key = (marks?: OddityCounts) => ({
    callId: callIdIn(bytes, collected, asked, marks),
    version: versionIn({ bytes, collected }, marks),
    startTicks: startTicksOf({ bytes, collected }, () => sessions.earliestStart(), marks),
  });
  return {
    ...{ collected, participants, sessions, start: walked.start },
    key: () => key(),
    call: (evidence) => {
      const has = (name: string) => collected.some((member) => member.name === name);
      const finish = <T>(built: ListBuilder<T>, name: ListName): Part<T> | undefined => {
        // Another Rollcall adds this to a list that it did not receive.
        if (built.count === 0 && has(`${name}${notReceivedMark}`)) return undefined;
        const { complete = !has(`${name}@odata.nextLink`), pages } = evidence?.[name] ?? {};
        return built.finish(complete, pages);
      };
      const deep = collected.filter(isTooDeep);
      const kept = deep.length === 0 ? collected : collected.filter((one) => !isTooDeep(one));
      const { pos: at } = scanner;
      scanner.pos = pos; // the end of the record
      const head = entityText(scanner, storedTypes.callRecord, {
        ...walked,
        ...{ collected: kept, spaced: deep.length > 0 || spaced },
      });
      scanner.pos = at;
      note();
      if (deep.length > 0) ofRecord.add('record', 'setAside', undefined, deep.length);
      const call: ReceivedCall = {
        ...key(ofRecord),
        endTicks: endTicksOf({ bytes, collected }, ofRecord),
        // A call is stored even when its modification time is unknown.
        modifiedTicks: modifiedTicksOf({ bytes, collected }),
        head: headPart(head),
        participants: finish(participants, 'participants_v2'),
        sessions: finish(sessions, 'sessions'),
        odd: joinedOddities(ofRecord.list(), participants.odd, sessions.odd),
        setAside: [
          ...deep.map((one) => deepMember(bytes, one)),
          ...participants.setAside,
          ...sessions.setAside,
        ],
        origin: 'import',
      };
      return { call, participants: participants.count, sessions: sessions.count };
    },
  };
}

/** Returns the id of the call. @throws TextError when the record has no usable id and none was requested */
function callIdIn(
  bytes: Buffer,
  collected: readonly MemberText[],
  asked: string | undefined,
  marks?: OddityCounts,
): string {
  if (asked === undefined) return requiredId(bytes, collected, 'callRecord');
  const id = usableId(bytes, collected);
  if (id !== undefined) return id;
  const oddity = idOddity(bytes, collected);
  if (oddity !== undefined) marks?.add('record', oddity);
  return asked;
}

/** Creates a call from a page, which contains only its id. */
export function fragmentOf(
  callId: string,
  participants: Part<ParticipantList> | undefined,
  sessions: Part<SessionList> | undefined,
): ReceivedCall {
  const lists = [participants, sessions].flatMap((list) => list?.value ?? []);
  const scanner = new Scanner(Buffer.from(JSON.stringify({ id: callId })), 0, undefined, storedRules);
  return {
    callId,
    version: undefined,
    startTicks: undefined,
    endTicks: undefined,
    modifiedTicks: undefined,
    head: headPart(walkEntity(scanner, storedTypes.callRecord)),
    participants,
    sessions,
    odd: joinedOddities(...lists.map(({ odd }) => odd)),
    setAside: lists.flatMap(({ setAside }) => setAside),
    origin: 'import',
  };
}

function deepMember(bytes: Buffer, { start, end }: MemberText): SetAsidePiece {
  const text = Buffer.from(`{${bytes.toString('latin1', start, end)}}`, 'latin1');
  return { unit: 'entry', reason: 'A member of the record is nested too deep.', text };
}

function headPart(head: EntityText): ReceivedCall['head'] {
  const builder = new BlockBuilder();
  builder.add(head);
  const { block, digest } = builder.finish();
  return { digest, value: block };
}
