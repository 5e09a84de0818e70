/** What Rollcall says of its own completeness, for whoever may read the calls: below `/rollcall`. */
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import { completenessOf, type VerifiedReport } from '../verify/report.ts';
import { callCompleteness } from '../verify/call-completeness.ts';
import { versionsText } from '../verify/versions.ts';
import type { Authenticate } from './authenticate.ts';
import { bodyOf, type Exchange, send } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import { answerJson, decodedSegment, refuseOthers } from './own-json.ts';
import { callRecordMissing } from './refusals.ts';

export interface EvidenceParts {
  readonly store: CallRecordStore;
  readonly authenticate: Authenticate;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const callPath = /^\/rollcall\/callRecords\/([^/]+)\/(versions|completeness)$/;

export function evidencePaths(
  parts: EvidenceParts,
): (exchange: Exchange, path: string) => Promise<void> | undefined {
  return (exchange, path) => {
    if (path === '/metrics') return answerMetrics(exchange, parts.metrics);
    if (path === '/rollcall/completeness')
      return answerJson(exchange, parts.authenticate, ({ tenantId }) => completenessText(parts, tenantId));
    const [, callId, what] = callPath.exec(path) ?? [];
    if (callId === undefined) return undefined;
    return answerJson(exchange, parts.authenticate, async ({ tenantId }) => {
      const { store } = parts;
      const id = decodedSegment(callId);
      const text = await (what === 'versions'
        ? versionsText(store, tenantId, id)
        : callCompletenessText(store, tenantId, id));
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

async function callCompletenessText(store: CallRecordStore, tenantId: string, callId: string) {
  const edition = await store.edition(tenantId, callId);
  return edition && JSON.stringify(callCompleteness(edition));
}
