/** Creates faulty answers: an error of Graph, an answer cut off, or invalid JSON. */
import { STATUS_CODES } from 'node:http';
import type { FaultEffect } from '../control-bodies.ts';
import { refusal } from '../issuer/token-endpoint.ts';
import { errorEnvelope, type RequestIds } from '../../graph/error-response.ts';
import { type Answer, bodyOf, bytesIn, type Exchange, headersOf, send } from '../../graph/exchange.ts';

/** Graph's code and message for a status, where they are known. */
const wordsOf: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BadRequest', 'A scripted fault rejected the request.'],
  401: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  403: ['Forbidden', ''],
  404: ['NotFound', ''],
  429: ['TooManyRequests', 'Please retry again later.'],
  500: ['InternalServerError', 'A scripted fault made the request fail.'],
  503: ['ServiceUnavailable', 'A scripted fault made the service unavailable. Try again.'],
};

export function refusalAnswer(
  effect: FaultEffect & { readonly status: number },
  isToken: boolean,
  challenge: string,
  ids: RequestIds,
  now: Date,
): Answer {
  const { status, retryAfterSeconds } = effect;
  const headers = ['Content-Type', 'application/json'];
  if (status === 401 && !isToken) headers.push('WWW-Authenticate', challenge);
  if (retryAfterSeconds !== undefined) headers.push('Retry-After', String(retryAfterSeconds));
  const text = isToken ? tokenRefusal(effect, now) : graphRefusal(effect, ids, now);
  return { status, headers, body: bodyOf(Buffer.from(text)) };
}

function graphRefusal(effect: FaultEffect & { status: number }, ids: RequestIds, now: Date): string {
  const { status } = effect;
  const [code, message] = wordsOf[status] ?? [
    (STATUS_CODES[status] ?? 'UnknownError').replaceAll(/\W/g, ''),
    'A scripted fault rejected the request.',
  ];
  const refusal = { code: effect.code ?? code, message: effect.message ?? message };
  return errorEnvelope({ ...refusal, isThrottled: status === 429 }, ids, now);
}

/** Returns an error of Entra's token endpoint (RFC 6749, section 5.2). */
function tokenRefusal({ status, code, message }: FaultEffect & { status: number }, now: Date): string {
  const isClient = status < 500 && status !== 429;
  const number = isClient ? 7000215 : 90033;
  const words = isClient
    ? 'Invalid client secret provided.'
    : 'A transient error has occurred. Please try again.';
  const error = code ?? (isClient ? 'invalid_client' : 'temporarily_unavailable');
  return JSON.stringify(refusal(now, [status, error, number, message ?? words]).body);
}

/** Returns the exchange with an answer that is cut off after half of the body. */
export function cutInTheMiddle(exchange: Exchange): Exchange {
  return {
    ...exchange,
    sendInstead: (answer) => {
      const { request, response } = exchange;
      const bytes = bytesIn(answer.body);
      if (request.method === 'HEAD' || bytes.length === 0) {
        response.destroy();
        return;
      }
      response.writeHead(answer.status, headersOf(exchange, answer));
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    },
  };
}

const html =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Our services are busy</h1></body></html>';

/** Returns the exchange with an answer that should be JSON and is not. */
export function withWrongJson(exchange: Exchange, how: NonNullable<FaultEffect['wrongJson']>): Exchange {
  // Half of a compressed answer would break the encoding, which is a different fault.
  delete exchange.request.headers['accept-encoding'];
  return {
    ...exchange,
    sendInstead: (answer) => {
      const bytes = bytesIn(answer.body);
      const body = how === 'truncated' ? bytes.subarray(0, bytes.length >> 1) : how === 'empty' ? '' : html;
      const headers = how === 'html' ? withContentType(answer.headers, 'text/html') : answer.headers;
      send(exchange, { ...answer, headers, body: bodyOf(Buffer.from(body)) });
    },
  };
}

function withContentType(headers: readonly string[], contentType: string): string[] {
  return headers.map((text, i) => (i % 2 === 1 && headers[i - 1] === 'Content-Type' ? contentType : text));
}
