/**
 * Ends a response that is ready before the body of its request: an error must not wait for a body that may never end, and
 * must reach a client that is still sending. Therefore the response has `Connection: close`, and the server reads and
 * discards what the client sends for a limited time (RFC 9112, section 9.6): closing at once would reset the connection, and
 * the client might lose the response.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A body whose Content-Length is at most this is read and discarded, and the connection stays open. */
const shortBytes = 65_536;
/** How long, in milliseconds, and how many bytes of a longer body are read and discarded. */
const lingerMs = 2000;
const lingerBytes = 4 * 2 ** 20;

/** The size of the unread part of a request body: the connection is closed after a long one. */
type UnreadBody = 'none' | 'short' | 'long';

export function unreadBody(request: IncomingMessage): UnreadBody {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  if ((encoding === undefined && length === undefined) || request.complete) return 'none';
  return encoding !== undefined || Number(length) > shortBytes ? 'long' : 'short';
}

/** Ends a fully written response to a request whose body has not been read. */
export function endAnswer(request: IncomingMessage, response: ServerResponse, unread: UnreadBody): void {
  if (unread !== 'long') {
    response.end();
    if (unread === 'short') request.resume();
    return;
  }
  let bytes = 0;
  const end = () => {
    clearTimeout(timer);
    request.off('data', pass).off('end', end).off('close', end);
    response.end();
  };
  const pass = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > lingerBytes) end();
  };
  const timer = setTimeout(end, lingerMs);
  request
    .on('data', pass)
    .once('end', end)
    .once('close', end)
    .on('error', () => undefined);
  request.resume();
}
