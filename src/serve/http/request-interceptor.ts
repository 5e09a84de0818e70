/** Defines the hook around requests, by which the emulator injects faults and a worker forwards. */
import type { Caller } from '../../graph/caller.ts';
import type { RequestIds } from '../../graph/error-response.ts';
import type { Answer, Exchange } from '../../graph/exchange.ts';
import type { GraphRequest } from '../../graph/messages.ts';
import type { Authenticate } from './authenticate.ts';

export interface RequestInterceptor {
  /** Called with each request. @param answer Answers it as the server does without an interceptor. */
  exchange?(
    exchange: Exchange,
    answer: (exchange: Exchange) => Promise<void> | undefined,
    authenticate: Authenticate,
  ): Promise<void> | undefined;
  /** Called with each authenticated request of the Graph API, including those in a batch. @throws Fault to reject it */
  admit?(request: GraphRequest, caller: Caller): void;
  /** Returns the response to a request in a batch; `undefined` to let the server answer it. */
  batchItem?(request: GraphRequest, ids: RequestIds): Promise<Answer | undefined> | undefined;
  /** Returns the response that the client receives to a request in a batch. */
  batchAnswer?(request: GraphRequest, answer: Answer): Answer;
}
