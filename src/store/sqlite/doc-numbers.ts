/**
 * Assigns numbers to calls in the search index. From the highest bits down they hold the tenant, the second of the
 * start, and a place in that second. So numbers sort by tenant and time, and a span of a tenant is one range of
 * numbers.
 */
import { StoreError } from '../store-errors.ts';

const secondBits = 32n;
const placeBits = 16n;
const largestTenant = 2 ** 15 - 1;
const lastSecond = 2n ** secondBits - 1n;
const ticksPerSecond = 10_000_000n;
/** Calls that one tenant may have in a second: search does not find further ones. */
const placesInSecond = 2n ** placeBits;

/**
 * Returns the first and last number of a second. Calls before 1970 or after 2106 are in the first or the last second.
 */
export function docsOfSecond(
  tenant: number,
  ticks: bigint,
): { readonly first: bigint; readonly last: bigint } {
  const second = ticks < 0n ? 0n : ticks / ticksPerSecond;
  const first = docOf(tenant, second > lastSecond ? lastSecond : second);
  return { first, last: first + placesInSecond - 1n };
}

export function secondOf(doc: bigint): bigint {
  return doc >> placeBits;
}

/**
 * Returns a range that covers the numbers of a tenant's calls in a span of ticks; it may be a second longer at either
 * end.
 */
export function docsOfSpan(tenant: number, from: bigint, before: bigint) {
  return { first: docsOfSecond(tenant, from).first, last: docsOfSecond(tenant, before).last };
}

export function docsOfTenant(tenant: number) {
  return docsOfSpan(tenant, 0n, lastSecond * ticksPerSecond);
}

function docOf(tenant: number, second: bigint): bigint {
  if (tenant > largestTenant)
    throw new StoreError(`A SQLite store can index ${largestTenant} tenants. Use PostgreSQL for more.`);
  return (BigInt(tenant) << (secondBits + placeBits)) | (second << placeBits);
}

/** Phrase numbers per tenant: the higher bits are the tenant. */
const phrasesOfTenant = 2 ** 36;

export function phrasesOf(tenant: number): { readonly first: number; readonly last: number } {
  return { first: tenant * phrasesOfTenant, last: (tenant + 1) * phrasesOfTenant - 1 };
}
