/** Why calls cannot be carried, where it is that one of them is damaged in the source. */
import { StoreDamaged, StoreError } from '../store/store.ts';
import type { EditionContent } from '../store/transfer.ts';
import { checkBlock } from '../text/check-block.ts';
import { storedTypes } from '../text/stored-types.ts';
import type { MovingStore } from './copy-note.ts';

/** @returns What to tell in place of a failure in carrying these calls; the failure itself where all of them are whole. */
export async function toldByCall(
  failure: unknown,
  from: MovingStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<unknown> {
  const damaged = await firstDamaged(from, tenantId, callIds).catch(() => undefined); // the source does not answer
  if (damaged === undefined) return failure;
  return new StoreError(
    `The call ${damaged} of tenant ${tenantId} is damaged in the source. Ask verify what else is, and copy a backup that is whole to a new store.`,
    { cause: failure },
  );
}

async function firstDamaged(
  from: MovingStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<string | undefined> {
  for (const callId of callIds) {
    try {
      const calls = await from.evidence.whole(tenantId, [callId]);
      if (!calls.every(({ contents }) => [...contents.values()].every(isWhole))) return callId;
    } catch (error) {
      if (error instanceof StoreDamaged) return callId;
      throw error;
    }
  }
  return undefined;
}

function isWhole({ head, participants = [], sessions, found = [] }: EditionContent): boolean {
  return (
    checkBlock(head, storedTypes.callRecord) !== undefined &&
    [...participants, ...found].every((block) => checkBlock(block, storedTypes.participant) !== undefined) &&
    (sessions?.blocks ?? []).every((block) => checkBlock(block, storedTypes.session) !== undefined) &&
    (sessions?.segments ?? []).every((block) => checkBlock(block, 'segments') !== undefined)
  );
}
