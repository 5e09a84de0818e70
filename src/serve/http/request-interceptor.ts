/** What may stand between a request and its answer: the stage of `dev`, or a worker that forwards. */
import type { RequestIds } from '../../graph/error-response.ts';
import type { Answer, Exchange } from '../../graph/exchange.ts';
import type { Authenticate } from './authenticate.ts';
import type { GraphRequest } from '../../graph/messages.ts';

export interface RequestInterceptor {
  /**
   * @param answer What answers the exchange when nothing is played on it.
   * @param authenticate Whose request it is, for what must not be done for anybody.
   */
  exchange(
    exchange: Exchange,
    answer: (exchange: Exchange) => Promise<void> | undefined,
    authenticate: Authenticate,
  ): Promise<void> | undefined;
  /** The answer to an item of a batch; `undefined`, at once or in the end, leaves it to be answered as usual. */
  batchItem?(request: GraphRequest, ids: RequestIds): Promise<Answer | undefined> | undefined;
  /** What the client gets in place of the answer to an item of a batch. */
  batchAnswer?(request: GraphRequest, answer: Answer): Answer;
}
