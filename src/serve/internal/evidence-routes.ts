/** Defines the routes for completeness, of a tenant and of a call, and for all stored versions of a call. */
import type { Clock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { callRecordMissing } from '../../graph/method-faults.ts';
import { callCompleteness } from '../../maintain/verify/call-completeness.ts';
import { lastReport, shownVerification } from '../../maintain/verify/last-report.ts';
import { completenessOf } from '../../maintain/verify/report.ts';
import { listedHours } from '../../maintain/verify/listings.ts';
import { versionsText } from '../../maintain/verify/versions.ts';
import { jsonRead } from '../openapi/operation.ts';
import { evidenceSchemas } from './evidence-schemas.ts';
import { jsonAnswer } from './json-response.ts';
import type { InternalRoute } from './route.ts';

export interface EvidenceParts {
  readonly store: CallRecordStore;
  /** Returns the completeness of a tenant as JSON: `completenessText`, computed once for concurrent requests. */
  readonly completeness: (tenantId: string) => Promise<string>;
}

export const evidenceRoutes: readonly InternalRoute<EvidenceParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/completeness',
    permission: 'CallRecords.Read.All',
    handler: async ({ completeness }, { caller }) => jsonAnswer(await completeness(caller.tenantId)),
    openapi: jsonRead({
      operationId: 'completeness',
      summary: 'Get the completeness of a tenant',
      description: "Known missing data of the token's tenant, and the result of its last verification.",
      schemas: { completeness: evidenceSchemas.completeness },
    }),
  },
  {
    method: 'GET',
    path: '/rollcall/callRecords/{callRecord-id}/versions',
    permission: 'CallRecords.Read.All',
    async handler({ store }, { caller, keys: [callId = ''] }) {
      const text = await versionsText(store, caller.tenantId, callId);
      if (text === undefined) throw callRecordMissing();
      return jsonAnswer(text);
    },
    openapi: jsonRead(
      {
        operationId: 'versions',
        summary: 'List every stored state of a call',
        description: 'Each version and edition that was stored, and the changes from one to the next.',
        schemas: { versions: evidenceSchemas.versions },
      },
      400,
      404,
    ),
  },
  {
    method: 'GET',
    path: '/rollcall/callRecords/{callRecord-id}/completeness',
    permission: 'CallRecords.Read.All',
    async handler({ store }, { caller, keys: [callId = ''] }) {
      const edition = await store.edition(caller.tenantId, callId);
      if (edition === undefined) throw callRecordMissing();
      return jsonAnswer(JSON.stringify(await callCompleteness(store, edition, true)));
    },
    openapi: jsonRead(
      {
        operationId: 'callCompleteness',
        summary: 'Get the completeness of a call',
        description: 'What was received for its newest edition, and known missing data.',
        schemas: { callCompleteness: evidenceSchemas.callCompleteness },
      },
      400,
      404,
    ),
  },
];

export async function completenessText(
  { store, clock }: { readonly store: CallRecordStore; readonly clock: Clock },
  tenantId: string,
): Promise<string> {
  const asOfDateTime = clock.now().toISOString();
  const last = await lastReport(store, tenantId);
  const report = await completenessOf(store, tenantId, clock, { checked: last?.checked });
  const listed = await listedHours(store, [tenantId]);
  return JSON.stringify({ asOfDateTime, ...report, ...listed, lastVerification: shownVerification(last) });
}
