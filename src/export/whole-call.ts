/** Writes a call as a line of JSON that imports as the same call: its record with both lists, in the received text. */
import { callRecordsPath } from '../query/odata/context-url.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';
import { entityTexts } from '../wire/text/sound-layout.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import type { CallBlocks, CallPart } from './call-blocks.ts';

/** The next link of a list that was not read to its end, by which the import recognizes that the list is incomplete. */
const unfollowed = 'https://graph.microsoft.com/v1.0/not-followed';
const contextOf = (callId: string, list: string) =>
  `https://graph.microsoft.com/v1.0/$metadata#${callRecordsPath}('${callId.replaceAll("'", "''")}')/${list}`;

/** The lists that a whole call contains. */
export const wholeParts = ['participants', 'sessions', 'segments'] as const satisfies readonly CallPart[];

export async function* wholeCall(blocks: CallBlocks): AsyncGenerator<Buffer> {
  const { edition, head } = blocks;
  if (edition.lacking.includes('record')) {
    yield* pagesOf(blocks);
    return;
  }
  // The record without its closing brace: its lists follow its own members.
  yield blockText(head).subarray(0, -1);
  for (const [name, text] of listsOf(blocks)) {
    if (edition[name]?.complete === false)
      yield Buffer.from(`,"${memberOf[name]}@odata.nextLink":${JSON.stringify(unfollowed)}`);
    yield Buffer.from(`,"${memberOf[name]}":[`);
    yield* text;
    yield closing;
  }
  yield lineEnd;
}

/** Writes the pages of a call of which only pages were received. */
async function* pagesOf(blocks: CallBlocks): AsyncGenerator<Buffer> {
  const { edition } = blocks;
  for (const [name, text] of listsOf(blocks)) {
    const next = edition[name]?.complete === false ? `"@odata.nextLink":${JSON.stringify(unfollowed)},` : '';
    const context = JSON.stringify(contextOf(edition.callId, memberOf[name]));
    yield Buffer.from(`{"@odata.context":${context},${next}"value":[`);
    yield* text;
    yield closing;
    yield lineEnd;
  }
}

const closing = Buffer.from(']');
const lineEnd = Buffer.from('}\n');
const comma = Buffer.from(',');
const memberOf = { participants: 'participants_v2', sessions: 'sessions' } as const;
type ListName = keyof typeof memberOf;

function* listsOf(blocks: CallBlocks): Generator<readonly [ListName, AsyncGenerator<Buffer>]> {
  if (blocks.edition.participants !== undefined) yield ['participants', joined(participantTexts(blocks))];
  if (blocks.edition.sessions !== undefined) yield ['sessions', joined(sessionTexts(blocks))];
}

async function* participantTexts(blocks: CallBlocks): AsyncGenerator<Buffer> {
  for await (const block of blocks.of('participants')) yield blockText(block);
}

async function* sessionTexts(blocks: CallBlocks): AsyncGenerator<Buffer> {
  for await (const { sessions, segments } of blocks.sessionsWithSegments())
    yield withSegments(sessions, segments);
}

async function* joined(texts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const text of texts) {
    if (!isFirst) yield comma;
    isFirst = false;
    yield text;
  }
}

/** Inserts each session's segments, which are stored next to it; a session may have none. */
function withSegments(sessions: Block, segments: Block): Buffer {
  const own = entityTexts(sessions, storedTypes.session);
  const beside = entityTexts(segments, 'segments');
  return Buffer.concat(
    own.flatMap((session, i) => {
      const before = i === 0 ? [] : [comma];
      const list = beside[i];
      if (list === undefined || list.equals(nothing)) return [...before, session];
      return [...before, session.subarray(0, -1), segmentsMember, list, closingBrace];
    }),
  );
}

const nothing = Buffer.from('null');
const segmentsMember = Buffer.from(',"segments":');
const closingBrace = Buffer.from('}');
