/** `GET /metrics`, for whoever reaches the port, as Prometheus expects. */
import { bodyOf, type Exchange, send } from './exchange.ts';
import { refuseOthers } from './own-json.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: () => Promise<string>;
}

export async function answerMetrics(exchange: Exchange, { contentType, text }: MetricsText): Promise<void> {
  refuseOthers(exchange.request.method);
  const body = bodyOf(Buffer.from(await text()));
  send(exchange, { status: 200, headers: ['Content-Type', contentType], body });
}
