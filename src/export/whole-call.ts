/** A call as a line of JSON that an import takes for the same call: its record with both lists in it, in the words received. */
import { callRecordsPath } from '../odata/context-url.ts';
import type { CallRecordStore, Edition } from '../store/store.ts';
import { type Block, blockText, readLayout } from '../text/block.ts';

/** Says that a list goes on where nobody followed it; the import knows by it that the list is incomplete. */
const unfollowed = 'https://graph.microsoft.com/v1.0/not-followed';
const contextOf = (callId: string, list: string) =>
  `https://graph.microsoft.com/v1.0/$metadata#${callRecordsPath}('${callId.replaceAll("'", "''")}')/${list}`;

export async function* wholeCall(store: CallRecordStore, edition: Edition): AsyncGenerator<Buffer> {
  if (edition.lacking.includes('record')) {
    yield* pagesOf(store, edition);
    return;
  }
  // The record without its closing brace: its lists follow its own members.
  yield blockText(await store.head(edition)).subarray(0, -1);
  for (const [name, text] of listsOf(store, edition)) {
    if (edition[name]?.complete === false)
      yield Buffer.from(`,"${memberOf[name]}@odata.nextLink":${JSON.stringify(unfollowed)}`);
    yield Buffer.from(`,"${memberOf[name]}":[`);
    yield* text;
    yield closing;
  }
  yield lineEnd;
}

/** A call of which only pages were received: those pages. */
async function* pagesOf(store: CallRecordStore, edition: Edition): AsyncGenerator<Buffer> {
  for (const [name, text] of listsOf(store, edition)) {
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

function listsOf(store: CallRecordStore, edition: Edition): readonly [ListName, AsyncGenerator<Buffer>][] {
  return [
    ...(edition.participants === undefined
      ? []
      : [['participants', participantsText(store, edition)] as [ListName, AsyncGenerator<Buffer>]]),
    ...(edition.sessions === undefined
      ? []
      : [['sessions', sessionsText(store, edition)] as [ListName, AsyncGenerator<Buffer>]]),
  ];
}

async function* participantsText(store: CallRecordStore, edition: Edition): AsyncGenerator<Buffer> {
  for (let block = 0; ; block++) {
    const read = await store.participantsBlock(edition, block);
    if (read === undefined) return;
    if (block > 0) yield comma;
    yield blockText(read);
  }
}

async function* sessionsText(store: CallRecordStore, edition: Edition): AsyncGenerator<Buffer> {
  for (let block = 0; ; block++) {
    const sessions = await store.sessionsBlock(edition, block);
    if (sessions === undefined) return;
    if (block > 0) yield comma;
    yield withSegments(sessions, await store.segmentsBlock(edition, block));
  }
}

/** Sessions with the segments that stand beside them; a session whose segments were not received has none. */
function withSegments(sessions: Block, segments: Block | undefined): Buffer {
  const own = entityTexts(sessions);
  const beside = segments === undefined ? [] : entityTexts(segments);
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

function entityTexts(block: Block): readonly Buffer[] {
  const text = blockText(block);
  const { starts, ends } = readLayout(block);
  return Array.from(starts, (start, i) => text.subarray(start, ends[i]));
}
