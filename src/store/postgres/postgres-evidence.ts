/** Reads the evidence of a PostgreSQL store. */
import { otherKeysOf } from '../../contract/ids.ts';
import { verificationCheck, wholeVerification } from '../evidence-rows.ts';
import type { EvidenceStore, IncompleteCall } from '../evidence.ts';
import type { Row } from '../rows.ts';
import { underKeys, underKeysLater } from '../under-keys.ts';
import { unlessDamaged } from '../store-errors.ts';
import { isLogRowWhole } from '../rows.ts';
import type { Connection } from './connection.ts';
import type { Value } from './dialect.ts';
import { editionFrom } from './edition-text.ts';
import { idOf, keyOf } from './keys.ts';
import { indexMismatches } from './index-mismatches.ts';
import { verification } from './statements.ts';
import { readCalls } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';

/** Log rows that are read together. */
const logRowsAtOnce = 1000;
/** Precedes every key. */
const noKey = Buffer.alloc(0);
/** Numbers of tenants start at 1. */
const noTenant = 0;

export function postgresEvidence(connection: Connection, tenants: Tenants): EvidenceStore {
  const numberOf = async (tenantId: string) => (await tenants.numberOf(tenantId)) ?? noTenant;
  const ids = async (
    statement: 'callIds' | 'wantingIds',
    tenantId: string,
    after: string | undefined,
    limit: number,
  ) => {
    const from = after === undefined ? noKey : keyOf(after);
    const rows = await connection.all(statement, await numberOf(tenantId), from, limit);
    return rows.map(([key, longId]) => idOf(key as Buffer, longId as Buffer | null));
  };
  const newest = async (
    statement: 'lackingEditions' | 'oddEditions',
    tenantId: string,
    after: string | undefined,
    limit: number,
  ) => {
    const from = after === undefined ? noKey : keyOf(after);
    const rows = await connection.all(statement, await numberOf(tenantId), from, limit);
    return rows.map((row) => newestOfRow(tenantId, row));
  };
  return {
    tenants: async () => (await connection.all('tenants')).map((row) => row[0] as string),
    stored: async () => (await connection.all('storedTenants')).map((row) => row[0] as string),

    async changes(tenantId) {
      const [lastEdition, logChanges] = (await connection.get('changes', await numberOf(tenantId))) ?? [];
      return { lastEdition: Number(lastEdition ?? 0), logChanges: Number(logChanges ?? 0) };
    },

    async tally(tenantId) {
      const row = (await connection.get('tally', await numberOf(tenantId))) ?? [];
      const [calls = 0, editions = 0, participants = 0, incomplete = 0, found = 0, versions = 0, odd = 0] =
        row.map(Number);
      return { calls, editions, versions, participants, incomplete, found, odd };
    },

    calls: (tenantId, after, limit) => ids('callIds', tenantId, after, limit),
    wanting: (tenantId, after, limit) => ids('wantingIds', tenantId, after, limit),

    lacking: (tenantId, after, limit) => newest('lackingEditions', tenantId, after, limit),
    odd: (tenantId, after, limit) => newest('oddEditions', tenantId, after, limit),
    async newest(tenantId, callIds) {
      const ids = callIds.flatMap((callId) => [callId, ...otherKeysOf(callId)]);
      const rows = await connection.all('newestOfCalls', await numberOf(tenantId), ids.map(keyOf));
      const newest = new Map(rows.map((row) => newestOfRow(tenantId, row)).map((one) => [one.callId, one]));
      return callIds.flatMap((callId) => underKeys(callId, (id) => newest.get(id))?.edition ?? []);
    },

    knows: async (tenantId) => (await tenants.numberOf(tenantId)) !== undefined,

    async editions(tenantId, callId) {
      const tenantNo = await numberOf(tenantId);
      const editions = await underKeysLater(callId, async (id) => {
        const rows = await connection.all('editionsOfCall', tenantNo, keyOf(id));
        return rows.length === 0 ? undefined : rows.map((row) => editionFrom(tenantId, id, row[0]));
      });
      return editions ?? [];
    },

    async whole(tenantId, callIds) {
      return readCalls(connection, { tenantId, tenantNo: await numberOf(tenantId) }, callIds);
    },
    async misplaced(tenantId, calls) {
      return indexMismatches(connection, await numberOf(tenantId), calls);
    },

    async checkLogRows(tenantId) {
      const tenantNo = await numberOf(tenantId);
      let [count, damaged] = [0, 0];
      for (let after: readonly Value[] = ['', -(2n ** 63n), noKey]; ;) {
        const rows = await connection.all('everyLogRow', tenantNo, ...after, logRowsAtOnce);
        count += rows.length;
        damaged += rows.filter((row) => !isLogRowWhole(row)).length;
        const last = rows.at(-1);
        if (last === undefined || rows.length < logRowsAtOnce) return { rows: count, damaged };
        after = [last[0]!, last[1]!, last[4]!];
      }
    },

    async lastVerification(tenantId) {
      const row = await connection.get('verification', await numberOf(tenantId));
      return row && wholeVerification(verification.read(row));
    },

    async keepVerification(tenantId, kept) {
      const { endedMs, report } = kept;
      const values = [endedMs, report, verificationCheck(kept)] as const;
      await connection.run('keepVerification', await numberOf(tenantId), ...values);
    },

    engineFaults: async () => Number((await connection.get('checksumFailures'))?.[0] ?? 0),
  };
}

/**
 * Returns an incomplete call.
 *
 * @param row An edition as text, and the columns of its call's id.
 */
function newestOfRow(tenantId: string, [text, key, longId]: Row): IncompleteCall {
  const callId = idOf(key as Buffer, longId as Buffer | null);
  return { callId, edition: unlessDamaged(() => editionFrom(tenantId, callId, text)) };
}
