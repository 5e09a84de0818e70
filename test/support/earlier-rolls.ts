/**
 * Writes calls as the release before inferred participants did: without any, and complete unless the record names
 * people.
 */
import type { CallRecordStore } from '../../src/store/store.ts';
import { type Edition, editionDigest } from '../../src/store/edition.ts';

import type { EditionContent, TransferredCall } from '../../src/store/transfer.ts';
import { blockText } from '../../src/wire/text/block-text.ts';

/** Copies calls. @param from Contains the calls as the current release stores them. */
export async function copyAsEarlier(from: CallRecordStore, to: CallRecordStore, tenantId: string) {
  const ids = await from.evidence.calls(tenantId, undefined, 1000);
  const calls = await from.evidence.whole(tenantId, ids);
  await to.transfer.put(tenantId, calls.map(earlier), '');
}

function earlier({ callId, editions, contents, health }: TransferredCall): TransferredCall {
  const known = new Map(
    editions.map((edition) => {
      const content = contents.get(edition.edition)!; // a call of whole editions
      return [edition.edition, asEarlier(edition, content)] as const;
    }),
  );
  return {
    ...{ callId, health },
    editions: [...known.values()].map(({ edition }) => edition),
    contents: new Map([...known].map(([number, { content }]) => [number, content])),
  };
}

function asEarlier(edition: Edition, content: EditionContent) {
  if (edition.participants !== undefined) return { edition, content };
  const { headDigest, sessionsDigest = null, head } = content;
  const namesPeople = /"participants":\[\{/.test(blockText(head).toString());
  const lacking = edition.lacking.filter((lack) => lack !== 'listMissing' || namesPeople);
  const digest = editionDigest(headDigest, null, sessionsDigest);
  return {
    edition: { ...edition, digest, lacking, found: undefined },
    content: { ...content, found: undefined },
  };
}
