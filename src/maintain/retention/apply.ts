/** Applies a retention policy: drops what began before a time, a few calls at a time, while others read and write. */
import type { CallRecordStore } from '../../store/store.ts';
import { keepSince } from '../../store/retention-watermark.ts';

export interface RetentionOptions {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  /** First tick that is kept. */
  readonly before: bigint;
  readonly signal: AbortSignal;
  /** Told how many calls were dropped so far. */
  readonly onDropped?: (calls: number) => void;
}

export interface Dropped {
  readonly calls: number;
  readonly logRows: number;
  /** Ids of calls that stay, because what belongs to them is damaged. */
  readonly damagedCalls: readonly string[];
}

/** In one transaction: few enough that whoever waits for it hardly notices. */
const callsAtOnce = 100;
const rowsAtOnce = 5000;

/** Stopped at any moment, it goes on when it is run again. */
export async function applyRetention(options: RetentionOptions): Promise<Dropped> {
  const { store, tenantId, before, signal, onDropped } = options;
  const { retention } = store;
  // Noted first: a sync that runs meanwhile does not bring back what is dropped.
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
  // Also where nothing was dropped: the last run may have been stopped before it came so far.
  while (!signal.aborted && (await retention.erase())) await otherWork();
  return { calls, logRows, damagedCalls: [...damagedCalls] };
}

/** An embedded store answers at once: whoever else waits in this process gets a turn. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
