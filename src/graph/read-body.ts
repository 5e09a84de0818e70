/** Reads a request's body, decompressed where the client sent it so, within a limit. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Fault } from '../contract/faults.ts';

/** The client disconnected before its request was complete: no response is sent, and it is not an error. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** The content codings that a body may come in: the value of `Accept-Encoding` in a 415. */
export const acceptedCodings = 'gzip';
/** A body compressed more often than this is refused: each coding costs another pass. */
const maxCodings = 2;
const gunzipAsync = promisify(gunzip);

/**
 * Returns the whole body, decoded: `Content-Encoding` may name gzip (RFC 9110, section 8.4), as the Go SDK sends it.
 *
 * @param maxBytes Of the body as sent, and of what it holds decoded.
 * @throws Fault `bodyTooLarge`, before anything is read of a body that says that it is, and while decoding as soon as
 *   the limit is passed; `unsupportedMediaType` for other codings; `malformedRequest` for what is not gzip
 * @throws ClientGone
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const gzips = countGzips(request.headers['content-encoding']);
  let body = await readWhole(request, maxBytes);
  // An empty body is none, whatever its coding.
  for (let i = 0; i < gzips && body.length > 0; i++) body = await decompress(body, maxBytes);
  return body;
}

/** How often the body was compressed. @throws Fault `unsupportedMediaType` */
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
      {
        target: 'Content-Encoding',
      },
    );
  }
}

/** Listeners, because an iterator over the stream costs a batch a tenth of its time. */
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
