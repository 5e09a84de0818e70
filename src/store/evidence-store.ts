/** Reads the evidence of a store, for both engines. */
import { otherKeysOf } from '../contract/ids.ts';
import { verificationCheck, wholeVerification } from './evidence-rows.ts';
import type { EvidenceStore, IncompleteCall } from './evidence.ts';
import { isLogRowWhole, type SQLOutput } from './rows.ts';
import { all, type Database, one, type StepValue } from './steps.ts';
import { unlessDamaged } from './store-errors.ts';
import { underKeys } from './under-keys.ts';

/** Log rows that are read together. */
const logRowsAtOnce = 1000;

/** What an engine does itself. */
type EngineEvidence = Pick<EvidenceStore, 'knows' | 'whole' | 'misplaced' | 'engineFaults'>;

export function createEvidence(database: Database, ofEngine: EngineEvidence): EvidenceStore {
  const { callOf, editionOf, editionWidth } = database.columns;
  const tenantsBy = (name: 'tenants' | 'storedTenants') =>
    database.read(function* () {
      return (yield* all(name)).map((row) => row[0] as string);
    });
  const idsBy = (
    name: 'callIds' | 'wantingIds',
    ...[tenantId, after, limit]: Parameters<EvidenceStore['calls']>
  ) =>
    database.readOf(tenantId, function* (tenantNo) {
      return (yield* all(name, tenantNo, { key: after }, limit)).map((row) => callOf(row));
    });
  const newestOf = (tenantId: string, row: readonly SQLOutput[]): IncompleteCall => {
    const callId = callOf(row, editionWidth);
    return { callId, edition: unlessDamaged(() => editionOf(tenantId, callId, row)) };
  };
  const newestBy = (
    name: 'lackingEditions' | 'oddEditions',
    ...[tenantId, after, limit]: Parameters<EvidenceStore['lacking']>
  ) =>
    database.readOf(tenantId, function* (tenantNo) {
      return (yield* all(name, tenantNo, { key: after }, limit)).map((row) => newestOf(tenantId, row));
    });
  return {
    ...ofEngine,
    tenants: () => tenantsBy('tenants'),
    stored: () => tenantsBy('storedTenants'),
    calls: (...of) => idsBy('callIds', ...of),
    wanting: (...of) => idsBy('wantingIds', ...of),
    lacking: (...of) => newestBy('lackingEditions', ...of),
    odd: (...of) => newestBy('oddEditions', ...of),

    changes: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        const [lastEdition = 0, logChanges = 0] = (yield* one('changes', tenantNo)) ?? [];
        return { lastEdition: Number(lastEdition), logChanges: Number(logChanges) };
      }),

    tally: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        const row = ((yield* one('tally', tenantNo)) ?? []).map(Number);
        const [calls = 0, editions = 0, participants = 0, incomplete = 0, found = 0, versions = 0, odd = 0] =
          row;
        return { calls, editions, versions, participants, incomplete, found, odd };
      }),

    newest: (tenantId, callIds) =>
      database.readOf(tenantId, function* (tenantNo) {
        const keys = callIds.flatMap((callId) => [callId, ...otherKeysOf(callId)]);
        const rows = yield* all('newestOfCalls', tenantNo, { keys });
        const newest = new Map(rows.map((row) => newestOf(tenantId, row)).map((call) => [call.callId, call]));
        return callIds.flatMap((callId) => underKeys(callId, (id) => newest.get(id))?.edition ?? []);
      }),

    editions: (tenantId, callId) =>
      database.readOf(tenantId, function* (tenantNo) {
        for (const key of [callId, ...otherKeysOf(callId)]) {
          const rows = yield* all('editionsOfCall', tenantNo, { key });
          if (rows.length > 0) return rows.map((row) => editionOf(tenantId, key, row));
        }
        return [];
      }),

    checkLogRows: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        let [count, damaged] = [0, 0];
        for (let after: readonly StepValue[] = ['', -(2n ** 63n), { key: undefined }]; ;) {
          const rows = yield* all('everyLogRow', tenantNo, ...after, logRowsAtOnce);
          count += rows.length;
          damaged += rows.filter((row) => !isLogRowWhole(row)).length;
          const last = rows.at(-1);
          if (last === undefined || rows.length < logRowsAtOnce) return { rows: count, damaged };
          after = [last[0]!, last[1]!, last[4]!];
        }
      }),

    lastVerification: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        const verification = yield* one('verification', tenantNo);
        return verification && wholeVerification(verification);
      }),

    keepVerification: (tenantId, kept) =>
      database.writeOf(tenantId, function* (tenantNo) {
        yield* all('keepVerification', tenantNo, kept.endedMs, kept.report, verificationCheck(kept));
      }),
  };
}
