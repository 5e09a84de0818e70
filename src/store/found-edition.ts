/**
 * Returns any edition of a call in the form of a search result. It reads the stored blocks, since the index holds only
 * the newest edition.
 */
import { membershipOf } from '../contract/affiliation.ts';
import { addStored, type Health, HealthTally } from '../wire/text/session-health.ts';
import { factsOf } from './call-facts.ts';
import { entryBlocks } from './call-entries.ts';
import { identitySetOf } from './entry-identity.ts';
import { hasWholeRoll, participantsOf } from './indexed-edition.ts';
import { OutsiderCount } from './tokenizer.ts';
import type { FoundCall } from './search.ts';
import type { CallRecordStore } from './store.ts';
import type { Edition } from './edition.ts';

/**
 * Returns an edition as a search result.
 *
 * @returns `undefined` when the call's record was not received.
 */
export async function foundEdition(store: CallRecordStore, edition: Edition): Promise<FoundCall | undefined> {
  const { callId, call, version, startTicks, endTicks, sessions, lacking } = edition;
  if (startTicks === undefined) return undefined;
  const { type, modalities, joinWebUrl, organizer } = factsOf(await store.head(edition), callId);
  return {
    ...{ callId, call, version, startTicks, endTicks, type, modalities, joinWebUrl, organizer },
    participants: participantsOf(edition),
    sessions: sessions?.count ?? 0,
    ...(await healthOf(store, edition)),
    incomplete: lacking.length > 0,
    ...(await outsidersOf(store, edition)),
    isRollComplete: hasWholeRoll(edition),
  };
}

async function outsidersOf(store: CallRecordStore, edition: Edition) {
  const count = new OutsiderCount(edition.tenantId);
  for await (const { entries } of entryBlocks(store, edition))
    for (const entry of entries) count.add({ membership: membershipOf(identitySetOf(entry)) });
  return { external: count.external, unknown: count.unknown };
}

async function healthOf(store: CallRecordStore, edition: Edition): Promise<Health> {
  const tally = new HealthTally();
  for (let no = 0; ; no++) {
    const sessions = await store.sessionsBlock(edition, no);
    if (sessions === undefined) return tally.result();
    addStored(tally, sessions, await store.segmentsBlock(edition, no));
  }
}
