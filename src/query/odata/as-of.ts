/**
 * The value of `Prefer: rollcall.as-of`: a version of a call, as Graph counts them, or a time.
 *
 *     as-of = 1*DIGIT / DateTimeOffset / date
 */
import { formatTicks, parseInstant } from '../../base/ticks.ts';

export type AsOf = { readonly version: bigint } | { readonly ticks: bigint };

/** A version is an Edm.Int64; no call has a larger one. */
const maxVersion = 2n ** 63n - 1n;
const noVersion = { version: -1n };

/** @returns `undefined` when the text is neither: a preference that cannot be met is passed over */
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
