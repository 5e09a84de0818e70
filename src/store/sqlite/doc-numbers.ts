/**
 * Numbers of calls in the search index: the tenant, the second of the start and a place in that second, from the highest
 * bits down. So a list of calls by number is a tenant's and by time, and the tenant and a span are one range of it.
 */
import { StoreError } from '../store-errors.ts';

const secondBits = 32n;
const placeBits = 16n;
const largestTenant = 2 ** 15 - 1;
const lastSecond = 2n ** secondBits - 1n;
const ticksPerSecond = 10_000_000n;
/** Calls of one tenant that began in one second beyond these are not found by search. */
const placesInSecond = 2n ** placeBits;

/** First and last number of a second. What began before 1970, or after 2106, is in the first or the last. */
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

/** The numbers of a tenant's calls that began from a tick on and before another; a little more at either end. */
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

/** Phrases have numbers of their tenant likewise. */
const phrasesOfTenant = 2 ** 36;

export function phrasesOf(tenant: number): { readonly first: number; readonly last: number } {
  return { first: tenant * phrasesOfTenant, last: (tenant + 1) * phrasesOfTenant - 1 };
}
