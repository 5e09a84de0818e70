/** Runs syncs against upstream's own limits and ends them at moments chosen by a seed, as an operator or the system does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { between, randomFor } from '../../src/emulator/generate/random.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { main } from './rollcall.ts';
import { startTestServer } from './server.ts';

const calls = 60;
const options = { ...defaultGenerateOptions, calls, largest: 300, media: false, days: 5, until: new Date() };

/** Wraps an upstream so that it reports each request. */
export async function startInterruptedUpstream() {
  const listeners = new Set<() => void>();
  const server = await startTestServer({
    interceptor: {
      exchange(exchange, answer) {
        for (const listener of listeners) listener();
        return answer(exchange);
      },
      batchItem: () => Promise.resolve(undefined),
    },
  });
  await server.import([...generateLines(options)]);
  return { server, listeners };
}

type InterruptedUpstream = Awaited<ReturnType<typeof startInterruptedUpstream>>;

interface SyncEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
  readonly seconds: number;
}

/** Runs a sync. @param end A signal that is sent after a number of upstream requests. */
async function syncOnce(
  { server, listeners }: InterruptedUpstream,
  store: string,
  end?: { readonly signal: 'SIGKILL' | 'SIGTERM'; readonly requests: number },
): Promise<SyncEnd> {
  const args = ['sync', '--once', '--quiet', '--upstream', server.url, '--store', store];
  const beganMs = performance.now();
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  let requests = 0;
  const listener = () => {
    if (++requests === end?.requests) child.kill(end.signal);
  };
  listeners.add(listener);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  listeners.delete(listener);
  return { code, signal, said, seconds: (performance.now() - beganMs) / 1000 };
}

/** Ends a sync `rounds` times and finishes it. @param seed Decides when. */
export async function interruptSyncs(
  upstream: InterruptedUpstream,
  openStore: () => Promise<CallRecordStore>,
  store: string,
  { seed, rounds }: { readonly seed: number; readonly rounds: number },
): Promise<void> {
  const random = randomFor(seed, 'interrupted syncs');
  for (let round = 0; round < rounds; round++) {
    const signal = round % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
    const ended = await syncOnce(upstream, store, { signal, requests: between(random, 2, 30) });
    if (ended.signal === 'SIGKILL') continue;
    // Either it finished before the signal, or it reports that it did not.
    const isDone = ended.code === 0 && (await isAllThere(openStore));
    const about = `seed ${seed}, round ${round}: ${ended.code} ${ended.signal} ${ended.said}`;
    expect(isDone || ended.code === 3 || ended.signal === 'SIGTERM', about).toBe(true);
  }
  const last = await syncOnce(upstream, store);
  expect([last.code, await isAllThere(openStore)], `seed ${seed}: ${last.said}`).toEqual([0, true]);
  // The list, and the calls that a killed process was fetching, wait for at most 20 seconds.
  expect(last.seconds, `seed ${seed}`).toBeLessThan(150);
}

async function isAllThere(openStore: () => Promise<CallRecordStore>): Promise<boolean> {
  await using store = await openStore();
  const { tenantId } = development;
  const { calls: there, incomplete } = await store.evidence.tally(tenantId);
  const { pending: wanted } = await store.upstream.counts(tenantId);
  return there === calls && incomplete === 0 && wanted === 0;
}
