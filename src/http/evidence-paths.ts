/** What Rollcall says of its own completeness, for whoever may read the calls: below `/rollcall`. */
import { authorize } from '../auth/permission.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { Clock } from '../clock.ts';
import { Fault } from '../faults.ts';
import type { CallRecordStore } from '../store/store.ts';
import { completenessOf, type VerifiedReport } from '../verify/report.ts';
import { versionsText } from '../verify/versions.ts';
import { bodyOf, type Exchange, send } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import { callRecordMissing } from './refusals.ts';

export interface EvidenceParts {
  readonly store: CallRecordStore;
  readonly verifier: Verifier;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const versionsPath = /^\/rollcall\/callRecords\/([^/]+)\/versions$/;
const permissions = ['CallRecords.Read.All'] as const;

export function evidencePaths(
  parts: EvidenceParts,
): (exchange: Exchange, path: string) => Promise<void> | undefined {
  return (exchange, path) => {
    if (path === '/metrics') return answerMetrics(exchange, parts.metrics);
    if (path === '/rollcall/completeness')
      return answer(exchange, parts, (tenantId) => completenessText(parts, tenantId));
    const [, callId] = versionsPath.exec(path) ?? [];
    if (callId === undefined) return undefined;
    return answer(exchange, parts, async (tenantId) => {
      const text = await versionsText(parts.store, tenantId, decoded(callId));
      if (text === undefined) throw callRecordMissing();
      return text;
    });
  };
}

async function completenessText({ store, clock }: EvidenceParts, tenantId: string): Promise<string> {
  const report = await completenessOf(store, tenantId, clock);
  const last = await store.evidence.lastVerification(tenantId);
  const lastVerification = last && {
    endedDateTime: new Date(last.endedMs).toISOString(),
    ...(JSON.parse(last.report) as VerifiedReport), // as the verification wrote it
  };
  return JSON.stringify({ ...report, lastVerification: lastVerification ?? null });
}

/** For whoever reaches the port, as Prometheus expects. */
async function answerMetrics(exchange: Exchange, { contentType, text }: Metrics): Promise<void> {
  refuseOthers(exchange.request.method);
  const body = bodyOf(Buffer.from(await text()));
  send(exchange, { status: 200, headers: ['Content-Type', contentType], body });
}

function refuseOthers(method: string | undefined): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
}

async function answer(
  exchange: Exchange,
  { verifier }: EvidenceParts,
  text: (tenantId: string) => Promise<string>,
): Promise<void> {
  const { method, headers } = exchange.request;
  const { caller } = await verifier.verify(headers.authorization); // 401
  refuseOthers(method);
  authorize(caller, permissions); // 403
  send(exchange, {
    status: 200,
    headers: ['Content-Type', 'application/json'],
    body: bodyOf(Buffer.from(await text(caller.tenantId))),
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Fault('malformedRequest', 'The path is not percent-encoded as it must be.');
  }
}
