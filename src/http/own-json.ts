/** What Rollcall's own paths share that are for whoever may read the calls: who asks, and an answer in JSON. */
import type { Caller } from '../auth/caller.ts';
import { authorize } from '../auth/permission.ts';
import type { Verifier } from '../auth/verifier.ts';
import { Fault } from '../faults.ts';
import { bodyOf, type Exchange, send } from './exchange.ts';

const permissions = ['CallRecords.Read.All'] as const;

/** @param text The answer, as JSON. */
export async function answerJson(
  exchange: Exchange,
  verifier: Verifier,
  text: (caller: Caller) => Promise<string>,
): Promise<void> {
  const { method, headers } = exchange.request;
  const { caller } = await verifier.verify(headers.authorization); // 401
  refuseOthers(method);
  authorize(caller, permissions); // 403
  send(exchange, {
    status: 200,
    headers: ['Content-Type', 'application/json'],
    body: bodyOf(Buffer.from(await text(caller))),
  });
}

export function refuseOthers(method: string | undefined): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Fault('methodNotAllowed', 'Specified HTTP method is not allowed for the request target.');
}

export function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Fault('malformedRequest', 'The path is not percent-encoded as it must be.');
  }
}
