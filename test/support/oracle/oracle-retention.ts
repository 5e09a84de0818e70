/** Implements the oracle's retention. */
import type { RetentionStore } from '../../../src/store/retention.ts';
import type { Edition } from '../../../src/store/edition.ts';
import type { LogRow } from '../../../src/store/log-row.ts';

interface OracleTables {
  /** Returns the newest edition of each call of a tenant. */
  readonly newest: (tenantId: string) => readonly Edition[];
  readonly dropCall: (tenantId: string, callId: string) => void;
  readonly logRows: (LogRow & { readonly tenantId: string })[];
  readonly forgetUpstream: (tenantId: string, before: bigint) => void;
  readonly dropQuarantined: (tenantId: string, before: bigint) => number;
}

export function oracleRetention(tables: OracleTables): RetentionStore {
  const { newest, dropCall, logRows, forgetUpstream, dropQuarantined } = tables;
  const callsBefore = (tenantId: string, before: bigint) =>
    newest(tenantId)
      .filter(({ startTicks, receivedMs = 0 }) => (startTicks ?? BigInt(receivedMs) * 10_000n) < before)
      .sort((a, b) => Number((a.startTicks ?? before) - (b.startTicks ?? before)));
  const isRowBefore = (tenantId: string, before: bigint) => (row: (typeof logRows)[number]) =>
    row.tenantId === tenantId && row.ticks > 0n && row.ticks < before;
  return {
    countBefore: (tenantId, before) => ({
      calls: callsBefore(tenantId, before).length,
      logRows: logRows.filter(isRowBefore(tenantId, before)).length,
    }),
    dropCalls(tenantId, before, limit) {
      const dropped = callsBefore(tenantId, before).slice(0, limit);
      for (const { callId } of dropped) dropCall(tenantId, callId);
      return { calls: dropped.length, damaged: [] };
    },
    dropLogRows(tenantId, before, limit) {
      const dropped = logRows.filter(isRowBefore(tenantId, before)).slice(0, limit);
      for (const row of dropped) logRows.splice(logRows.indexOf(row), 1);
      return dropped.length;
    },
    erase: () => false,
    forgetUpstream,
    dropQuarantined,
  };
}
