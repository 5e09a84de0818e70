/** What a worker answers by itself: reads, while nothing that only the supervisor knows can change their answers. */
import { maxBatchBytes } from '../http/api.ts';
import type { Authenticate } from '../http/authenticate.ts';
import { changesSomething } from '../http/batch.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Interception } from '../http/interception.ts';
import type { ForwardReason } from '../http/metrics.ts';
import { readBody } from '../http/read-body.ts';
import type { Forward } from './forwarding.ts';

export interface WorkerInterceptionOptions {
  readonly forward: Forward;
  /** Called with each request that is sent on. */
  readonly onForward: (reason: ForwardReason) => void;
  /** False while only the supervisor may answer. */
  readonly isAlone: () => boolean;
  /** Counts what is answered here. */
  readonly counting?: Interception | undefined;
}

type Answerer = (exchange: Exchange) => Promise<void> | undefined;

export function workerInterception(options: WorkerInterceptionOptions): Interception {
  const { isAlone, counting, onForward } = options;
  const forward = (exchange: Exchange, reason: ForwardReason) => {
    onForward(reason);
    return options.forward(exchange);
  };

  /** What is not a read of the API: sent on when its client is known, so that nobody else's body is read or sent on. */
  async function change(exchange: Exchange, answerHere: Answerer, authenticate: Authenticate): Promise<void> {
    const { request } = exchange;
    try {
      await authenticate(exchange);
    } catch {
      return answerHere(exchange); // which refuses it, unless it is for everybody
    }
    if (!isBatch(request.method, request.url)) return forward(exchange, 'change');
    const body = await readBody(request, maxBatchBytes);
    return changesSomething(body)
      ? forward({ ...exchange, body }, 'batch')
      : answerHere({ ...exchange, body });
  }

  return {
    exchange(exchange, answer, authenticate) {
      const { method, url = '/' } = exchange.request;
      if (!isAlone()) return forward(exchange, 'stage');
      if (isForSupervisor(url)) return forward(exchange, 'supervisor');
      const answerHere: Answerer = (one) =>
        counting === undefined ? answer(one) : counting.exchange(one, answer, authenticate);
      if (method === 'GET' || method === 'HEAD') return answerHere(exchange);
      if (!isOfApi(url)) return forward(exchange, 'supervisor');
      return change(exchange, answerHere, authenticate);
    },
    batchItem: (request, ids) => counting?.batchItem(request, ids),
  };
}

/** The stage, what sums up all the workers, and signing in, whose bounds are those of the whole server. */
function isForSupervisor(url: string): boolean {
  return /^\/(rollcall\/(dev\/|sign-)|metrics([?#]|$))/.test(url) || !url.startsWith('/');
}

function isOfApi(url: string): boolean {
  return /^\/(v1\.0|beta)\//.test(url);
}

function isBatch(method: string | undefined, url = ''): boolean {
  return method === 'POST' && /^\/(v1\.0|beta)\/\$batch([?#]|$)/.test(url);
}
