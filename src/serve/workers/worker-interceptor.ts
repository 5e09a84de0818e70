/** Decides what a worker answers: reads of the API. It forwards all other requests to the supervisor. */
import { maxBatchBytes } from '../http/answer-graph.ts';
import type { Authenticate } from '../http/authenticate.ts';
import { changesSomething } from '../../graph/batch.ts';
import type { Exchange } from '../../graph/exchange.ts';
import type { RequestInterceptor } from '../http/request-interceptor.ts';
import type { ForwardReason } from '../observe/metrics.ts';
import { readBody } from '../../graph/read-body.ts';
import type { Forward } from './forwarding.ts';

type Answerer = (exchange: Exchange) => Promise<void> | undefined;

/** Creates the interceptor. @param onForward Called with each request that is forwarded. */
export function createWorkerInterceptor(
  forward: Forward,
  onForward: (reason: ForwardReason) => void,
): RequestInterceptor {
  const send = (exchange: Exchange, reason: ForwardReason) => {
    onForward(reason);
    return forward(exchange);
  };

  /** Authenticates first: bodies of unknown callers are neither read nor forwarded. */
  async function change(exchange: Exchange, answer: Answerer, authenticate: Authenticate): Promise<void> {
    const { request } = exchange;
    try {
      await authenticate(exchange);
    } catch {
      return answer(exchange); // rejects it, unless the document is public
    }
    if (!isBatch(request.method, request.url)) return send(exchange, 'change');
    const body = await readBody(request, maxBatchBytes);
    return changesSomething(body) ? send({ ...exchange, body }, 'batch') : answer({ ...exchange, body });
  }

  return {
    exchange(exchange, answer, authenticate) {
      const { method, url = '/' } = exchange.request;
      if (exchange.route.isForSupervisor === true || !url.startsWith('/'))
        return send(exchange, 'supervisor');
      if (method === 'GET' || method === 'HEAD') return answer(exchange);
      return isOfApi(url) ? change(exchange, answer, authenticate) : send(exchange, 'supervisor');
    },
  };
}

function isOfApi(url: string): boolean {
  return /^\/(v1\.0|beta)\//.test(url);
}

function isBatch(method: string | undefined, url = ''): boolean {
  return method === 'POST' && /^\/(v1\.0|beta)\/\$batch([?#]|$)/.test(url);
}
