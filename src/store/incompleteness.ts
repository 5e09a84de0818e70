/** Derives the missing parts of an edition from itself and the earlier editions. Pure: every backend calls it. */
import type { KnownEdition } from './next-edition.ts';
import type { MissingPart } from '../contract/call-completeness.ts';

/** Every missing part, in the order of reports; the index of a part is its bit in the stored number. */
const missingParts: readonly MissingPart[] = [
  'record',
  'participantPages',
  'sessionPages',
  'listMissing',
  'sessions',
];

interface ListsOfEdition {
  readonly version: bigint;
  readonly startTicks: bigint | undefined;
  /** Whether each list is complete; `undefined` when it was not received. */
  readonly participantsComplete: boolean | undefined;
  readonly sessionsComplete: boolean | undefined;
}

/**
 * Returns the missing parts of an edition.
 *
 * @param known Earlier editions of the call.
 */
export function lackingOf(edition: ListsOfEdition, known: readonly KnownEdition[]): readonly MissingPart[] {
  const { version, startTicks, participantsComplete, sessionsComplete } = edition;
  const before = known.filter((one) => one.version < version);
  const isLacking: Readonly<Record<MissingPart, boolean>> = {
    record: startTicks === undefined,
    participantPages: participantsComplete === false,
    sessionPages: sessionsComplete === false,
    // Every call has participants, so its list always exists.
    listMissing: participantsComplete === undefined,
    sessions: sessionsComplete === undefined && before.some((one) => one.sessionsDigest !== undefined),
  };
  return missingParts.filter((part) => isLacking[part]);
}

export function lackingBits(lacking: readonly MissingPart[]): number {
  return lacking.reduce((bits, part) => bits | (1 << missingParts.indexOf(part)), 0);
}

export function lackingOfBits(bits: number): readonly MissingPart[] {
  return bits === 0 ? nothing : missingParts.filter((_, place) => (bits & (1 << place)) !== 0);
}

const nothing: readonly MissingPart[] = [];
