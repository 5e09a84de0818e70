/** Implements the oracle's evidence store. */
import type { EvidenceStore, Verification } from '../../../src/store/evidence.ts';
import { isSameId } from '../../../src/contract/ids.ts';
import type { Edition } from '../../../src/store/edition.ts';
import { firstIds, inVersions, type StoredEdition, wholeCall } from './oracle-editions.ts';

interface OracleEditions {
  /** Returns all editions of a tenant, or of one of its calls. */
  readonly stored: (tenantId: string, callId?: string) => readonly StoredEdition[];
  readonly tenants: () => readonly string[];
  /** Returns the newest edition of each call of a tenant. */
  readonly newest: (tenantId: string) => readonly Edition[];
  /** Returns true when the tenant has stored data other than calls. */
  readonly knows: (tenantId: string) => boolean;
}

export function oracleEvidence({ stored, tenants, newest, knows }: OracleEditions): EvidenceStore {
  const verifications = new Map<string, Verification>();
  return {
    tenants,
    stored: tenants,
    changes: (tenantId) => ({
      lastEdition: Math.max(0, ...stored(tenantId).map(({ edition }) => edition.edition)),
      logChanges: 0,
    }),
    tally: (tenantId) => {
      const ofCalls = newest(tenantId);
      const sum = (of: (edition: Edition) => number) => ofCalls.reduce((all, one) => all + of(one), 0);
      return {
        calls: ofCalls.length,
        editions: stored(tenantId).length,
        versions: new Set(stored(tenantId).map(({ edition }) => `${edition.version} ${edition.callId}`)).size,
        participants: sum(({ participants }) => participants?.count ?? 0),
        incomplete: sum(({ lacking }) => Number(lacking.length > 0)),
        found: sum(({ found }) => found?.count ?? 0),
        odd: sum(({ odd }) => Number(odd.length > 0)),
      };
    },
    calls: (tenantId, after, limit) => firstIds(newest(tenantId), after, limit),
    wanting: (tenantId, after, limit) =>
      firstIds(
        newest(tenantId).filter(({ lacking, found }) => lacking.length > 0 || found !== undefined),
        after,
        limit,
      ),
    lacking: (tenantId, after, limit) => {
      const ofCalls = newest(tenantId).filter(({ lacking }) => lacking.length > 0);
      const ids = firstIds(ofCalls, after, limit);
      return ids.map((id) => ({ callId: id, edition: ofCalls.find(({ callId }) => callId === id) }));
    },
    odd: (tenantId, after, limit) => {
      const ofCalls = newest(tenantId).filter(({ odd }) => odd.length > 0);
      const ids = firstIds(ofCalls, after, limit);
      return ids.map((id) => ({ callId: id, edition: ofCalls.find(({ callId }) => callId === id) }));
    },
    newest: (tenantId, callIds) =>
      callIds.flatMap((callId) => newest(tenantId).find((edition) => isSameId(edition.callId, callId)) ?? []),
    knows: (tenantId) => stored(tenantId).length > 0 || knows(tenantId),
    editions: (tenantId, callId) => inVersions(stored(tenantId, callId).map(({ edition }) => edition)),
    whole: (tenantId, callIds) => callIds.map((callId) => wholeCall(callId, stored(tenantId, callId))),
    misplaced: () => [], // there are no indexes
    checkLogRows: () => ({ rows: 0, damaged: 0 }),
    lastVerification: (tenantId) => verifications.get(tenantId),
    keepVerification: (tenantId, verification) => {
      if (newest(tenantId).length > 0) verifications.set(tenantId, verification);
    },
    engineFaults: () => 0,
  };
}
