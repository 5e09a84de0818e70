/** Answers `GET /rollcall/calls/{id}/summary`: a call as search returns it, and its completeness. */
import type { AsOf } from '../../../query/odata/as-of.ts';
import { foundEdition } from '../../../store/found-edition.ts';
import { indexedCall } from '../../../store/indexed-call.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { callCompleteness } from '../../../maintain/verify/call-completeness.ts';
import { callRecordMissing } from '../../../graph/method-faults.ts';
import { callText } from './find-calls.ts';

/** Formats the summary. @param asOf The requested state of the call; the newest when absent. */
export async function summaryText(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  asOf: AsOf | undefined,
): Promise<string> {
  const editions = await store.evidence.editions(tenantId, callId);
  const edition = asOf === undefined ? editions.at(-1) : await store.editionAsOf(tenantId, callId, asOf);
  if (edition === undefined) throw callRecordMissing();
  const indexed = asOf === undefined ? await indexedCall(store, tenantId, callId) : undefined;
  const call = indexed ?? (await foundEdition(store, edition));
  if (call === undefined) throw callRecordMissing();
  const more = {
    completeness: await callCompleteness(store, edition, asOf === undefined),
    versions: new Set(editions.map(({ version }) => version)).size,
  };
  return callText(call, `,${JSON.stringify(more).slice(1, -1)}`);
}
