/**
 * The claim of this process: what it takes and what it does alone is its own while it lives, and another's soon after
 * (docs/decisions/0016-claims.md).
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { runRepeatedly } from '../background.ts';
import type { Clock } from '../clock.ts';
import { type CallRecordStore, StoreError } from '../store/store.ts';
import type { UpstreamPart } from '../store/upstream.ts';
import type { Steadily } from './steady-store.ts';
import { aborted, Wake } from './wake.ts';

/** A process that is gone is followed after so long at the latest. */
const claimMs = 10_000;
const renewMs = 3000;
/** How often to ask for what another does alone. */
const askAgainMs = 1000;

export class Claimant {
  readonly name = `${machine()} ${process.pid} ${randomUUID()}`;
  readonly #store: CallRecordStore;
  readonly #clock: Clock;
  readonly #changed = new Wake();
  readonly #renewed = new Wake();
  #users = 0;
  #beating: { readonly end: AbortController; readonly ended: Promise<void> } | undefined;
  #live: ReadonlySet<string> = new Set();
  #untilMs = -Infinity;
  #lapses = 0;

  /** @param clock The machine's own: other processes do not go by a clock that is moved. */
  constructor(store: CallRecordStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Other processes that keep tenants of this store. */
  get others(): number {
    return this.#live.size - (this.#live.has(this.name) ? 1 : 0);
  }

  isLive(claimant: string): boolean {
    return claimant === this.name || this.#live.has(claimant);
  }

  /** Fires when another process came, or is gone, or when this one's own claim had run out. */
  get changed(): AbortSignal {
    return this.#changed.signal;
  }

  /** Fires whenever the claim was renewed. */
  get renewed(): AbortSignal {
    return this.#renewed.signal;
  }

  /** How often the claim had run out before it was renewed: what was taken before may be another's. */
  get lapses(): number {
    return this.#lapses;
  }

  get isHeld(): boolean {
    return this.#untilMs > this.nowMs();
  }

  nowMs(): number {
    return this.#clock.now().getTime();
  }

  /** Begins to claim, or counts one more who does. @throws StoreError */
  async enter(): Promise<void> {
    this.#users++;
    try {
      if (!this.isHeld) await this.#attend();
    } catch (error) {
      this.#users--;
      throw error;
    }
    if (this.#beating !== undefined) return;
    const end = new AbortController();
    this.#beating = { end, ended: this.#beat(end.signal) };
  }

  /** The last to leave ends the claim. */
  async leave(): Promise<void> {
    if (--this.#users > 0 || this.#beating === undefined) return;
    const { end, ended } = this.#beating;
    this.#beating = undefined;
    end.abort();
    await ended;
    this.#untilMs = -Infinity;
    // A claim whose end cannot be written ends by itself.
    await unlessStoreFails(async () => this.#store.upstream.leave(this.name));
  }

  /** Resolves while the claim runs: nothing is begun that another may have begun. */
  async held(signal: AbortSignal): Promise<void> {
    while (!this.isHeld) {
      signal.throwIfAborted();
      await aborted(AbortSignal.any([this.renewed, signal]));
    }
  }

  /** Does what one does at a time, as soon as no other does. */
  async alone<T>(
    tenantId: string,
    part: UpstreamPart,
    { steadily, signal }: { readonly steadily: Steadily; readonly signal: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T> {
    const { upstream } = this.#store;
    while (!(await steadily(() => upstream.claimPart(tenantId, part, this.name, this.nowMs())))) {
      await this.#clock.sleep(askAgainMs, AbortSignal.any([this.changed, signal]));
      signal.throwIfAborted();
    }
    try {
      return await work();
    } finally {
      if (signal.aborted) await unlessStoreFails(async () => upstream.releasePart(tenantId, part, this.name));
      else await steadily(() => upstream.releasePart(tenantId, part, this.name));
    }
  }

  #beat(signal: AbortSignal): Promise<void> {
    let isFirst = true;
    return runRepeatedly({
      task: 'claim',
      clock: this.#clock,
      signal,
      work: async () => {
        if (!isFirst) await this.#attend();
        isFirst = false;
        return renewMs;
      },
      firstMs: renewMs,
      longestMs: renewMs,
      // Whoever works with the store tells of it.
      onError: () => undefined,
    });
  }

  async #attend(): Promise<void> {
    const { upstream } = this.#store;
    const nowMs = this.nowMs();
    const hasLapsed = this.#beating !== undefined && !this.isHeld;
    const live = new Set(await upstream.attend(this.name, nowMs, nowMs + claimMs));
    this.#untilMs = nowMs + claimMs;
    const dead = [...live].filter((claimant) => isDeadHere(claimant));
    for (const claimant of dead) {
      await upstream.leave(claimant);
      live.delete(claimant);
    }
    const before = this.#live;
    this.#live = live;
    if (hasLapsed) this.#lapses++;
    const isSame = live.size === before.size && [...live].every((claimant) => before.has(claimant));
    // One may have come and died since.
    if (hasLapsed || !isSame || dead.length > 0) this.#changed.fire();
    this.#renewed.fire();
  }
}

async function unlessStoreFails(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

/** What tells numbers of processes apart: the running system and, on Linux, its namespace; elsewhere nothing does. */
function machine(): string {
  try {
    const system = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${system} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${randomUUID()} unknown`;
  }
}

/** True of a process that would be on this machine and is not: its claim need not run out. */
function isDeadHere(claimant: string): boolean {
  const place = machine();
  if (!claimant.startsWith(`${place} `)) return false;
  const pid = Number(claimant.slice(place.length + 1).split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
