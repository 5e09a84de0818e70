/**
 * Watches the connections of a host while they are in use. When none of them has received a byte for a while, it probes
 * the host on another connection; if the probe fails too, it closes all connections. So a slow statement continues, and
 * a statement to a host that does not answer fails.
 */
import type { ClientBase } from 'pg';
import { HostClient } from './host-client.ts';
import { codeOf, SilentHost } from './host-errors.ts';

export interface WatchLimits {
  /** A host that sends no byte for this long is probed. */
  readonly quietMs: number;
  /** Time limit of a probe. */
  readonly probeMs: number;
}

/** A connection in use, with the number of bytes it had read when this number last grew. */
interface Use {
  readonly client: HostClient;
  read: number;
  sinceTick: number;
}

const ticksOfQuiet = 4;
/** Errors of a host that is unreachable: open connections will get no answer either. */
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'ENOENT',
]);

export class HostWatch {
  readonly #limits: WatchLimits;
  readonly #probe: () => Promise<unknown>;
  readonly #onSilent: () => void;
  readonly #clients = new Set<HostClient>();
  readonly #used = new Map<ClientBase, Use>();
  #timer: NodeJS.Timeout | undefined;
  #tick = 0;
  /** When a byte last arrived from the host, on any connection. */
  #heardTick = 0;
  #probing: Promise<void> | undefined;

  /**
   * Creates a watch.
   *
   * @param probe Probes the host within `probeMs`.
   * @param onSilent Called before the connections are closed.
   */
  constructor(limits: WatchLimits, probe: () => Promise<unknown>, onSilent: () => void) {
    this.#limits = limits;
    this.#probe = probe;
    this.#onSilent = onSilent;
  }

  /** Adds a connection that is being opened, which counts as in use. */
  add(client: HostClient): void {
    this.#clients.add(client);
    client.once('end', () => {
      this.#clients.delete(client);
      this.notUsed(client);
    });
    this.used(client);
  }

  /**
   * Marks a connection as in use.
   *
   * @param client A connection that was added; a broken one is ignored.
   */
  used(client: ClientBase): void {
    if (!(client instanceof HostClient) || !this.#clients.has(client)) return;
    this.#used.set(client, { client, read: client.bytesRead, sinceTick: this.#tick });
    this.#timer ??= setInterval(() => this.#look(), this.#limits.quietMs / ticksOfQuiet);
  }

  notUsed(client: ClientBase): void {
    this.#used.delete(client);
    if (this.#used.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#tick++;
    const oldestTick = this.#hear();
    if (this.#tick - Math.max(oldestTick, this.#heardTick) < ticksOfQuiet) return;
    this.#probing ??= this.#ask().finally(() => (this.#probing = undefined));
  }

  /**
   * Updates the times of all connections.
   *
   * @returns The tick since which the longest-waiting connection has waited.
   */
  #hear(): number {
    let oldestTick = this.#tick;
    for (const use of this.#used.values()) {
      const read = use.client.bytesRead;
      if (read !== use.read) {
        this.#heardTick = this.#tick;
        Object.assign(use, { read, sinceTick: this.#tick });
      }
      oldestTick = Math.min(oldestTick, use.sinceTick);
    }
    return oldestTick;
  }

  async #ask(): Promise<void> {
    const heardTick = this.#heardTick;
    try {
      await this.#probe();
    } catch (error) {
      const isUnreachable = error instanceof SilentHost || unreachableCodes.has(codeOf(error) ?? '');
      this.#hear();
      // A byte on another connection proves that the host answers, as a probe does.
      if (isUnreachable && heardTick === this.#heardTick) {
        this.#onSilent();
        for (const client of this.#clients) client.abandon(new SilentHost());
        return;
      }
    }
    this.#heardTick = this.#tick;
  }
}
