/** Reads which state of a call a request asks for. */
import type { Exchange } from '../../graph/exchange.ts';
import type { AsOf } from '../../query/odata/as-of.ts';
import { parsePrefer } from '../../query/odata/prefer.ts';

/** Returns the state that `Prefer: rollcall.as-of` names; `undefined` for the newest. */
export function requestedAsOf({ request: { headers } }: Exchange): AsOf | undefined {
  return parsePrefer(headers['prefer'] as string | undefined).asOf; // Node joins repeated headers
}
