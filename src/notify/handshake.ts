/**
 * Validates an endpoint before anything is sent to it: it must return the validation token (reference "Receive change
 * notifications through webhooks", section notificationUrl validation).
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type HttpAnswer, type HttpClient, HttpFailure } from '../base/http-client.ts';

/** Validates an endpoint. @returns Graph's message for the failure; `undefined` when the endpoint is valid. */
export type Handshake = (url: string) => Promise<string | undefined>;

interface HandshakeOptions {
  readonly client: HttpClient;
  /** Called with an endpoint whose address is not allowed, to log it. */
  readonly onAddressRefused: (url: string) => void;
}

export function createHandshake(options: HandshakeOptions): Handshake {
  const { client, onAddressRefused } = options;
  return async (url) => {
    // The token is opaque. Graph's has this prefix and is form-encoded: spaces are plus signs.
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
      // The client does not learn which failure it was: that would reveal hosts inside this network.
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

/** Adds the token to an endpoint's URL and keeps its query unchanged. */
export function validationUrl(url: string, token: string): string {
  const query = `validationToken=${new URLSearchParams([['', token]]).toString().slice(1)}`;
  return `${url}${url.includes('?') ? (/[?&]$/.test(url) ? '' : '&') : '?'}${query}`;
}

/**
 * Returns the message observed on the live service in 2024 and 2026 (issues splunk/azure-functions-splunk#26,
 * pnp/Microsoft365-Analytics-Insights#273).
 */
function mustAnswer(detail: string): string {
  return `Subscription validation request failed.${detail} Notification endpoint must respond with 200 OK to validation request.`;
}

/** Returns the .NET name of a status: `NotFound`. */
function statusName(status: number): string {
  return (STATUS_CODES[status] ?? String(status)).replace(/[^A-Za-z0-9]/g, '');
}
