/** When a call began, was ended and was modified, and its version: as a record says, or in other words than the model's. */
import type { OddityCounts } from '../../contract/oddities.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { parseTicks } from '../../base/ticks.ts';

const maxVersion = 2n ** 63n - 1n;

/** A record as it was walked. */
interface Walked {
  readonly bytes: Buffer;
  readonly collected: readonly MemberText[];
}

/**
 * @param marks Gets a mark where the version is there and is none.
 * @param earliestStart Of its sessions.
 * @returns `undefined` where the record does not say; 0 where what it says is no version.
 */
export function versionIn({ bytes, collected }: Walked, marks?: OddityCounts): bigint | undefined {
  const member = collected.find((one) => one.name === 'version');
  if (member === undefined) return undefined;
  const text = bytes.toString('latin1', member.valueStart, member.end);
  const version = /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (version !== undefined && version <= maxVersion) return version;
  // The scanner has marked a value that is no number.
  if (/^[-\dn]/.test(text)) marks?.add('record', 'wrongType');
  return 0n;
}

/** @param marks Gets a mark where the end is there and is no time. */
export function endTicksOf(walked: Walked, marks: OddityCounts): bigint | undefined {
  const text = stringMember(walked.bytes, walked.collected, 'endDateTime');
  const ticks = ticksIn(walked, 'endDateTime');
  if (text !== undefined && ticks === undefined) marks.add('record', 'wrongType');
  return ticks;
}

/**
 * The start of a call. Where a record has none that is a time, another of its times stands in for it: the call is found by
 * it, and its text stays as it was received.
 *
 * @param earliestStart Of its sessions.
 * @returns `undefined` where the record does not say its version either: it is a part of one.
 */
export function startTicksOf(
  walked: Walked,
  earliestStart: () => bigint | undefined,
  marks?: OddityCounts,
): bigint | undefined {
  const ticks = ticksIn(walked, 'startDateTime');
  if (ticks !== undefined) return ticks;
  const has = (name: string) => walked.collected.some((member) => member.name === name);
  if (!has('startDateTime') && !has('version')) return undefined;
  marks?.add('record', 'timeMissing');
  return earliestStart() ?? ticksIn(walked, 'endDateTime') ?? ticksIn(walked, 'lastModifiedDateTime');
}

export function modifiedTicksOf(walked: Walked): bigint | undefined {
  return ticksIn(walked, 'lastModifiedDateTime');
}

function ticksIn({ bytes, collected }: Walked, name: string): bigint | undefined {
  return parseTicks(stringMember(bytes, collected, name) ?? '');
}
