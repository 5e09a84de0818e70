/** Finding calls, and how the tenant does: Rollcall's own API that the page is made of, below `/rollcall`. */
import type { Clock } from '../../../base/clock.ts';
import { parsePrefer } from '../../../query/odata/prefer.ts';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { Authenticate } from '../../http/authenticate.ts';
import type { Exchange } from '../../../graph/exchange.ts';
import { oneAtATime } from '../../../base/one-at-a-time.ts';
import { answerJson, decodedSegment } from '../json-response.ts';
import { findCallsText } from './find-calls.ts';
import { statisticsText } from './statistics.ts';
import { statusText } from './status.ts';
import { summaryText } from './summary.ts';

interface SearchParts {
  readonly store: CallRecordStore;
  readonly authenticate: Authenticate;
  readonly skipTokens: SkipTokens;
  readonly clock: Clock;
}

const summaryPath = /^\/rollcall\/calls\/([^/]+)\/summary$/;

export function searchPaths(
  parts: SearchParts,
): (exchange: Exchange, path: string, origin: string) => Promise<void> | undefined {
  const { store, authenticate } = parts;
  const status = oneAtATime((tenantId) => statusText(parts, tenantId));
  return (exchange, path, origin) => {
    const query = queryOf(exchange);
    switch (path) {
      case '/rollcall/calls':
        return answerJson(exchange, authenticate, ({ tenantId }) =>
          findCallsText(parts, tenantId, `${origin}${path}`, query),
        );
      case '/rollcall/statistics':
        return answerJson(exchange, authenticate, ({ tenantId }) => statisticsText(store, tenantId, query));
      case '/rollcall/status':
        return answerJson(exchange, authenticate, ({ tenantId }) => status(tenantId));
      default: {
        const [, callId] = summaryPath.exec(path) ?? [];
        return callId === undefined
          ? undefined
          : answerJson(exchange, authenticate, ({ tenantId }) =>
              summaryText(store, tenantId, decodedSegment(callId), asOfOf(exchange)),
            );
      }
    }
  };
}

function asOfOf({ request: { headers } }: Exchange) {
  return parsePrefer(headers['prefer'] as string | undefined).asOf; // Node joins what is sent twice
}

function queryOf({ request: { url = '' } }: Exchange): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
