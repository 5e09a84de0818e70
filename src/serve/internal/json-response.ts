/** An internal route's answer in JSON. */
import { type Answer, bodyOf } from '../../graph/exchange.ts';

interface JsonOptions {
  readonly status?: number;
  /** Names and values by turns, `Content-Type` among them. */
  readonly headers?: readonly string[];
}

/** @param text The body, already JSON: some numbers in it have more digits than JavaScript keeps. */
export function jsonAnswer(
  text: string,
  { status = 200, headers = ['Content-Type', 'application/json'] }: JsonOptions = {},
): Answer {
  return { status, headers, body: bodyOf(Buffer.from(text)) };
}

/** An answer in plain text. */
export function textAnswer(text: string, status = 200): Answer {
  return { status, headers: ['Content-Type', 'text/plain;charset=utf-8'], body: bodyOf(Buffer.from(text)) };
}
