/** Reads a call for an export: its entities one by one from one edition, with one block in memory. */
import type { Edition } from '../store/edition.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';
import type { CallBlocks } from './call-blocks.ts';
import type { JsonObject } from './cell.ts';

export interface StoredCall {
  readonly edition: Edition;
  readonly head: JsonObject;
  participants(): AsyncIterable<JsonObject>;
  /** Yields inferred participants, which no received list contains. */
  inferred(): AsyncIterable<JsonObject>;
  sessions(): AsyncIterable<JsonObject>;
  /** Yields each session with its segments, `null` when they were not received. */
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

/** Parses the JSON text, which was checked when it was stored. */
function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
