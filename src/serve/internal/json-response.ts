/** What Rollcall's own paths share that are for whoever may read the calls: who asks, and an answer in JSON. */
import type { Caller } from '../../graph/caller.ts';
import { authorize } from '../../graph/permission.ts';
import { Fault } from '../../contract/faults.ts';
import type { Authenticate } from '../http/authenticate.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';

const permissions = ['CallRecords.Read.All'] as const;

/** @param text The answer, as JSON. */
export async function answerJson(
  exchange: Exchange,
  authenticate: Authenticate,
  text: (caller: Caller) => Promise<string>,
): Promise<void> {
  const { caller } = await authenticate(exchange); // 401
  refuseOthers(exchange.request.method);
  authorizeReader(caller); // 403
  send(exchange, {
    status: 200,
    headers: ['Content-Type', 'application/json'],
    body: bodyOf(Buffer.from(await text(caller))),
  });
}

/** @throws Fault `permissionMissing` */
export function authorizeReader(caller: Caller): void {
  authorize(caller, permissions);
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
