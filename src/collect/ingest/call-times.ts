/** Reads the start, end and modification times of a call, and its version, from the model's members or substitutes. */
import type { OddityCounts } from '../../contract/oddities.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { parseTicks } from '../../base/ticks.ts';

const maxVersion = 2n ** 63n - 1n;

interface Walked {
  readonly bytes: Buffer;
  readonly collected: readonly MemberText[];
}

/**
 * Returns the version of a record.
 *
 * @param marks Gets a mark when the version is invalid.
 * @param earliestStart The earliest start of its sessions.
 * @returns `undefined` when the record has none; 0 when it is invalid.
 */
export function versionIn({ bytes, collected }: Walked, marks?: OddityCounts): bigint | undefined {
  const member = collected.find((one) => one.name === 'version');
  if (member === undefined) return undefined;
  const text = bytes.toString('latin1', member.valueStart, member.end);
  const version = /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (version !== undefined && version <= maxVersion) return version;
  // The scanner has marked a value that is not a number.
  if (/^[-\dn]/.test(text)) marks?.add('record', 'wrongType');
  return 0n;
}

/** Returns the end of a call. @param marks Gets a mark when the end is not a time. */
export function endTicksOf(walked: Walked, marks: OddityCounts): bigint | undefined {
  const text = stringMember(walked.bytes, walked.collected, 'endDateTime');
  const ticks = ticksIn(walked, 'endDateTime');
  if (text !== undefined && ticks === undefined) marks.add('record', 'wrongType');
  return ticks;
}

/**
 * Returns the start of a call. When the record has no valid start, another of its times is used to index the call; its
 * text does not change.
 *
 * @param earliestStart The earliest start of its sessions.
 * @returns `undefined` when the record has no version either: it is a part of a record.
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
