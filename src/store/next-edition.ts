/** Decides what a received call adds to the editions that a store already has of it. Pure: every backend calls it. */
import type { ReceivedCall } from './received-call.ts';

/** The columns of a stored edition that decisions need. */
export interface KnownEdition {
  readonly edition: number;
  readonly version: bigint;
  readonly startTicks: bigint | undefined;
  readonly headDigest: string;
  readonly participantsDigest: string | undefined;
  readonly sessionsDigest: string | undefined;
  /** Number of its list of participants. */
  readonly participantsList: number | undefined;
  /** Entries in its list of participants. */
  readonly participants: number;
  /** Its inferred participants. */
  readonly found: number;
  readonly isLacking: boolean;
  /** True when it has oddities. */
  readonly isOdd: boolean;
}

/** The edition to write: each part is received with the call, shared with an earlier edition, or absent. */
export interface NextEdition {
  readonly version: bigint;
  readonly head: 'received' | KnownEdition;
  readonly participants: 'received' | KnownEdition | undefined;
  readonly sessions: 'received' | KnownEdition | undefined;
  /** Number of the call; absent when this is its first edition. */
  readonly call: number | undefined;
  /** The edition that readers see until this one is written. */
  readonly newest: KnownEdition | undefined;
  /** False for an edition of an older version: readers still see the newest. */
  readonly isNewest: boolean;
}

/**
 * Returns the edition to write for a received call.
 *
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
  // The head of a fragment counts only when there is no other.
  const headKnown = isFragment
    ? same.length > 0
    : isKnown(received.head.digest, (edition) => edition.headDigest);
  // A fragment is known only while the newest edition has such a list: otherwise that edition lacks it.
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

  // A call that was received without a version belongs to the first version that arrives.
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

/** Returns editions ordered by version and number. */
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
