/** One callRecord as received, with whatever was expanded in it, to its stored form. */
import { BlockBuilder } from '../text/block.ts';
import { type EntityText, entityText, standsTwice, storedRules, walkEntity } from '../text/entity.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { storedTypes } from '../text/stored-types.ts';
import { parseTicks } from '../text/ticks.ts';
import { noOddities } from '../model/oddities.ts';
import type { Part, ParticipantList, ReceivedCall, SessionList } from '../store/store.ts';
import { requiredId, stringMember } from '../text/members.ts';
import { type ListSource, ParticipantListBuilder } from './participant-list.ts';
import { SessionListBuilder } from './session-list.ts';

const maxVersion = 2n ** 63n - 1n;

/** A call and how many entries came with it. */
export interface CallWithCounts {
  readonly call: ReceivedCall;
  readonly participants: number;
  readonly sessions: number;
}

/** An object walked as a callRecord, before it is known to be one: it may turn out to be a response page. */
export interface WalkedCall {
  readonly collected: readonly MemberText[];
  /** @throws TextError as `call` does */
  readonly key: () => Pick<ReceivedCall, 'callId' | 'version' | 'startTicks'>;
  /** Its lists, to which further pages may be added before `call` is asked for. */
  readonly participants: ParticipantListBuilder;
  readonly sessions: SessionListBuilder;
  /**
   * @param evidence What is known of the lists besides: how many pages were followed, and whether that was to the end.
   * @throws TextError when it has no id, or its version or start is not one
   */
  readonly call: (evidence?: Readonly<Record<ListName, ListEvidence | undefined>>) => CallWithCounts;
}

export type ListName = 'participants_v2' | 'sessions';

export interface ListEvidence {
  readonly complete: boolean;
  readonly pages: number;
}

/**
 * Walks the object at the scanner's position.
 *
 * @param source Where it is from: see `ParticipantListBuilder`.
 * @throws TextError when it is not JSON or a member has the wrong type
 */
export function walkCall(scanner: Scanner, source: ListSource = 'file'): WalkedCall {
  const participants = new ParticipantListBuilder(source);
  const sessions = new SessionListBuilder();
  scanner.peek();
  scanner.spaced = false;
  const collected: MemberText[] = [];
  const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
  scanner.object(
    storedTypes.callRecord.members,
    collected,
    new Map([
      ['participants_v2', once('participants_v2', () => participants.walk(scanner))],
      ['sessions', once('sessions', () => sessions.walk(scanner))],
    ]),
  );
  const { spaced, bytes } = scanner;
  const key = () => ({
    callId: requiredId(bytes, collected, 'callRecord'),
    version: versionOf(bytes, collected),
    startTicks: ticksOf(bytes, collected, 'startDateTime'),
  });
  return {
    collected,
    key,
    participants,
    sessions,
    call: (evidence) => {
      const has = (name: string) => collected.some((member) => member.name === name);
      const finish = <T>(list: { finish(complete: boolean, pages?: number): T }, name: ListName): T => {
        const { complete = !has(`${name}@odata.nextLink`), pages } = evidence?.[name] ?? {};
        return list.finish(complete, pages);
      };
      const head = entityText(scanner, storedTypes.callRecord, { ...walked, spaced });
      const call: ReceivedCall = {
        ...key(),
        endTicks: ticksOf(bytes, collected, 'endDateTime'),
        // A call is worth keeping even if nobody can tell when it was modified.
        modifiedTicks: parseTicks(stringMember(bytes, collected, 'lastModifiedDateTime') ?? ''),
        head: headPart(head),
        participants: finish(participants, 'participants_v2'),
        sessions: finish(sessions, 'sessions'),
        ...noMarks,
      };
      return { call, participants: participants.count, sessions: sessions.count };
    },
  };
}

/** @returns A walker that throws a TextError when it meets the member for a second time. */
function once(name: string, walk: () => boolean): () => boolean {
  let isMet = false;
  return () => {
    if (isMet) throw standsTwice(name);
    isMet = true;
    return walk();
  };
}

/** What a page says of its call: nothing but the id. */
export function fragmentOf(
  callId: string,
  parts: { participants?: Part<ParticipantList>; sessions?: Part<SessionList> },
): ReceivedCall {
  const scanner = new Scanner(Buffer.from(JSON.stringify({ id: callId })), 0, undefined, storedRules);
  return {
    callId,
    version: undefined,
    startTicks: undefined,
    endTicks: undefined,
    modifiedTicks: undefined,
    head: headPart(walkEntity(scanner, storedTypes.callRecord)),
    participants: parts.participants,
    sessions: parts.sessions,
    ...noMarks,
  };
}

/** Of a call as the model has it. */
const noMarks = { odd: noOddities, setAside: [], origin: 'import' } as const;

function headPart(head: EntityText): ReceivedCall['head'] {
  const builder = new BlockBuilder();
  builder.add(head);
  const { block, digest } = builder.finish();
  return { digest, value: block };
}

export function versionOf(bytes: Buffer, collected: readonly MemberText[]): bigint | undefined {
  const member = collected.find((one) => one.name === 'version');
  if (member === undefined) return undefined;
  const text = bytes.toString('latin1', member.valueStart, member.end);
  const version = /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (version !== undefined && version <= maxVersion) return version;
  throw new TextError('Wrong type: the version is not a whole number of 64 bits.', 'notWanted');
}

function ticksOf(
  bytes: Buffer,
  collected: readonly MemberText[],
  name: 'startDateTime' | 'endDateTime',
): bigint | undefined {
  const text = stringMember(bytes, collected, name);
  if (text === undefined) return undefined;
  const ticks = parseTicks(text);
  if (ticks !== undefined) return ticks;
  throw new TextError(`Wrong type: ${name} is not a date and time with a zone.`, 'notWanted');
}
