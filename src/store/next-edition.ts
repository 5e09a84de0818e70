/** Decides what a received call adds to the editions a store already has of it. Pure: every backend asks it. */
import type { ReceivedCall } from './received-call.ts';

/** A stored edition, as decisions need it. */
export interface KnownEdition {
  readonly edition: number;
  readonly version: bigint;
  readonly startTicks: bigint | undefined;
  readonly headDigest: string;
  readonly participantsDigest: string | undefined;
  readonly sessionsDigest: string | undefined;
  /** Number of its list of participants. */
  readonly participantsList: number | undefined;
  /** How many are in its list… */
  readonly participants: number;
  /** …and how many are inferred. */
  readonly found: number;
  readonly isLacking: boolean;
  /** True when it has marks. */
  readonly isOdd: boolean;
}

/** The edition to write: each part comes with the received call, or is shared with an earlier edition, or is absent. */
export interface NextEdition {
  readonly version: bigint;
  readonly head: 'received' | KnownEdition;
  readonly participants: 'received' | KnownEdition | undefined;
  readonly sessions: 'received' | KnownEdition | undefined;
  /** Number of the call's first edition; absent when this is it. */
  readonly call: number | undefined;
  /** What readers are given until this edition is there. */
  readonly newest: KnownEdition | undefined;
  /** False for an edition of an older version: readers go on with the newest. */
  readonly isNewest: boolean;
}

/**
 * @param known Every edition the store has of the call, in any order.
 * @returns `undefined` when every received part is known already.
 */
export function nextEdition(received: ReceivedCall, known: readonly KnownEdition[]): NextEdition | undefined {
  const unversioned = received.version === undefined;
  const isFragment = unversioned || received.isFragment === true;
  const ordered = inVersions(known);
  const same = unversioned ? ordered : ordered.filter((edition) => edition.version === received.version);
  const isKnown = (digest: string, of: (edition: KnownEdition) => string | undefined) =>
    same.some((edition) => of(edition) === digest);
  // The head of a fragment counts only where there is no other.
  const headKnown = isFragment
    ? same.length > 0
    : isKnown(received.head.digest, (edition) => edition.headDigest);
  // A fragment counts as known only while the newest edition has such a list: else it is what that one lacks.
  const newest = same.at(-1);
  const isMissing = (digest: string | undefined) => isFragment && digest === undefined;
  const participantsKnown =
    received.participants === undefined ||
    (!isMissing(newest?.participantsDigest) &&
      isKnown(received.participants.digest, (edition) => edition.participantsDigest));
  const sessionsKnown =
    received.sessions === undefined ||
    (!isMissing(newest?.sessionsDigest) &&
      isKnown(received.sessions.digest, (edition) => edition.sessionsDigest));
  if (same.length > 0 && headKnown && participantsKnown && sessionsKnown) return undefined;

  // What was received without a version belongs to the first version that turns up.
  const base = same.at(-1) ?? ordered.find((edition) => edition.version === 0n);
  const version = received.version ?? base?.version ?? 0n;
  const last = ordered.at(-1);
  return {
    version,
    call: known.length === 0 ? undefined : Math.min(...known.map((edition) => edition.edition)),
    newest: last,
    isNewest: last === undefined || version >= last.version,
    head: base !== undefined && same.length > 0 && headKnown ? base : 'received',
    participants: shared(
      received.participants !== undefined && !participantsKnown,
      base,
      base?.participantsDigest,
    ),
    sessions: shared(received.sessions !== undefined && !sessionsKnown, base, base?.sessionsDigest),
  };
}

/** Editions by version, and those of one as they came. */
export function inVersions(known: readonly KnownEdition[]): readonly KnownEdition[] {
  return [...known].sort((a, b) => compare(a.version, b.version) || a.edition - b.edition);
}

function shared(fresh: boolean, base: KnownEdition | undefined, digest: string | undefined) {
  if (fresh) return 'received';
  return digest === undefined ? undefined : base;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
