/** Routes a request by its path: to the Graph API, or to an internal route. */
import type { Edm } from '../../contract/edm.ts';
import { Fault } from '../../contract/faults.ts';
import { graphTemplate } from '../../contract/graph-template.ts';
import { answerInternal, type RouteTable } from '../internal/route-table.ts';
import type { AnswerGraph } from './answer-graph.ts';
import { originOf, type OriginRules } from './origin.ts';
import type { RequestTarget } from './request-target.ts';
import type { ServedRoute } from './server.ts';

interface RouterParts {
  readonly graph: AnswerGraph;
  readonly internal: RouteTable;
  readonly origin: OriginRules;
}

export function createRouter(parts: RouterParts): (target: RequestTarget) => ServedRoute {
  return (target) => {
    const version = versionOf(target.path);
    if (version !== undefined) return graphRoute(version, target, parts);
    const found = parts.internal.find(target.path);
    if (found === undefined) return nowhere;
    return {
      ...found,
      answer: (exchange) =>
        answerInternal(
          found,
          exchange,
          target,
          originOf(exchange.request, exchange.clientAddress, parts.origin),
        ),
    };
  };
}

function versionOf(path: string): Edm['version'] | undefined {
  const end = path.indexOf('/', 1);
  const first = path.slice(1, end < 0 ? undefined : end);
  return first === 'v1.0' || first === 'beta' ? first : undefined;
}

function graphRoute(
  version: Edm['version'],
  { path, query }: RequestTarget,
  { graph, origin }: RouterParts,
): ServedRoute {
  return {
    template: graphTemplate(path),
    answer(exchange) {
      const { request, clientAddress } = exchange;
      return graph(
        {
          method: request.method ?? 'GET',
          version,
          path: path.slice(version.length + 2),
          query,
          headers: request.headers,
          serviceRoot: `${originOf(request, clientAddress, origin)}/${version}`,
        },
        exchange,
      );
    },
  };
}

const nowhere: ServedRoute = {
  template: 'other',
  answer() {
    throw new Fault('pageMissing', 'Not found. The API is served under /v1.0 and /beta.');
  },
};
