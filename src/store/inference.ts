/**
 * Infers the participants of calls that an earlier release stored without a list of them
 * (docs/decisions/0037-a-list-that-was-not-received.md): each version gets one more edition with the same parts. It
 * processes a few calls at a time while the store is in use, and resumes where it stopped.
 */
import { type EditionInput, receivedEdition, type SharedEdition } from './edition-decisions.ts';
import { lackingBits } from './incompleteness.ts';
import { inVersions, type KnownEdition, type NextEdition } from './next-edition.ts';
import type { Awaitable } from '../base/awaitable.ts';
import { StoreDamaged, StoreReadOnly } from './store-errors.ts';

export interface InferenceStore {
  /** True while calls are left to check. */
  isPending(): Awaitable<boolean>;
  /**
   * Adds the editions of a few calls, and records the progress in the same transaction. No subscription is notified:
   * nothing was received.
   *
   * @returns How many calls were checked; 0 when none are left.
   */
  catchUp(limit: number): Awaitable<number>;
}

/** Bytes of sessions after which a step ends, so that others can use the store; one call may have more. */
export const inferredBytesAtOnce = 2 ** 20;

const callsAtOnce = 200;

/**
 * Completes the inference, for a command whose result would be incomplete without it.
 *
 * @returns False where the store cannot be written, or the engine finds it damaged.
 */
export async function finishInference({
  inference,
}: {
  readonly inference: InferenceStore;
}): Promise<boolean> {
  if (!(await inference.isPending())) return true;
  try {
    while ((await inference.catchUp(callsAtOnce)) > 0);
    return true;
  } catch (error) {
    if (error instanceof StoreReadOnly || error instanceof StoreDamaged) return false;
    throw error;
  }
}

/** Returns an edition to write for each version whose newest edition has neither a list nor inferred participants. */
export function editionsWithoutRoll(known: readonly KnownEdition[]): readonly NextEdition[] {
  const ordered = inVersions(known);
  const last = ordered.at(-1);
  const call = Math.min(...known.map(({ edition }) => edition));
  return ordered
    .filter((one, i) => ordered[i + 1]?.version !== one.version)
    .filter(({ participantsDigest, found }) => participantsDigest === undefined && found === 0)
    .map((newest) => ({
      ...{ version: newest.version, call, newest: last, isNewest: newest.version === last?.version },
      head: newest,
      participants: undefined,
      sessions: newest.sessionsDigest === undefined ? undefined : newest,
    }));
}

interface InferenceInput extends Pick<EditionInput, 'tenantId' | 'edition' | 'known' | 'next'> {
  readonly callId: string;
  readonly shared: SharedEdition;
}

/**
 * Returns the edition with its inferred participants.
 *
 * @returns `undefined` when the current release would store the same as is stored.
 */
export function inferredEdition({
  callId,
  shared,
  ...input
}: InferenceInput): ReturnType<typeof receivedEdition> | undefined {
  const { edition: stored, head, headDigest } = shared;
  const { version, startTicks, endTicks, modifiedTicks, receivedMs } = stored;
  const decided = receivedEdition({
    ...input,
    shared,
    // The parts arrived with the stored edition, so a read as of that time shows the inferred participants too.
    receivedMs,
    call: {
      ...{ callId, version, startTicks, endTicks, modifiedTicks },
      head: { digest: headDigest, value: head },
      ...{ participants: undefined, sessions: undefined, odd: stored.odd, setAside: [], origin: '' },
    },
  });
  const { found, lacking } = decided.written.edition;
  const isSame = found === undefined && lackingBits(lacking) === lackingBits(stored.lacking);
  return isSame ? undefined : decided;
}
