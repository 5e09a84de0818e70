/** A call as an export reads it: its entities one by one, from one edition, a block in memory at a time. */
import type { Edition } from '../store/edition.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';
import type { CallBlocks } from './call-blocks.ts';
import type { JsonObject } from './cell.ts';

export interface StoredCall {
  readonly edition: Edition;
  readonly head: JsonObject;
  participants(): AsyncIterable<JsonObject>;
  /** Those that no received list has. */
  inferred(): AsyncIterable<JsonObject>;
  sessions(): AsyncIterable<JsonObject>;
  /** Each session with its segments, `null` where they were not received. */
  sessionsWithSegments(): AsyncIterable<{
    readonly session: JsonObject;
    readonly segments: JsonObject[] | null;
  }>;
}

export function storedCall(blocks: CallBlocks): StoredCall {
  const [head = {}] = objectsOf(blocks.head);
  return {
    edition: blocks.edition,
    head,
    participants: () => entities(blocks.of('participants')),
    inferred: () => entities(blocks.of('found')),
    sessions: () => entities(blocks.of('sessions')),
    async *sessionsWithSegments() {
      for await (const { sessions, segments } of blocks.sessionsWithSegments()) {
        const beside = entitiesOf(segments) as (JsonObject[] | null)[];
        for (const [i, session] of objectsOf(sessions).entries())
          yield { session, segments: beside[i] ?? null };
      }
    },
  };
}

async function* entities(blocks: AsyncIterable<Block>) {
  for await (const block of blocks) yield* objectsOf(block);
}

function objectsOf(block: Block): readonly JsonObject[] {
  return entitiesOf(block) as JsonObject[]; // a block of entities
}

/** JSON text that was walked when it was stored. */
function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
