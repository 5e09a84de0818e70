/** Who a token says it is of, whether or not that is so: for telling requests apart, never for answering them. */
import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, callerOf } from './caller.ts';

const remembered = new LRUCache<string, { readonly caller: Caller | undefined }>({ max: 1000 });

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
    return callerOf(decodeJwt(token));
  } catch {
    return undefined; // the verifier says what is wrong with it
  }
}
