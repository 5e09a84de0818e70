/** Reads the claimed caller of a token without verifying it: to count requests, never to answer them. */
import { decodeJwt } from 'jose';
import { createByteCache, sumOfTextBytes } from '../../base/byte-cache.ts';
import { type Caller, callerOf } from '../../graph/caller.ts';

interface Read {
  readonly caller: Caller | undefined;
}

const remembered = createByteCache<Read>({
  maxBytes: 4 * 2 ** 20,
  bytesOf: ({ caller }) =>
    caller === undefined ? 0 : sumOfTextBytes([caller.appId, caller.principalId, ...caller.roles]),
});
/** Limits the length of an application id, because counts are kept per id. */
const maxIdLength = 256;

export function unverifiedCaller(authorization = ''): Caller | undefined {
  const known = remembered.get(authorization);
  if (known !== undefined) return known.caller;
  const token = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
  const caller = token === undefined ? undefined : read(token);
  remembered.set(authorization, { caller });
  return caller;
}

function read(token: string): Caller | undefined {
  try {
    const caller = callerOf(decodeJwt(token));
    return caller.appId.length > maxIdLength ? undefined : caller;
  } catch {
    return undefined; // the verifier reports why it is invalid
  }
}
