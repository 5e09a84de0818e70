/** A call as an export reads it: its entities one by one, from one edition, a block in memory at a time. */
import type { CallRecordStore, Edition } from '../store/store.ts';
import { type Block, blockText } from '../text/block.ts';
import type { JsonObject } from './cell.ts';

export interface StoredCall {
  readonly edition: Edition;
  readonly head: JsonObject;
  participants(): AsyncIterable<JsonObject>;
  /** Those found in the sessions of the call. */
  found(): AsyncIterable<JsonObject>;
  sessions(): AsyncIterable<JsonObject>;
  /** Each session with its segments, `null` where they were not received. */
  sessionsWithSegments(): AsyncIterable<{
    readonly session: JsonObject;
    readonly segments: JsonObject[] | null;
  }>;
}

export async function storedCall(store: CallRecordStore, edition: Edition): Promise<StoredCall> {
  const [head = {}] = objectsOf(await store.head(edition));
  return {
    edition,
    head,
    participants: () => entities((block) => store.participantsBlock(edition, block)),
    found: () => entities((block) => store.foundBlock(edition, block)),
    sessions: () => entities((block) => store.sessionsBlock(edition, block)),
    async *sessionsWithSegments() {
      for (let block = 0; ; block++) {
        const sessions = await store.sessionsBlock(edition, block);
        if (sessions === undefined) return;
        const beside = await store.segmentsBlock(edition, block);
        const segments = beside === undefined ? [] : (entitiesOf(beside) as (JsonObject[] | null)[]);
        for (const [i, session] of objectsOf(sessions).entries())
          yield { session, segments: segments[i] ?? null };
      }
    },
  };
}

async function* entities(blockAt: (block: number) => Block | undefined | Promise<Block | undefined>) {
  for (let block = 0; ; block++) {
    const read = await blockAt(block);
    if (read === undefined) return;
    yield* objectsOf(read);
  }
}

function objectsOf(block: Block): readonly JsonObject[] {
  return entitiesOf(block) as JsonObject[]; // a block of entities
}

/** JSON text that was walked when it was stored. */
function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
