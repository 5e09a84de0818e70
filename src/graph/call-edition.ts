/** Finds the edition of a call that a read refers to. */
import { Fault } from '../contract/faults.ts';
import type { PagePlan } from '../query/plan/read-plan.ts';
import type { Edition } from '../store/edition.ts';
import { askedCall, type Read, type ReadParts } from './handler.ts';
import { callRecordMissing } from './method-faults.ts';

/** Returns the edition to read: the page's, or the newest. @throws Fault `recordMissing`, `badSkipToken` */
export async function callEdition(
  read: Read,
  parts: ReadParts,
  page?: Pick<PagePlan, 'edition' | 'asOf'>,
): Promise<Edition> {
  const { store } = parts;
  const { tenantId } = read.caller;
  const callId = askedCall(read);
  const asOf = page === undefined ? read.preferences.asOf : page.asOf;
  const found =
    page?.edition === undefined && asOf !== undefined
      ? await store.editionAsOf(tenantId, callId, asOf)
      : await store.edition(tenantId, callId, page?.edition);
  if (found === undefined) throw await missingEdition(read, parts, page?.edition);
  return found;
}

/** Returns the fault for a missing edition: the call was deleted, or only the state of a skip token. */
export async function missingEdition(
  { caller, target }: Read,
  { store }: ReadParts,
  asked: number | undefined,
): Promise<Fault> {
  const isGone =
    asked === undefined || (await store.edition(caller.tenantId, target.keys[0] ?? '')) === undefined;
  return isGone ? callRecordMissing() : staleSkipToken();
}

function staleSkipToken(): Fault {
  return new Fault(
    'badSkipToken',
    'The skip token names a version that was deleted. Request the first page again.',
    { target: '$skiptoken' },
  );
}
