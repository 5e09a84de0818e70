/** A connection to one host that can be closed without an answer from the host. */
import { Socket } from 'node:net';
import pg from 'pg';
import type { ClientConfig } from 'pg';

/** How long to wait for a host to close a connection. */
const closeMs = 1000;

export class HostClient extends pg.Client {
  constructor(config: ClientConfig) {
    super(config);
    // It may break between two statements; then the next statement fails.
    this.on('error', () => undefined);
  }

  /** Returns the number of bytes received: while it grows, the host is alive. */
  get bytesRead(): number {
    const { stream } = this.connection;
    return stream instanceof Socket ? stream.bytesRead : 0;
  }

  /** Closes the connection at once: pending statements fail with the error. */
  abandon(error?: Error): void {
    this.connection.stream.destroy(error);
  }

  override end(): Promise<void>;
  override end(onEnd: (error: Error) => void): void;
  override end(onEnd?: (error: Error) => void): Promise<void> | undefined {
    // The driver waits for the host to close; a host that does not answer never does.
    const timer = setTimeout(() => this.abandon(), closeMs);
    const ended = super.end().finally(() => clearTimeout(timer));
    if (onEnd === undefined) return ended;
    void ended.then(onEnd as () => void, onEnd);
    return undefined;
  }
}

const ticksOfLimit = 5;

/**
 * Calls back after a time during which this process was running: a suspended process receives no answers.
 *
 * @returns A function that cancels the callback.
 */
export function afterRunning(ms: number, onOver: () => void): () => void {
  let left = ticksOfLimit;
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    onOver();
  }, ms / ticksOfLimit);
  return () => clearInterval(timer);
}
