/**
 * Validates an endpoint before anything is sent to it: the subscriber must show that the endpoint wants it
 * (reference "Receive change notifications through webhooks", section notificationUrl validation).
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type HttpAnswer, type HttpClient, HttpFailure } from '../base/http-client.ts';

/** @returns Why the endpoint is not good, in Graph's words; `undefined` when it is. */
export type Handshake = (url: string) => Promise<string | undefined>;

interface HandshakeOptions {
  readonly client: HttpClient;
  /** Called with an endpoint whose address is not allowed, for the operator's log. */
  readonly onAddressRefused: (url: string) => void;
}

export function createHandshake(options: HandshakeOptions): Handshake {
  const { client, onAddressRefused } = options;
  return async (url) => {
    // The token is opaque; Graph's begins so, and is encoded as a form is: spaces are plus signs.
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
    let answer: HttpAnswer;
    try {
      answer = await client.send({
        method: 'POST',
        url: new URL(validationUrl(url, token)),
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: '',
        awaits: 'start',
      });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (error.reason === 'timedOut') return 'Subscription validation request timed out.';
      // Which of the other failures it was would tell a subscriber what is inside this network.
      if (error.reason === 'addressForbidden') onAddressRefused(url);
      return mustAnswer('');
    }
    const { status, headers, body } = answer;
    if (status !== 200) return mustAnswer(` HTTP status code is '${statusName(status)}'.`);
    const isText = headers['content-type']?.split(';')[0]!.trim().toLowerCase() === 'text/plain';
    if (!isText || body.toString() !== token)
      return 'Subscription validation request failed. The answer must be the decoded validation token, as text/plain.';
    return undefined;
  };
}

/** What is in the query of the URL stays there as it is written. */
export function validationUrl(url: string, token: string): string {
  const query = `validationToken=${new URLSearchParams([['', token]]).toString().slice(1)}`;
  return `${url}${url.includes('?') ? (/[?&]$/.test(url) ? '' : '&') : '?'}${query}`;
}

/** Seen of the live service in 2024 and 2026 (issues splunk/azure-functions-splunk#26, pnp/Microsoft365-Analytics-Insights#273). */
function mustAnswer(detail: string): string {
  return `Subscription validation request failed.${detail} Notification endpoint must respond with 200 OK to validation request.`;
}

/** The name of a status as .NET has it: `NotFound`. */
function statusName(status: number): string {
  return (STATUS_CODES[status] ?? String(status)).replace(/[^A-Za-z0-9]/g, '');
}
