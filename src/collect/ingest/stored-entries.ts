/** Yields the entries of a call's stored lists, each as the text in which it would be received. */
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition } from '../../store/edition.ts';
import { entityTexts } from '../../wire/text/sound-layout.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';

export async function* storedParticipants(edition: Edition, store: CallRecordStore): AsyncGenerator<Buffer> {
  for (let no = 0; ; no++) {
    const block = await store.participantsBlock(edition, no);
    if (block === undefined) return;
    yield* entityTexts(block, storedTypes.participant);
  }
}

export async function* storedSessions(edition: Edition, store: CallRecordStore): AsyncGenerator<Buffer> {
  for (let no = 0; ; no++) {
    const sessions = await store.sessionsBlock(edition, no);
    const segmentsOf = await store.segmentsBlock(edition, no);
    if (sessions === undefined || segmentsOf === undefined) return;
    const segments = entityTexts(segmentsOf, 'segments');
    for (const [i, session] of entityTexts(sessions, storedTypes.session).entries()) {
      const own = segments[i]!; // a block of segments has one entity per session
      yield Buffer.concat([session.subarray(0, -1), Buffer.from(',"segments":'), own, Buffer.from('}')]);
    }
  }
}
