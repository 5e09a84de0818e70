/** `GET /metrics`, as Prometheus expects: for every client of the port, or for those that send a token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { refuseOthers } from './json-response.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: () => Promise<string>;
}

/** @returns The token that a scraper sends; absent where it needs none. @throws Fault `unavailable` */
export type MetricsToken = (() => Promise<string>) | undefined;

const challenge = 'Bearer realm="rollcall metrics"';

export async function answerMetrics(
  exchange: Exchange,
  { contentType, text }: MetricsText,
  token?: MetricsToken,
): Promise<void> {
  refuseOthers(exchange.request.method);
  if (token !== undefined && !hasToken(exchange.request.headers.authorization, await token())) {
    send(exchange, {
      status: 401,
      headers: ['WWW-Authenticate', challenge, 'Content-Type', 'text/plain;charset=utf-8'],
      body: 'Send the token that --metrics-token-file names: Authorization: Bearer TOKEN.\n',
    });
    return;
  }
  const body = bodyOf(Buffer.from(await text()));
  send(exchange, { status: 200, headers: ['Content-Type', contentType], body });
}

/** Takes the same time for every token of a length. */
function hasToken(authorization = '', token: string): boolean {
  const [, sent] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return sent !== undefined && timingSafeEqual(digest(sent), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
