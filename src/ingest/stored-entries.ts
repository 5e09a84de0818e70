/** The entries of a call's stored lists, each as the text it would be received as. */
import type { CallRecordStore, Edition } from '../store/store.ts';
import { type Block, blockText, readLayout } from '../text/block.ts';

export async function* storedParticipants(edition: Edition, store: CallRecordStore): AsyncGenerator<Buffer> {
  for (let no = 0; ; no++) {
    const block = await store.participantsBlock(edition, no);
    if (block === undefined) return;
    yield* entityTexts(block);
  }
}

export async function* storedSessions(edition: Edition, store: CallRecordStore): AsyncGenerator<Buffer> {
  for (let no = 0; ; no++) {
    const sessions = await store.sessionsBlock(edition, no);
    const segmentsOf = await store.segmentsBlock(edition, no);
    if (sessions === undefined || segmentsOf === undefined) return;
    const segments = entityTexts(segmentsOf);
    for (const session of entityTexts(sessions)) {
      const own = segments.next().value as Buffer; // a block of segments has as many entities as its sessions
      yield Buffer.concat([session.subarray(0, -1), Buffer.from(',"segments":'), own, Buffer.from('}')]);
    }
  }
}

export function* entityTexts(block: Block): Generator<Buffer> {
  const text = blockText(block);
  const { starts, ends } = readLayout(block);
  for (const [i, start] of starts.entries()) yield text.subarray(start, ends[i]);
}
