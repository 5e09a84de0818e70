/**
 * npm run simulate: simulates two effects that a single machine cannot show. How evenly calls, tenants and participants
 * are distributed over the shards of a cluster, and how notifications queue when calls end together. Seeded: every run
 * prints the same.
 */
import { createHash } from 'node:crypto';
import { fraction, randomFor } from '../src/emulator/generate/random.ts';
import { throttlingLimits } from '../src/contract/throttling-limits.ts';

/** Returns the shard of a key: a 32-bit hash in equal ranges, as in Citus. */
function shardOf(key: string, shards: number): number {
  return Math.floor((createHash('md5').update(key).digest().readUInt32BE(0) / 2 ** 32) * shards);
}

/** Returns the ratio of the fullest shard to the mean. */
function balance(weights: Iterable<readonly [key: string, weight: number]>, shards: number): string {
  const load = new Float64Array(shards);
  for (const [key, weight] of weights) load[shardOf(key, shards)]! += weight;
  const mean = load.reduce((sum, one) => sum + one, 0) / shards;
  return (Math.max(...load) / mean).toFixed(2);
}

/** Yields the bytes of calls: most have two participants, one in 5,000 has up to 20,000. */
function* callBytes(calls: number) {
  const random = randomFor(1, 'bytes');
  for (let i = 0; i < calls; i++) {
    const isMeeting = fraction(random) < 1 / 5000;
    const participants = isMeeting ? Math.floor(fraction(random) ** 3 * 20_000) + 100 : 2 + (i % 5);
    yield [`call ${i}`, 1500 + participants * 600] as const;
  }
}

/** Yields weights by Zipf's law: the n-th largest has 1/n of the largest. */
function* zipf(what: string, count: number, largest: number) {
  for (let n = 1; n <= count; n++) yield [`${what} ${n}`, Math.max(1, largest / n)] as const;
}

console.log('Fullest shard beside the mean (1.00: even)\n');
console.log('shards  calls, by bytes   10,000 tenants, by calls   100,000 participants, by calls');
for (const shards of [32, 128, 512]) {
  const row = [
    balance(callBytes(1_000_000), shards).padEnd(18),
    balance(zipf('tenant', 10_000, 100_000), shards).padEnd(27),
    balance(zipf('participant', 100_000, 20_000), shards),
  ];
  console.log(`${String(shards).padStart(6)}  ${row.join('')}`);
}

/**
 * Returns how many calls end in each second of a working hour: six in ten are meetings, which end near the hour and the
 * half hour.
 */
function endings(callsInHour: number): Float64Array {
  const seconds = new Float64Array(3600);
  const random = randomFor(2, 'ends');
  for (let i = 0; i < callsInHour; i++) {
    const isMeeting = fraction(random) < 0.6;
    const early = (fraction(random) + fraction(random) + fraction(random) - 1.5) * 120; // about two minutes earlier or later
    const planned = (fraction(random) < 0.5 ? 1800 : 0) + early;
    const second = isMeeting ? planned : fraction(random) * 3600;
    seconds[((Math.floor(second) % 3600) + 3600) % 3600]!++;
  }
  return seconds;
}

/** Simulates a queue with arrivals per second and a service rate. */
function queue(arrivals: Float64Array, perSecond: number) {
  let [waiting, longest, latest] = [0, 0, 0];
  for (const come of arrivals) {
    waiting = Math.max(0, waiting + come - perSecond);
    longest = Math.max(longest, waiting);
    latest = Math.max(latest, waiting / perSecond);
  }
  return { longest: Math.round(longest), latest };
}

/** The fraction of a day's calls in its busiest hour. */
const busiest = 1 / 7;
const callsOfUser = 20_000_000 / 365 / 100_000;
/** Small calls, of two requests each, that Graph's limit allows an application to fetch in a tenant. */
const { requests, seconds } = throttlingLimits.appInTenant;
const fetchesPerSecond = Math.floor(requests / seconds / 2);

console.log('\nBusiest hour: calls that end, and what waits');
console.log(
  'users        calls a day   ends in the worst second   notifications waiting at 500/s   fetches waiting at ' +
    `${fetchesPerSecond}/s a tenant`,
);
for (const users of [1000, 100_000, 1_000_000, 20_000_000]) {
  const day = users * callsOfUser;
  const ends = endings(Math.round(day * busiest));
  const sent = queue(ends, 500);
  // Above 100,000 users: many tenants of 2,000, each with separate limits.
  const tenants = users > 100_000 ? users / 2000 : 1;
  const fetched = queue(
    ends.map((come) => come / tenants),
    fetchesPerSecond,
  );
  const waits = (waiting: { longest: number; latest: number }) =>
    `${waiting.longest} (${Math.ceil(waiting.latest)} s)`;
  console.log(
    `${String(users).padEnd(12)} ${String(Math.round(day)).padEnd(13)} ${String(Math.max(...ends)).padEnd(26)} ${waits(sent).padEnd(32)} ${waits(fetched)}`,
  );
}
