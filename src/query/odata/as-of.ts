/**
 * Parses and formats `Prefer: rollcall.as-of`: a version of a call, numbered by Graph, or a time.
 *
 * as-of = 1*DIGIT / DateTimeOffset / date
 */
import { formatTicks, parseInstant } from '../../base/ticks.ts';

export type AsOf = { readonly version: bigint } | { readonly ticks: bigint };

/** A version is an Edm.Int64; no call has a larger one. */
const maxVersion = 2n ** 63n - 1n;
const noVersion = { version: -1n };

/** Parses the value; `undefined` for neither, because a preference that cannot be applied is ignored */
export function parseAsOf(text: string): AsOf | undefined {
  if (/^\d+$/.test(text)) {
    const version = BigInt(text);
    return version <= maxVersion ? { version } : noVersion;
  }
  const ticks = parseInstant(text);
  return ticks === undefined ? undefined : { ticks };
}

export function formatAsOf(asOf: AsOf): string {
  return 'version' in asOf ? String(asOf.version) : formatTicks(asOf.ticks);
}
