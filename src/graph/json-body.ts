/** Reads the body of a request as JSON and rejects invalid bodies with Graph's messages. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../contract/faults.ts';
import { readBody } from './read-body.ts';

const maxBytes = 65_536;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads and parses a JSON body. @throws Fault `malformedRequest`, and the faults of `readBody` */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request, maxBytes);
  if (bytes.length === 0) throw emptyBody();
  refuseOtherContent(request.headers['content-type']);
  try {
    return parseJson(bytes);
  } catch {
    throw new Fault(
      'malformedRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

/** Parses JSON in UTF-8, also after a byte order mark, as Windows PowerShell writes it. @throws SyntaxError, TypeError */
export function parseJson(bytes: Buffer): unknown {
  return JSON.parse(utf8.decode(bytes)) as unknown;
}

export function emptyBody(): Fault {
  return new Fault('malformedRequest', 'Empty Payload. JSON content expected.');
}

/** Rejects a content type other than JSON. @param contentType Absent when it is implied, as in a batch. */
export function refuseOtherContent(contentType: string | undefined): void {
  if (contentType?.split(';')[0]!.trim().toLowerCase() === 'application/json') return;
  throw new Fault('malformedRequest', 'Entity only allows writes with a JSON Content-Type header.', {
    target: 'Content-Type',
  });
}
