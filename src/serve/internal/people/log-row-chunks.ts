/** Walks the rows of a phone log in a span, newest first, as stored text. */
import { setImmediate } from 'node:timers/promises';
import { parseTicks } from '../../../base/ticks.ts';
import type { PhoneLog } from '../../../contract/phone-log.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { logForms, readPhoneRow } from '../phone-logs/phone-row.ts';

const rowsPerChunk = 500;

/** Yields rows until there are no more. */
export async function* logRowChunks(
  store: CallRecordStore,
  tenantId: string,
  log: PhoneLog,
  { from, before: end }: { readonly from: bigint; readonly before: bigint },
): AsyncGenerator<readonly Uint8Array[]> {
  const { kind } = logForms[log];
  for (let [before, skip] = [end, 0]; ;) {
    const query = { kind, from, before, skip, limit: rowsPerChunk, newestFirst: true };
    const texts = await store.logRows(tenantId, query);
    if (texts.length > 0) yield texts;
    if (texts.length < rowsPerChunk) return;
    // Seeks to the time of the last row, because a store reads every row that it skips.
    const last = ticksOfRow(log, texts.at(-1)!);
    const atThatTime = texts.findLastIndex((text) => ticksOfRow(log, text) !== last);
    if (last === undefined || last + 1n >= before) skip += texts.length;
    else [before, skip] = [last + 1n, texts.length - 1 - atThatTime];
    await setImmediate(); // lets other requests run
  }
}

function ticksOfRow(log: PhoneLog, text: Uint8Array): bigint | undefined {
  const { startDateTime } = readPhoneRow(log, text);
  return startDateTime === null ? undefined : parseTicks(startDateTime);
}
