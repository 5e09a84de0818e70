/** `GET /rollcall/calls/{id}/summary`: a call as it is found, and how complete it is. */
import type { CallRecordStore } from '../../store/store.ts';
import { callCompleteness } from '../../verify/call-completeness.ts';
import { callRecordMissing } from '../refusals.ts';
import { callText } from './find-calls.ts';

export async function summaryText(store: CallRecordStore, tenantId: string, callId: string): Promise<string> {
  const call = await store.search.call(tenantId, callId);
  const editions = await store.evidence.editions(tenantId, callId);
  const newest = editions.at(-1);
  if (call === undefined || newest === undefined) throw callRecordMissing();
  const more = {
    completeness: callCompleteness(newest),
    versions: new Set(editions.map(({ version }) => version)).size,
  };
  return callText(call, `,${JSON.stringify(more).slice(1, -1)}`);
}
