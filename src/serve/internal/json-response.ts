/** Builds the responses of internal routes. */
import { type Answer, bodyOf } from '../../graph/exchange.ts';

interface JsonOptions {
  readonly status?: number;
  /** Names and values alternating, including `Content-Type`. */
  readonly headers?: readonly string[];
}

/** Returns a JSON response. @param text The body as JSON text: some numbers have more digits than JavaScript keeps. */
export function jsonAnswer(
  text: string,
  { status = 200, headers = ['Content-Type', 'application/json'] }: JsonOptions = {},
): Answer {
  return { status, headers, body: bodyOf(Buffer.from(text)) };
}

export function textAnswer(text: string, status = 200): Answer {
  return { status, headers: ['Content-Type', 'text/plain;charset=utf-8'], body: bodyOf(Buffer.from(text)) };
}
