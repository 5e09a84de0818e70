/** The hook around requests: the emulator injects faults and limits requests with it, and a worker forwards some. */
import type { Caller } from '../../graph/caller.ts';
import type { RequestIds } from '../../graph/error-response.ts';
import type { Answer, Exchange } from '../../graph/exchange.ts';
import type { GraphRequest } from '../../graph/messages.ts';
import type { Authenticate } from './authenticate.ts';

export interface RequestInterceptor {
  /**
   * Called with each request before the server answers it.
   *
   * @param answer Answers the request as the server does without an interceptor.
   * @param authenticate Verifies the token of the request.
   */
  exchange?(
    exchange: Exchange,
    answer: (exchange: Exchange) => Promise<void> | undefined,
    authenticate: Authenticate,
  ): Promise<void> | undefined;
  /** Called with each authenticated request of the Graph API, those in a batch too. @throws Fault to reject it */
  admit?(request: GraphRequest, caller: Caller): void;
  /** Returns the answer to a request in a batch; `undefined`, at once or later, leaves it to the server. */
  batchItem?(request: GraphRequest, ids: RequestIds): Promise<Answer | undefined> | undefined;
  /** Returns what the client receives instead of an answer to a request in a batch. */
  batchAnswer?(request: GraphRequest, answer: Answer): Answer;
}
