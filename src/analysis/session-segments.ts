/**
 * Reads the segments of sessions, which are most of a call's text. Those of a small call are read whole. Of a large call
 * only the segments are parsed that say something about the person: a failure, or the times of a session without own
 * ones.
 */
import type { Edition } from '../store/edition.ts';
import { indexedCall } from '../store/indexed-call.ts';
import type { CallRecordStore } from '../store/store.ts';
import { blockText } from '../wire/text/block-text.ts';
import { entityTexts } from '../wire/text/sound-layout.ts';
import { entitiesOf, readBlock } from './read-blocks.ts';
import type { RecordSession } from './records.ts';
import { receivedSpan } from './spans.ts';

/** The largest number of sessions of which all segments are read. */
export const usualSegments = 2000;

type Segments = NonNullable<RecordSession['segments']>;

interface SessionSegments {
  readonly areWhole: boolean;
  /** Returns the segments of each session of a block; nothing where they were not received or are left out. */
  readonly of: (
    no: number,
    sessions: readonly RecordSession[],
  ) => Promise<readonly (Segments | null | undefined)[]>;
}

export async function sessionSegments(
  store: CallRecordStore,
  edition: Edition,
  mostSessions: number,
): Promise<SessionSegments> {
  const read = (no: number) => readBlock(edition, store.segmentsBlock(edition, no));
  if ((edition.sessions?.count ?? 0) <= mostSessions)
    return { areWhole: true, of: async (no) => entitiesOf(await read(no)) as readonly (Segments | null)[] };
  const mayFail = await mayHaveFailures(store, edition);
  return {
    areWhole: false,
    async of(no, sessions) {
      if (!mayFail && !sessions.some(hasNoTimes)) return [];
      const block = await read(no);
      if (!sessions.some(hasNoTimes) && !blockText(block).includes(failureStart)) return [];
      return entityTexts(block, 'segments').map((text, i) => {
        const isTelling =
          text.includes(failureStart) || (sessions[i] !== undefined && hasNoTimes(sessions[i]));
        // The text was checked when it was stored.
        return isTelling ? (JSON.parse(text.toString()) as Segments | null) : null;
      });
    },
  };
}

/** The start of a failure in stored text, which has no white space. */
const failureStart = Buffer.from('"failureInfo":{');

function hasNoTimes(session: RecordSession): boolean {
  return receivedSpan(session) === undefined;
}

/** Returns false when the search index knows that every session ended well. It knows the newest edition. */
async function mayHaveFailures(store: CallRecordStore, edition: Edition): Promise<boolean> {
  const { tenantId, callId } = edition;
  const newest = await store.edition(tenantId, callId);
  if (newest?.edition !== edition.edition) return true;
  const indexed = await indexedCall(store, tenantId, callId);
  return indexed?.version !== edition.version || indexed.failures !== undefined;
}
