/** Reads the stored edition whose parts the next one shares, for both engines. */
import type { Block } from '../wire/text/block.ts';
import { isShared, sharedBy, type SharedEdition } from './edition-decisions.ts';
import { editionRowOf } from './edition-row.ts';
import type { StoredList } from './edition.ts';
import type { NextEdition } from './next-edition.ts';
import { blockOf } from './rows.ts';
import { type EngineColumns, one, type Steps, type StepValue } from './steps.ts';

/** The tenant that a call belongs to. */
export interface StoredTenant {
  readonly tenantId: string;
  readonly tenantNo: number;
}

export function* readShared(
  { editionOf, editionWidth, editionPlace, listPlace }: EngineColumns,
  { tenantId, tenantNo }: StoredTenant,
  callId: string,
  next: NextEdition,
): Steps<SharedEdition | undefined> {
  const from = sharedBy(next);
  if (from === undefined) return undefined;
  const columns = (yield* one('editionWhole', ...editionPlace(tenantNo, callId, from)))!; // the edition exists
  const row = editionRowOf(editionOf(tenantId, callId, columns), columns, editionWidth);
  const place = (list: StoredList | undefined) =>
    list === undefined ? undefined : listPlace(tenantNo, callId, list.list);
  const participants = place(isShared(next.participants) ? row.edition.participants : undefined);
  const sessions = place(isShared(next.sessions) ? row.edition.sessions : undefined);
  return {
    ...row,
    participants: yield* readBlocks('participantBlock', participants),
    sessions: yield* readBlocks('sessionBlock', sessions),
    segments: yield* readBlocks('segmentBlock', sessions),
  };
}

function* readBlocks(
  name: 'participantBlock' | 'sessionBlock' | 'segmentBlock',
  place: readonly StepValue[] | undefined,
): Steps<readonly Block[]> {
  const blocks: Block[] = [];
  if (place === undefined) return blocks;
  for (let row; (row = yield* one(name, ...place, blocks.length)) !== undefined;) blocks.push(blockOf(row));
  return blocks;
}
