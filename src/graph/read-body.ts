/** Reads a request body within a size limit and decompresses it. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Fault } from '../contract/faults.ts';

/** The client disconnected before its request was complete: no response is sent, and it is not an error. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** The accepted content codings: the value of `Accept-Encoding` in a 415. */
export const acceptedCodings = 'gzip';
/** The maximum number of gzip codings of one body: each costs another pass. */
const maxCodings = 2;
const gunzipAsync = promisify(gunzip);

/**
 * Returns the whole body, decoded: `Content-Encoding` may name gzip (RFC 9110, section 8.4), as the Go SDK sends it.
 *
 * @param maxBytes Limits both the body as sent and the decoded body.
 * @throws Fault `bodyTooLarge`, before reading when `Content-Length` exceeds the limit, or as soon as the decoded body
 *   exceeds it; `unsupportedMediaType` for other codings; `malformedRequest` for invalid gzip data
 * @throws ClientGone
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const gzips = countGzips(request.headers['content-encoding']);
  let body = await readWhole(request, maxBytes);
  // An empty body stays empty, whatever its coding.
  for (let i = 0; i < gzips && body.length > 0; i++) body = await decompress(body, maxBytes);
  return body;
}

/** Returns how many times the body was gzipped. @throws Fault `unsupportedMediaType` */
function countGzips(header: string | undefined): number {
  if (header === undefined) return 0;
  const codings = header.split(',').map((coding) => coding.trim().toLowerCase());
  const applied = codings.filter((coding) => coding !== '' && coding !== 'identity');
  const isTaken = applied.every((coding) => coding === 'gzip' || coding === 'x-gzip');
  if (isTaken && applied.length <= maxCodings) return applied.length;
  throw new Fault(
    'unsupportedMediaType',
    `The content coding of the body is not supported. Send it with 'Content-Encoding: ${acceptedCodings}' or without compression.`,
    { target: 'Content-Encoding' },
  );
}

async function decompress(body: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzipAsync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new Fault(
      'malformedRequest',
      'The body is not valid gzip, or is truncated, although its Content-Encoding is gzip.',
      { target: 'Content-Encoding' },
    );
  }
}

/** Reads the stream with listeners: an async iterator would cost a batch a tenth of its time. */
function readWhole(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) {
      reject(new ClientGone());
      return;
    }
    const refuse = () => reject(tooLarge(maxBytes));
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      refuse();
      return;
    }
    const pieces: Buffer[] = [];
    let length = 0;
    const add = (piece: Buffer) => {
      length += piece.length;
      if (length <= maxBytes) pieces.push(piece);
      else {
        request.off('data', add).pause();
        refuse();
      }
    };
    request.on('data', add);
    request.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)));
    request.on('error', () => reject(new ClientGone()));
  });
}

function tooLarge(maxBytes: number): Fault {
  return new Fault('bodyTooLarge', `The body is larger than ${maxBytes} bytes.`);
}
