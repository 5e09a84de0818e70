/** Applies a retention policy: deletes calls that began before a time, a few at a time, while others read and write. */
import type { CallRecordStore } from '../../store/store.ts';
import { keepSince } from '../../store/retention-watermark.ts';

export interface RetentionOptions {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  /** The first tick that is kept. */
  readonly before: bigint;
  readonly signal: AbortSignal;
  /** Called with the number of calls deleted so far. */
  readonly onDropped?: (calls: number) => void;
}

export interface Dropped {
  readonly calls: number;
  readonly logRows: number;
  /** Ids of calls that are kept because their data is damaged. */
  readonly damagedCalls: readonly string[];
}

/** Calls per transaction: few enough that concurrent writers hardly wait. */
const callsAtOnce = 100;
const rowsAtOnce = 5000;

/** Applies the policy. A run that was stopped continues when it is run again. */
export async function applyRetention(options: RetentionOptions): Promise<Dropped> {
  const { store, tenantId, before, signal, onDropped } = options;
  const { retention } = store;
  // Recorded first, so that a concurrent sync does not fetch the deleted calls again.
  await keepSince(store, tenantId, before);
  await retention.forgetUpstream(tenantId, before);
  let [calls, logRows] = [0, 0];
  const damagedCalls = new Set<string>();
  for (let isMore = true; isMore && !signal.aborted;) {
    const dropped = await retention.dropCalls(tenantId, before, callsAtOnce, damagedCalls);
    for (const callId of dropped.damaged) damagedCalls.add(callId);
    calls += dropped.calls;
    isMore = dropped.calls + dropped.damaged.length > 0;
    onDropped?.(calls);
    await otherWork();
  }
  for (let dropped = rowsAtOnce; dropped > 0 && !signal.aborted;) {
    dropped = await retention.dropLogRows(tenantId, before, rowsAtOnce);
    logRows += dropped;
    await otherWork();
  }
  await retention.dropQuarantined(tenantId, before);
  // Also when nothing was deleted, because the last run may have stopped before this step.
  while (!signal.aborted && (await retention.erase())) await otherWork();
  return { calls, logRows, damagedCalls: [...damagedCalls] };
}

/** Yields to other work in this process, because an embedded store responds synchronously. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
