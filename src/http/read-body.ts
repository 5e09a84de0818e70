import type { IncomingMessage } from 'node:http';
import { Fault } from '../faults.ts';

/** The whole of a request's body. @throws Fault `bodyTooLarge` */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxBytes) throw new Fault('bodyTooLarge', `The body is larger than ${maxBytes} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
