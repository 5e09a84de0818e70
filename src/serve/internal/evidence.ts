/** Answers about Rollcall's own completeness, to clients that may read the calls: below `/rollcall`. */
import type { Clock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { callCompleteness } from '../../maintain/verify/call-completeness.ts';
import { lastReport, shownVerification } from '../../maintain/verify/last-report.ts';
import { completenessOf } from '../../maintain/verify/report.ts';
import { versionsText } from '../../maintain/verify/versions.ts';
import type { Authenticate } from '../http/authenticate.ts';
import type { Exchange } from '../../graph/exchange.ts';
import { answerMetrics, type MetricsText, type MetricsToken } from './metrics-route.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { answerJson, decodedSegment } from './json-response.ts';
import { callRecordMissing } from '../../graph/method-faults.ts';

interface EvidenceParts {
  readonly store: CallRecordStore;
  readonly authenticate: Authenticate;
  /** Absent where they are on another port. */
  readonly metrics: MetricsText | undefined;
  readonly metricsToken: MetricsToken;
  readonly clock: Clock;
}

const callPath = /^\/rollcall\/callRecords\/([^/]+)\/(versions|completeness)$/;

export function evidencePaths(
  parts: EvidenceParts,
): (exchange: Exchange, path: string) => Promise<void> | undefined {
  const completeness = oneAtATime((tenantId) => completenessText(parts, tenantId));
  const { metrics, metricsToken } = parts;
  return (exchange, path) => {
    if (path === '/metrics' && metrics !== undefined) return answerMetrics(exchange, metrics, metricsToken);
    if (path === '/rollcall/completeness')
      return answerJson(exchange, parts.authenticate, ({ tenantId }) => completeness(tenantId));
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
  const asOfDateTime = clock.now().toISOString();
  const last = await lastReport(store, tenantId);
  const report = await completenessOf(store, tenantId, clock, { checked: last?.checked });
  return JSON.stringify({ asOfDateTime, ...report, lastVerification: shownVerification(last) });
}

async function callCompletenessText(store: CallRecordStore, tenantId: string, callId: string) {
  const edition = await store.edition(tenantId, callId);
  return edition && JSON.stringify(await callCompleteness(store, edition, true));
}
