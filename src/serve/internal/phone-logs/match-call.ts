/** Finds the call of a phone log row, and how certain the match is. */
import { parseTicks, formatTicks } from '../../../base/ticks.ts';
import { OpenBlock } from '../../../wire/text/open-block.ts';
import type { Block } from '../../../wire/text/block.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { isObject } from '../../../store/people.ts';
import type { CallLink, PhoneRow } from '../../../contract/phone-log.ts';

/** A call in which the person of a row took part. */
interface CandidateCall {
  readonly callId: string;
  readonly startTicks: bigint;
  /** Phone numbers in the call, as received: their last digits may be masked by asterisks. */
  readonly numbers: readonly string[];
}

const ticksPerSecond = 10_000_000n;
/** The maximum difference between the starts of a row and of its call. */
export const nearTicks = 90n * ticksPerSecond;
const comparedDigits = 7;
const fewestVisible = 6;
/** The maximum number of calls of one person within three minutes that are examined. */
const mostCandidates = 10;

export async function findCall(
  store: CallRecordStore,
  tenantId: string,
  row: PhoneRow,
): Promise<CallLink | undefined> {
  if (row.correlationId !== null) {
    const call = await store.search.call(tenantId, row.correlationId);
    if (call !== undefined) return linkTo('exact', call);
  }
  const personId = row.user?.id ?? null;
  const times = timesOf(row);
  if (personId === null || times.length === 0 || numbersOfRow(row).length === 0) return undefined;
  const from = times.reduce((a, b) => (a < b ? a : b)) - nearTicks;
  const before = times.reduce((a, b) => (a > b ? a : b)) + nearTicks + 1n;
  const { calls } = await store.search.find(
    tenantId,
    { from, before, person: personId },
    undefined,
    mostCandidates,
  );
  const candidates: CandidateCall[] = [];
  for (const { callId, startTicks } of calls)
    candidates.push({ callId, startTicks, numbers: await numbersOfCall(store, tenantId, callId) });
  const likely = likelyCall(row, candidates);
  return likely && linkTo('likely', likely);
}

function linkTo(
  certainty: CallLink['certainty'],
  { callId, startTicks }: Pick<CandidateCall, 'callId' | 'startTicks'>,
): CallLink {
  return { certainty, id: callId, startDateTime: formatTicks(startTicks) };
}

/** Returns the call with the other party's number that started nearest to a row, within 90 seconds. */
export function likelyCall(row: PhoneRow, candidates: readonly CandidateCall[]): CandidateCall | undefined {
  const times = timesOf(row);
  const numbers = numbersOfRow(row);
  let nearest: CandidateCall | undefined;
  let distance = nearTicks + 1n;
  for (const candidate of candidates) {
    if (!candidate.numbers.some((one) => numbers.some((number) => isSameNumber(one, number)))) continue;
    for (const time of times) {
      const apart = time > candidate.startTicks ? time - candidate.startTicks : candidate.startTicks - time;
      if (apart < distance) [nearest, distance] = [candidate, apart];
    }
  }
  return nearest;
}

/** Returns the times of a row. A failed direct routing call may start at its failure, so its invitation counts too. */
function timesOf({ startDateTime, inviteDateTime }: PhoneRow): readonly bigint[] {
  return [startDateTime, inviteDateTime].flatMap((time) => {
    const ticks = time === null ? undefined : parseTicks(time);
    return ticks === undefined ? [] : [ticks];
  });
}

/** Returns the other party's number; both numbers when the row does not state the direction. */
function numbersOfRow({ direction, callerNumber, calleeNumber }: PhoneRow): readonly string[] {
  const numbers =
    direction === 'incoming'
      ? [callerNumber]
      : direction === 'outgoing'
        ? [calleeNumber]
        : [callerNumber, calleeNumber];
  return numbers.filter((number) => number !== null);
}

/**
 * Returns true when two numbers have the same last seven digits in any spelling. Shorter numbers must be equal. Masked
 * numbers must have the same length and the same visible digits, at least six.
 */
export function isSameNumber(one: string, other: string): boolean {
  const [a, b] = [marksOf(one), marksOf(other)];
  if (a === '' || b === '') return false;
  if (!a.includes('*') && !b.includes('*')) {
    const length = Math.min(a.length, b.length);
    return length < comparedDigits ? a === b : a.slice(-comparedDigits) === b.slice(-comparedDigits);
  }
  if (a.length !== b.length) return false;
  let visible = 0;
  for (let i = 0; i < a.length; i++) {
    const digit = a[i];
    if (digit === '*' || b[i] === '*') continue;
    if (digit !== b[i]) return false;
    visible++;
  }
  return visible >= fewestVisible;
}

function marksOf(number: string): string {
  return number.replace(/[^\d*]/g, '');
}

/** Returns the numbers in the first block of either list, because a phone call has few participants. */
async function numbersOfCall(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
): Promise<readonly string[]> {
  const edition = await store.edition(tenantId, callId);
  if (edition === undefined) return [];
  const blocks = [await store.participantsBlock(edition, 0), await store.inferredBlock(edition, 0)];
  return blocks.flatMap((block) => (block === undefined ? [] : numbersIn(block)));
}

/** Matches a telephone number whose last digits may be masked. */
const phoneNumber = /^\+?[\d\s().\-/]{3,}\**$/;

function numbersIn(block: Block): readonly string[] {
  const open = new OpenBlock(block);
  return Array.from({ length: block.count }, (_, i) => {
    const entry: unknown = JSON.parse(open.entity(i).toString()); // walked when it was stored
    const identities = isObject(entry) && isObject(entry['identity']) ? Object.values(entry['identity']) : [];
    return identities.flatMap((identity) =>
      isObject(identity) ? [identity['id'], identity['displayName']] : [],
    );
  })
    .flat()
    .filter((text) => typeof text === 'string' && phoneNumber.test(text)) as string[];
}
