/** Implements an upstream without a server whose responses the test defines, for those that no Rollcall would send. */
import { createMovableClock } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/base/http-client.ts';
import { RateLimiter, sharedWindow } from '../../src/collect/sync/rate-limiter.ts';
import { UpstreamClient } from '../../src/collect/sync/upstream-client.ts';

export const root = 'https://upstream.example';

/** Returns the response to a decoded path and query; a number is a status. */
export type Script = (target: string) => object | string | Buffer | number;

interface ScriptedUpstream {
  readonly client: UpstreamClient;
  readonly clock: ReturnType<typeof createMovableClock>;
  /** Requested paths and queries, in order. */
  readonly asked: readonly string[];
}

/** Creates the upstream. @param answersMs The time of each response by its clock. */
export async function scriptedUpstream(script: Script, answersMs = 0): Promise<ScriptedUpstream> {
  const clock = createMovableClock(new Date('2026-11-02T12:00:00Z'));
  const asked: string[] = [];
  const connection: HttpClient = {
    underWay: 0,
    async send({ url }) {
      const target = decodeURIComponent(url.pathname + url.search);
      asked.push(target);
      if (answersMs > 0) await clock.sleep(answersMs);
      const answer = script(target);
      const status = typeof answer === 'number' ? answer : 200;
      const text =
        typeof answer === 'object' ? JSON.stringify(answer) : typeof answer === 'string' ? answer : '{}';
      const body = Buffer.isBuffer(answer) ? answer : Buffer.from(text);
      return { status, headers: {}, body };
    },
    close: () => undefined,
  };
  const tokens = { get: () => Promise.resolve('token'), refused: () => undefined };
  const budget = await RateLimiter.open(
    { clock, scale: 1, shared: sharedWindow(1), check: () => undefined, save: () => undefined },
    { text: undefined, interrupted: [] },
  );
  const client = new UpstreamClient({
    upstream: new URL(root),
    connection,
    tokens,
    budget,
    clock,
    onRequest: () => undefined,
  });
  return { client, clock, asked };
}

/** Advances the clock until work that waits only for it has finished. */
export async function hurried<T>({ clock }: Pick<ScriptedUpstream, 'clock'>, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const ended = work.finally(() => over.abort());
  // The caller handles the result; here only the end matters.
  ended.catch(() => undefined);
  for (let turn = 0; !over.signal.aborted; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    const { nextMs } = clock.waiting();
    if (turn % 3 === 2 && nextMs !== undefined) clock.advance(Math.max(nextMs, 0));
  }
  return ended;
}
